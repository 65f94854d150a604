"""Before somebody gets a part in a case: could the rest of it still be done? One answer for every entry.

Refused is what leads into a dead end that was not there before. A case that nobody could finish anyway goes on as far
as it can, for its clocks run, and steps that have nobody at all are left out of account; that somebody has to be
granted a post is told elsewhere (stuck.py). Who is away comes
back, so absences do not count, and a step is lent to the pool only when nobody is left (SOD-32 does not ask for it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, partial

from engine import clock
from engine.commands import cases
from engine.commands.cases import Case
from engine.commands.staffing import words
from engine.commands.staffing.future import Future
from engine.commands.staffing.offered import runs_of
from engine.commands.staffing.ongoing import Ongoing, ongoing, seat_of
from engine.commands.staffing.words import Words
from engine.db import find, plans, store
from engine.db.context import Connection, Context
from engine.db.plans import Plan, Seats
from engine.db.read import staffing as read
from engine.errors import EngineFault, NobodyLeft
from engine.model import CaseState
from engine.rules.book import Book
from engine.rules.cards import ITEM
from engine.rules.separation import HANDLED
from engine.staffing.asking import step_of
from engine.staffing.foresight import Course, DeadEnd
from engine.staffing.instance import Roster
from engine.staffing.ongoing import Position


class Role(StrEnum):
    """What somebody gets: a step to do, a question on it, or a vote."""

    HOLD = "hold"
    ASKED = "asked"
    VOTE = "vote"


INSTEAD = {
    Role.ASKED: ("Ask somebody else.", "请另请别人。"),
    Role.VOTE: ("Leave the vote to other members.", "请由其他成员表决。"),
}


@dataclass(frozen=True)
class Share:
    """A part that somebody would get in a case."""

    step: int
    person: int
    role: Role = Role.HOLD


@dataclass(frozen=True, kw_only=True)
class Proof:
    """`why`: what nobody could do afterwards, by the rule `basis`. Else it can be finished, by the plan if there is
    one for all ways."""

    plan: Plan | None = None
    why: Words | None = None
    basis: str = ""


def permit_share(ctx: Context, case: Case, share: Share) -> None:
    """Make sure that what comes later can still be done when somebody gets this share. No statement if it was planned.

    Raises:
        NobodyLeft: some later step would have nobody; which, and why.
    """
    if case.item == ITEM:  # a card's steps are not staffed by an item's offices
        return
    if follows(case, share):
        return
    proof = ends(ctx.conn, case, ctx.book, [share])[share]
    if refusal := refusal_of(share, proof):
        raise refusal
    if proof.plan is not None:
        plans.keep(ctx.conn, case.id, proof.plan)
    elif case.planned.plan is not None:
        plans.drop(ctx.conn, case.id)


def foresee(share: Share) -> None:
    """Prove before the transaction of a command what it will ask, so that nobody waits behind its lock meanwhile.

    Says nothing: the command asks again, and finds the proof where nothing has changed since.
    """
    now = clock.now()
    with store.reading() as conn:
        found = find.seen(conn, "step", share.step, now)
        if found is None or found.item == ITEM or found.state is not CaseState.OPEN:
            return
        if found.step(share.step).closed_at is not None:
            return
        case = cases.of(conn, found)
        if not follows(case, share):
            ends(conn, case, store.book(), [share])


def follows(case: Case, share: Share) -> bool:
    """Return whether the case goes on by its plan, with all that was done since and with this share."""
    plan = case.planned.plan
    if plan is None or plan.edition != case.planned.edition or share.role is Role.ASKED:
        return False
    since = [(act.path, (act.person, act.on_behalf or 0)) for act in case.acts[plan.acts :] if act.kind in HANDLED]
    holders = [(step.path, step.claimed_by) for step in case.open_steps if step.claimed_by and step.id != share.step]
    holders.append((case.step(share.step).path, share.person))
    return all(seat in plan.seats.get(path, ()) for path, seat in since) and all(
        any(person == one for one, _ in plan.seats.get(path, ())) for path, person in holders
    )


def ends(conn: Connection, case: Case, book: Book, shares: Sequence[Share]) -> dict[Share, Proof]:
    """Return of each share whether the rest of the case could be done; in a process each is found once.

    No statement where all are known, else six, of an item with tiers seven, however many shares they are.
    """
    here = str(conn.engine.url), case.id, case.version, case.engine_state, case.planned.edition
    known = cache(lambda: future(conn, case, book))

    def prove(share: Share) -> Proof:
        found = known()
        return Proof() if found is None else _proven(case, *found, share)

    return {share: plans.remembered((*here, share), partial(prove, share)) for share in shares}


def refusal_of(share: Share, proof: Proof) -> NobodyLeft | None:
    """Return how a share is refused that was proven to leave nobody."""
    if proof.why is None:
        return None
    found = NobodyLeft(why=proof.why.en, zh=proof.why.zh, basis=proof.basis)
    en, zh = INSTEAD.get(share.role, (found.instead, found.instead_zh))
    return replace(found, instead=en, instead_zh=zh)


def future(conn: Connection, case: Case, book: Book) -> tuple[Ongoing, Future] | None:
    """Return a case as staffing sees it, and what may come of it; None: too much to be looked at."""
    of = ongoing(conn, case, book, read.staff(conn, clock.local_date(clock.now())))
    try:
        runs = runs_of(case.program, case.sha256)
    except EngineFault:  # such a flow does not go live any more
        return None
    return of, Future(
        program=case.program, state=case.engine_state, runs=runs, course=of.course, position=of.position, went=of.went
    )


def _proven(case: Case, of: Ongoing, future: Future, share: Share) -> Proof:
    path = case.step(share.step).path
    before = without(of.position, path, share)
    after = given(before, path, share, of.course)
    found = future.end(after)
    if found is None:
        return Proof()
    if not isinstance(found, DeadEnd):
        return Proof(plan=Plan(edition=case.planned.edition, acts=len(case.acts), seats=_seats(after, found)))
    if isinstance(future.end(before), DeadEnd):
        rest = future.staffable()
        found = rest.end(after)
        if not isinstance(found, DeadEnd) or isinstance(rest.end(before), DeadEnd):
            return Proof()
    said = words.conflict(of.office, found.way, found.conflict)
    return Proof(why=said, basis=next((why.rule for why in found.conflict if why.rule), ""))


def without(position: Position, path: str, share: Share) -> Position:
    """Return the position before somebody gets a share of a step: nobody holds it, if that is what he gets."""
    return position.with_open(path, held=None) if share.role is Role.HOLD else position


def given(position: Position, path: str, share: Share, course: Course) -> Position:
    """Return the position after somebody got a share of a step."""
    now, seat = position.at(path), seat_of(share.person, course.could.get(path))
    assert now is not None
    match share.role:
        case Role.HOLD:
            return position.with_open(path, held=seat)
        case Role.ASKED:
            return position.with_open(path, asked=(*now.asked, share.person))
        case Role.VOTE:
            return position.with_open(path, done=(*now.done, seat))
    raise AssertionError(share)


def _seats(position: Position, roster: Roster) -> Seats:
    """Return who may act from now on without a new proof: on each step its people, and who did it before once more."""
    found = {each.path: [(each.seats[-1].person, each.seats[-1].behalf)] for each in position.behind if each.completed}
    for part in roster:
        found[step_of(part)] = []
    for part, seats in roster.items():
        found[step_of(part)] += [(seat.person, seat.behalf) for seat in seats]
    for now in position.open:
        asked = [(person, 0) for person in now.asked]
        found[now.path] = [*found.get(now.path, []), *((s.person, s.behalf) for s in now.done), *asked]
    return {path: tuple(dict.fromkeys(seats)) for path, seats in found.items()}
