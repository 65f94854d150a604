"""What may come of a case that is under way, and whether it can all be done.

Asked first of the runs of its flow that fit what was done: they are known, and never too few. Where these have no
roster, the case itself is moved on in all directions (engine/bpmn/ahead), so that nothing is refused for what cannot
come any more; and at last it is played out, person by person (engine/staffing/game).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from engine.bpmn.ahead import Ahead, Move, ahead, runs_ahead, steps_ahead
from engine.bpmn.program import Program
from engine.model import Run
from engine.staffing.answers import Staffing
from engine.staffing.foresight import Course, DeadEnd, impossible, left, roster
from engine.staffing.game import Game, TooLong
from engine.staffing.instance import Conflict, Roster, Way
from engine.staffing.ongoing import Position, together


@dataclass(frozen=True, kw_only=True)
class Last:
    """A person without whom a way on could not be done, and why not."""

    person: int
    way: Way
    conflict: Conflict


@dataclass(frozen=True, kw_only=True)
class Future:
    """What may come of a case, `state`, of a flow with these `runs`.

    `position`: how far it is now; `went`: the outcomes with which its steps were completed, as that stands, by path.
    """

    program: Program
    state: bytes
    runs: Sequence[Run]
    course: Course
    position: Position
    went: Mapping[str, Collection[str]]
    _wholes: dict[Position, Way] = field(default_factory=dict, init=False, repr=False)

    def end(self, position: Position) -> Roster | DeadEnd | None:
        """Return who can do the rest, on all ways alike; None: it can be done, by whom depends on the way taken.

        `position`: of the case, or with a part given to somebody. A dead end that could not be told from a case that
        only depends on its way, because it may go on in too many, is taken for one.
        """
        course = self.course
        if not isinstance(found := roster([self._whole(position)]), DeadEnd):
            return found
        if self._moves is None:
            return impossible(course.ways(position, self._likely)) or found
        ways = course.ways(position, self._moves.runs(0))
        if not isinstance(found := roster(ways), DeadEnd):
            return found
        if dead := impossible(ways):
            return dead
        try:
            return found if Game(course=course, flow=self._moves).dead_end(0, position) else None
        except (TooLong, RecursionError):  # as deep as it is long
            return found

    def lasts(self) -> tuple[Last, ...]:
        """Return without whom some way on cannot be done that can be done now, by person and way.

        Nobody, where it cannot be said exactly which ways are left. Who is away otherwise does not count.
        """
        whole = Staffing([self._whole(self.position)])
        if (whole.possible and not whole.breaks_without(1)) or self._moves is None:
            return ()
        now = Staffing(self.course.ways(self.position, self._moves.runs(0)))
        return tuple(last for (person,) in now.breaks_without(1) for last in _without(now, person))

    def _whole(self, position: Position) -> Way:
        """Return what the runs that fit ask as one; who holds a step is put in after, for it changes nothing else."""
        free = position.unheld()
        if free not in self._wholes:
            self._wholes[free] = together(self.course.ways(free, self._likely))
        whole, held = self._wholes[free], {each.path: each.held for each in position.open if each.held is not None}
        parts = {
            path: replace(p, held=held[path]) if path in held and p.seats else p for path, p in whole.parts.items()
        }
        return replace(whole, parts=parts)

    @cached_property
    def _likely(self) -> tuple[Run, ...]:
        reach = steps_ahead(self.program, self.state)
        return left(self.position, self.runs, self.went, reach, self.course.could)

    @cached_property
    def _moves(self) -> _Moves | None:
        found = ahead(self.program, self.state)
        if found is None or runs_ahead(found) is None:
            return None
        return _Moves(found)


def _without(now: Staffing, person: int) -> Iterator[Last]:
    gone = Staffing(now.ways, away=frozenset({person}))
    for way, before, after in zip(now.ways, now.answers, gone.answers, strict=True):
        if isinstance(before, Mapping) and not isinstance(after, Mapping):
            yield Last(person=person, way=way, conflict=after)


@dataclass(frozen=True)
class _Moves:
    """The places to which a case can come, as the game asks for them."""

    found: Ahead
    known: dict[int, tuple[Run, ...]] = field(default_factory=dict)

    def open(self, place: int) -> Sequence[str]:
        return self.found.open[place]

    def moves(self, place: int) -> Sequence[Move]:
        return self.found.moves[place]

    def runs(self, place: int) -> Sequence[Run]:
        if place not in self.known:
            runs = runs_ahead(self.found, place)
            assert runs is not None  # there are not more than from the first place
            self.known[place] = runs
        return self.known[place]
