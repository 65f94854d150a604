"""A case that is under way, as staffing sees it: what has been done, what is open, and the ways that are left of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.model import Item, OrganLevel, Run
from engine.rules.book import Book
from engine.rules.signatures import verdict
from engine.staffing.asking import CHAIR, DONE, PAST, STAND_IN, asked_of
from engine.staffing.instance import Demand, Next, Part, Seat, Way


@dataclass(frozen=True)
class Behind:
    """What was done on a step: by whom, the last of whom completed it unless `completed` is false.

    What was taken back or cut off binds who did it, and completes nothing.
    """

    path: str
    seats: tuple[Seat, ...]
    completed: bool = True


@dataclass(frozen=True)
class Open:
    """A step that is open. `done`: who has acted on it since it was opened, `found`: what those found who signed it.

    `held`: who has claimed it; `after`: who completed the step after which it opened; `asked`: from whom an opinion is
    awaited, which binds him like an act.
    """

    path: str
    done: tuple[Seat, ...] = ()
    found: tuple[str, ...] = ()
    held: Seat | None = None
    after: Seat | None = None
    asked: tuple[int, ...] = ()


@dataclass(frozen=True)
class Position:
    """How far a case is: what lies behind, in the order of its completion, and what is open, by path."""

    behind: tuple[Behind, ...] = ()
    open: tuple[Open, ...] = ()

    def at(self, path: str) -> Open | None:
        """Return the open step with a path."""
        return next((each for each in self.open if each.path == path), None)

    def with_open(self, path: str, **changed: Any) -> Position:
        """Return the position with an open step changed."""
        return replace(self, open=tuple(replace(o, **changed) if o.path == path else o for o in self.open))

    @property
    def last(self) -> Seat | None:
        """Return who completed what was completed last."""
        return next((each.seats[-1] for each in reversed(self.behind) if each.completed), None)


def way_on(
    position: Position, run: Run, item: Item, book: Book, could: Mapping[str, Part], levels: Mapping[str, OrganLevel]
) -> Way:
    """Return what one of the ways on asks. `run`: the steps that are done from here on; `could`: of each who could.

    `levels`: of the organs in which steps are done. `before` of a run may name what lies behind.
    """
    past = {each.path + PAST: _past(each) for each in position.behind}
    done = [each.path + PAST for each in position.behind if each.completed]
    parts: dict[str, Part] = {}
    for path in run.steps:
        parts |= _parts(position, path, run, item, could)
    names = {path: path if path in run.steps else path + PAST for each in run.before.values() for path in each}
    before = {path: tuple(names[b] for b in each) for path, each in run.before.items() if position.at(path) is None}
    before |= {path: (done[number - 1],) for number, path in enumerate(done) if number}
    whole = replace(run, steps=(*done, *run.steps), before=before)
    return asked_of(whole, item, book, past | parts, levels)


def _past(behind: Behind) -> Part:
    return Part(step=behind.path + PAST, seats=0, done=behind.seats)


def _parts(position: Position, path: str, run: Run, item: Item, could: Mapping[str, Part]) -> dict[str, Part]:
    if path not in could:
        return {}
    now, step, each = position.at(path), item.steps[path], could[path]
    if step.collective:
        seats = max(0, each.seats - (len(now.done) if now else 0))
        members = replace(each, seats=seats, done=_done(now), may=each.may)
        return {path: members, path + CHAIR: could[path + CHAIR]}
    found = now.found if now else ()
    possible = step.outcomes or (DONE,)
    ways = run.outcomes.get(path) or possible
    seats = max((_missing(item, path, found, outcome) for outcome in ways), default=1)
    part = replace(each, seats=seats, done=_done(now), held=now.held if now and seats else None)
    return {path: _without(part, now.after) if now and now.after else part}


def _done(now: Open | None) -> tuple[Seat, ...]:
    return (*now.done, *(Seat(person) for person in now.asked)) if now else ()


def _missing(item: Item, path: str, found: Sequence[str], outcome: str) -> int:
    """Return how many signatures are missing until a step comes to an outcome, or to another that it comes to first."""
    step, signed = item.steps[path], [*found]
    possible = step.outcomes or (DONE,)
    while verdict(step.persons, possible, signed) is None and len(signed) < len(found) + step.persons.min:
        signed.append(outcome)
    return len(signed) - len(found)


def _without(part: Part, after: Seat) -> Part:
    """Return the part without who completed the step before it as a stand-in (SOD-16)."""
    if not after.behalf:
        return part
    gone = {seat: STAND_IN for seat in part.may if seat.person == after.person}
    return replace(part, may=tuple(seat for seat in part.may if seat not in gone), barred={**gone, **part.barred})


def together(ways: Iterable[Way]) -> Way:
    """Return all that several ways ask as one: who can do that can do each of them, in whatever order it goes."""
    parts: dict[str, Part] = {}
    demands: dict[Demand, None] = {}
    for way in ways:
        for step, part in way.parts.items():
            known = parts.get(step)
            parts[step] = part if known is None or known == part else _both(known, part)
        demands.update(dict.fromkeys(each for demand in way.demands for each in _whichever(demand)))
    return Way(parts=parts, demands=tuple(demands))


def _whichever(demand: Demand) -> Iterable[Demand]:
    """Yield what a demand asks whichever of the steps before comes last."""
    if isinstance(demand, Next):
        return [replace(demand, before=(step,)) for step in demand.before]
    return [demand]


def _both(one: Part, other: Part) -> Part:
    may = tuple(seat for seat in one.may if seat in other.may)
    return replace(one, seats=max(one.seats, other.seats), may=may, barred={**one.barred, **other.barred})
