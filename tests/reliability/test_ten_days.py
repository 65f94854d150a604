"""A worker that stood still for ten days: every effect and every card bears its legal date, and none comes twice."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextvars import copy_context
from datetime import timedelta

import pytest

from engine import clock, commands
from engine.db import due
from engine.db.store import reading
from tests import cards, county
from tests.cards import drafted, in_database, rederived
from tests.county import at, events
from worker import jobs
from worker.tick import tick

MONDAY = at("2026-03-02 10:00")
STOPPED = at("2026-03-03 18:00")
FILED_LATER = "2026-03-11T02:00:00.000000Z"
BACK = at("2026-03-14 09:00")


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield cards.found()
    jobs._failed.clear()


@pytest.fixture
def filed(town) -> list[commands.Filed]:
    """Applications that get late in different ways from the evening of 3 March on, when the worker stops.

    The last one is filed while it stands still: its review is late after others are, and found late before them.
    """
    with clock.at(MONDAY):
        made = [county.file(town) for _ in range(6)]
        county.do(town, "li", made[1].case, "intake/accept", "accept")
        county.do(town, "li", made[2].case, "intake/accept", "accept")
        county.claim(town, "wang", made[2].case, "review")
    with clock.at(at("2026-03-03 11:00")):
        county.do(town, "wang", made[1].case, "review", "pass")
        county.do(town, "li", made[3].case, "intake/accept", "supplement")
        tick()
    with clock.at(at("2026-03-11 10:00")):
        made.append(county.file(town))
        county.do(town, "li", made[6].case, "intake/accept", "accept")
    return made


def every_hour() -> None:
    now = STOPPED
    while now <= BACK:
        with clock.at(now):
            tick()
        now += timedelta(hours=1)


def after_ten_days() -> None:
    with clock.at(BACK):
        tick()


def by_two_workers_after_ten_days() -> None:
    with clock.at(BACK):
        for _ in range(2):
            together(tick, tick)


def by_command_after_ten_days() -> None:
    with clock.at(BACK):
        commands.catch_up()


def together(*work: Callable[[], object]) -> None:
    threads = [threading.Thread(target=copy_context().run, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


ACCEPT, REVIEW = ("intake/accept", "acceptance"), ("review", "reviewer")
INSPECT = ("site_inspection/inspect", "inspector")
NOBODY_LOOKED = [  # filed on Monday 2 March; 7 and 8 March are a weekend
    ("yellow", "overrun", *ACCEPT, "2026-03-04"),  # one working day
    ("yellow", "overrun", *ACCEPT, "2026-03-10"),  # the one-time notice: five
    ("yellow", "overrun", *REVIEW, "2026-03-12"),  # the promise: seven from receipt, for silence is acceptance
    ("yellow", "overrun", *REVIEW, "2026-03-13"),  # two from the 10th
    ("red", "repeated", *REVIEW, "2026-03-12"),  # the second late step of the case
    ("yellow", "overrun", *INSPECT, "2026-03-14"),  # three from the 10th
]
EXPECTED = {
    "0": [*NOBODY_LOOKED, ("red", "repeated", *INSPECT, "2026-03-14")],  # its post's third in the quarter
    "1": [("yellow", "overrun", *INSPECT, "2026-03-06"), ("yellow", "overrun", *INSPECT, "2026-03-12")],
    "2": [
        ("yellow", "overrun", *REVIEW, "2026-03-05"),
        ("yellow", "overrun", *INSPECT, "2026-03-06"),
        ("red", "repeated", *INSPECT, "2026-03-06"),
        ("yellow", "overrun", *REVIEW, "2026-03-12"),
    ],
    "4": [*NOBODY_LOOKED, ("red", "repeated", *REVIEW, "2026-03-12")],  # its post's third in the quarter
    "5": [*NOBODY_LOOKED, ("red", "repeated", *ACCEPT, "2026-03-04")],  # its post's third in the quarter
    "6": [("yellow", "overrun", *REVIEW, "2026-03-14")],
}
SILENCE = [
    ("clock.overrun", "step", "2026-03-04"),
    ("clock.overrun", "statute", "2026-03-10"),
    ("timer.fired", "intake/silent", "2026-03-09T16:00:00.000000Z"),
    ("mark.reached", "answered", "2026-03-10"),
    ("mark.reached", "accepted", "2026-03-02"),  # Licensing Law art. 32(1)(4): from receipt
    ("effect.taken", "deemed_acceptance", "2026-03-02"),
    ("clock.overrun", "promise", "2026-03-12"),
    ("clock.overrun", "step", "2026-03-13"),
    ("clock.overrun", "step", "2026-03-14"),
]
EFFECTS = {
    "0": SILENCE,
    "1": [("clock.overrun", "step", "2026-03-06"), ("clock.overrun", "promise", "2026-03-12")],
    "2": [
        ("clock.overrun", "step", "2026-03-05"),
        ("clock.overrun", "step", "2026-03-06"),
        ("clock.overrun", "promise", "2026-03-12"),
    ],
    "3": [],
    "4": SILENCE,
    "5": SILENCE,
    "6": [("clock.overrun", "step", "2026-03-14")],
}


def facts(filed: Sequence[commands.Filed]) -> dict[str, Counter[tuple[str, ...]]]:
    """Return the cards by case; not those for silence, for their time runs from the service of another card."""
    numbers = {one.case: str(n) for n, one in enumerate(filed)}
    found: dict[str, Counter[tuple[str, ...]]] = {}
    for card in drafted():
        if card.cause != "no_reply":
            told = (card.level, card.cause, card.path or "", card.post, card.on.isoformat())
            found.setdefault(numbers[card.subject_case or 0], Counter())[told] += 1
    return found


def effects(filed: Sequence[commands.Filed]) -> dict[str, list[tuple[str, ...]]]:
    """Return what time did to each case, in order: event, what it is about, legal date."""
    shown = {
        "timer.fired": ("path", "legal_at"),
        "mark.reached": ("mark", "on"),
        "effect.taken": ("effect", "on"),
        "clock.overrun": ("kind", "overrun_on"),
    }
    return {
        str(n): [
            (event["type"], *(event["facts"][name] for name in shown[event["type"]]))
            for event in events(one.number)
            if event["type"] in shown and event["at"] >= "2026-03-03T10" and event["at"] != FILED_LATER
        ]
        for n, one in enumerate(filed)
    }


@pytest.mark.parametrize("look", [every_hour, after_ten_days, by_two_workers_after_ten_days, by_command_after_ten_days])
def test_whenever_the_worker_looks_effects_and_cards_bear_their_legal_dates(filed, look):
    look()

    assert facts(filed) == {number: Counter(expected) for number, expected in EXPECTED.items()}
    assert effects(filed) == EFFECTS
    assert in_database() == rederived()
    with clock.at(BACK), reading() as conn:
        assert due.work(conn, clock.now(), papers=0) == []
    cards.assert_intact()


def test_looking_again_changes_nothing(filed):
    after_ten_days()
    before = drafted()

    by_two_workers_after_ten_days()

    assert drafted() == before
    assert [card.number for card in before] == [f"2026-YLP-{n:06d}" for n in range(1, len(before) + 1)]
