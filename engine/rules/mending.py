"""What becomes of marks and clocks when the day of a mark was entered wrongly. No clock, no database.

The day may be any on which the order of the marks stays as it was, and none ahead. A mark that was dated on another
mark's day follows it. What starts or ends by a corrected mark is counted anew; the facts that were recorded by the
former days stay in the trace. In a case that has ended no clock is counted anew: what was in time or late then is
what the case was closed with.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.errors import NotCorrectable
from engine.model import CaseLimit, Clock, ClockKind
from engine.rules import recounting
from engine.rules.bounds import bar
from engine.rules.limits import Stop
from engine.rules.workdays import WorkCalendar

NOT_REACHED = "this mark has not been reached"
FOLLOWS = "its day is that of another mark; correct that one"
AHEAD = "its day lies ahead; the step that named it names another"
SAME = "this is what is recorded"
FUTURE = "a day ahead cannot have been the day"
ORDER = "the order of the marks would change; possible are the days given here"
NO_CALENDAR = "no working days are adopted before the day given here"
NO_FORM = "no form was handed in there"
STEP_OPEN = "the step is still open; take the signature back and fill the form in anew"
DECIDES = "the flow has gone on by this field; the step must be done anew"
IS_MARK = "this field is the day of a mark; correct the mark"
MOVED_CLOCKS = "clocks were stopped or extended by this field"
COMPLAINED = "it says whom the complaint is about, and from them it is kept"
BY_TIER = "somebody has decided within the tier of the former amount"
IN_DOCUMENT = "documents say it; they must be issued anew"
StopsOf = Callable[[Clock], Sequence[Stop]]


@dataclass(frozen=True, kw_only=True)
class Reached:
    """A mark, with its day as it is known now. `taken_from`: the mark on whose day it was dated, if on another's."""

    mark: str
    on: date
    taken_from: str = ""


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What a correction does: `marks` that move, old and new day; `clocks` that change, as they were and will be.

    `late`: keys of ended clocks that were late by the new days and not by the old ones; `void`: keys of clocks whose
    recorded overrun was none by the new days.
    """

    marks: Mapping[str, tuple[date, date]]
    clocks: tuple[tuple[Clock, Clock], ...]
    late: tuple[str, ...] = ()
    void: tuple[str, ...] = ()

    @property
    def due(self) -> tuple[tuple[Clock, Clock], ...]:
        """The clocks whose last day changes."""
        return tuple((old, new) for old, new in self.clocks if old.due_on != new.due_on)


def refused(why: str, more: str = "") -> NotCorrectable:
    """Return the refusal of a correction. `why`: one of WHYS; `more`: which field, day or document."""
    return NotCorrectable(why=why, more=f" ({more})" if more else "", basis="SOD-19")


def bounds(reached: Sequence[Reached], mark: str, today: date) -> tuple[date | None, date]:
    """Return the first and the last day to which a mark can be corrected; no first one where nothing came before.

    Raises:
        NotCorrectable: the mark has not been reached, has another's day, or lies ahead.
    """
    place = next((n for n, each in enumerate(reached) if each.mark == mark), None)
    if place is None:
        raise refused(NOT_REACHED)
    own = reached[place]
    if own.taken_from and any(each.mark == own.taken_from for each in reached):
        raise refused(FOLLOWS, own.taken_from)
    if own.on > today:
        raise refused(AHEAD)
    tied = _following(reached, mark)
    before = [each.on for each in reached[:place] if each.mark not in tied and each.on <= own.on]
    after = [each.on for each in reached[place + 1 :] if each.mark not in tied and each.on >= own.on]
    return max(before, default=None), min([*after, today])


def plan(
    *,
    reached: Sequence[Reached],
    mark: str,
    on: date,
    clocks: Collection[Clock],
    limits: Sequence[CaseLimit],
    stops: StopsOf,
    calendar: WorkCalendar,
    today: date,
    closed: bool = False,
) -> Planned:
    """Return what it does to correct a mark to a day. `limits`: those of the item; `closed`: the case has ended.

    Raises:
        NotCorrectable: the mark cannot be corrected, or not to this day.
        TooEarly, NoticeTooLate: what must last, or be told in advance, was not by the new day.
    """
    first, last = bounds(reached, mark, today)
    was = {each.mark: each.on for each in reached}
    if on == was[mark]:
        raise refused(SAME)
    if on > today:
        raise refused(FUTURE)
    if on > last or (first is not None and on < first):
        raise refused(ORDER, f"{first or '…'} – {last}")
    if on < calendar.published_from:
        raise refused(NO_CALENDAR, str(calendar.published_from))
    marks = {name: (was[name], on) for name in (mark, *_following(reached, mark))}
    if closed:
        return Planned(marks=marks, clocks=())
    starts = {f"{kind}:{limit.rule}": limit.start for limit in limits for kind in ("statute", "promise")}
    found = [(clock, _after(clock, marks, starts, stops, calendar, today)) for clock in clocks]
    changed = tuple((old, new) for old, new in found if old != new)
    for _, new in changed:
        if new.ended_on is not None and (error := bar(new, new.ended_on, new.rule)):
            raise error
    return Planned(
        marks=marks,
        clocks=changed,
        late=tuple(new.key for _, new in changed if is_late(new) and new.overrun_at is None),
        void=tuple(new.key for old, new in changed if old.overrun_at is not None and new.overrun_at is None),
    )


def is_late(clock: Clock) -> bool:
    """Return whether a clock ended after its last day."""
    return clock.within and clock.ended_on is not None and clock.ended_on > clock.due_on


def _following(reached: Sequence[Reached], mark: str) -> tuple[str, ...]:
    """Return the marks that were dated on the day of a mark, and those on theirs."""
    found: list[str] = []
    _add(found, reached, mark)
    return tuple(found)


def _add(found: list[str], reached: Sequence[Reached], mark: str) -> None:
    for each in reached:
        if each.taken_from == mark and each.mark not in found:
            found.append(each.mark)
            _add(found, reached, each.mark)


def _after(
    clock: Clock,
    marks: Mapping[str, tuple[date, date]],
    starts: Mapping[str, str],
    stops: StopsOf,
    calendar: WorkCalendar,
    today: date,
) -> Clock:
    """Return a clock by the corrected days: started and ended by a mark on its old day, it is so on the new one."""
    if clock.kind is ClockKind.STEP:
        return clock
    dates: dict[str, Any] = dict(_moved(clock, marks, starts))
    if not dates:
        return clock
    moved = replace(clock, **dates)
    last = moved.ended_on or today
    halted = [stop for stop in stops(moved) if moved.ended_on is None or stop.from_on <= last]
    return recounting.recount(moved, halted, calendar, last)


def _moved(
    clock: Clock, marks: Mapping[str, tuple[date, date]], starts: Mapping[str, str]
) -> Iterator[tuple[str, date]]:
    for name, mark in (("started_on", starts.get(clock.key, "")), ("ended_on", clock.until)):
        was, will = marks.get(mark, (None, None))
        if will is not None and getattr(clock, name) == was:
            yield name, will
