"""Asks the one rule of permission for a command, and raises its refusal."""

from __future__ import annotations

from engine.commands.cases import Case
from engine.db import cards, organs
from engine.db.context import Context
from engine.db.find import OpenCase, StepRow
from engine.errors import ExcludedPosts, NotYourPost, NotYourRole, Refused, StepClosed
from engine.model import Assignment
from engine.rules.cards import ITEM
from engine.rules.permission import About, Hands, Task, answers, bar, hand, held
from engine.rules.separation import excluded


def permit(ctx: Context, case: Case, step: StepRow) -> Assignment:
    """Return the post by which the actor may act on the step.

    Raises:
        StepClosed: the step has been done.
        Refused: separation or post forbids it (engine/rules/permission.py).
    """
    if step.closed_at is not None:
        raise StepClosed()
    if refusal := bar(ctx.person, ctx.assignments, task(ctx, case, step), ctx.book.exclusions):
        raise placed(ctx, step, refusal)
    assignment = held(ctx.assignments, step.post, step.organ, case.item)
    assert assignment is not None
    return assignment


def placed(ctx: Context, step: StepRow, refusal: Refused) -> Refused:
    """Return a refusal with the name of the step's organ, where it says so; it is read only then."""
    if isinstance(refusal, NotYourPost):
        refusal.organ = organs.by_id(ctx.conn)[step.organ].name
    return refusal


def by_applicant(ctx: Context, case: Case, step: StepRow) -> bool:
    """Return whether the actor is the applicant and may do the open step as such: without a post, and unclaimed."""
    return step.closed_at is None and answers(ctx.person, ctx.actor.channel, task(ctx, case, step))


def task(ctx: Context, case: Case, step: StepRow) -> Task:
    """Return the step as the rule of permission sees it."""
    item = case.program.item
    return Task(
        step=step.id,
        path=step.path,
        post=step.post,
        post_name=ctx.book.posts[step.post].name,
        organ=step.organ,
        organ_name="",
        item=case.item,
        applicant=case.applicant,
        agent=case.agent,
        acts=case.acts,
        separations=item.separations,
        names={path: declared.name for path, declared in item.steps.items()},
        applicants=item.steps[step.path].applicant,
        about=_about(ctx, case, step),
    )


def _about(ctx: Context, case: Case, step: StepRow) -> About | None:
    card = cards.of_case(ctx.conn, case.id) if case.item == ITEM else None
    return card.judged(case.program.item.steps[step.path].post) if card else None


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
    """
    by_post(ctx, post)
    if assignment := held(ctx.assignments, post, case.organ, case.item):
        return assignment
    raise NotYourPost(post=ctx.book.posts[post].name, organ=organs.by_id(ctx.conn)[case.organ].name)


def impartial(ctx: Context, act: str, hands: Hands, *, number: str, definition: str) -> None:
    """Make sure that the actor has no hand in a case on which an office act is proposed or carried out.

    A refusal is traced in the case: `number`, and `definition`, the hash of its version.

    Raises:
        OwnCase, SamePerson: the actor is the applicant or the agent, or has acted in the case or holds a step of it.
    """
    if refusal := hand(ctx.person, act, hands):
        ctx.subject.chain, ctx.subject.definition = number, definition
        raise refusal


def _alone(ctx: Context, assignment: Assignment) -> Assignment:
    if clash := excluded([a.post for a in ctx.assignments], ctx.book.exclusions):
        raise ExcludedPosts(one=clash[1], two=clash[2], basis=clash[0].rule)
    return assignment
