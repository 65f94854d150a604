"""Can an item be done with the officers of a day, whatever way it takes, and who must not be away? A report.

An organ offers an item when somebody in it, or in a window of it, holds the post that files it (commands/filing).
Steps that the county pool might take over (借岗) are not counted as staffed: a step is lent when nobody is left.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.bpmn.program import Program
from engine.bpmn.runs import runs
from engine.commands.filing import POST
from engine.commands.staffing import words
from engine.commands.staffing.advice import advice, advice_without, wide
from engine.commands.staffing.offered import offered
from engine.commands.staffing.office import Office, Path
from engine.commands.staffing.words import Words
from engine.db.context import Connection
from engine.db.organs import Organ
from engine.db.read import staffing as read
from engine.db.read.staffing import Officer
from engine.model import Run
from engine.rules.book import Book
from engine.rules.cards import ITEM
from engine.staffing.absences import Absence
from engine.staffing.answers import Staffing
from engine.staffing.instance import Conflict, Roster


@dataclass(frozen=True, kw_only=True)
class Route:
    """A way through the flow. `tier`: code of the highest tier of amounts that is meant, empty where none matters.

    `roster`: one that is possible, seats by step path, `case` for filing; `conflict`: else why there is none.
    """

    steps: tuple[str, ...]
    tier: str
    end: str
    roster: Roster | None
    conflict: Words | None

    @property
    def possible(self) -> bool:
        return self.roster is not None


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """An item in one organ. `breaks_without`: persons, and pairs, without whom a way that is possible is not.

    `advice`: each by itself makes every way possible; where all are, they stay so while somebody is away.
    """

    organ: Organ
    routes: tuple[Route, ...]
    breaks_without: tuple[tuple[int, ...], ...]
    advice: tuple[Words, ...]

    @property
    def possible(self) -> bool:
        return all(route.possible for route in self.routes)


@dataclass(frozen=True, kw_only=True)
class Report:
    """An item on a day, in each organ that was asked about. `officers`: everybody, by person; `names`: of its steps."""

    item: str
    on: date
    outlooks: tuple[Outlook, ...]
    officers: Mapping[int, Officer]
    names: Mapping[str, Words]

    @property
    def possible(self) -> bool:
        return all(outlook.possible for outlook in self.outlooks)


def staffing(
    conn: Connection,
    item: str,
    organ: str = "",
    *,
    absent: Collection[str] = (),
    on: date | None = None,
    advise: bool = True,
) -> Report:
    """Return how the version of an item in force can be staffed. `organ`: its code, empty for each that offers it.

    `absent`: logins of who is away beside those whose absence is on record. `on`: the day, today if none. Without
    `advise` no advice is looked for, which takes longer than all the rest.

    Raises:
        NotFound: there is no such item, organ or login, or the item is not offered there.
    """
    found = offered(conn, item, absent=absent, on=on)
    asked = found.offices(organ)
    return Report(
        item=item,
        on=found.staff.on,
        outlooks=tuple(outlook(office, found.runs, advise=advise) for office in asked),
        officers=found.staff.officers,
        names={path: words.step(asked[0], path) for path in found.item.steps},
    )


def lacking(conn: Connection, program: Program, book: Book, on: date) -> dict[str, Words]:
    """Return the organs that offer an item and cannot staff it, by name, each with the first conflict.

    By the posts that are held on a day. Who is away comes back, so absences are not counted, and nobody stands in.
    Cards are not applied for: nobody offers them.
    """
    if program.item.id == ITEM:
        return {}
    known = read.staff(conn, on)
    found: dict[str, Words] = {}
    offering = known.filing(POST, program.item.id)
    went = runs(program) if offering else ()
    for organ in offering:
        office = Office(item=program.item, book=book, staff=known, organ=organ, away=frozenset())
        paths = wide(list(office.paths(went)))
        asked = Staffing([path.way for path in paths])
        if not asked.possible:
            told = (_route(office, *each) for each in zip(paths, asked.answers, strict=True))
            found[known.organs[organ].name] = next(route.conflict for route in told if route.conflict)
    return found


def outlook(office: Office, found: tuple[Run, ...], *, advise: bool) -> Outlook:
    """Return the whole answer about an office; with `advise` what would mend it, which takes the longest."""
    paths = list(office.paths(found))
    asked = Staffing([path.way for path in paths], office.away)
    breaks = asked.breaks_without()
    return Outlook(
        organ=office.staff.organs[office.organ],
        routes=tuple(_route(office, *each) for each in zip(paths, asked.answers, strict=True)),
        breaks_without=breaks,
        advice=tuple(_advice(office, paths, asked, breaks) if advise else ()),
    )


def _advice(office: Office, paths: Sequence[Path], asked: Staffing, breaks: Sequence[Absence]) -> list[Words]:
    """Return what makes all ways possible; where they are, what keeps them so while somebody is away."""
    if not asked.possible:
        return advice(office, paths, asked)
    return advice_without(office, paths, [person for person, *others in breaks if not others])


def _route(office: Office, path: Path, answer: Roster | Conflict) -> Route:
    return Route(
        steps=path.run.steps,
        tier=path.tier,
        end=path.run.end,
        roster=answer if isinstance(answer, Mapping) else None,
        conflict=None if isinstance(answer, Mapping) else words.conflict(office, path.way, answer),
    )
