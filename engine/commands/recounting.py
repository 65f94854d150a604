"""One running case under another calendar: what becomes of its clocks, timers and lamp, and the events of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.clock import day_start, local_date
from engine.commands.settling import case_days
from engine.db.record import Entry, instant
from engine.db.running import Armed, Recounted, Running
from engine.model import Clock, Event
from engine.rules import recounting
from engine.rules.book import Book
from engine.rules.halting import halting
from engine.rules.limits import Stop
from engine.rules.timer_text import TimerText
from engine.rules.workdays import WorkCalendar


@dataclass(frozen=True, kw_only=True)
class Recount:
    """By which calendar cases were counted `before` and are `after`; `proposal`: the one carried out, `now`: when."""

    proposal: int
    before: WorkCalendar
    after: WorkCalendar
    book: Book
    now: datetime

    def of(self, case: Running) -> Recounted | None:
        """Return what changes in a case; None: nothing."""
        clocks = {old.key: (old, self._clock(case, old)) for old in case.clocks}
        moved = {key: pair for key, pair in clocks.items() if _said(pair[0]) != _said(pair[1])}
        timers = [(timer, at) for timer in case.timers if (at := self._fires(case, timer, moved)) != timer.fires_at]
        running = [new for _, new in clocks.values()]
        days = case_days(running, lambda each: self._stops(case, each), self.after, self.book.thresholds)
        if not moved and not timers and days == case.days:
            return None
        entries = [*(self._told(case, *pair) for pair in moved.values()), *(self._timed(*each) for each in timers)]
        return Recounted(case=case, clocks=tuple(moved.values()), timers=timers, days=days, entries=entries)

    def _clock(self, case: Running, clock: Clock) -> Clock:
        return recounting.recount(clock, self._stops(case, clock), self.after, local_date(self.now))

    def _stops(self, case: Running, clock: Clock) -> list[Stop]:
        return halting(clock, case.stops, self.book.limits)

    def _fires(self, case: Running, timer: Armed, moved: dict[str, tuple[Clock, Clock]]) -> datetime:
        if timer.clock in moved:
            last = moved[timer.clock][1].due_on
        elif timer.clock is None and (number := TimerText.of(timer.text).workdays) is not None:
            due = local_date(timer.fires_at) - timedelta(days=1)
            start = recounting.armed_from(timer.armed_on, number, due, self.before)
            last = recounting.last_workday(number, start, case.stops, self.after)
        else:
            return timer.fires_at
        return recounting.instant_anew(day_start(last + timedelta(days=1)), timer.fires_at, self.now)

    def _told(self, case: Running, old: Clock, new: Clock) -> Entry:
        facts = {
            "proposal": self.proposal,
            "key": new.key,
            "kind": new.kind.value,
            "from": old.due_on.isoformat(),
            "to": new.due_on.isoformat(),
            "was_provisional": old.provisional,
            "provisional": new.provisional,
        }
        path = case.paths.get(new.step) if new.step is not None else None
        return Entry(type=Event.CLOCK_MOVED, step=path, rule=new.rule, due_on=new.due_on, facts=facts, by_actor=False)

    def _timed(self, timer: Armed, at: datetime) -> Entry:
        facts = {
            "proposal": self.proposal,
            "key": timer.key,
            "path": timer.path,
            "from": instant(timer.fires_at),
            "to": instant(at),
        }
        return Entry(type=Event.TIMER_MOVED, step=timer.path, facts=facts, by_actor=False)


def _said(clock: Clock) -> tuple[date, bool]:
    return clock.due_on, clock.provisional
