"""May an officer hold a post, or stand in for its holder, in some days? rules/granting says; here it gets its facts."""

from __future__ import annotations

from datetime import date

from engine.db import granting
from engine.db.context import Context
from engine.db.granting import Officer
from engine.errors import ExcludedPosts, PostsExclude, Refused, ReservedPost
from engine.rules.book import Post
from engine.rules.granting import Wanted, refusal, stand_in_refusal


def holds(ctx: Context, officer: Officer, post: Post, first: date, last: date | None, *, writing: str) -> None:
    """Make sure that an officer may hold a post from the first to the last day, beside all that he holds then.

    Whoever stands in for the officer, or the other way round, counts as one person with him (SOD-16).

    Raises:
        ReservedPost, StatusForbids, NotInWriting, PostsExclude: he may not.
    """
    if post.reserved:
        raise ReservedPost(post=post.name)
    wanted = Wanted(post=post.code, from_on=first, to_on=last, writing=writing)
    registered = granting.stand_ins(ctx.conn, [officer.id], first, last)
    for partner in sorted({officer.id, *(each.holder for each in registered), *(each.person for each in registered)}):
        held = _posts(ctx, {officer.id, partner}, first, last)
        _raise(refusal(officer.status, held, wanted, ctx.book))


def stands_in(ctx: Context, officer: Officer, holder: int, post: Post, first: date, last: date | None) -> None:
    """Make sure that an officer may stand in for the holder of a post: bound as both persons (SOD-16).

    Raises:
        NoStandIn, StatusForbids, PostsExclude: he may not.
    """
    held = _posts(ctx, {officer.id, holder}, first, last)
    _raise(stand_in_refusal(officer.status, held, post.code, ctx.book))


def _posts(ctx: Context, persons: set[int], first: date, last: date | None) -> list[str]:
    return [each.post for each in granting.held(ctx.conn, persons, first, last)]


def _raise(why: Refused | None) -> None:
    if isinstance(why, ExcludedPosts):  # it speaks to the holder; here somebody else is spoken to
        raise PostsExclude(one=why.one, two=why.two, basis=why.basis)
    if why is not None:
        raise why
