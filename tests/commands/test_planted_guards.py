"""Each guard is taken away in turn, and a scenario notices: every check of permission, every entry that asks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine import clock
from engine.commands import (
    claims,
    completing,
    deciding,
    delivering,
    lending,
    permit,
    returning,
    signing,
    transferring,
    undoing,
)
from engine.commands.staffing import guard
from engine.rules import barring, demands, permission
from engine.rules.constraint import Check
from engine.rules.permission import held
from engine.rules.task import Asked
from tests.commands import guarded, lawful
from tests.commands.guarded import Missed, Scenario
from tests.county import at

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CHECKS: dict[Callable[[Asked], Any], Scenario] = {
    barring.persons_apart: guarded.the_reviewer_decides,
    barring.bound: guarded.another_closes_what_one_began,
    barring.enough_persons: guarded.two_persons_do_what_takes_three,
    barring.levels_apart: guarded.the_county_confirms_what_the_county_examined,
    barring.tier: guarded.a_section_decides_on_a_split_amount,
    barring.own_case: guarded.the_applicant_decides,
    barring.own_unit: guarded.one_judges_a_card_on_the_own_office,
    barring.posts_apart: guarded.a_monitor_decides,
    barring.status: guarded.a_trainee_decides,
    barring.certificate: guarded.one_without_certificate_surveys,
    barring.not_twice: guarded.one_signs_twice,
    barring.not_next: guarded.the_stand_in_does_the_next_step,
    barring.recusal: guarded.one_whose_recusal_is_open_takes_a_step_back,
    barring.stand_in_allowed: guarded.one_stands_in_where_nobody_may,
}
# What a check relies on: the object, its attribute, what stands there when the fault is planted.
PARTS: dict[str, tuple[Any, str, Any, Scenario]] = {
    "the stand-in counts as himself only": (
        Asked, "people", property(lambda asked: (asked.person,)), guarded.the_stand_in_of_the_reviewer_decides,
    ),
    "who approves may be who asked": (
        demands, "SEPARATES", (Check.DISTINCT, Check.LEVEL), guarded.who_asked_for_a_stop_approves_it,
    ),
    "split amounts are not added up": (
        permit, "amount_of", lambda conn, case, book: case.amount, guarded.a_section_decides_on_a_split_amount,
    ),
}  # fmt: skip


def unasked(ctx: Any, case: Any, step: Any) -> Any:
    """Stand for `permit` without its question."""
    return held(ctx.assignments, step.post, step.organ, case.item)


# Every entry to a step: where it looks `permit` up, by which name, and what it does when it does not ask.
ENTRIES: dict[str, tuple[Any, str, Any, Scenario]] = {
    "claim": (claims, "permit", unasked, guarded.the_reviewer_decides),
    "complete": (completing, "permit", unasked, guarded.the_reviewer_completes_a_decision_claimed_past_the_check),
    "deliver": (
        delivering, "answer", lambda person, held, *rest: held[0], guarded.somebody_without_the_post_asks_for_a_stop,
    ),
    "transfer": (transferring, "_unfit", lambda *_: None, guarded.the_reviewer_is_handed_the_decision),
    "add signer": (signing, "_unfit", lambda *_: None, guarded.the_reviewer_is_asked_about_the_decision),
    "ask as the holder": (signing, "permit", unasked, guarded.the_reviewer_asks_about_the_decision),
    "advise": (signing, "_unfit", lambda *_: None, guarded.who_was_asked_has_a_recusal_open_and_answers),
    "return": (returning, "permit", unasked, guarded.the_reviewer_sends_the_decision_back),
    "withdraw": (undoing, "permit", unasked, guarded.one_whose_recusal_is_open_takes_a_step_back),
    "vote": (deciding.Seats, "may", lambda *_: True, guarded.the_reviewer_votes_on_the_decision),
    "lend": (
        lending, "able", lambda *_, pool=False: {1: "x"} if pool else {},
        guarded.a_step_is_lent_although_somebody_can_do_it,
    ),
}  # fmt: skip


@pytest.fixture
def town(database_url, monkeypatch):
    """The county, in which nothing is asked about what comes later: that would catch some of the faults too."""
    monkeypatch.setattr(guard, "follows", lambda *_: True)
    with clock.at(at("2026-03-02 10:00")):
        yield lawful.found()


def test_every_check_has_a_scenario_that_notices_its_loss():
    assert set(CHECKS) == set(permission.CHECKS)
    assert len(CHECKS) + len(PARTS) + len(ENTRIES) >= 12


@on_sqlite
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_a_check_that_is_taken_away_is_missed(town, monkeypatch, check):
    CHECKS[check](town)
    monkeypatch.setattr(permission, "CHECKS", tuple(c for c in permission.CHECKS if c is not check))

    with pytest.raises(Missed):
        CHECKS[check](town)


@on_sqlite
@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_a_check_that_is_wrong_is_noticed(town, monkeypatch, part):
    where, name, fault, scenario = PARTS[part]
    scenario(town)
    monkeypatch.setattr(where, name, fault)

    with pytest.raises(Missed):
        scenario(town)


@on_sqlite
@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_that_does_not_ask_is_noticed(town, monkeypatch, entry):
    where, name, fault, scenario = ENTRIES[entry]
    scenario(town)
    monkeypatch.setattr(where, name, fault)

    with pytest.raises(Missed):
        scenario(town)
