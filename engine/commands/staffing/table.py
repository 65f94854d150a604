"""An item in one organ as a page shows it: who may take which step, whom which rule bars, who would do it, or why not.

What is proven is what the report proves (report.py), of one organ and without what takes longer: pairs and advice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from engine.commands.staffing import words
from engine.commands.staffing.offered import offered
from engine.commands.staffing.office import Office, Path
from engine.commands.staffing.words import Words
from engine.db.context import Connection
from engine.db.organs import Organ
from engine.db.read.staffing import Officer
from engine.model import Item
from engine.rules.separation import FILING
from engine.staffing.answers import Staffing
from engine.staffing.asking import CHAIR
from engine.staffing.instance import Conflict, Part, Roster, Seat


class CellKind(StrEnum):
    """How an officer stands to a step; the first that holds.

    MAY: by a post of his own. STANDS: for a holder who is away. BARRED: a rule keeps him out, whatever others do.
    AWAY: he could, were he not away. READY: he is registered for a holder who is not away.
    """

    MAY = "may"
    STANDS = "stands"
    BARRED = "barred"
    AWAY = "away"
    READY = "ready"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """An officer and a step. `rule`: which bars him; `behalf`: for whom he would stand in, 0 for himself."""

    kind: CellKind
    rule: str = ""
    behalf: int = 0


@dataclass(frozen=True, kw_only=True)
class Row:
    """A step with those who hold its post, by person. `seats`: how many act on it; `tier`: for which amounts."""

    path: str
    name: Words
    post: str
    organ: Organ
    tier: str
    seats: int
    cells: Mapping[int, Cell]

    @property
    def able(self) -> tuple[int, ...]:
        """Return who could take it today."""
        return tuple(p for p, cell in self.cells.items() if cell.kind in (CellKind.MAY, CellKind.STANDS))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A roster, and the ways that can be gone by it; `roster`: who takes the seats of all their steps."""

    roster: Roster
    ways: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Why these ways cannot be staffed."""

    conflict: Words
    ways: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """An item in an organ on a day. `organs`: all that offer it; `alone`: each a person without whom it fails.

    `away`: whose absence is on record; `names`: of steps, of filing and of who presides, by path.
    """

    item: Item
    on: date
    organs: tuple[Organ, ...]
    organ: Organ
    rows: tuple[Row, ...]
    plans: tuple[Plan, ...]
    gaps: tuple[Gap, ...]
    alone: tuple[int, ...]
    officers: Mapping[int, Officer]
    away: frozenset[int]
    names: Mapping[str, Words]

    @property
    def ways(self) -> int:
        return sum(len(plan.ways) for plan in self.plans) + sum(len(gap.ways) for gap in self.gaps)


def table(
    conn: Connection, item: str, organ: str = "", *, absent: Collection[str] = (), on: date | None = None
) -> Table:
    """Return how the version of an item in force stands in an organ, the first that offers it if none is named.

    `absent`: logins of who is away beside those whose absence is on record.

    Raises:
        NotFound: there is no such item or login, or nobody files the item in such an organ.
        EngineFault: the ways of the item are too many to be looked at.
    """
    found = offered(conn, item, absent=absent, on=on)
    office = found.offices(organ)[0]
    paths = list(office.paths(found.runs))
    asked = Staffing([path.way for path in paths], office.away)
    return Table(
        item=office.item,
        on=office.staff.on,
        organs=tuple(found.organs.values()),
        organ=office.staff.organs[office.organ],
        rows=tuple(_rows(office, paths)),
        plans=plans(paths, asked.answers),
        gaps=_gaps(office, paths, asked.answers),
        alone=tuple(person for (person,) in asked.breaks_without(1)),
        officers=office.staff.officers,
        away=office.staff.away,
        names={step: words.step(office, step) for path in paths for step in (*path.run.steps, *path.way.parts)},
    )


def plans(paths: Sequence[Path], answers: Sequence[Roster | Conflict]) -> tuple[Plan, ...]:
    """Return the rosters, each with the ways that can be gone by it: those that differ in no step are told together."""
    found: list[tuple[dict[str, tuple[Seat, ...]], list[Path]]] = []
    for path, answer in zip(paths, answers, strict=True):
        if not isinstance(answer, Mapping):
            continue
        same = (each for each in found if all(each[0].get(step, seats) == seats for step, seats in answer.items()))
        roster, ways = next(same, ({}, []))
        if not ways:
            found.append((roster, ways))
        roster.update(answer)
        ways.append(path)
    return tuple(Plan(roster=roster, ways=tuple(ways)) for roster, ways in found)


def _gaps(office: Office, paths: Sequence[Path], answers: Sequence[Roster | Conflict]) -> tuple[Gap, ...]:
    found: dict[Words, list[Path]] = {}
    for path, answer in zip(paths, answers, strict=True):
        if not isinstance(answer, Mapping):
            found.setdefault(words.conflict(office, path.way, answer), []).append(path)
    return tuple(Gap(conflict=said, ways=tuple(ways)) for said, ways in found.items())


def _rows(office: Office, paths: Iterable[Path]) -> Iterator[Row]:
    """Yield a row for each step that takes officers, where amounts matter for each tier, in the order of the item."""
    parts: dict[tuple[str, str], list[Part]] = {}
    for path in paths:
        for step, part in path.way.parts.items():
            of = office.item.steps.get(step)
            parts.setdefault((step, path.tier if of and of.tier else ""), []).append(part)
    order = [FILING, *(each for path in office.item.steps for each in (path, path + CHAIR))]
    for step, tier in sorted(parts, key=lambda key: order.index(key[0])):
        yield Row(
            path=step,
            name=words.step(office, step),
            post=office.post_of(step),
            organ=office.staff.organs[office.organ_of(step)],
            tier=tier,
            seats=max(part.seats for part in parts[step, tier]),
            cells=_cells(office, parts[step, tier]),
        )


def _cells(office: Office, parts: Sequence[Part]) -> Mapping[int, Cell]:
    """Return how everybody stands to a step. What is possible on some way is not barred."""
    may = dict.fromkeys(seat for part in parts for seat in part.may)
    barred = {seat: rule for part in parts for seat, rule in part.barred.items() if seat not in may}
    found: dict[int, list[Cell]] = {}
    for seat in (*may, *barred):
        found.setdefault(seat.person, []).append(_cell(office, seat, barred.get(seat, "")))
    order = list(CellKind)
    return {person: min(cells, key=lambda cell: order.index(cell.kind)) for person, cells in found.items()}


def _cell(office: Office, seat: Seat, rule: str) -> Cell:
    kind = CellKind.MAY
    if rule:
        kind = CellKind.BARRED
    elif seat.person in office.away:
        kind = CellKind.AWAY
    elif seat.behalf:
        kind = CellKind.STANDS if seat.behalf in office.away else CellKind.READY
    return Cell(kind=kind, rule=rule, behalf=seat.behalf)
