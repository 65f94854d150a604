"""The ledger in plain words, for the applicant: per clock of the case what its days counted for, days alike folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from engine.model import Clock, Unit
from engine.rules import limits
from engine.rules.halting import halting
from engine.rules.limits import Day, DayKind
from engine.rules.rule import Direction
from webui import words
from webui.clocks import unit_name
from webui.language import day, gettext, ngettext, short_day
from webui.ledger import COUNTED, MOST_AHEAD, Account, extended, limit_in_words

COUNTS_DAYS = (Unit.WORKING_DAY, Unit.CALENDAR_DAY)  # in other units a number of days says nothing of what is left


@dataclass(frozen=True, kw_only=True)
class Span:
    """Days that are alike. `ahead`: they lie ahead."""

    when: str
    text: str
    ahead: bool


@dataclass(frozen=True, kw_only=True)
class Told:
    """A clock in plain words. `sum`: how it stands today; `provisional`: its last day may still move."""

    name: str
    limit: str
    sum: str
    spans: tuple[Span, ...]
    provisional: bool


def told(account: Account, clock: Clock, name: str) -> Told:
    """Return what a clock of the case has counted, and what it is going to count until its last day."""
    days = [] if clock.direction == Direction.BEFORE else list(_days(account, clock))
    return Told(
        name=name,
        limit=limit_in_words(clock),
        sum=_sum(account, clock, days),
        spans=tuple(_spans(account, clock, days)),
        provisional=clock.provisional and clock.ended_on is None,
    )


def _days(account: Account, clock: Clock) -> Sequence[Day]:
    stops = halting(clock, account.case.stops, account.book.limits)
    until = clock.ended_on or max(clock.due_on, account.today)
    until = min(until, max(account.today, clock.started_on) + MOST_AHEAD)
    amount = clock.amount + clock.extended
    return limits.ledger(clock.unit, amount, clock.started_on, stops, account.calendar, until)


def _spans(account: Account, clock: Clock, days: Sequence[Day]) -> Iterator[Span]:
    longer = [(on, text) for key, on, text in extended(account) if key == clock.key]
    for (_, ahead), alike in groupby(days, lambda passed: (_group(account, passed), passed.on > account.today)):
        span = list(alike)
        first, last = span[0].on, span[-1].on
        when = short_day(first) if first == last else f"{short_day(first)}—{short_day(last)}"
        yield Span(when=when, text=_says(account, clock, span), ahead=ahead)
        yield from (Span(when=short_day(on), text=text, ahead=False) for on, text in longer if first <= on <= last)


def _group(account: Account, passed: Day) -> tuple[str, str, bool]:
    """Return what days must have in common to be told together."""
    if passed.kind is DayKind.STOP:
        return (passed.kind, str(_stop(account, passed.on)), False)
    name = account.day_names.get(passed.on, "")
    off = passed.kind in (DayKind.WEEKEND, DayKind.HOLIDAY) and name  # a holiday's Sunday is a day of the holiday
    return ("off" if off else passed.kind, name, passed.over)


def _stop(account: Account, on: date) -> limits.Stop | None:
    return next((stop for stop in account.case.stops if stop.from_on <= on <= stop.to_on), None)


def _says(account: Account, clock: Clock, span: Sequence[Day]) -> str:
    passed, number = span[0], len(span)
    name = account.day_names.get(passed.on, "")
    if passed.kind is DayKind.STOP:
        return _stopped(account, passed.on)
    if passed.kind is DayKind.START:
        return gettext("%(mark)s，当天不算", mark=_start(account, clock))
    if passed.kind in COUNTED:
        said = ngettext("算 %(num)d 天", "算 %(num)d 天", number)
        if passed.over:
            said = ngettext("超期 %(num)d 天", "超期 %(num)d 天", number) if clock.within else said
        return gettext("调休上班，%(said)s", said=said) if passed.kind is DayKind.MAKEUP else said
    if name:
        return gettext("%(holiday)s放假，不算", holiday=words.day_name(name))
    return gettext("周末，不算") if passed.kind is DayKind.WEEKEND else gettext("节假日，不算")


def _start(account: Account, clock: Clock) -> str:
    """Return the name of the mark that started the clock."""
    rule = clock.key.partition(":")[2]
    mark = next((limit.start for limit in account.item.limits if limit.rule == rule), "")
    return words.mark(mark, account.book) if mark else gettext("从这天起算")


def _stopped(account: Account, on: date) -> str:
    stop = _stop(account, on)
    if stop is None:
        return gettext("停止计时，不算")
    kind, until = words.stop(stop.kind, account.book), day(stop.to_on, account.today)
    if not stop.document:
        return gettext("停止计时，不算：%(kind)s，到 %(until)s", kind=kind, until=until)
    return gettext(
        "停止计时，不算：凭 %(document)s，%(kind)s，到 %(until)s", document=stop.document, kind=kind, until=until
    )


def _sum(account: Account, clock: Clock, days: Sequence[Day]) -> str:
    """Return how the clock stands: what was used, what is left, until when."""
    until = day(clock.due_on, account.today)
    if clock.direction == Direction.BEFORE:
        counted_from = day(clock.started_on, account.today)
        return gettext("最迟 %(until)s，要比 %(on)s 早这么多", until=until, on=counted_from)
    if clock.unit not in COUNTS_DAYS:
        return gettext("到 %(until)s 止", until=until)
    on = clock.ended_on or account.today
    number = next((passed.number for passed in reversed(days) if passed.on <= on), 0)
    used, left = unit_name(clock.unit, number), clock.amount + clock.extended - number
    if clock.ended_on is not None:
        return gettext("%(on)s 结束，用了 %(used)s", on=day(clock.ended_on, account.today), used=used)
    if not clock.within:
        return gettext("过了 %(used)s，%(until)s 期满", used=used, until=until)
    if on > clock.due_on:
        return gettext("%(until)s 已经到期，用了 %(used)s", until=until, used=used)
    left_words = unit_name(clock.unit, left)
    return gettext("到今天用了 %(used)s，还剩 %(left)s，%(until)s 止", used=used, left=left_words, until=until)
