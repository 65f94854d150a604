"""A county whose cases run into 2027, the adoption of notices in it, and where its clocks must stand then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from engine import clock, commands
from engine.calendars.notice import Notice
from engine.clock import day_start
from engine.db import store
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.find import clock as clock_of
from engine.db.running import DAYS
from engine.db.store import begin, reading
from engine.model import Clock
from engine.rules import lamps, limits
from engine.settings import settings
from tests import county
from tests.county import Town, at, do, file
from tests.notices import calendar

NOW = at("2026-12-30 10:00")


def running_cases() -> Iterator[Town]:
    """Yield a county with cases from December on: before and after acceptance, one closed, one in fault."""
    with clock.at(at("2026-12-01 10:00")):
        town = county.found()
    for number, day in enumerate(("12-14", "12-21", "12-24", "12-25", "12-30", "12-30"), 1):
        with clock.at(at(f"2026-{day} 10:00")):
            file(town)
            if number in (1, 2, 5):
                do(town, "li", number, "intake/accept", "accept")
            if number == 4:
                do(town, "li", number, "intake/accept", "not_needed")
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.case_).where(t.case_.c.id == 2).values(state="fault"))
    with clock.at(NOW):
        yield town


def propose(town: Town, told: Notice, who: str = "feng", **more: Any) -> int:
    with begin(town.people[who]) as ctx:
        return commands.propose_calendar(ctx, told, **more)


def approve(town: Town, proposal: int, who: str = "ma") -> str:
    with begin(town.people[who]) as ctx:
        return commands.approve(ctx, proposal).result


def adopt(town: Town, told: Notice, **more: Any) -> str:
    return approve(town, propose(town, told, **more))


def clocks() -> dict[tuple[int, str], Clock]:
    with reading() as conn:
        rows = conn.execute(sa.select(t.clock, t.case_.c.state).join(t.case_, t.case_.c.id == t.clock.c.case_))
        return {(row.case_, row.key): clock_of(row) for row in rows}


def moves(kind: str = "clock.moved") -> dict[tuple[int, str], list[dict[str, Any]]]:
    """Return the facts of all moves by case and key."""
    found: dict[tuple[int, str], list[dict[str, Any]]] = {}
    with reading() as conn:
        cases = conn.execute(sa.select(t.case_.c.id, t.case_.c.number)).all()
    for case in cases:
        for event in county.events(case.number):
            if event["type"] == kind:
                assert event["person"] == "system"
                found.setdefault((case.id, event["facts"]["key"]), []).append(event["facts"])
    return found


def in_force(told: Notice, before: dict[tuple[int, str], Clock]) -> int:
    """Check that every running clock stands where the pure function puts it, with one event for each change.

    Returns how many have changed.
    """
    days, after, told_of = calendar(told), clocks(), moves()
    for key, old in before.items():
        new = after[key]
        if old.ended_on is not None:
            assert new == old
            continue
        due = limits.due_on(new.unit, new.amount, new.started_on, [], days)
        assert (new.due_on, new.provisional) == (due.on, due.provisional), key
        changed = (old.due_on, old.provisional) != (new.due_on, new.provisional)
        assert len(told_of.get(key, [])) == changed, key
        for facts in told_of.get(key, []):
            assert (facts["from"], facts["to"]) == (str(old.due_on), str(new.due_on))
            assert (facts["was_provisional"], facts["provisional"]) == (old.provisional, new.provisional)
    assert before.keys() == after.keys()
    rows_follow(days)
    assert verified() == 0
    return len(told_of)


def rows_follow(days: Any) -> None:
    """Check that cases, steps and timers say what their clocks say."""
    with reading() as conn:
        cases = conn.execute(sa.select(t.case_).where(t.case_.c.closed_at.is_(None))).all()
        steps = {row.id: row.due_on for row in conn.execute(sa.select(t.step))}
        timers = conn.execute(
            sa.select(t.timer).where(t.timer.c.fired_at.is_(None), t.timer.c.clock.is_not(None))
        ).all()
    running = {key: each for key, each in clocks().items() if each.ended_on is None}
    for case in cases:
        own = [each for (number, _), each in running.items() if number == case.id]
        turns = lamps.earliest(
            lamps.turns(c.unit, c.amount, c.started_on, [], days, store.book().thresholds) for c in own
        )
        due = min((c.due_on for c in own if c.kind != "step"), default=None)
        assert tuple(getattr(case, name) for name in DAYS) == (due, turns.blue_on, turns.yellow_on, turns.red_on)
        for each in own:
            assert each.step is None or steps[each.step] == each.due_on
    for timer in timers:
        if (followed := running.get((timer.case_, timer.clock))) and timer.cancelled_at is None:
            assert timer.fires_at == day_start(followed.due_on + timedelta(days=1))


def verified() -> int:
    with reading() as conn:
        return commands.check(conn).count
