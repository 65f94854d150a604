"""Can a case that is under way still be finished, whatever way it takes, and by whom?

It can when there is a roster that does all ways that are left at once. Without one it may still: who does a later step
may be chosen when it is known which way was taken. Then the moves of the case are played out (game.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.model import Item, OrganLevel, Run
from engine.rules.book import Book
from engine.staffing.answers import Staffing
from engine.staffing.covering import widest
from engine.staffing.instance import Bound, Conflict, Demand, Next, Part, Roster, Seat, Way
from engine.staffing.ongoing import Behind, Position, together, way_on
from engine.staffing.reasons import asked


@dataclass(frozen=True, kw_only=True)
class Course:
    """What stays the same while a case goes on. `could`: who could take each part; `levels`: of the steps' organs.

    `away`: who is away all the time, so that their stand-ins act.
    """

    item: Item
    book: Book
    could: Mapping[str, Part]
    levels: Mapping[str, OrganLevel]
    away: frozenset[int] = frozenset()

    @cached_property
    def here(self) -> Mapping[str, tuple[Seat, ...]]:
        """Return who could take each part and is there to do so."""
        away = self.away
        return {
            path: tuple(s for s in part.may if s.person not in away and (not s.behalf or s.behalf in away))
            for path, part in self.could.items()
        }

    def ways(self, position: Position, runs: Sequence[Run]) -> tuple[Way, ...]:
        """Return what the ways on ask, each kind once; `runs`: the steps that are done from here on."""
        found = self.all_ways(position, runs)
        return tuple(found[place] for place in widest(found))

    def all_ways(self, position: Position, runs: Sequence[Run]) -> list[Way]:
        """Return what each of the ways on asks."""
        return [way_on(position, run, self.item, self.book, self.could, self.levels) for run in runs]


@dataclass(frozen=True, kw_only=True)
class DeadEnd:
    """A way on that nobody could do, and why."""

    way: Way
    conflict: Conflict


def roster(ways: Sequence[Way], away: frozenset[int] = frozenset()) -> Roster | DeadEnd:
    """Return who does all of these ways, each step by the same people on each, in whatever order; or why nobody can.

    Where it matters who of several completes a step, no roster says that beforehand.
    """
    whole = together(ways)
    found = Staffing([whole], away).answers[0]
    if not isinstance(found, Mapping):
        return DeadEnd(way=whole, conflict=found)
    unknown = tuple(why for why, demand in asked(whole) if _unsettled(demand, whole))
    return DeadEnd(way=whole, conflict=unknown) if unknown else found


def _unsettled(demand: Demand, way: Way) -> bool:
    """Return whether it depends on who completes a step of several persons whether a demand is kept."""
    match demand:
        case Bound(before=before):
            return way.parts[before].seats > 1
        case Next(before=before):
            several = [way.parts[step] for step in before if way.parts[step].seats > 1]
            return any(seat.behalf for part in several for seat in (part.held, *part.done) if seat is not None)
    return False


def impossible(ways: Sequence[Way], away: frozenset[int] = frozenset()) -> DeadEnd | None:
    """Return the first of the ways that cannot be staffed, with why; None: each can, by itself."""
    asked = Staffing(ways, away)
    if asked.possible:
        return None
    found = zip(ways, asked.answers, strict=True)
    return next(DeadEnd(way=way, conflict=why) for way, why in found if not isinstance(why, Mapping))


def left(
    position: Position, runs: Sequence[Run], went: Mapping[str, Collection[str]], reach: Collection[str],
    here: Mapping[str, Sequence[Seat]],
) -> tuple[Run, ...]:  # fmt: skip
    """Return what may be left of a flow's runs, by what was done: never less, sometimes more.

    `went`: outcomes with which steps were completed; `reach`: the steps that may still be done, by the drawing. What
    was done is done again by the same people, where those still could. `here`: who could take each part.
    """
    known = {path: outcomes for path, outcomes in went.items() if any(path in run.steps for run in runs)}
    of = [run for run in runs if all(_fits(run, path, outcomes) for path, outcomes in known.items())]
    found = dict.fromkeys(_rest(position, run, reach, here) for run in of or runs)
    return tuple(_unfrozen(each) for each in found)


@dataclass(frozen=True)
class _Rest:
    steps: tuple[str, ...]
    before: tuple[tuple[str, tuple[str, ...]], ...]
    outcomes: tuple[tuple[str, tuple[str, ...]], ...]


def _fits(run: Run, path: str, outcomes: Collection[str]) -> bool:
    return path in run.steps and set(outcomes) <= set(run.outcomes.get(path) or outcomes)


def _rest(position: Position, run: Run, reach: Collection[str], here: Mapping[str, Sequence[Seat]]) -> _Rest:
    now = [each.path for each in position.open if each.path in run.steps]
    steps = [
        *now,
        *(path for path in run.steps if path not in now and path in reach and _anew(position, path, here)),
    ]
    return _Rest(
        tuple(steps),
        tuple((path, run.before[path]) for path in steps if path in run.before),
        tuple((path, run.outcomes[path]) for path in steps if path in run.outcomes),
    )


def _anew(position: Position, path: str, here: Mapping[str, Sequence[Seat]]) -> bool:
    """Return whether somebody has to be found for a step: nobody has done it, or who did could not do it again."""
    did = [each for each in position.behind if each.path == path and each.completed]
    return not did or not again(did[-1], here)


def again(behind: Behind, here: Mapping[str, Sequence[Seat]]) -> bool:
    """Return whether who did a step could do it once more."""
    return behind.path not in here or set(behind.seats) <= set(here[behind.path])


def _unfrozen(rest: _Rest) -> Run:
    return Run(steps=rest.steps, before=dict(rest.before), outcomes=dict(rest.outcomes))
