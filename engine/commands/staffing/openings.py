"""Posts that would mend an item's staffing, each for an officer who is there: what a page can offer to propose."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from engine import clock
from engine.bpmn.read import read as program_of
from engine.bpmn.runs import runs
from engine.commands import definitions
from engine.commands.filing import POST
from engine.commands.staffing.advice import Grant, Tried, advice, wide
from engine.commands.staffing.offered import offered
from engine.commands.staffing.office import Office
from engine.commands.staffing.words import Words
from engine.db import store
from engine.db.context import Connection
from engine.db.organs import Organ
from engine.db.read.staffing import staff
from engine.model import Run, Source
from engine.staffing.answers import Staffing


def openings(
    conn: Connection, item: str, organ: str = "", *, absent: Collection[str] = (), on: date | None = None
) -> tuple[Grant, ...]:
    """Return posts that would mend an item in an organ, each granted to an officer who is there: by itself, or all.

    Where every way is possible, those that keep them so while somebody is away whom they need now. What else would
    help, an officer who is not there yet among it, the advice says (advice.py).

    Raises:
        NotFound: as for `offered`.
    """
    found = offered(conn, item, absent=absent, on=on)
    office = found.offices(organ)[0]
    asked = Staffing([path.way for path in wide(list(office.paths(found.runs)))], office.away)
    alone = [frozenset({person}) for (person,) in asked.breaks_without(1)] if asked.possible else [frozenset[int]()]
    without = [replace(office, away=office.away | gone) for gone in alone]
    return tuple(dict.fromkeys(grant for each in without for grant in _mending(each, found.runs)))


@dataclass(frozen=True, kw_only=True)
class Short:
    """An organ that could not do what is proposed: why, what would mend it in words, and grants to who is there."""

    organ: Organ
    why: Words
    advice: tuple[Words, ...]
    grants: tuple[Grant, ...]


def short_of(conn: Connection, source: Source) -> tuple[Short, ...]:
    """Return the organs that could not staff the files of an item today (`definitions.unstaffed`), with what mends it.

    Raises:
        EngineFault: as for `offered`.
    """
    today, book = clock.local_date(clock.now()), store.book()
    lacking = definitions.unstaffed(conn, source, book, today)
    if not lacking:
        return ()
    program, known = program_of(source), staff(conn, today)
    found, said = runs(program), []
    for organ in [known.organs[each] for each in known.filing(POST, program.item.id)]:
        if organ.name in lacking:
            office = Office(item=program.item, book=book, staff=known, organ=organ.id, away=frozenset())
            paths = list(office.paths(found))
            words = advice(office, paths, Staffing([path.way for path in paths]))
            grants = tuple(dict.fromkeys(_mending(office, found)))
            said.append(Short(organ=organ, why=lacking[organ.name], advice=tuple(words), grants=grants))
    return tuple(said)


def _mending(office: Office, found: tuple[Run, ...]) -> Iterator[Grant]:
    paths = list(office.paths(found))
    asked = Staffing([path.way for path in paths], office.away)
    failing = (path for path, answer in zip(paths, asked.answers, strict=True) if not isinstance(answer, Mapping))
    failed = wide(list(failing))
    steps = dict.fromkeys(
        step for why in asked.answers if not isinstance(why, Mapping) for each in why for step in each.steps
    )
    posts = list(dict.fromkeys((office.post_of(step), office.organ_of(step)) for step in steps))
    tried = Tried(office, failed, posts)
    alone: list[Grant] = []
    for post in posts:
        there = {label: grant for label, grant in tried.there.items() if (grant.post, grant.organ) == post}
        alone += [grant for (grant,) in (each for each in tried.mended(there) if len(each) == 1)]
    together = [] if alone else tried.mended(tried.there)
    yield from alone or (together[0] if together else ())
