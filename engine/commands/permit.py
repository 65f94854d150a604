"""Asks the one rule of permission for a command, and raises its refusal."""

from __future__ import annotations

from engine.commands.cases import Case
from engine.db import organs
from engine.db.context import Context
from engine.db.find import StepRow
from engine.errors import NotYourPost, NotYourRole, StepClosed
from engine.model import Assignment
from engine.rules.permission import Task, bar, held


def permit(ctx: Context, case: Case, step: StepRow) -> Assignment:
    """Return the post by which the actor may act on the step.

    Raises:
        StepClosed: the step has been done.
        Refused: separation or post forbids it (engine/rules/permission.py).
    """
    if step.closed_at is not None:
        raise StepClosed()
    if refusal := bar(ctx.person, ctx.assignments, task(ctx, case, step), ctx.book.exclusions):
        if isinstance(refusal, NotYourPost):
            refusal.organ = organs.by_id(ctx.conn)[step.organ].name
        raise refusal
    assignment = held(ctx.assignments, step.post, step.organ, case.item)
    assert assignment is not None
    return assignment


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
    )


def by_post(ctx: Context, *posts: str) -> Assignment:
    """Return the first assignment to one of the posts.

    Raises:
        NotYourRole: the actor holds none of them.
    """
    for assignment in ctx.assignments:
        if assignment.post in posts:
            return assignment
    raise NotYourRole(posts="、".join(ctx.book.posts[post].name for post in posts))
