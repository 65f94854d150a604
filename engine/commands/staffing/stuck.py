"""Open cases that nobody can finish: now, or once a proposal is approved. A warning: nothing is refused, or written.

Looked at are the cases with a step that could be done by less than before. Of these a case whose plan holds, and names
nobody to whom something happens, is not asked about; the others are proven one by one, as the guard proves a claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from engine import clock
from engine.commands import cases
from engine.commands.cases import Case
from engine.commands.staffing import words
from engine.commands.staffing.changes import Change
from engine.commands.staffing.future import Future
from engine.commands.staffing.offered import runs_of
from engine.commands.staffing.office import Office
from engine.commands.staffing.ongoing import Ongoing, ongoing
from engine.commands.staffing.words import Words
from engine.db import find, organs, plans, store
from engine.db.context import Connection
from engine.db.organs import Organ
from engine.db.plans import Known
from engine.db.read import staffing as read
from engine.db.read import underway
from engine.db.read.staffing import Officer, Staff
from engine.db.read.underway import Since, Underway
from engine.errors import EngineFault
from engine.model import Assignment, CaseState
from engine.rules.permission import held, holds
from engine.staffing.asking import is_past, takes_officers
from engine.staffing.foresight import DeadEnd
from engine.staffing.ongoing import Position

MOST = 500  # cases that are proven for one answer


@dataclass(frozen=True, kw_only=True)
class StuckCase:
    """A case that nobody can finish. `item`: its name; `steps`: those with nobody; `why`: all of the conflict.

    `open`: its open steps; `holders`: the officers who have claimed one.
    """

    id: int
    number: str
    item: Words
    organ: Organ
    steps: tuple[Words, ...]
    why: Words
    open: tuple[Words, ...]
    holders: tuple[Officer, ...]


@dataclass(frozen=True, kw_only=True)
class Stuck:
    """What was found for the day `on`. `unseen`: how many more cases would have to be proven."""

    on: date
    cases: tuple[StuckCase, ...]
    unseen: int = 0


def stuck(conn: Connection, change: Change, *, most: int = MOST) -> Stuck:
    """Return the open cases that could be finished as things are, and could not be after a change.

    Of a case whose item has too many ways nothing is known, and nothing is said.
    """
    today = clock.local_date(clock.now())
    before = read.staff(conn, change.on)
    question = _Question(
        conn=conn,
        change=change,
        before=before,
        after=change.after(before),
        known=before if change.on == today else read.staff(conn, today),
        most=most,
    )
    return question.answer(today)


def stuck_now(conn: Connection, *, most: int = MOST) -> Stuck:
    """Return the open cases that could not be finished by anybody who holds a post today, away or not."""
    today = clock.local_date(clock.now())
    staff = read.staff(conn, today)
    return _Question(conn=conn, change=None, before=staff, after=staff, known=staff, most=most).answer(today)


class _Enough(Exception):
    """As many cases have been proven as may be."""


@dataclass(kw_only=True)
class _Question:
    """One question about all open cases. `known`: the staff of today, by which plans were made."""

    conn: Connection
    change: Change | None
    before: Staff
    after: Staff
    known: Staff
    most: int
    proven: int = 0

    def answer(self, today: date) -> Stuck:
        found: list[StuckCase] = []
        unseen = 0
        for each in self._asked(today):
            key = "stuck", str(self.conn.engine.url), each.id, each.version, each.planned.edition, self.change
            try:
                found += plans.remembered(key, partial(self._proven, each))
            except _Enough:
                unseen += 1
        return Stuck(on=self.after.on, cases=tuple(found), unseen=unseen)

    def _asked(self, today: date) -> list[Underway]:
        """Return the cases that have to be proven. Three statements."""
        concerned = self._concerns()
        found = [each for each in underway.open_cases(self.conn, today) if concerned(each)]
        if not found or (self.change is not None and self.change.granted):
            return found
        since = underway.since(self.conn)
        return [each for each in found if not self._is_planned(each, since.get(each.id))]

    def _concerns(self) -> Callable[[Underway], bool]:
        """Return whether fewer could do some step of a case, answered once for each item in each organ."""
        if self.change is None:
            return lambda _: True
        differing = list(self._differing())
        known: dict[tuple[str, int], bool] = {}

        def concerned(case: Underway) -> bool:
            key = case.sha256, case.organ
            if key not in known:
                item = cases.definition(self.conn, case.definition, case.sha256).program.item
                office = Office(
                    item=item, book=store.book(), staff=self.before, organ=case.organ, away=self._away(self.before)
                )
                known[key] = any(_misses(office, *each) for each in differing)
            return known[key]

        return concerned

    def _differing(self) -> Iterator[tuple[list[Assignment], list[Assignment]]]:
        """Yield of each officer to whom something happens the posts that he may use no more, and those that are new."""
        for person in self.before.officers:
            before, after = self._usable(self.before, person), self._usable(self.after, person)
            if before != after:
                yield [post for post in before if post not in after], [post for post in after if post not in before]

    def _usable(self, staff: Staff, person: int) -> list[Assignment]:
        """Return the posts that a person may use; where absences do not count, those that he may ever use."""
        officer = staff.officers.get(person)
        if officer is None or person in self._away(staff):
            return []
        counts = self.change is not None and self.change.absences
        return [*officer.own, *(a for a in officer.instead if not counts or a.on_behalf in staff.away)]

    def _away(self, staff: Staff) -> frozenset[int]:
        return staff.away if self.change is not None and self.change.absences else frozenset()

    def _is_planned(self, case: Underway, since: Since | None) -> bool:
        """Return whether a case goes on by its plan, and nothing happens to anybody whom that names."""
        if since is None or not _follows(case.planned, since) or case.planned.plan is None:
            return False
        named = {person for seats in case.planned.plan.seats.values() for seat in seats for person in seat if person}
        return all(self._stays(person) for person in named)

    def _stays(self, person: int) -> bool:
        same = self.known.officers.get(person) == self.after.officers.get(person)
        return same and person not in self._away(self.after)

    def _proven(self, asked: Underway) -> tuple[StuckCase, ...]:
        """Return the case if nobody could finish it any more; nothing if somebody could, or could not anyway."""
        if self.proven >= self.most:
            raise _Enough
        self.proven += 1
        seen = find.seen(self.conn, "case", asked.id, clock.now())
        if seen is None or seen.state is not CaseState.OPEN:
            return ()
        case = cases.of(self.conn, seen)
        of, end = self._end(case, self.after)
        if end is None or (self.change is not None and self._end(case, self.before)[1] is not None):
            return ()
        return (_told(case, of, end, self.known.officers),)

    def _end(self, case: Case, staff: Staff) -> tuple[Ongoing, DeadEnd | None]:
        of = ongoing(self.conn, case, store.book(), staff, self._away(staff))
        try:
            runs = runs_of(case.program, case.sha256)
        except EngineFault:  # too many to be looked at
            return of, None
        position = self._released(case, of.position, staff)
        future = Future(
            program=case.program, state=case.engine_state, runs=runs, course=of.course, position=position, went=of.went
        )
        found = future.end(position)
        return of, found if isinstance(found, DeadEnd) else None

    def _released(self, case: Case, position: Position, staff: Staff) -> Position:
        """Return the position without the claims of those who hold the step's post no more, or are away."""
        for step in case.open_steps:
            posts = self._usable(staff, step.claimed_by) if step.claimed_by else []
            if step.claimed_by and held(posts, step.post, step.organ, case.item, step.lent) is None:
                position = position.with_open(step.path, held=None)
        return position


