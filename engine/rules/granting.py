"""May this person be given this post? Asked when it is proposed and again when it is approved. No database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.errors import ExcludedPosts, NoStandIn, NotInWriting, Refused, StatusForbids
from engine.rules.constraint import Check
from engine.rules.separation import excluded

if TYPE_CHECKING:
    from engine.rules.book import Book


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A post that somebody is to hold, from a day on; `writing`: number of the paper that grants it."""

    post: str
    from_on: date
    to_on: date | None = None
    writing: str = ""


def refusal(status: str, held: Collection[str], wanted: Wanted, book: Book) -> Refused | None:
    """Return why a person may not be given the post, or None.

    `held`: codes of all posts that the person, by whatever account, holds or is to hold on a day of the new one, and of
    those that he stands in for. `status`: official | temporary | trainee | helper.
    Source: SOD-01, SOD-02, SOD-09, SOD-10, SOD-12, SOD-26 (exclusions), SOD-29 (status), SOD-17 (in writing).
    """
    post = book.posts[wanted.post]
    if clash := excluded({*held, wanted.post}, book.exclusions):
        one, other = (book.posts[code].name for code in clash[1:])
        return ExcludedPosts(one=one, two=other, basis=clash[0].rule)
    for rule in book.constraints.values():
        if Check.STATUS in rule.checks and status in rule.statuses and post.power in rule.powers:
            return StatusForbids(post=post.name, basis=rule.id)
        in_writing = post.power in rule.powers or post.code in rule.posts
        if Check.WRITING in rule.checks and in_writing and not wanted.writing.strip():
            return NotInWriting(post=post.name, basis=rule.id)
    return None


def stand_in_refusal(status: str, held: Collection[str], post: str, book: Book) -> Refused | None:
    """Return why a person may not be registered as the stand-in of a post, or None; `held` as in `refusal`.

    Source: SOD-16. The stand-in is bound as both persons, so the posts of both must go together.
    """
    for rule in book.constraints.values():
        if Check.STAND_IN in rule.checks and post in rule.posts:
            return NoStandIn(post=book.posts[post].name, basis=rule.id)
    return refusal(status, held, Wanted(post=post, from_on=date.min, writing="the holder's"), book)


def caution(held: Collection[str], post: str, book: Book) -> str:
    """Return the id of a constraint that warns against giving this post to who holds those, empty where none does."""
    clash = excluded({*held, post}, book.cautions)
    return clash[0].rule if clash else ""
