"""What a definition and the rule book ask of who does a step, beside its post: worked out once, asked by permission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.model import Item, Separation
from engine.rules.constraint import SEPARATES, Check
from engine.rules.tiers import Tiers

if TYPE_CHECKING:
    from engine.rules.book import Book

MANY = 9  # members of a collective decision, as far as they are counted


@dataclass(frozen=True, kw_only=True)
class Demands:
    """`apart`: steps of different persons; `bound`: of one person; `levels`: at different levels of government.

    `counted`: the steps whose persons are counted, in order, each with how many it may add; at least `least` of them
    in all. `certified`, `tiered`, `deciding`: the id of the constraint that asks for a certificate, for a tier that
    reaches the amount, for an official; empty where none does. `no_stand_in`: posts that nobody stands in for.
    """

    apart: tuple[Separation, ...] = ()
    bound: tuple[Separation, ...] = ()
    levels: tuple[Separation, ...] = ()
    counted: Mapping[str, int] = field(default_factory=dict)
    least: int = 0
    counting: str = ""
    certified: str = ""
    tiered: str = ""
    tiers: Tiers = field(default_factory=Tiers)
    deciding: str = ""
    statuses: tuple[str, ...] = ()
    no_stand_in: tuple[str, ...] = ()


def demands(item: Item, path: str, post: str, book: Book) -> Demands:
    """Return what is asked of who does the step `path` of a definition by a post.

    `path` may also be an event that an officer causes: then only what separates posts is asked.
    """
    step = item.steps.get(path)
    counting = _first(book, Check.CARDINALITY)
    status = book.constraints.get(_first(book, Check.STATUS))
    counts = book.constraints.get(counting)
    least = max(counts.persons.get(item.risk, 0), item.distinct_persons) if counts else 0
    stand_in = book.constraints.get(_first(book, Check.STAND_IN))
    decides = status is not None and post in book.posts and book.posts[post].power in status.powers
    several = next((c.id for c in book.constraints.values() if {Check.SEVERAL, Check.DISTINCT} <= set(c.checks)), "")
    return Demands(
        apart=kept_apart(item, book),
        bound=item.bindings,
        levels=tuple(s for s in item.separations if Check.LEVEL in _checks(book, s.rule)),
        counted=_counted(item, counting, counts.of if counts else ()),
        least=least,
        counting=counting,
        certified=several if step and step.persons.certified else "",
        tiered=_first(book, Check.TIER) if step and step.tier else "",
        tiers=book.tiers,
        deciding=status.id if status and decides else "",
        statuses=status.statuses if status else (),
        no_stand_in=stand_in.posts if stand_in else (),
    )


def kept_apart(item: Item, book: Book) -> tuple[Separation, ...]:
    """Return the sets of steps of which no two are done by one person: the item's, read by the book.

    Sets that only count persons are left out; what an on-the-spot item lets one person do stands in sets of their own.
    Source: Administrative Licensing Law art. 34(2), decision on the spot.
    """
    found: list[Separation] = []
    for declared in item.separations:
        constraint = book.constraints.get(declared.rule)
        if constraint is None or not set(SEPARATES) & set(constraint.checks):
            continue
        posts = constraint.on_the_spot.get(item.risk, ()) if item.on_the_spot else ()
        together = [path for path in declared.steps if path in item.steps and item.steps[path].post in posts]
        for one in together or [""]:
            steps = tuple(path for path in declared.steps if path == one or path not in together)
            if len(steps) > 1:
                found.append(replace(declared, steps=steps))
    return tuple(found)


def read_by(item: Item, book: Book) -> Item:
    """Return an item whose separations are those that keep persons apart: what is exported, and compared in a move."""
    return replace(item, separations=kept_apart(item, book))


def reckoned(item: Item, book: Book) -> Mapping[str, int]:
    """Return the steps of an item whose persons are counted, each with how many it may add."""
    counting = _first(book, Check.CARDINALITY)
    return _counted(item, counting, book.constraints[counting].of if counting else ())


def _counted(item: Item, counting: str, of: tuple[str, ...]) -> Mapping[str, int]:
    """Return the counted steps in the order of the file: those that SOD-27 names itself, else those of its `of`."""
    own = {s for kept in item.separations if kept.rule == counting for s in kept.steps}
    named = own or {s for kept in item.separations if kept.rule in of for s in kept.steps}
    return {p: MANY if step.collective else step.persons.min for p, step in item.steps.items() if p in named}


def _checks(book: Book, rule: str) -> tuple[Check, ...]:
    constraint = book.constraints.get(rule)
    return constraint.checks if constraint else ()


def _first(book: Book, check: Check) -> str:
    return next((c.id for c in book.constraints.values() if check in c.checks), "")
