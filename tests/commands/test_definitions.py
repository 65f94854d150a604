"""Deploying: proposed by one, approved by another, refused with findings, pinned for running cases."""

from __future__ import annotations

import shutil

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.bpmn.source import load
from engine.commands.definitions import digest
from engine.db import tables as t
from engine.db.definitions import source
from engine.db.store import begin, reading
from engine.errors import AlreadyDecided, Invalid, NotFound, NotYourRole, SameProposer
from engine.settings import settings
from tests import county
from tests.commands.test_races import race
from tests.county import ITEM, at, do, file


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield county.found()


@pytest.fixture
def changed(tmp_path):
    """A copy of the item with another step limit, for changing."""
    shutil.copytree(settings().processes, tmp_path / "processes")
    flow = tmp_path / "processes" / ITEM / "flow.bpmn"
    text = flow.read_text(encoding="utf-8")
    assert 'name="复核"' in text
    flow.write_text(text.replace('name="复核"', 'name="再核"'), encoding="utf-8")
    return tmp_path / "processes"


def versions(item=ITEM):
    with reading() as conn:
        return list(conn.scalars(sa.select(t.definition.c.version).where(t.definition.c.item == item)))


def propose(who, folder):
    with begin(who) as ctx:
        return commands.propose_definition(ctx, load(folder / ITEM, folder))


def test_an_item_and_its_flows_are_in_force_after_two_persons_acted(town):
    assert versions() == [1]
    assert versions("intake") == [1]
    assert county.types("organ:1") == ["county.founded", "rules.adopted", "proposal.made", "proposal.approved"]


def test_a_new_version_leaves_running_cases_on_theirs(town, changed):
    before = file(town)

    proposal = propose(town.ma, changed)
    with begin(town.feng) as ctx:
        commands.approve(ctx, proposal)
    after = file(town)

    assert versions() == [1, 2]
    assert versions("intake") == [1]  # unchanged flows get no new version
    assert county.row(before.case).definition != county.row(after.case).definition
    do(town, "li", before.case, "intake/accept", "accept")


def test_nobody_approves_an_own_proposal(town, changed):
    proposal = propose(town.ma, changed)

    with pytest.raises(SameProposer) as refusal, begin(town.ma) as ctx:
        commands.approve(ctx, proposal)

    assert refusal.value.basis == "SOD-25"
    assert versions() == [1]


def test_a_proposal_is_approved_once(town, changed):
    proposal = propose(town.ma, changed)
    with begin(town.feng) as ctx:
        commands.approve(ctx, proposal)

    with pytest.raises(AlreadyDecided), begin(town.feng) as ctx:
        commands.approve(ctx, proposal)


def test_only_who_manages_flows_or_the_list_proposes(town, changed):
    with pytest.raises(NotYourRole):
        propose(town.wang, changed)


def test_an_unknown_proposal_is_not_found(town):
    with pytest.raises(NotFound), begin(town.feng) as ctx:
        commands.approve(ctx, 99)


def test_a_definition_with_findings_is_not_proposed(town, changed):
    flow = changed / ITEM / "flow.bpmn"
    lines = flow.read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines) if '<sun:post code="reviewer"' in text)
    lines[line] = lines[line].replace("reviewer", "magician")
    flow.write_text("\n".join(lines), encoding="utf-8")

    with pytest.raises(Invalid) as refusal:
        propose(town.ma, changed)

    assert [(f.line, f.level) for f in refusal.value.findings if "magician" in f.message] == [(line + 1, "item")]
    assert versions() == [1]


def test_two_proposals_approved_at_once_become_two_versions(town, changed):
    first = propose(town.ma, changed)
    flow = changed / ITEM / "flow.bpmn"
    flow.write_text(flow.read_text(encoding="utf-8").replace('name="再核"', 'name="又核"'), encoding="utf-8")
    second = propose(town.ma, changed)

    def approving(proposal):
        def run():
            with begin(town.feng) as ctx:
                return commands.approve(ctx, proposal)

        return run

    results = race(approving(first), approving(second))

    assert all(isinstance(result, commands.Approved) for result in results), results
    assert versions() == [1, 2, 3]


def test_the_original_is_kept_byte_for_byte_with_its_hash(town, changed):
    flow = changed / ITEM / "flow.bpmn"
    written = b"\xef\xbb\xbf" + flow.read_bytes().replace(b"\n", b"\r\n") + b"<!-- the designer's last word -->\r\n"
    flow.write_bytes(written)

    proposal = propose(town.ma, changed)
    with begin(town.feng) as ctx:
        commands.approve(ctx, proposal)

    with reading() as conn:
        row = conn.execute(
            sa.select(t.definition).where(t.definition.c.item == ITEM, t.definition.c.version == 2)
        ).one()
        stored = source(conn, row.id)
    assert row.xml == stored.xml == written
    assert row.sha256 == digest(load(changed / ITEM, changed)) != digest(load(settings().processes / ITEM, changed))
