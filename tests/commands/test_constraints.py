"""Constraints that live in commands: eligibility on completion, split amounts, who approves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import clock, commands, errors
from engine.bpmn.source import load
from engine.db import tables as t
from engine.db.store import begin
from engine.settings import settings
from tests import county
from tests.commands import lawful
from tests.county import at

TESTS = Path(__file__).parents[1]
ENDS = re.compile(r"^def test_sod_(\d\d)_(passes|refuses|warns)_", re.M)


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield lawful.found()


def test_sod_32_passes_who_is_still_eligible_on_completion(town):
    case = lawful.file(town).case
    lawful.do(town, case, "hua:accept")


def test_sod_32_refuses_on_completion_who_was_eligible_when_he_claimed(town):
    case = lawful.file(town).case
    lawful.do(town, case, *lawful.BEFORE_DECISION)
    assert lawful.claim(town, "zhao", case, "decide") is None
    lawful.know(town, "zhao", status="temporary")

    with pytest.raises(errors.StatusForbids):
        lawful.complete(town, "zhao", case, "decide")


def test_sod_14_refuses_by_the_sum_of_what_was_split(town):
    lawful.give(town, "bai", "decider", tier="section")
    first = lawful.file(town, amount=30_000).case
    lawful.do(town, first, *lawful.BEFORE_DECISION)
    assert lawful.would(town, "bai", _step(first, "decide")) is None

    with clock.at(at("2026-03-31 10:00")):
        lawful.file(town, amount=20_001)
        assert isinstance(lawful.would(town, "bai", _step(first, "decide")), errors.TierTooLow)
    with clock.at(at("2026-04-02 10:00")):
        beyond = lawful.file(town, amount=29_999).case  # 31 days after the first, 2 after the second
        lawful.do(town, beyond, *lawful.BEFORE_DECISION)
        assert lawful.would(town, "bai", _step(beyond, "decide")) is None


def test_sod_30_passes_the_county_after_a_window_of_the_township(town):
    window = {"code": "shimen_w1", "name": "石门窗口", "name_en": "Window", "parent": lawful.ORGAN["shimen"]}
    lawful.write(sa.insert(t.organ).values(window | {"level": "window"}))
    held = sa.update(t.assignment).where(t.assignment.c.id == lawful.assignment(town, "hou"))
    lawful.write(held.values(organ=sa.select(t.organ.c.id).where(t.organ.c.code == "shimen_w1").scalar_subquery()))
    case = lawful.file(town).case
    lawful.do(town, case, "hou:accept", "chen:survey", "liu:survey", "wang:review")

    assert lawful.claim(town, "zhao", case, "decide") is None


def test_sod_25_refuses_a_flow_deployed_by_who_proposed_it(town):
    with begin(town.ma) as ctx:
        proposal = commands.propose_definition(ctx, load(settings().processes / "efficacy_card", settings().processes))
    with pytest.raises(errors.SameProposer), begin(town.ma) as ctx:
        commands.approve(ctx, proposal)

    with begin(town.feng) as ctx:
        assert commands.approve(ctx, proposal).result


def _step(case: int, path: str) -> int:
    return int(county.step(case, path).id)


def test_each_of_the_32_constraints_is_shown_once_passed_and_once_refused_or_warned_of():
    shown = {
        (number, end)
        for file in TESTS.rglob("test_*.py")
        for number, end in ENDS.findall(file.read_text(encoding="utf-8"))
    }
    ids = [f"{n:02}" for n in range(1, 33)]

    assert [n for n in ids if (n, "passes") not in shown] == []
    assert [n for n in ids if not {(n, "refuses"), (n, "warns")} & shown] == []