def _misses(office: Office, lost: Iterable[Assignment], new: Iterable[Assignment]) -> bool:
    """Return whether some step could be done by one less; of a decision by vote also, whether it may take one more."""
    return any(holds(post, *asked, office.item.id) for post in lost for asked in _posts(office)) or any(
        holds(post, *asked, office.item.id) for post in new for asked in _posts(office, voted=True)
    )


def _posts(office: Office, *, voted: bool = False) -> Iterator[tuple[str, int]]:
    """Yield the posts, each with its organ, that do the steps of an item; `voted`: only of those decided by vote."""
    for path, step in office.item.steps.items():
        organ = office.organ_of(path)
        if takes_officers(office.item, path) and (step.collective or not voted):
            yield step.post, organ
        if step.collective:
            yield from ((step.collective.chair, above) for above in organs.upwards(office.staff.organs, organ))


def _follows(planned: Known, since: Since) -> bool:
    """Return whether a case has gone on by its plan, as the guard asks it of a claim."""
    plan = planned.plan
    if plan is None or plan.edition != planned.edition:
        return False
    return all(seat in plan.seats.get(path, ()) for path, seat in since.done(plan.acts)) and all(
        any(person == one for one, _ in plan.seats.get(path, ())) for path, person in since.held
    )


def _told(case: Case, of: Ongoing, end: DeadEnd, officers: Mapping[int, Officer]) -> StuckCase:
    office, item = of.office, case.program.item
    lacking = [why.steps[0] for why in end.conflict if not why.rule and not is_past(why.steps[0])]
    paths = lacking or [path for why in end.conflict for path in why.steps if not is_past(path)]
    return StuckCase(
        id=case.id,
        number=case.number,
        item=Words(zh=item.name, en=item.name_en or item.name),
        organ=office.staff.organs[case.organ],
        steps=tuple(words.step(office, path) for path in dict.fromkeys(paths)),
        why=words.conflict(office, end.way, end.conflict),
        open=tuple(words.step(office, step.path) for step in case.open_steps),
        holders=_holders(case, officers),
    )


def _holders(case: Case, officers: Mapping[int, Officer]) -> tuple[Officer, ...]:
    persons = dict.fromkeys(step.claimed_by for step in case.open_steps if step.claimed_by)
    return tuple(officers[person] for person in persons if person in officers)
