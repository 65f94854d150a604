"""A case played out: can each open step be taken so that all goes well, whatever outcomes and events come then?

Whoever takes a step is chosen when it is taken; outcomes, events, and which open step comes first are not. A position
is bad where some open step has nobody who takes it well, or what comes next may be bad. Cases that go on for ever
without a bad position are well: what is not known to be bad is taken for good until nothing more turns out bad.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from engine.model import Run
from engine.rules.signatures import verdict
from engine.staffing.asking import DONE
from engine.staffing.foresight import Course, DeadEnd, impossible, roster
from engine.staffing.ongoing import Behind, Open, Position

MOST = 400  # positions that are looked at
DEEPEST = 100  # moves in a row


class Move(Protocol):
    """A step completed with an outcome, sent back without one, or an event with neither."""

    @property
    def path(self) -> str: ...
    @property
    def outcome(self) -> str: ...
    @property
    def to(self) -> int: ...


class Flow(Protocol):
    """The places to which a case can come (engine/bpmn/ahead)."""

    def open(self, place: int) -> Sequence[str]: ...
    def moves(self, place: int) -> Sequence[Move]: ...
    def runs(self, place: int) -> Sequence[Run]: ...


class TooLong(Exception):
    """There are more than MOST positions to look at, or more than DEEPEST moves in a row."""


@dataclass(kw_only=True)
class Game:
    """`bad`: positions from which the case may come to a step that nobody may take; `good`: those surely not."""

    course: Course
    flow: Flow
    bad: set[tuple[int, Position]] = field(default_factory=set)
    good: set[tuple[int, Position]] = field(default_factory=set)
    _seen: set[tuple[int, Position]] = field(default_factory=set)
    _depth: int = 0

    def dead_end(self, place: int, position: Position) -> bool:
        """Return whether the case may come to a step that nobody may take, however well it is staffed.

        Raises:
            TooLong: that would take too long to find out.
        """
        while True:
            known = len(self.bad)
            self._seen = set()
            if not self._well(place, position):
                return True
            if len(self.bad) == known:
                return False

    def _well(self, place: int, position: Position) -> bool:
        key = place, position
        if key in self.bad:
            return False
        if key in self.good or key in self._seen:
            return True
        if len(self._seen) + len(self.bad) > MOST or self._depth > DEEPEST:
            raise TooLong
        ways = self.course.ways(position, self.flow.runs(place))
        if not isinstance(roster(ways, self.course.away), DeadEnd):
            self.good.add(key)
            return True
        if impossible(ways, self.course.away) is not None:
            self.bad.add(key)
            return False
        self._seen.add(key)
        self._depth += 1
        well = all(any(self._well(place, after) for after in claims) for claims in self._claims(position))
        well = well and all(self._well(*after) for after in self._after(place, position))
        self._depth -= 1
        if not well:
            self.bad.add(key)
        return well

    def _claims(self, position: Position) -> Iterator[Iterator[Position]]:
        """Yield for each open step that nobody holds the positions after somebody has claimed it."""
        for now in position.open:
            if now.path in self.course.could and now.held is None and self._verdict(now) is None:
                yield (_with(position, replace(now, held=seat)) for seat in self.course.here[now.path])

    def _after(self, place: int, position: Position) -> Iterator[tuple[int, Position]]:
        for now in position.open:
            for outcome in self._possible(now.path):
                if now.held is not None and self._verdict(now, outcome) is None:
                    signed = replace(now, done=(*now.done, now.held), found=(*now.found, outcome), held=None)
                    yield place, _with(position, signed)
        for move in self.flow.moves(place):
            step = position.at(move.path) if move.path else None
            if step is None and not move.path:
                yield move.to, self._come(position, move.to, "", None)
            elif step is not None and self._ready(step, move.outcome):
                yield move.to, self._come(position, move.to, step.path, _done(step, completed=bool(move.outcome)))

    def _ready(self, now: Open, outcome: str) -> bool:
        """Return whether the step can be done so now: its holder completes it or sends it back, or it is signed."""
        if now.path not in self.course.could:
            return True
        found = self._verdict(now)
        if now.held is None:
            return found is not None and found == outcome
        return not outcome or self._verdict(now, outcome) == outcome

    def _come(self, position: Position, to: int, path: str, done: Behind | None) -> Position:
        """Return the position at another place; `done`: what became of the step `path`."""
        kept = set(self.flow.open(to))
        behind = [*position.behind]
        for each in position.open:
            if each.path not in kept and each.path != path and each.done:
                _add(behind, Behind(each.path, each.done, completed=False))
        if done is not None and done.seats:
            _add(behind, done)
        last = Position(behind=tuple(behind)).last
        stays = {each.path: each for each in position.open if each.path != path}
        opened = tuple(stays.get(step) or Open(step, after=last) for step in sorted(kept))
        return Position(tuple(behind), opened)

    def _verdict(self, now: Open, *more: str) -> str | None:
        step = self.course.item.steps[now.path]
        return verdict(step.persons, self._possible(now.path), [*now.found, *more])

    def _possible(self, path: str) -> Sequence[str]:
        return self.course.item.steps[path].outcomes or (DONE,)


def _done(now: Open, *, completed: bool) -> Behind:
    seats = (*now.done, *((now.held,) if now.held else ()))
    return Behind(now.path, seats, completed)


def _with(position: Position, now: Open) -> Position:
    return replace(position, open=tuple(now if each.path == now.path else each for each in position.open))


def _add(behind: list[Behind], new: Behind) -> None:
    """Add what was done on a step to what was done on it before; who completed it last stands last."""
    number = next((n for n, each in enumerate(behind) if each.path == new.path), None)
    if number is None:
        behind.append(new)
    elif new.completed:
        old, last = behind.pop(number), new.seats[-1]
        others = dict.fromkeys(seat for seat in (*old.seats, *new.seats) if seat != last)
        behind.append(Behind(new.path, (*others, last)))
    else:
        old = behind[number]
        others = dict.fromkeys(seat for seat in new.seats if seat not in old.seats)
        behind[number] = replace(old, seats=(*others, *old.seats))
