"""May an officer hold a post, or stand in for its holder, in some days? The rule is pure; here it gets its facts."""

from __future__ import annotations

from datetime import date

from engine.db import granting
from engine.db.context import Context
from engine.db.granting import Officer
from engine.errors import NotInWriting, PostsExclude, ReservedPost, StatusForbids
from engine.rules.book import Post
from engine.rules.separation import excluded


def holds(ctx: Context, officer: Officer, post: Post, first: date, last: date | None, *, writing: str) -> None:
    """Make sure that an officer may hold a post from the first to the last day, beside all that he holds then.

    Whoever stands in for the officer, or the other way round, counts as one person with him (SOD-16).

    Raises:
        ReservedPost, StatusForbids, NotInWriting, PostsExclude: he may not.
    """
    _may(officer, post)
    if post.power == "decide" and not writing:
        raise NotInWriting(post=post.name, basis="SOD-17")
    partners = {officer.id} | {
        person
        for each in granting.stand_ins(ctx.conn, [officer.id], first, last)
        for person in (each.holder, each.person)
    }
    for partner in sorted(partners):
        together(ctx, {officer.id, partner}, post, first, last)


def stands_in(ctx: Context, officer: Officer, holder: int, post: Post, first: date, last: date | None) -> None:
    """Make sure that an officer may stand in for the holder of a post: bound as both persons (SOD-16).

    Raises:
        ReservedPost, StatusForbids, PostsExclude: he may not.
    """
    _may(officer, post)
    together(ctx, {officer.id, holder}, post, first, last)


def together(ctx: Context, persons: set[int], post: Post, first: date, last: date | None) -> None:
    """Make sure that persons who count as one hold no posts that exclude each other, with one more.

    Raises:
        PostsExclude: they would.
    """
    posts = [each.post for each in granting.held(ctx.conn, persons, first, last)]
    if clash := excluded([*posts, post.code], ctx.book.exclusions):
        named = [ctx.book.posts[code].name for code in clash[1:]]
        raise PostsExclude(one=named[0], two=named[1], basis=clash[0].rule)


def _may(officer: Officer, post: Post) -> None:
    if post.reserved:
        raise ReservedPost(post=post.name)
    if post.power == "decide" and officer.status != "official":
        raise StatusForbids(post=post.name, basis="SOD-29")
