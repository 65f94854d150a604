"""A step decided by vote: its members vote, each for himself, and the chair concludes last, with the minutes.

Members are all who hold the step's post there themselves and may act in this case; nobody claims the step.
Source: SOD-15.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.commands import cases, forms, noting
from engine.commands.cases import Case
from engine.commands.permit import permit, task
from engine.commands.permit import standing as known_of
from engine.commands.staffing.guard import Role, Share, permit_share
from engine.db import organs, record, signers, standing
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.organs import Organ
from engine.db.record import Change, Entry
from engine.db.signers import Officer
from engine.errors import (
    AlreadyVoted,
    ChairHasSpoken,
    DecidedTogether,
    Invalid,
    NoProxy,
    NoQuorum,
    NotDecidedTogether,
    NotTheMajority,
    StepClosed,
    TimeFirst,
    UnknownOutcome,
)
from engine.model import ActKind, Assignment, Collective, Event, Standing
from engine.rules.council import carried, quorum, votes
from engine.rules.permission import Task, bar, held

RULE = "SOD-15"
MINUTES = "minutes"  # the field of the step's form that the chair fills in
VOTE = "#vote"  # behind the step's path: where opinions are kept


@dataclass(frozen=True, kw_only=True)
class Council:
    """Who decides a step: the members and the chairs by person, the rule, and the votes of members that stand.

    `chair_post`: of the actor, where the actor presides; `outcomes`: what may be voted, the motion first.
    """

    rule: Collective
    outcomes: tuple[str, ...]
    members: Mapping[int, Officer]
    chairs: Mapping[int, Officer]
    votes: Mapping[int, str]
    chair_post: Assignment | None

    @property
    def has_spoken(self) -> bool:
        """Whether a chair who is a member has voted."""
        return any(person in self.chairs for person in self.votes)


def vote(ctx: Context, step_id: int, *, outcome: str, opinion: str) -> int:
    """Vote on a step that is decided together; return its id. Who wants to vote otherwise takes the vote back first.

    Raises:
        NotDecidedTogether: it is not.
        NotYourPost, Refused: the actor is no member in this case (engine/rules/permission.py).
        NoProxy: the actor only stands in for a member.
        AlreadyVoted: the actor has voted.
        ChairHasSpoken: the chair has voted already.
        NobodyLeft: this or some later step would have nobody then.
        UnknownOutcome: there is no such outcome.
        StepClosed, CaseMoved: somebody was faster.
        TimeFirst: a timer is past its instant and has not fired yet.
    """
    case = cases.of_step(ctx, step_id, "vote")
    step = case.step(step_id)
    if step.closed_at is not None:
        raise StepClosed()
    if case.program.item.steps[step.path].collective is None:
        raise NotDecidedTogether()
    council = _council(ctx, case, step)
    if ctx.person not in council.members:
        mine = held(ctx.assignments, step.post, step.organ, case.item, step.lent)
        if mine is None or mine.on_behalf is None:
            permit(ctx, case, step)
        raise NoProxy(basis=RULE)
    if case.late:
        raise TimeFirst()
    if outcome not in council.outcomes:
        raise UnknownOutcome(outcome=outcome, possible=", ".join(council.outcomes))
    if ctx.person in council.votes:
        raise AlreadyVoted(basis=RULE)
    if council.has_spoken:
        raise ChairHasSpoken(basis=RULE)
    permit_share(ctx, case, Share(step.id, ctx.person, Role.VOTE))
    post = held(council.members[ctx.person].own, step.post, step.organ, case.item, step.lent)
    change = Change(acts=[noting.act(ctx, case, step, post, ActKind.VOTE, outcome)])
    change.trace(
        Entry(
            type=Event.STEP_VOTED,
            step=step.path,
            outcome=outcome,
            due_on=step.due_on,
            data=noting.written(ctx, case, step, change, {"opinion": opinion.strip()}, step.path + VOTE),
            facts={"voted": len(council.votes) + 1, "members": len(council.members)},
            **noting.by(post),
        )
    )
    record.save(ctx, case.id, case.version, case.head, change)
    return step.id


def by_one(ctx: Context, case: Case, step: StepRow) -> None:
    """Make sure that a step is one that somebody claims.

    Raises:
        DecidedTogether: it is decided by vote.
    """
    if rule := case.program.item.steps[step.path].collective:
        raise DecidedTogether(chair=ctx.book.posts[rule.chair].name, basis=RULE)


def may_take_back(ctx: Context, case: Case, step: StepRow) -> None:
    """Make sure that a vote may still be taken back.

    Raises:
        ChairHasSpoken: the chair has voted, and the actor is not the chair.
    """
    if case.program.item.steps[step.path].collective:
        council = _council(ctx, case, step)
        if council.has_spoken and ctx.person not in council.chairs:
            raise ChairHasSpoken(basis=RULE)


def presided(ctx: Context, case: Case, step: StepRow) -> Council:
    """Return the council of a step that the actor presides over.

    Raises:
        StepClosed: it has been decided.
        NoProxy: the actor only stands in for who presides.
        DecidedTogether: the actor does not preside; members vote.
        Refused: separation bars the actor (engine/rules/permission.py).
    """
    if step.closed_at is not None:
        raise StepClosed()
    council = _council(ctx, case, step)
    if council.chair_post is None:
        _bar_chair(ctx, case, step, council.rule.chair)
        permit(ctx, case, step)
        by_one(ctx, case, step)
    return council


def _bar_chair(ctx: Context, case: Case, step: StepRow, chair: str) -> None:
    """Say why somebody by a chair's post does not preside: as a stand-in, or because separation bars him."""
    posts = [a for a in ctx.assignments if a.post == chair]
    if posts and all(post.on_behalf is not None for post in posts):
        raise NoProxy(basis=RULE)
    mine = [a for a in ctx.assignments if a.on_behalf is None or a.post != chair]
    known = known_of(ctx, case)
    for post in [a for a in mine if a.post == chair]:
        as_if = replace(task(ctx, case, step), post=chair, organ=post.organ)
        if refusal := bar(ctx.person, mine, as_if, ctx.book.exclusions, known):
            raise refusal


