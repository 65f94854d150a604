"""What follows from a change of posts, in sentences: who is left, what excludes what, what is handed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from engine import clock
from engine.db.read import posts as held
from engine.db.read.officers import Absence, Officer
from engine.db.read.posts import Post
from engine.db.store import Connection
from engine.rules.book import Book
from engine.rules.granting import Wanted, caution, refusal
from engine.rules.separation import excluded
from webui import words
from webui.language import gettext, pick


def organ_of(post: Post) -> str:
    """Return the name of the organ of a post."""
    return pick(post.organ_name.name, post.organ_name.name_en)


def post_name(post: Post, book: Book) -> str:
    """Return a post with its organ: `审查岗 · 行政审批局`."""
    return gettext("%(post)s · %(organ)s", post=words.post(post.post, book), organ=organ_of(post))


def bound(conn: Connection, officer: Officer, today: date) -> tuple[str, ...]:
    """Return the posts that bind an officer: his own, and those of whoever stands in for him or the other way round.

    Source: SOD-16, a stand-in counts as both persons.
    """
    registered = [each for each in held.stand_ins(conn, officer.person) if not each.is_over(today)]
    partners = {each.holder for each in registered} | {each.person for each in registered}
    posts = held.of(conn, partners | {officer.person})
    return tuple(dict.fromkeys(each.post for each in posts if not each.is_over(today)))


def barred(status: str, have: Sequence[str], code: str, book: Book) -> str:
    """Return why somebody of this status, bound by these posts, may not be given another one, else empty."""
    refused = refusal(status, have, Wanted(post=code, from_on=date.max, writing="-"), book)
    clash = excluded([*have, code], book.exclusions)
    if refused is None:
        return ""
    if clash:
        other = clash[1] if clash[2] == code else clash[2]
        return gettext("与“%(post)s”不得兼任（%(rule)s）", post=words.post(other, book), rule=clash[0].rule)
    return gettext("%(status)s不任这个岗位（%(rule)s）", status=words.known(words.STATUSES, status), rule=refused.basis)


def cautioned(have: Sequence[str], code: str, book: Book) -> str:
    """Return a warning where a constraint advises against this post beside those, else empty; it stops nothing."""
    found = book.constraints.get(caution(have, code, book))
    return gettext("提示：%(name)s（%(rule)s）。", name=pick(found.name, found.name_en), rule=found.id) if found else ""


def tier_name(code: str | None, book: Book) -> str:
    """Return the name of a tier of amounts; without one nothing is decided that has tiers (SOD-14)."""
    found = book.tiers.by_code.get(code or "")
    return pick(found.name, found.name_en) if found else code or gettext("不定档次（分档的步骤不能决定）")


def after_post(conn: Connection, post: Post, book: Book) -> Iterator[str]:
    """Yield what follows once a post is ended: steps in hand, and whether anybody else holds it there."""
    count = sum(each.steps for each in held.open_steps(conn, post.person) if each.post == post.post)
    if count:
        yield gettext("本人按这个岗位领着 %(n)d 步，收回时放回待领，草稿留着。", n=count)
    today = clock.local_date(clock.now())
    left = [each for each in held.of(conn, [post.person]) if each.id != post.id and not each.is_over(today)]
    if all(book.posts[each.post].audience != "desk" for each in left):
        yield from _unanswered(conn, post.person)
    yield alone(conn, post, book)


def after_return(away: Absence, today: date) -> Iterator[str]:
    """Yield what follows once an absence is ended early."""
    if today < away.from_on:
        yield gettext("这次外出还没有开始；最后一天早于第一天的，就是不再外出。")
    yield gettext("本人回来以后代岗人不再代办，代岗人领着的步骤放回待领，草稿留着。")


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
    yield from _unanswered(conn, officer.person)
    for post in officer.held(clock.local_date(clock.now())):
        yield alone(conn, post, book)


def _unanswered(conn: Connection, person: int) -> Iterator[str]:
    if count := held.open_questions(conn, person):
        yield gettext("有 %(n)d 步在等其意见：以后不再等，办理人会收到消息；只等这条意见的，随即按签名办出。", n=count)


def alone(conn: Connection, post: Post, book: Book) -> str:
    """Return who is left for a post without its holder, in a sentence; a warning where nobody is."""
    name = f"“{post_name(post, book)}”"
    others = held.other_holders(conn, post.post, post.organ, post.person, clock.local_date(clock.now()))
    if others:
        return gettext("%(post)s还有%(names)s。", post=name, names=words.joined_names(others))
    if steps := held.waiting_steps(conn, post.post, post.organ):
        return gettext("%(post)s以后没有人了，现有 %(steps)d 步开着，会没人能办：先授予别人。", post=name, steps=steps)
    return gettext("%(post)s以后没有人了，转到这里的步骤会没人能办。", post=name)
