"""Stops of a case's clocks: what is asked for, what the law allows now, over which days. No clock, no database.

Sources: Administrative Licensing Law art. 45 (a closed list; the applicant is told in writing how long it takes);
SOD-18 (who asks does not approve). Inspections on the spot, rectification and countersigning stand in no rule's list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from engine.errors import AlreadyStopped, Finding, Invalid, Refused, StopNotAllowed
from engine.model import Clock, ClockKind
from engine.rules.limits import Stop
from engine.rules.rule import Rule
from engine.rules.workdays import WorkCalendar

MOST_DAYS = 366  # planned working days of one stop
FIELDS = ("stop_kind", "stop_days", "stop_evidence")  # of the form that asks for a stop
NONE = "—"  # what is possible when nothing is


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked for. `days`: planned working days; `evidence`: the body that does it, the number of its paper."""

    kind: str
    days: int
    evidence: str


def asked(form: Mapping[str, Any]) -> Asked:
    """Return what a form asks for.

    Raises:
        Invalid: a field is missing, the days are not 1 to MOST_DAYS, or the evidence is empty.
    """
    kind, days, evidence = (form.get(name) for name in FIELDS)
    whole = isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= MOST_DAYS
    told = {
        "stop_kind": isinstance(kind, str) and bool(kind),
        "stop_days": whole,
        "stop_evidence": isinstance(evidence, str) and bool(evidence.strip()),
    }
    if wrong := [name for name, right in told.items() if not right]:
        raise Invalid(findings=tuple(_missing(name) for name in wrong))
    return Asked(kind=str(kind), days=int(days or 0), evidence=str(evidence).strip())


def possible(clocks: Iterable[Clock], rules: Mapping[str, Rule]) -> tuple[str, ...]:
    """Return the kinds of stops that the rules of running statutes list.

    A promise follows its statute and a step stands still in all stops, so neither allows a kind of its own.
    """
    running = [rules[c.rule] for c in clocks if c.kind is ClockKind.STATUTE and c.ended_on is None and c.rule in rules]
    return tuple(dict.fromkeys(kind for rule in running for kind in rule.stops))


def bar(
    kind: str | None,
    served_on: date,
    clocks: Iterable[Clock],
    stops: Iterable[Stop],
    rules: Mapping[str, Rule],
    names: Mapping[str, str],
) -> Refused | None:
    """Return why no notice served on this day can stop the case's clocks, or None. `kind` None: of any kind.

    `names`: kind -> name, for the reason in words.
    """
    kinds = possible(clocks, rules)
    if not kinds or (kind is not None and kind not in kinds):
        told = "、".join(names.get(each, each) for each in kinds) or NONE
        return StopNotAllowed(kind=names.get(kind or "", kind or NONE), possible=told)
    last = max((stop.to_on for stop in stops), default=served_on)
    return AlreadyStopped(to_on=last) if last > served_on else None


def span(served_on: date, days: int, calendar: WorkCalendar) -> tuple[date, date]:
    """Return the first and the planned last day not counted: from the day after the notice.

    The notice fixes the last day; another calendar does not move it.
    """
    return served_on + timedelta(days=1), calendar.add(served_on, days)


def without(stops: Sequence[Stop], ended: Stop, last: date) -> list[Stop]:
    """Return the stops with one that lasts to another day; it is gone when it ended before its first day."""
    kept = [stop for stop in stops if stop != ended]
    return kept if last < ended.from_on else [*kept, Stop(ended.kind, ended.from_on, last, ended.document)]


def _missing(name: str) -> Finding:
    message = f"1 to {MOST_DAYS} working days" if name == "stop_days" else "is missing"
    return Finding(file="stop", line=0, level="form", rule="stop", message=message, where=name)
