"""Send copies of a case to colleagues: they may read it from then on, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from engine.commands import cases
from engine.commands.cases import Case
from engine.commands.forms import finding
from engine.commands.involved import has_hand, not_own, own_post, said, waits_for
from engine.db import memos, record, staff
from engine.db.context import Context
from engine.db.memos import Memo, MemoKind
from engine.db.read import people
from engine.db.record import Change, Entry
from engine.db.staff import Known
from engine.errors import CopiedAlready, Invalid, MayNotSee, NoHand, NotFound
from engine.model import Assignment, CaseState, Event
from engine.rules.book import Book
from engine.rules.task import concerns

AUDIENCES = ("desk", "monitor", "audit")  # whose posts see cases; administrators do not (SOD-26)
BLIND = ("administrator", "security_administrator", "audit_administrator")
MOST = 20  # officers of one copy


def copy(ctx: Context, case_id: int, *, to: Sequence[int], text: str) -> int:
    """Send a copy of a case, whatever its state, to officers; return its id. It gives no right to act.

    By an officer with a hand in the case, or whose post an open step of it waits for, or a monitor. Everybody gets one
    copy of a case.

    Raises:
        NoHand: the actor is none of these.
        OwnCase: the actor is the applicant or the agent.
        MayNotSee: one of them holds no post that sees cases, or administers, or is a party to the case (SOD-26), or it
            is a complaint about him (SOD-21).
        CopiedAlready: one of them has got a copy of this case before.
        NotFound: one of them is no officer.
        Invalid: nobody is named, too many are, or the text is empty or too long.
    """
    case = cases.by_id(ctx, case_id, "copy", tuple(CaseState))
    post = _by_whom(ctx, case)
    named = list(dict.fromkeys(to))
    if not named or len(named) > MOST:
        raise Invalid(findings=(finding("copy", "to", f"name one to {MOST} officers"),))
    words = said("copy", "text", text)
    officers = _permitted(ctx, case, named)
    entry = Entry(
        type=Event.CASE_COPIED,
        post=post.post,
        assignment=post.id,
        facts={"to": [each.pseudonym for each in officers]},
    )
    record.save(ctx, case.id, case.version, case.head, Change(entries=[entry]))
    memos.tell(ctx, [Memo(person=each.person, kind=MemoKind.COPY, case=case.id, text=words) for each in officers])
    return case.id


def sees_cases(posts: Sequence[Assignment], book: Book) -> bool:
    """Return whether somebody with these posts may be shown cases at all."""
    codes = [post.post for post in posts]
    return any(book.posts[code].audience in AUDIENCES for code in codes) and not set(codes) & set(BLIND)


def _by_whom(ctx: Context, case: Case) -> Assignment:
    not_own(ctx, case)
    post = own_post(ctx, "monitor") or waits_for(ctx, case)
    if post is None and has_hand(ctx.person, case):
        post = own_post(ctx)
    if post is None:
        raise NoHand()
    return post


def _permitted(ctx: Context, case: Case, named: Sequence[int]) -> list[Known]:
    known = staff.known(ctx.conn, named)
    posts = people.assignments(ctx.conn, named, ctx.today)
    copied = memos.copied(ctx.conn, case.id)
    for person in named:
        if person not in known:
            raise NotFound(what="officer", key=str(person))
        name = known[person].name
        if not sees_cases(posts[person], ctx.book) or person in (ctx.person, case.applicant, case.agent):
            raise MayNotSee(holder=name, basis="SOD-26")
        if case.complained and concerns(person, posts[person], case.complained):
            raise MayNotSee(holder=name, basis="SOD-21")
        if person in copied:
            raise CopiedAlready(holder=name)
    return [known[person] for person in named]
