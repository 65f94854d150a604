"""The one notice of what to supplement is answered by the applicant with the receipt, or at the window."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import (
    CaseClosed,
    Invalid,
    NotClaimed,
    NotFound,
    NotYourClaim,
    NotYourPost,
    OwnCase,
    StepClosed,
)
from engine.settings import settings
from tests import county
from tests.commands.answers import AGAIN, PDF, STEP, SUPPLIED, answer, applicant, paper
from tests.county import at, claim, do, file, open_paths, row
from tests.samples import FORMS

MONDAY = at("2026-03-02 10:00")


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield county.found()


@pytest.fixture
def asked(town):
    """A case whose applicant has been told what to supplement."""
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "supplement")
    return filed


def files() -> list[Any]:
    with reading() as conn:
        return list(conn.execute(sa.select(t.file).order_by(t.file.c.id)))


def test_the_applicant_answers_without_post_and_claim(asked):
    done = answer(asked.case)

    assert (done.case, done.closed) == (asked.case, False)
    assert open_paths(asked.case) == [AGAIN]
    with reading() as conn:
        act = conn.execute(sa.select(t.act).order_by(t.act.c.id.desc()).limit(1)).one()
    assert (act.path, act.person, act.assignment, act.outcome) == (STEP, row(asked.case).applicant, None, "supplied")
    event = next(e for e in county.events(asked.number) if e["type"] == "step.completed" and e["step"] == STEP)
    assert (event["post"], event["assignment"]) == (None, None)
    assert event["person"] not in (None, "system")


def test_the_window_takes_the_answer_too(town, asked):
    do(town, "li", asked.case, STEP, "supplied")

    event = next(e for e in county.events(asked.number) if e["type"] == "step.completed" and e["step"] == STEP)
    assert event["post"] == "acceptance"
    assert open_paths(asked.case) == [AGAIN]


def test_the_exported_trace_of_an_answer_is_intact(town, asked, tmp_path):
    answer(asked.case, papers=[paper()])
    do(town, "li", asked.case, AGAIN, "accept")

    with reading() as conn:
        assert commands.check(conn).faults == []


def test_a_step_that_is_not_the_applicants_without_a_post_is_a_fault_of_the_trace(town, asked, monkeypatch):
    """The verifier believes the definition, not us: were the choke point open, it would tell."""
    monkeypatch.setattr("engine.commands.completing.by_applicant", lambda *_: True)
    answer(asked.case)
    answer(asked.case, AGAIN, outcome="accept", form={})

    with reading() as conn:
        told = [fault.code for fault in commands.check(conn).faults]
    assert told == ["post"]


def test_papers_come_with_the_answer_and_are_committed_to(asked):
    answer(asked.case, papers=[paper(), paper("b.pdf")])

    assert [(f.case_, f.draft, f.material, f.name, f.person) for f in files()] == [
        (asked.case, None, "supplement", name, row(asked.case).applicant) for name in ("plan.pdf", "b.pdf")
    ]
    with reading() as conn:
        body = conn.scalar(sa.select(t.form.c.body_json).where(t.form.c.path == STEP))
    assert [f["sha256"] for f in json.loads(str(body))["files"]] == [f.sha256 for f in files()]


def test_too_many_papers_are_refused_and_none_is_kept(asked):
    with pytest.raises(Invalid):
        answer(asked.case, papers=[paper()] * (commands.MAX_PAPERS + 1))

    assert files() == []
    assert open_paths(asked.case) == [STEP]


def test_what_was_kept_for_nothing_can_be_thrown_away(asked):
    kept = commands.keep_file(PDF)
    body = settings().data_dir / "files" / kept.stored
    assert body.exists()

    commands.throw_away(kept)

    assert not body.exists()


def test_an_empty_answer_is_refused(asked):
    with pytest.raises(Invalid):
        answer(asked.case, form={})

    assert open_paths(asked.case) == [STEP]


def test_the_applicant_may_give_the_application_up(asked):
    done = answer(asked.case, outcome="abandoned", form={"abandon_reason": "不开店了"})

    assert done.closed
    assert row(asked.case).result == "abandoned"


def test_the_applicant_does_no_other_step(town, asked):
    answer(asked.case)

    with pytest.raises(NotYourPost):
        answer(asked.case, AGAIN, outcome="accept", form={})
    assert open_paths(asked.case) == [AGAIN]


def test_the_applicant_claims_nothing(asked):
    with pytest.raises(NotYourPost), begin(applicant(asked.case)) as ctx:
        commands.claim(ctx, county.step(asked.case, STEP).id)


def test_another_applicant_answers_nothing(town, asked):
    with begin(town.li) as ctx:
        other = commands.file_case(
            ctx,
            item=county.ITEM,
            applicant=county.applicant("方小满", "999001199003070029"),
            form=FORMS["case"],
            materials=(),
        )

    with pytest.raises(NotYourPost):
        answer(asked.case, by=applicant(other.case))
    assert open_paths(asked.case) == [STEP]


def test_the_receipt_of_one_case_opens_no_other_of_the_same_applicant(town, asked):
    other = file(town)
    do(town, "li", other.case, "intake/accept", "supplement")

    with pytest.raises(NotFound), begin(applicant(asked.case)) as ctx:
        commands.answer(ctx, asked.case, county.step(other.case, STEP).id, outcome="supplied", form=SUPPLIED)

    assert open_paths(other.case) == [STEP]


def test_who_is_the_applicant_and_an_officer_answers_from_the_portal_only(town, asked):
    with begin(town.li) as ctx:
        ctx.conn.execute(sa.update(t.case_).where(t.case_.c.id == asked.case).values(applicant=town.li.person))

    with pytest.raises(OwnCase):
        claim(town, "li", asked.case, STEP)
    with pytest.raises(OwnCase):
        answer(asked.case, by=replace(town.li, channel="window"))
    answer(asked.case, by=replace(town.li, channel="portal"))

    assert open_paths(asked.case) == [AGAIN]
    with pytest.raises(OwnCase):
        answer(asked.case, AGAIN, by=replace(town.li, channel="portal"), outcome="accept", form={})


def test_an_officer_answers_only_what_was_claimed(town, asked):
    with pytest.raises(NotClaimed):
        answer(asked.case, by=town.li)


def test_while_an_officer_holds_the_step_the_applicant_is_told_who(town, asked):
    claim(town, "li", asked.case, STEP)

    with pytest.raises(NotYourClaim) as refusal:
        answer(asked.case)

    assert refusal.value.holder == "Li"
    with begin(town.li) as ctx:
        commands.release(ctx, county.step(asked.case, STEP).id)
    answer(asked.case)


def test_an_answer_given_twice_is_taken_once(asked):
    step = county.step(asked.case, STEP).id
    answer(asked.case)

    with pytest.raises((StepClosed, NotYourPost)), begin(applicant(asked.case)) as ctx:
        commands.answer(ctx, asked.case, step, outcome="supplied", form=SUPPLIED)

    assert open_paths(asked.case) == [AGAIN]


def test_a_withdrawn_application_takes_no_answer(asked):
    with begin(applicant(asked.case)) as ctx:
        commands.withdraw(ctx, asked.case, reason="不办了")

    with pytest.raises(CaseClosed):
        answer(asked.case)


def test_after_the_days_that_the_county_gives_the_answer_still_counts(asked):
    with clock.at(at("2026-06-01 10:00")):
        commands.catch_up()
        answer(asked.case)

    assert open_paths(asked.case) == [AGAIN]
    assert row(asked.case).state == "open"


def test_no_clock_of_the_decision_runs_until_what_was_supplied_is_accepted(town, asked):
    answer(asked.case)
    before = [e["facts"]["key"] for e in county.events(asked.number) if e["type"] == "clock.started"]
    with clock.at(at("2026-03-05 10:00")):
        do(town, "li", asked.case, AGAIN, "accept")

    after = {e["facts"]["key"]: e["facts"] for e in county.events(asked.number) if e["type"] == "clock.started"}
    assert not [key for key in before if "L03" in key]
    assert after["statute:L03"]["from"] == "2026-03-05"


def test_silence_at_the_second_examination_accepts_nothing(asked):
    answer(asked.case)

    with clock.at(at("2026-04-30 10:00")):
        commands.catch_up()

    assert open_paths(asked.case) == [AGAIN]
