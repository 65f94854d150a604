"""How a clock looks: lamp, n/N, one cell a working day. Rules count; this module only words what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.model import Clock, ClockKind, Lamp, Unit
from engine.rules import lamps, limits
from engine.rules.lamps import Thresholds
from engine.rules.limits import DayKind, Stop
from engine.rules.rule import Direction
from engine.rules.workdays import WorkCalendar
from webui.language import day, day_or_today, days_left, gettext, ngettext

LAMPS = {Lamp.GREEN: "ok", Lamp.BLUE: "note", Lamp.YELLOW: "warn", Lamp.RED: "over"}
MOST_CELLS = 45  # a longer ruler cannot be counted with a finger; it shows proportions
COUNTED = (DayKind.DAY, DayKind.MAKEUP)


@dataclass(frozen=True, kw_only=True)
class Face:
    """A clock as pages draw it. `lamp`: ok note warn over stop; `cells`: u t l s o; `text`: `剩 3/7`.

    `within`: something must be done by `due_on`; else it must last until then, or come by then before another day.
    """

    name: str
    lamp: str
    text: str
    big: str
    small: str
    cells: tuple[str, ...]
    due: str
    due_on: date
    left: int
    provisional: bool
    stopped: bool
    within: bool = True


def face(
    clock: Clock, stops: Sequence[Stop], calendar: WorkCalendar, thresholds: Thresholds, today: date, name: str = ""
) -> Face:
    """Return how a clock looks on `today`. `stops`: those that halt it."""
    if clock.direction == Direction.BEFORE:
        return _before(clock, today, name)
    amount = clock.amount + clock.extended
    on = clock.ended_on or today
    left = limits.left(clock.unit, amount, clock.started_on, stops, calendar, on)
    over = on > clock.due_on
    stop = next((s for s in stops if s.from_on <= on <= s.to_on), None) if clock.ended_on is None else None
    if not clock.within:
        return _lasting(clock, stops, calendar, today, name, left)
    turns = lamps.turns(clock.unit, amount, clock.started_on, stops, calendar, thresholds)
    lamp = "stop" if stop and not over else LAMPS[lamps.lamp(turns, on)]
    text = _stopped(stop, calendar, on) if stop and not over else _left(left, amount, over)
    later = left == 0 and on < clock.due_on and clock.ended_on is None  # it rolls, or nothing is counted until then
    until = gettext("%(day)s止", day=day(clock.due_on, today))
    return Face(
        name=name or kind_name(clock.kind),
        lamp=lamp,
        text=until if later and stop is None else text,
        big=until if later else _big(left, over),
        small="" if later else _small(amount, clock.unit, left, over),
        cells=cells(clock, stops, calendar, on),
        due=gettext("到期 %(day)s", day=day_or_today(clock.due_on, today)),
        due_on=clock.due_on,
        left=left,
        provisional=clock.provisional,
        stopped=stop is not None,
    )


def _lasting(clock: Clock, stops: Sequence[Stop], calendar: WorkCalendar, today: date, name: str, left: int) -> Face:
    """Return the face of what must last: how much is missing, or that it has lasted. It is never late."""
    on, amount = clock.ended_on or today, clock.amount + clock.extended
    whole = unit_name(clock.unit, amount)
    full = on > clock.due_on
    missing = gettext("还差 %(left)d", left=left)
    if left == 0:
        missing = gettext("今天期满") if on == clock.due_on else gettext("节假日顺延")
    stopped = clock.ended_on is None and any(s.from_on <= on <= s.to_on for s in stops)
    return Face(
        name=name or kind_name(clock.kind),
        lamp="stop" if stopped and not full else "ok",
        text=gettext("已满 %(whole)s", whole=whole) if full else f"{missing}/{amount}",
        big=gettext("已满") if full else missing,
        small=gettext("/ 不少于 %(whole)s", whole=whole),
        cells=cells(clock, stops, calendar, min(on, clock.due_on)),
        due=gettext("期满 %(day)s", day=day_or_today(clock.due_on, today)),
        due_on=clock.due_on,
        left=left,
        provisional=clock.provisional,
        stopped=stopped,
        within=False,
    )


def _before(clock: Clock, today: date, name: str) -> Face:
    """Return the face of what must come early enough before a day."""
    latest = gettext("最迟 %(day)s", day=day_or_today(clock.due_on, today))
    whole = unit_name(clock.unit, clock.amount)
    return Face(
        name=name or kind_name(clock.kind),
        lamp="ok",
        text=latest,
        big=latest,
        small=gettext("提前 %(whole)s", whole=whole),
        cells=(),
        due=gettext("自 %(day)s倒推", day=day_or_today(clock.started_on, today)),
        due_on=clock.due_on,
        left=0,
        provisional=clock.provisional,
        stopped=False,
        within=False,
    )


def cells(clock: Clock, stops: Sequence[Stop], calendar: WorkCalendar, today: date) -> tuple[str, ...]:
    """Return a CSS class for each day that the limit counts or that a stop takes from it.

    u counted, t today when it is the last, l left, s stopped, o over. Days off have no cell.
    """
    if clock.unit is Unit.HOUR:
        return ()
    amount = clock.amount + clock.extended
    until = max(clock.due_on, today)
    days = limits.ledger(clock.unit, amount, clock.started_on, stops, calendar, until)
    found = []
    for passed in days[1:]:
        stopped = passed.kind is DayKind.STOP
        working = clock.unit is not Unit.WORKING_DAY or calendar.is_working(passed.on)
        if stopped and working:
            found.append("s")
        elif passed.kind in COUNTED:
            found.append(_cell(passed.on, today, clock.due_on, passed.over))
    return thinned(found)


def thinned(classes: Sequence[str]) -> tuple[str, ...]:
    """Return at most MOST_CELLS cells in the same proportions; the last one stays."""
    if len(classes) <= MOST_CELLS:
        return tuple(classes)
    step = len(classes) / MOST_CELLS
    return tuple(classes[round((i + 1) * step) - 1] for i in range(MOST_CELLS))


def _cell(on: date, today: date, due: date, over: bool) -> str:
    if over:
        return "o"
    if on > today:
        return "l"
    return "t" if on == today == due else "u"


def kind_name(kind: ClockKind) -> str:
    """Return the name of a kind of clock."""
    return {
        ClockKind.STEP: gettext("本步骤"),
        ClockKind.PROMISE: gettext("承诺期限"),
        ClockKind.STATUTE: gettext("法定期限"),
    }[kind]


def unit_name(unit: Unit, amount: int) -> str:
    """Return `7 个工作日`."""
    return {
        Unit.WORKING_DAY: ngettext("%(num)d 个工作日", "%(num)d 个工作日", amount),
        Unit.CALENDAR_DAY: ngettext("%(num)d 日", "%(num)d 日", amount),
        Unit.MONTH: ngettext("%(num)d 个月", "%(num)d 个月", amount),
        Unit.HOUR: ngettext("%(num)d 小时", "%(num)d 小时", amount),
    }[unit]


def _left(left: int, amount: int, over: bool) -> str:
    return gettext("已超期") if over and left == 0 else days_left(left, amount)


def _big(left: int, over: bool) -> str:
    if not over:
        return gettext("剩 %(left)d", left=left)
    return ngettext("超 %(num)d 日", "超 %(num)d 日", -left) if left else gettext("已超期")


def _small(amount: int, unit: Unit, left: int, over: bool) -> str:
    whole = f"/ {unit_name(unit, amount)}"
    return gettext("%(whole)s，今天止", whole=whole) if left == 0 and not over else whole


def _stopped(stop: Stop, calendar: WorkCalendar, today: date) -> str:
    number = calendar.count(stop.from_on - timedelta(days=1), today)
    return gettext("停表第 %(n)d 日", n=max(1, number))


def resumes(stop: Stop, today: date) -> str:
    """Return when a running stop ends by itself."""
    return gettext("%(day)s自动恢复", day=day(stop.to_on + timedelta(days=1), today))
