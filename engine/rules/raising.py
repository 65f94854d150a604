"""May what a message would set going be done now? Asked before it is brought in, and by the page that offers it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from engine.errors import Refused
from engine.model import Act, ActKind, Clock, Item, Raised, Step
from engine.rules import extending, stopping
from engine.rules.book import Book
from engine.rules.limits import Stop


def bar(
    item: Item,
    raised: Raised,
    clocks: Mapping[str, Clock],
    stops: Sequence[Stop],
    acts: Sequence[Act],
    book: Book,
    today: date,
) -> Refused | None:
    """Return why no stop or extension that the message leads to is possible today, or None. `clocks`: by key."""
    for step in steps(item, raised):
        if step.stop is not None:
            names = {code: kind.name for code, kind in book.stops.items()}
            if refusal := stopping.bar(None, today, clocks.values(), stops, book.limits, names):
                return refusal
        if step.extend is not None:
            rule = step.extend.rule
            done = given(item, acts, rule)
            if refusal := extending.bar(book.limits[rule], clocks.get(f"statute:{rule}"), done, today):
                return refusal
    return None


def steps(item: Item, raised: Raised) -> list[Step]:
    """Return the steps of the event sub-process that the message starts, those of the flows it calls included."""
    return [s for s in item.steps.values() if any(s.path == w or s.path.startswith(f"{w}/") for w in raised.within)]


def given(item: Item, acts: Iterable[Act], rule: str) -> int:
    """Return how many extensions of a rule have been approved in a case."""
    return sum(act.kind is ActKind.COMPLETE and _extends(item.steps.get(act.path), act.outcome, rule) for act in acts)


def _extends(step: Step | None, outcome: str | None, rule: str) -> bool:
    declared = step.extend if step is not None else None
    return declared is not None and declared.rule == rule and (not declared.on or outcome in declared.on)
