"""What may come of a case that is under way, and whether it can all be done.

Asked first of the runs of its flow that fit what was done: they are known, and never too few. Where these have no
roster, the case itself is moved on in all directions (engine/bpmn/ahead), so that nothing is refused for what cannot
come any more; and at last it is played out, person by person (engine/staffing/game).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from engine.bpmn.ahead import Ahead, Move, ahead, place, runs_ahead, steps_ahead
from engine.bpmn.program import Program
from engine.model import Run
from engine.rules.book import Book
from engine.staffing.answers import Staffing
from engine.staffing.asking import step_of
from engine.staffing.covering import widest
from engine.staffing.foresight import Course, DeadEnd, again, impossible, left, roster
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

    def end(self, position: Position) -> Roster | DeadEnd | None:
        """Return who can do the rest, on all ways alike; None: it can be done, by whom depends on the way taken.

        `position`: of the case, or with a part given to somebody. A dead end that could not be told from a case that
        only depends on its way, because it may go on in too many, is taken for one. Cases that are as far the same, by
        the same people, are asked about once.
        """
        key = self._same, self.position, position
        if key not in _ends:
            if len(_ends) > REMEMBERED:
                _ends.clear()
            _ends[key] = self._end(position), self.program, self.runs, self.course.book
        return _ends[key][0]

    @cached_property
    def _same(self) -> tuple[object, ...]:
        """Return all that the answer depends on, beside positions."""
        course, ids = self.course, (id(self.program), id(self.runs), id(self.course.book))
        could = tuple(
            (path, part.seats, part.may, tuple(part.barred.items()), part.done, part.held)
            for path, part in course.could.items()
        )
        levels = tuple(course.levels.items())
        return ids, place(self.program, self.state), _outcomes(self.went), could, levels, course.away

    def _end(self, position: Position) -> Roster | DeadEnd | None:
        course = self.course
        ways = course.ways(position, self._likely)
        if not isinstance(found := roster(ways, course.away), DeadEnd):
            return found
        if self._moves is None:
            return impossible(ways, course.away) or found
        ways = course.ways(position, self._moves.runs(0))
        if not isinstance(found := roster(ways, course.away), DeadEnd):
            return found
        if dead := impossible(ways, course.away):
            return dead
        try:
            return found if Game(course=course, flow=self._moves).dead_end(0, position) else None
        except (TooLong, RecursionError):  # as deep as it is long
            return found

    def staffable(self) -> Future:
        """Return the same without the steps that nobody at all may take: as if they were another's."""
        here = self.course.here
        lacking = {step_of(part) for part, seats in here.items() if not seats}
        could = {part: each for part, each in self.course.could.items() if step_of(part) not in lacking}
        return replace(self, course=replace(self.course, could=could))

    def lasts(self) -> tuple[Last, ...]:
        """Return without whom some way on cannot be done that can be done now, by person and way.

        Nobody, where it cannot be said exactly which ways are left. Who is away otherwise does not count.
        """
        whole = Staffing([together(self.course.ways(self.position, self._likely))])
        if (whole.possible and not whole.breaks_without(1)) or self._moves is None:
            return ()
        now = Staffing(self.course.ways(self.position, self._moves.runs(0)))
        return tuple(last for (person,) in now.breaks_without(1) for last in _without(now, person))

    @cached_property
    def _likely(self) -> tuple[Run, ...]:
        """Return the runs that are left, without those that another covers: of all cases that are as far the same."""
        reach = steps_ahead(self.program, self.state)
        key = id(self.runs), id(self.course.book), reach, _shape(self.position, self.course), _outcomes(self.went)
        if key not in _known:
            if len(_known) > REMEMBERED:
                _known.clear()
            runs = left(self.position, self.runs, self.went, reach, self.course.here)
            kept = widest(self.course.all_ways(self.position, runs))
            _known[key] = tuple(runs[place] for place in kept), self.runs, self.course.book
        return _known[key][0]

    @cached_property
    def _moves(self) -> _Moves | None:
        """Return the places to which this case can come: like all that are at its place."""
        key = id(self.program), place(self.program, self.state)
        if key not in _moved:
            if len(_moved) > PLACES:
                _moved.clear()
            found = ahead(self.program, self.state)
            _moved[key] = None if found is None or runs_ahead(found) is None else _Moves(found), self.program
        return _moved[key][0]


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


REMEMBERED = 2_000  # shapes of cases, and ends of cases, in a process
PLACES = 50  # places with all that may come from there, in a process
_moved: dict[tuple[object, ...], tuple[_Moves | None, Program]] = {}
_ends: dict[tuple[object, ...], tuple[Roster | DeadEnd | None, Program, Sequence[Run], Book]] = {}
_known: dict[tuple[object, ...], tuple[tuple[Run, ...], Sequence[Run], Book]] = {}  # what has an id there stays alive


def _shape(position: Position, course: Course) -> tuple[object, ...]:
    """Return what of a position decides which ways cover others: whatever it is about, but not about whom."""
    seats = [seat for part in course.could.values() for seat in (*part.may, *part.barred)]
    seats += [seat for each in position.behind for seat in each.seats]
    seats += [seat for each in position.open for seat in (*each.done, each.held, each.after) if seat is not None]
    behind = tuple((each.path, each.completed, again(each, course.here)) for each in position.behind)
    open_ = tuple((each.path, each.found) for each in position.open)
    return frozenset(course.could), behind, open_, any(seat.behalf for seat in seats)


def _outcomes(went: Mapping[str, Collection[str]]) -> frozenset[tuple[str, frozenset[str]]]:
    return frozenset((path, frozenset(outcomes)) for path, outcomes in went.items())
