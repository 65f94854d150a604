"""The cards that a trace calls for, from its events alone: whoever has an export can ask why there is a card, or none.

What a monitor began is taken as traced, for it is an officer's act. No clock, no database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from engine.clock import day_start, local_date
from engine.model import ClockKind, Event
from engine.rules.cards import (
    EXPLAIN,
    ITEM,
    RESCINDED,
    Cause,
    Level,
    Settings,
    Span,
    Yellow,
    fact_of,
    level_of,
    repeated,
    responsible,
)

Told = Mapping[str, Any]  # an event, parsed


@dataclass(frozen=True, order=True)
class Derived:
    """A card that the trace calls for. `subject`: number of the case; empty where a post's quarter is the cause."""

    on: date
    subject: str
    key: str
    level: str
    cause: str


@dataclass(frozen=True, order=True)
class _Called:
    """A card with what counting it needs; `at`: the legal instant of its fact, `life` the chain of its own case."""

    at: datetime
    card: Derived
    path: str = ""
    post: str = ""
    organ: str = ""
    life: Sequence[Told] = field(default=(), compare=False)


def rederive(
    chains: Mapping[str, Sequence[Told]], settings: Settings, waiting: Collection[str] = ()
) -> frozenset[Derived]:
    """Return the cards that these chains call for. `chains`: events in order, by chain.

    `waiting`: paths of the steps that wait for the applicant.
    """
    called = [
        replace(each, life=_life(events, chains, each.card))
        for events in chains.values()
        if _is_application(events)
        for each in _of_case(events, settings, waiting)
    ]
    silent = {
        Derived(on, each.card.subject, f"{Cause.NO_REPLY}:{each.card.key}", Level.RED, Cause.NO_REPLY)
        for each in called
        if (on := _marked(each.life, Cause.NO_REPLY)) and each.card.level == Level.YELLOW
    }
    return frozenset({each.card for each in called} | silent | _repeated(sorted(called), settings))


def _is_application(events: Sequence[Told]) -> bool:
    return bool(events) and events[0]["type"] == Event.CASE_FILED and events[0]["facts"]["item"] != ITEM


def _of_case(events: Sequence[Told], settings: Settings, waiting: Collection[str]) -> Iterator[_Called]:
    """Yield the cards that one application calls for, but for those that follow from other cards."""
    number, notices = events[0]["case"], 0
    spans: list[Span] = []
    late: set[str] = set()  # keys of clocks: overrun again, by a corrected day, they give no second card
    for at, event in _legal(events):
        kind, path, facts = event["type"], event["step"] or "", event["facts"]
        if kind == Event.STEP_OPENED:
            waits = path in waiting
            where = {"path": path, "post": event["post"], "organ": facts["post_organ"]}
            spans.append(Span(**where, opened_at=at, closed_at=None, applicant=waits))
        elif kind == Event.STEP_WITHDRAWN:
            last = max(n for n, span in enumerate(spans) if span.path == path and span.closed_at is not None)
            spans[last] = replace(spans[last], closed_at=None)
        elif kind in (Event.STEP_COMPLETED, Event.STEP_RETURNED, Event.STEP_CANCELLED):
            last = _open(spans, path)
            spans[last] = replace(spans[last], closed_at=at)
        elif kind == Event.STEP_LENT:
            last = _open(spans, path)
            spans[last] = replace(spans[last], organ=facts["to"])
        elif kind == Event.CLOCK_OVERRUN and facts["key"] not in late:
            late.add(facts["key"])
            on = date.fromisoformat(facts["overrun_on"])
            own = [span for span in spans if span.path == path and not span.applicant][-1:]
            who = responsible(spans, day_start(on)) if facts["kind"] != ClockKind.STEP else next(iter(own), None)
            level = level_of(ClockKind(facts["kind"]), event["rule"], settings)
            if who is not None:
                card = Derived(on, number, facts["key"], level, Cause.OVERRUN)
                yield _Called(day_start(on), card, who.path, who.post, str(who.organ))
        elif kind == Event.DOCUMENT_MADE and facts["kind"] == "supplement_notice":
            notices += 1
            asked = [span for span in spans if span.path == path][-1:]
            for span in asked if notices > 1 else ():
                card = Derived(local_date(at), number, f"{Cause.CORRECTION}:{notices}", Level.YELLOW, Cause.CORRECTION)
                yield _Called(at, card, path, span.post, str(span.organ))
        elif kind == Event.CARD_DRAFTED and facts["cause"] == Cause.MANUAL:
            on = date.fromisoformat(facts["on"])
            yield _Called(at, Derived(on, number, facts["key"], facts["level"], Cause.MANUAL), path)


def _open(spans: Sequence[Span], path: str) -> int:
    """Return the place of the newest open span of a path."""
    return max(n for n, span in enumerate(spans) if span.path == path and span.closed_at is None)


def _legal(events: Iterable[Told]) -> Iterator[tuple[datetime, Told]]:
    """Yield events with the instant at which the law sees them: what a timer does happens at the timer's instant."""
    fired: datetime | None = None
    for event in events:
        if event["type"] == Event.TIMER_FIRED:
            fired = datetime.fromisoformat(event["facts"]["legal_at"])
        elif event["person"] != "system":
            fired = None
        yield fired or datetime.fromisoformat(event["at"]), event


def _life(events: Sequence[Told], chains: Mapping[str, Sequence[Told]], card: Derived) -> Sequence[Told]:
    """Return the chain of a card's own case; empty where the card was never drafted."""
    for event in events:
        facts = event["facts"]
        if event["type"] == Event.CARD_DRAFTED and (facts["key"], facts["level"]) == (card.key, card.level):
            return chains.get(facts["card"], ())
    return ()


def _marked(life: Iterable[Told], mark: str) -> date | None:
    """Return the day of a mark, as corrected."""
    found: date | None = None
    for event in life:
        facts = event["facts"]
        if event["type"] == Event.MARK_REACHED and facts["mark"] == mark and found is None:
            found = date.fromisoformat(facts["on"])
        elif event["type"] == Event.MARK_CORRECTED and facts["mark"] == mark:
            found = date.fromisoformat(facts["to"])
    return found


def _repeated(called: Sequence[_Called], settings: Settings) -> set[Derived]:
    """Return the red cards that follow from yellow ones, taken in the order of their facts."""
    found: dict[tuple[str, str], Derived] = {}
    before: list[Yellow] = []
    for each in called:
        if each.card.level != Level.YELLOW:
            continue
        post, organ = (each.post, each.organ) if each.post else _given_to(each.life)
        new = Yellow(
            case=each.card.subject,
            fact=fact_of(Cause(each.card.cause), each.path, each.card.key),
            post=post,
            organ=organ,
            on=each.card.on,
            rescinded_on=_marked(each.life, RESCINDED),
        )
        for key in repeated(new, before, settings):
            subject = each.card.subject if key == Cause.REPEATED else ""
            found.setdefault((subject, key), Derived(new.on, subject, key, Level.RED, Cause.REPEATED))
        before.append(new)
    return set(found.values())


def _given_to(life: Iterable[Told]) -> tuple[str, str]:
    """Return post and organ that a card was given to, as its own case tells."""
    opened = (e for e in life if e["type"] == Event.STEP_OPENED and e["step"] == EXPLAIN)
    return next(((e["post"], e["facts"]["post_organ"]) for e in opened), ("", ""))