def conclude(ctx: Context, council: Council, outcome: str, form: Mapping[str, Any]) -> int:
    """Make sure that the chair may conclude with this outcome; return how many have voted.

    A chair who is a member and has not voted votes by the conclusion.

    Raises:
        NoQuorum: not enough members have voted.
        NotTheMajority: the votes carry something else.
        Invalid: there are no minutes.
    """
    if not str(form.get(MINUTES) or "").strip():
        raise Invalid(findings=(forms.finding("vote", MINUTES, "say what was discussed and found"),))
    given = dict(council.votes)
    if ctx.person in council.members:
        given.setdefault(ctx.person, outcome)
    needed = quorum(len(council.members), council.rule.quorum)
    if len(given) < needed:
        raise NoQuorum(present=len(given), members=len(council.members), needed=needed, basis=RULE)
    if (found := carried(list(given.values()), council.outcomes, council.rule.majority)) != outcome:
        raise NotTheMajority(carried=found, basis=RULE)
    return len(given)


def _council(ctx: Context, case: Case, step: StepRow) -> Council:
    """Return who decides the step today. Who is barred from it is no member, and does not preside."""
    declared = case.program.item.steps[step.path]
    rule = declared.collective
    assert rule is not None
    officers = signers.holders(ctx.conn, (step.post, rule.chair), ctx.today)
    seat = Seats(ctx=ctx, task=task(ctx, case, step), standing=standing.of(ctx.conn, case.id, officers, ctx.today))
    members = {p: o for p, o in officers.items() if seat.may(o, step.post, step.organ)}
    chairs, organ = _chairs(seat, officers.values(), rule.chair, step.organ)
    presides = held(chairs[ctx.person].own, rule.chair, organ, case.item) if ctx.person in chairs else None
    given = {person: found for person, found in votes(case.acts, step.id).items() if person in members}
    return Council(
        rule=rule,
        outcomes=declared.outcomes,
        members=members,
        chairs=chairs,
        votes=given,
        chair_post=presides,
    )


def _chairs(seat: Seats, officers: Collection[Officer], post: str, organ: int) -> tuple[dict[int, Officer], int]:
    """Return who may preside, of the organ itself or the nearest above where somebody may, and that organ."""
    known: Mapping[int, Organ] | None = None
    while not (found := {o.person: o for o in officers if seat.may(o, post, organ)}):
        known = known or organs.by_id(seat.ctx.conn)
        if (above := known[organ].parent) is None:
            break
        organ = above
    return found, organ


@dataclass(frozen=True, kw_only=True)
class Seats:
    """Who may have a seat in the council: the step as permission sees it, and what is known of each officer."""

    ctx: Context
    task: Task
    standing: Mapping[int, Standing]

    def may(self, officer: Officer, post: str, organ: int) -> bool:
        """Return whether nothing bars the officer from the step by one of the own posts."""
        as_if = replace(self.task, post=post, organ=organ)
        known = self.standing[officer.person]
        return bar(officer.person, officer.in_person(post), as_if, self.ctx.book.exclusions, known) is None
