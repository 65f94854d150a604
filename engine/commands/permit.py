"""Asks the one rule of permission for a command, and raises its refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from engine.commands.cases import Case
from engine.db import cards, organs, splits
from engine.db.context import Connection, Context
from engine.db.find import OpenCase, StepRow
from engine.errors import ExcludedPosts, NotYourPost, NotYourRole, Refused, StepClosed
from engine.model import Act, Assignment, Item, OrganLevel, Standing
from engine.rules.book import Book
from engine.rules.cards import ITEM
from engine.rules.demands import demands
from engine.rules.permission import About, Hands, Task, answer, answers, hand, held, tied
from engine.rules.separation import excluded


def permit(ctx: Context, case: Case, step: StepRow) -> Assignment:
    """Return the post by which the actor may act on the step.

    Raises:
        StepClosed: the step has been done.
        Refused: separation or post forbids it (engine/rules/permission.py).
    """
    if step.closed_at is not None:
        raise StepClosed()
    found = answer(ctx.person, ctx.assignments, task(ctx, case, step), ctx.book.exclusions, standing(ctx, case))
    if isinstance(found, Refused):
        raise placed(ctx, step, found)
    return found


def standing(ctx: Context, case: OpenCase) -> Standing:
    """Return what is known of the actor in this case, beside posts and acts."""
    own = case.standings.get(ctx.person, ctx.standing)
    return replace(ctx.standing, recusal=own.recusal, tie=own.tie, others=case.standings)


def placed(ctx: Context, step: StepRow, refusal: Refused) -> Refused:
    """Return a refusal with the name of the step's organ, where it says so; it is read only then."""
    if isinstance(refusal, NotYourPost):
        refusal.organ = organs.by_id(ctx.conn)[step.organ].name
    return refusal


def by_applicant(ctx: Context, case: Case, step: StepRow) -> bool:
    """Return whether the actor is the applicant and may do the open step as such: without a post, and unclaimed."""
    open_to_him = step.closed_at is None and case.program.item.steps[step.path].applicant
    return open_to_him and answers(ctx.person, ctx.actor.channel, task(ctx, case, step))


def task(ctx: Context, case: Case, step: StepRow) -> Task:
    """Return the step as the rule of permission sees it."""
    card = cards.of_case(ctx.conn, case.id) if case.item == ITEM else None
    about = card.judged(case.program.item.steps[step.path].post) if card else case.complained
    return task_of(ctx.conn, case, case.program.item, step, ctx.book, about)


class Facts(Protocol):
    """What permission asks about a case, locked for a command or read for a page."""

    @property
    def id(self) -> int: ...
    @property
    def item(self) -> str: ...
    @property
    def applicant(self) -> int: ...
    @property
    def agent(self) -> int | None: ...
    @property
    def steps(self) -> Sequence[StepRow]: ...
    @property
    def acts(self) -> Sequence[Act]: ...
    @property
    def amount(self) -> int | None: ...
    @property
    def filed_at(self) -> datetime | None: ...


def task_of(conn: Connection, case: Facts, item: Item, step: StepRow, book: Book, about: About | None) -> Task:
    """Return a step as the rule of permission sees it. One statement where the step has tiers of amounts, else none."""
    asked = demands(item, step.path, step.post, book)
    return Task(
        step=step.id,
        path=step.path,
        post=step.post,
        post_name=book.posts[step.post].name,
        organ=step.organ,
        organ_name="",
        item=case.item,
        applicant=case.applicant,
        agent=case.agent,
        acts=case.acts,
        demands=asked,
        names={path: declared.name for path, declared in item.steps.items()},
        applicants=item.steps[step.path].applicant,
        about=about,
        level=OrganLevel(step.level) if step.level else None,
        open=[s.path for s in case.steps if s.closed_at is None],
        opened_at=step.opened_at,
        lent=step.lent,
        amount=amount_of(conn, case, book) if asked.tiered else case.amount,
    )


def amount_of(conn: Connection, case: Facts, book: Book) -> int | None:
    """Return the amount of a case with those that it was split from. One statement."""
    return splits.together(
        conn,
        case=case.id,
        applicant=case.applicant,
        item=case.item,
        amount=case.amount,
        filed_at=case.filed_at,
        days=book.tiers.split_days,
    )


def by_post(ctx: Context, *posts: str, item: str = "") -> Assignment:
    """Return the first own assignment to one of the posts; `item`: one that holds for this item.

    Office acts beside the steps are nobody's to do as a stand-in.

    Raises:
        NotYourRole: the actor holds none of them.
        ExcludedPosts: the actor holds posts that exclude each other.
    """
    for assignment in ctx.assignments:
        if assignment.post in posts and assignment.on_behalf is None and (not item or assignment.item in (None, item)):
            return _alone(ctx, assignment)
    raise NotYourRole(posts="、".join(ctx.book.posts[post].name for post in posts))


def by_post_of(ctx: Context, case: OpenCase, post: str) -> Assignment:
    """Return the assignment to the post in the organ where the case was filed, or in a window of it.

    Raises:
        NotYourRole: the actor does not hold the post.
        NotYourPost: the actor holds it elsewhere, or for another item.
        ExcludedPosts: the actor holds posts that exclude each other.
        OwnCase, Recused, RecusalPending, TieFound: the actor, or whom he stands in for, keeps out of the case.
    """
    by_post(ctx, post)
    if assignment := held(ctx.assignments, post, case.organ, case.item):
        apart(ctx, case, assignment)
        return assignment
    raise NotYourPost(post=ctx.book.posts[post].name, organ=organs.by_id(ctx.conn)[case.organ].name)


def apart(ctx: Context, case: OpenCase, by: Assignment | None = None) -> None:
    """Make sure that neither the actor nor whom he stands in for, acting `by` a post, must keep out of the case.

    Raises:
        OwnCase: one of them is the applicant or the agent.
        Recused, RecusalPending, TieFound: recusal keeps one of them out (engine/rules/recusal.py).
    """
    people = [ctx.person, by.on_behalf] if by and by.on_behalf else [ctx.person]
    if refusal := tied(people, (case.applicant, case.agent), case.standings):
        raise refusal


def impartial(ctx: Context, act: str, hands: Hands, *, number: str, definition: str) -> None:
    """Make sure that the actor has no hand in a case on which an office act is proposed or carried out.

    A refusal is traced in the case: `number`, and `definition`, the hash of its version.

    Raises:
        OwnCase, SamePerson: the actor is the applicant or the agent, or has acted in the case or holds a step of it.
        Recused, RecusalPending, TieFound: recusal keeps the actor out of it.
    """
    if refusal := hand(ctx.person, act, hands):
        ctx.subject.chain, ctx.subject.definition = number, definition
        raise refusal


def _alone(ctx: Context, assignment: Assignment) -> Assignment:
    if clash := excluded([a.post for a in ctx.assignments], ctx.book.exclusions):
        raise ExcludedPosts(one=clash[1], two=clash[2], basis=clash[0].rule)
    return assignment
