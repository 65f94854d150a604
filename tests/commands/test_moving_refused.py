"""What keeps a case on its version, and who may not move it: what was begun must fit, and nobody does it alone."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands import moving
from engine.db import tables as t
from engine.db.engines import engine
from engine.errors import AlreadyDecided, Invalid, NotFound, NotYourRole, OwnCase, SamePerson, SameProposer
from engine.settings import settings
from tests import county
from tests.commands.test_entries import also
from tests.commands.versions import MONDAY, RENAMED, Files, approve, plan, propose, to_recheck, version
from tests.county import ITEM, at, do, file, types


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield county.found()


@pytest.fixture
def files(town, tmp_path):
    return Files(tmp_path)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("flow", "edit", "fault"),
    [
        (ITEM, ('<sun:post code="reviewer" organ="county"', '<sun:post code="reviewer" organ="case"'), "post review"),
        (ITEM, ('values="pass refuse"', 'values="pass refuse again"'), "outcomes review"),
        (ITEM, ('<sun:outcomes values="pass refuse"/>', '<sun:outcomes values="pass refuse"/><sun:persons min="2"/>'),
         "persons review"),
    ],
)  # fmt: skip
def test_what_somebody_has_before_him_must_be_the_same_in_the_new_version(town, files, flow, edit, fault):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    files.edit(flow, edit).deploy(town)

    assert plan()[filed.number][0] == [fault]
    with pytest.raises(Invalid) as refusal:
        propose(town, filed.number)
    assert [(f.where, "review" in f.message) for f in refusal.value.findings] == [(filed.number, True)]
    with pytest.raises(Invalid, match="no running case"):
        propose(town)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_open_step_with_another_form_does_not_move_for_a_draft_might_not_fit(town, files):
    opened, ahead = file(town), file(town)
    do(town, "li", opened.case, "intake/accept", "accept")
    files.form("review", remark={"type": "string", "title": "备注", "title_en": "Remark"}).deploy(town)

    assert plan() == {opened.number: (["form review"], []), ahead.number: ([], [])}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_running_clock_needs_its_end_ahead(town, files):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    files.edit(
        "_shared/extension",
        ('<sun:extend rule="L03" request="ask" on="agree"/>', ""),
        ('<sun:document kind="extension" on="agree"/>', ""),
        ('<sun:serves kinds="extension"/>', ""),
    )
    files.edit(
        ITEM,
        ('<sun:mark name="decided"/>', ""),
        ('<sun:limit rule="L03" promise="7" from="accepted" until="decided"/>', ""),
    ).deploy(town)

    faults, _ = plan()[filed.number]

    assert faults == ["mark statute:L03 decided", "mark promise:L03 decided"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_did_what_the_new_version_separates_keeps_the_case_where_it_is(town, files):
    filed, fine = file(town), file(town)
    for case in (filed, fine):
        do(town, "li", case.case, "intake/accept", "accept")
    do(town, "chen", filed.case, "site_inspection/inspect", "pass")
    also(town.li, "reviewer")
    with engine(settings().database_url).begin() as conn:  # as if he had been allowed to
        acted = sa.select(t.act).where(t.act.c.case_ == filed.case, t.act.c.path == "intake/accept")
        done = dict(conn.execute(acted).one()._mapping)
        conn.execute(sa.insert(t.act).values(**done | {"id": None, "path": "site_inspection/inspect"}))
    files.edit(
        ITEM,
        (
            '<sun:separate steps="decide issue/make"',
            '<sun:separate steps="intake/accept site_inspection/inspect" rule="SOD-05"/>'
            '<sun:separate steps="decide issue/make"',
        ),
    ).deploy(town)

    assert plan()[filed.number][0] == ["separation intake/accept site_inspection/inspect"]
    assert plan()[fine.number][0] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_separated_step_must_not_be_forgotten_by_giving_it_another_id(town, files):
    filed = file(town)
    to_recheck(town, filed.case)
    text = (files.folder / ITEM / "flow.bpmn").read_text(encoding="utf-8")
    parts = [(a, b) for a, b in (('id="review"', 'id="check"'), ('sourceRef="review"', 'sourceRef="check"'),
             ('targetRef="review"', 'targetRef="check"'), ("<bpmn:flowNodeRef>review<", "<bpmn:flowNodeRef>check<"),
             ('bpmnElement="review"', 'bpmnElement="check"')) if a in text]  # fmt: skip
    parts += [("review recheck", "check recheck")] * 2 + [('steps="review site', 'steps="check site')] * 2
    parts += [('sun:returns to="review', 'sun:returns to="check')] * 2
    forms = files.folder / ITEM / "form.json"
    forms.write_text(forms.read_text(encoding="utf-8").replace('"review": {', '"check": {'), encoding="utf-8")
    files.edit(ITEM, *parts).deploy(town)

    assert set(plan()[filed.number][0]) == {"unseparated review"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_limit_that_has_run_out_takes_effect_before_the_move(town, files):
    filed = file(town)
    files.edit(*RENAMED).deploy(town)

    with clock.at(at("2026-03-10 00:00")):
        assert plan()[filed.number][0] == ["late"]
        commands.catch_up()
        assert plan()[filed.number][0] == []


def test_the_proposer_does_not_approve_and_nobody_else_proposes(town, files):
    filed = file(town)
    files.edit(*RENAMED).deploy(town)

    for who in ("feng", "wang"):
        with pytest.raises(NotYourRole):
            propose(town, who=who)
    proposal = propose(town)
    with pytest.raises(SameProposer):
        approve(town, proposal, "ma")
    with pytest.raises(NotYourRole):
        approve(town, proposal, "wang")

    assert version(filed.case) == 1
    approve(town, proposal)
    with pytest.raises(AlreadyDecided):
        approve(town, proposal)


def test_who_has_a_hand_in_a_case_takes_no_part_in_moving_it(town, files):
    filed = file(town)
    files.edit(*RENAMED).deploy(town)
    also(town.li, "flow_manager")
    with pytest.raises(SamePerson):
        propose(town, who="li")
    proposal = propose(town)
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.case_).values(agent=town.feng.person))

    with pytest.raises(OwnCase):
        approve(town, proposal)

    assert version(filed.case) == 1
    assert types(filed.number)[-2:] == ["refused", "refused"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_unknown_version_or_case_is_not_found(town, files):
    filed = file(town)
    with pytest.raises(NotFound):
        propose(town)
    files.edit(*RENAMED).deploy(town)
    for number in ("2026-YL-999999", ""):
        with pytest.raises(NotFound):
            propose(town, number)
    approve(town, propose(town, filed.number))
    with pytest.raises(NotFound):
        propose(town, filed.number)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_too_many_cases_are_moved_in_parts(town, files, monkeypatch):
    first, second = file(town), file(town)
    files.edit(*RENAMED).deploy(town)
    monkeypatch.setattr(moving, "MOST", 1)

    with pytest.raises(Invalid, match="at most 1 at a time"):
        propose(town)
    approve(town, propose(town, first.number))

    assert (version(first.case), version(second.case)) == (2, 1)
