"""Shortages: which items an organ cannot do on the days that lie ahead, as far as leave and posts are on record.

Looked at are today and each day on which something changes: a post, a stand-in or an absence that begins, or is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.commands import cases
from engine.commands.filing import POST
from engine.commands.staffing import words
from engine.commands.staffing.cover import cover
from engine.commands.staffing.offered import runs_of
from engine.commands.staffing.office import Concerned, Office, Path
from engine.commands.staffing.words import Words
from engine.db import definitions, store
from engine.db.context import Connection
from engine.db.organs import Organ
from engine.db.read import choices
from engine.db.read import staffing as read
from engine.db.read.staffing import Officer, Staff
from engine.errors import EngineFault, NotFound
from engine.model import Item, Run
from engine.rules.book import Book
from engine.rules.cards import ITEM
from engine.staffing.answers import Staffing

HORIZON = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Shortage:
    """An item that an organ cannot do on the days `first` to `last`, today or later.

    `ends`: it can on the day after; False: nobody looked further. `conflict`: why not on the first day, in the words of
    the report; `away`: who is away that day of those whom the way needs.
    """

    item: str
    name: Words
    organ: Organ
    first: date
    last: date
    ends: bool
    conflict: Words
    away: tuple[Officer, ...]

    @property
    def said(self) -> Words:
        """Return all of it as a sentence."""
        zh = f"到 {self.last} 为止" if self.ends else f"到 {self.last} 还是这样"
        en = f"until {self.last}" if self.ends else f"and still not on {self.last}"
        where = self.organ.name_en or self.organ.name
        return Words(
            zh=f"“{self.name.zh}”自 {self.first} 起在{self.organ.name}不能办，{zh}：{self.conflict.zh}",
            en=f"{self.name.en} cannot be done in {where} from {self.first} {en}: {self.conflict.en}",
        )


@dataclass(frozen=True, kw_only=True)
class DaysAhead:
    """The shortages from `on` to `until`, the first ones first. `too_many`: items with too many ways to look at."""

    on: date
    until: date
    shortages: tuple[Shortage, ...]
    too_many: tuple[str, ...] = ()


def items(conn: Connection) -> tuple[str, ...]:
    """Return the items that can be applied for, by id."""
    return tuple(each.key for each in choices.items(conn))


def shortages(conn: Connection, today: date, *, item: str = "", organ: str = "") -> DaysAhead:
    """Return where an item, or every item, cannot be done today or within the HORIZON. `organ`: code of one organ.

    Raises:
        NotFound: there is no such item or organ.
    """
    if item == ITEM:
        raise NotFound(what="item that is applied for", key=item)
    until = today + HORIZON
    days = [read.staff(conn, day) for day in (today, *read.changes(conn, today, until))]
    if organ and organ not in {each.code for each in days[0].organs.values()}:
        raise NotFound(what="organ", key=organ)
    found: list[Shortage] = []
    too_many: list[str] = []
    for each in [item] if item else items(conn):
        version = definitions.newest(conn, each)
        program = cases.definition(conn, version.id, version.sha256).program
        try:
            outlook = _Outlook(program.item, store.book(), runs_of(program, version.sha256), version.sha256)
        except EngineFault:
            too_many.append(each)
            continue
        found += outlook.shortages(days, until, organ)
    found.sort(key=lambda each: (each.first, each.item, each.organ.id))
    return DaysAhead(on=today, until=until, shortages=tuple(found), too_many=tuple(too_many))


@dataclass(frozen=True, kw_only=True)
class _Failing:
    """Why a day has a shortage."""

    conflict: Words
    away: tuple[Officer, ...]


class _Outlook:
    """An item in the organs that offer it, asked day by day; offices that are alike are asked about once."""

    def __init__(self, item: Item, book: Book, runs: tuple[Run, ...], sha256: str) -> None:
        self.item, self.book, self.runs, self.sha256 = item, book, runs, sha256

    def shortages(self, days: Sequence[Staff], until: date, code: str) -> Iterator[Shortage]:
        offering = [staff.filing(POST, self.item.id) for staff in days]
        for organ in dict.fromkeys(each for offered in offering for each in offered):
            if code in ("", days[0].organs[organ].code):
                asked = [organ in (*offering[0], *offered) for offered in offering]
                yield from self._stretches(organ, days, asked, until)

    def _stretches(self, organ: int, days: Sequence[Staff], asked: Sequence[bool], until: date) -> Iterator[Shortage]:
        """Yield each row of days without a break on which the item cannot be done."""
        known: list[tuple[Concerned, _Failing | None]] = []
        first: tuple[date, _Failing] | None = None
        for staff, offered in zip(days, asked, strict=True):
            failing = self._failing(self._office(organ, staff), known) if offered else None
            if failing and first is None:
                first = staff.on, failing
            elif first and not failing:
                yield self._shortage(staff.organs[organ], *first, staff.on - timedelta(days=1), ends=True)
                first = None
        if first:
            yield self._shortage(days[0].organs[organ], *first, until, ends=False)

    def _shortage(self, organ: Organ, first: date, failing: _Failing, last: date, *, ends: bool) -> Shortage:
        return Shortage(
            item=self.item.id,
            name=Words(zh=self.item.name, en=self.item.name_en or self.item.name),
            organ=organ,
            first=first,
            last=last,
            ends=ends,
            conflict=failing.conflict,
            away=failing.away,
        )

    def _office(self, organ: int, staff: Staff) -> Office:
        return Office(item=self.item, book=self.book, staff=staff, organ=organ, away=staff.away)

    def _failing(self, office: Office, known: list[tuple[Concerned, _Failing | None]]) -> _Failing | None:
        concerned = office.concerned
        for before, failing in known:
            if before == concerned:
                return failing
        known.append((concerned, self._asked(office)))
        return known[-1][1]

    def _asked(self, office: Office) -> _Failing | None:
        paths = cover(office, self.runs, self.sha256)
        asked = Staffing([path.way for path in paths], office.away)
        if asked.possible:
            return None
        path, conflict = next((p, a) for p, a in zip(paths, asked.answers, strict=True) if not isinstance(a, Mapping))
        return _Failing(conflict=words.conflict(office, path.way, conflict), away=_away(office, path))


def _away(office: Office, path: Path) -> tuple[Officer, ...]:
    seats = dict.fromkeys(seat.person for part in path.way.parts.values() for seat in (*part.may, *part.barred))
    return tuple(office.staff.officers[person] for person in seats if person in office.away)
