"""A case that is under way, as staffing sees it: read from its acts and steps, with everybody who could do the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from engine.commands.cases import Case
from engine.commands.permit import amount_of
from engine.commands.staffing.office import Office
from engine.db import signers, standing
from engine.db.context import Connection
from engine.db.find import StepRow
from engine.db.read.staffing import Staff
from engine.model import Act
from engine.rules.book import Book
from engine.rules.council import votes
from engine.rules.separation import FILING, HANDLED, completions, opened_after
from engine.rules.signatures import standing as signatures
from engine.staffing.asking import takes_officers
from engine.staffing.foresight import Course
from engine.staffing.instance import Part, Seat
from engine.staffing.ongoing import Behind, Open, Position


@dataclass(frozen=True, kw_only=True)
class Ongoing:
    """A case with its office. `went`: the outcomes with which its steps were completed, as that stands, by path."""

    office: Office
    course: Course
    position: Position
    went: Mapping[str, Collection[str]]


def ongoing(conn: Connection, case: Case, book: Book, staff: Staff, away: frozenset[int] = frozenset()) -> Ongoing:
    """Return how far a case is and who could do the rest of it. Two statements, of an item with tiers three.

    `away`: who is not there, for as long as it takes.
    """
    item = case.program.item
    of = Office(
        item=item,
        book=book,
        staff=_known(conn, case, staff),
        organ=case.organ,
        away=away,
        applicant=case.applicant,
        agent=case.agent,
        about=case.complained,
        lent=frozenset(step.path for step in case.open_steps if step.lent),
    )
    tiered = any(step.tier for step in item.steps.values())
    amount = amount_of(conn, case, book) if tiered else None
    could: dict[str, Part] = {}
    for path in item.steps:
        if takes_officers(item, path):
            could |= of.parts(path, amount)
    asked = signers.pending(conn, case.id) if case.asked else {}
    return Ongoing(
        office=of,
        course=Course(item=item, book=book, could=could, levels=of.levels, away=away),
        position=position(case, could, asked),
        went=went(case.acts),
    )


def _known(conn: Connection, case: Case, staff: Staff) -> Staff:
    """Return the staff with what is known of each holder of one of the item's posts in this case."""
    posts = {step.post for step in case.program.item.steps.values()}
    posts |= {step.collective.chair for step in case.program.item.steps.values() if step.collective}
    persons = {officer.person for post in posts for officer in staff.of_post(post)}
    known = standing.of(conn, case.id, persons, staff.on) if persons else {}
    officers = {
        person: replace(officer, standing=known[person]) if person in known else officer
        for person, officer in staff.officers.items()
    }
    return Staff(on=staff.on, officers=officers, away=staff.away, organs=staff.organs)


class History(Protocol):
    """What was done in a case, and what is open."""

    @property
    def acts(self) -> Sequence[Act]: ...
    @property
    def open_steps(self) -> Sequence[StepRow]: ...


def position(case: History, could: Mapping[str, Part], asked: Mapping[int, tuple[int, ...]]) -> Position:
    """Return how far a case is. `asked`: whose opinions are awaited or were given, by the id of an open step."""
    return Position(tuple(_behind(case)), tuple(_open(case, could, asked)))


def _behind(case: History) -> Iterator[Behind]:
    """Yield what was done on steps that are not open: what completes nothing first, then in the order of opening."""
    here = {step.id: signatures(case.acts, step.id) for step in case.open_steps}
    standing_ = completions(case.acts)
    last = {act.path: (step, act) for step, act in sorted(standing_.items())}
    did: dict[str, dict[Seat, None]] = {}
    for act in case.acts:
        counts = act.kind in HANDLED or act.path == FILING
        if counts and act not in here.get(act.step or 0, ()):
            did.setdefault(act.path, {})[_seat(act)] = None
    for path, seats in did.items():
        if path not in last:
            yield Behind(path, tuple(seats), completed=False)
    for path, (_, act) in sorted(last.items(), key=lambda each: each[1][0]):
        others = [seat for seat in did[path] if seat != _seat(act)]
        yield Behind(path, (*others, _seat(act)))


def _open(case: History, could: Mapping[str, Part], asked: Mapping[int, tuple[int, ...]]) -> Iterator[Open]:
    found: dict[str, Open] = {}
    for step in case.open_steps:
        signed = signatures(case.acts, step.id)
        voted = votes(case.acts, step.id)
        before = opened_after(step.id, step.opened_at, case.acts)
        now = Open(
            step.path,
            done=(*(_seat(act) for act in signed), *(Seat(person) for person in voted)),
            found=tuple(str(act.outcome) for act in signed),
            held=seat_of(step.claimed_by, could.get(step.path)) if step.claimed_by else None,
            after=_seat(before) if before else None,
            asked=asked.get(step.id, ()),
        )
        other = found.get(step.path)
        found[step.path] = (
            now if other is None else replace(now, held=now.held or other.held, asked=now.asked + other.asked)
        )
    yield from sorted(found.values(), key=lambda each: each.path)


def seat_of(person: int, part: Part | None) -> Seat:
    """Return how somebody takes a step: for himself where he may, else for whom he stands in for."""
    seats = [seat for seat in (part.may if part else ()) if seat.person == person]
    return min(seats, key=lambda seat: seat.behalf != 0, default=Seat(person))


def went(acts: Iterable[Act]) -> dict[str, set[str]]:
    """Return the outcomes with which steps were completed, as that stands, by path."""
    found: dict[str, set[str]] = {}
    for act in completions(acts).values():
        found.setdefault(act.path, set()).add(str(act.outcome))
    return found


def _seat(act: Act) -> Seat:
    return Seat(act.person, act.on_behalf or 0)
