"""What follows from a change of posts, in sentences: who is left, what excludes what, what is handed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine import clock
from engine.db.read import posts as held
from engine.db.read.officers import Officer
from engine.db.read.posts import Post
from engine.db.store import Connection
from engine.rules.book import Book
from engine.rules.separation import excluded
from webui import words
from webui.language import gettext, pick


def organ_of(post: Post) -> str:
    """Return the name of the organ of a post."""
    return pick(post.organ_name.name, post.organ_name.name_en)


def post_name(post: Post, book: Book) -> str:
    """Return a post with its organ: `审查岗 · 行政审批局`."""
    return gettext("%(post)s · %(organ)s", post=words.post(post.post, book), organ=organ_of(post))


def excluded_with(have: Sequence[str], code: str, book: Book) -> str:
    """Return why nobody who holds these posts may hold another one too, else empty.

    `processes/_rules/separations.toml`: posts that exclude each other whatever the case.
    """
    clash = excluded([*have, code], book.exclusions)
    if clash is None:
        return ""
    other = clash[1] if clash[2] == code else clash[2]
    return gettext("与“%(post)s”不得兼任（%(rule)s）", post=words.post(other, book), rule=clash[0].rule)


def after_post(conn: Connection, post: Post, book: Book) -> Iterator[str]:
    """Yield what follows once a post is ended: steps in hand, and whether anybody else holds it there."""
    count = sum(each.steps for each in held.open_steps(conn, post.person) if each.post == post.post)
    if count:
        yield gettext("本人按这个岗位领着 %(n)d 步，收回时放回待领，草稿留着。", n=count)
    yield alone(conn, post, book)


def after_leaving(conn: Connection, officer: Officer, book: Book) -> Iterator[str]:
    """Yield what follows once an officer has left: steps handed over by post, and posts that nobody holds then."""
    steps = held.open_steps(conn, officer.person)
    for each in steps:
        yield gettext(
            "手上开着 %(n)d 步：%(post)s · %(organ)s，放回待领，草稿留着。",
            n=each.steps,
            post=words.post(each.post, book),
            organ=pick(each.organ_name.name, each.organ_name.name_en),
        )
    if not steps:
        yield gettext("手上没有开着的步骤。")
    for post in officer.held(clock.local_date(clock.now())):
        yield alone(conn, post, book)


def alone(conn: Connection, post: Post, book: Book) -> str:
    """Return who is left for a post without its holder, in a sentence; a warning where nobody is."""
    name = f"“{post_name(post, book)}”"
    others = held.other_holders(conn, post.post, post.organ, post.person, clock.local_date(clock.now()))
    if others:
        return gettext("%(post)s还有%(names)s。", post=name, names=words.joined_names(others))
    if steps := held.waiting_steps(conn, post.post, post.organ):
        return gettext("%(post)s以后没有人了，现有 %(steps)d 步开着，会没人能办：先授予别人。", post=name, steps=steps)
    return gettext("%(post)s以后没有人了，转到这里的步骤会没人能办。", post=name)
