"""Ask whether an officer must keep out of a case, and decide it. No clock stops meanwhile: others take the steps."""

from __future__ import annotations

from collections.abc import Collection
from typing import NoReturn

from engine.commands import cases
from engine.commands.cases import Case
from engine.commands.forms import finding
from engine.db import memos, organs, record, recusals, signers
from engine.db.context import Context
from engine.db.memos import Memo, MemoKind
from engine.db.record import Change, Entry
from engine.db.recusals import RecusalRow
from engine.errors import AlreadyRaised, Invalid, NotDecider, NotFound, NotInCase, VoteGiven
from engine.model import RUNNING, Assignment, Event
from engine.rules import recusal
from engine.rules.permission import PORTAL, held
from engine.rules.recusal import HEAD, MEMBER, RULE, Deciders

LONGEST_REASON = 1000  # characters of a reason


def raise_recusal(ctx: Context, case_id: int, *, officer: int, kind: str, reason: str) -> int:
    """Ask whether an officer must keep out of a case; return the recusal's id.

    An officer asks about himself, a colleague in the case or the applicant with the receipt about another officer in
    it. From now until the decision he may not act in the case; what he holds of it goes back to the pool at once.
    Source: Civil Servants Law art. 76, 77 (SOD-08); Administrative Licensing Law art. 48.

    Raises:
        Invalid: there is no such kind of tie, or no reason.
        NotInCase: who asks, or who is asked about, has no part in the case.
        AlreadyRaised: it is being decided, was decided that he keeps out, or the actor has asked the same before.
        CaseClosed: the case has ended.
    """
    case = cases.by_id(ctx, case_id, "raise_recusal", RUNNING)
    reason = _reason(reason)
    if kind not in recusal.KINDS:
        _refuse("kind", f"say which tie: {', '.join(recusal.KINDS)}")
    organ = _part(ctx, case, officer, _posts_of(ctx, officer))
    if organ is None or not (ctx.person == officer or _asks(ctx, case)):
        raise NotInCase(basis=RULE)
    for earlier in recusals.of_case(ctx.conn, case.id):
        again = (earlier.kind, earlier.raised_by) == (kind, ctx.person)
        if earlier.officer == officer and (earlier.upheld is not False or again):
            raise AlreadyRaised()
    source = _source(ctx, case, officer, kind)
    key = recusals.add(ctx, case=case.id, officer=officer, organ=organ, source=source, kind=kind, reason=reason)
    change = Change()
    facts = {"recusal": key, "officer": recusals.pseudonym(ctx.conn, officer), "source": source, "kind": kind}
    change.trace(Entry(type=Event.RECUSAL_RAISED, rule=RULE, facts=facts))
    for step in (s for s in case.open_steps if s.claimed_by == officer):
        record.released(ctx, step.id)
        change.trace(Entry(type=Event.STEP_RELEASED, step=step.path, by_actor=ctx.person == officer))
    record.save(ctx, case.id, case.version, case.head, change)
    memos.tell(ctx, [Memo(person=officer, kind=MemoKind.RECUSAL, case=case.id)])
    return key


def decide_recusal(ctx: Context, recusal_id: int, *, upheld: bool, reason: str) -> int:
    """Decide whether an officer keeps out of a case, or vote on it in the council; return the recusal's id.

    Upheld, the officer is out of the whole case; what he has done in it stays. Source: Civil Servants Law art. 77.

    Raises:
        NotFound: there is no such recusal.
        NotDecider: others decide it; never the officer himself, nor who asked.
        AlreadyRaised: it has been decided.
        VoteGiven: the actor has voted.
        Invalid: no reason is given.
        CaseClosed: the case has ended.
    """
    found = recusals.one(ctx.conn, recusal_id)
    if found is None:
        raise NotFound(what="recusal", key=str(recusal_id))
    case = cases.by_id(ctx, found.case_, "decide_recusal", RUNNING)
    row = recusals.one(ctx.conn, recusal_id) or found  # as it stands now that the case is locked
    deciding = recusals.deciders(ctx.conn, row, ctx.today)
    post = _decides(ctx, deciding)
    reason = _reason(reason)
    if row.decided_at is not None:
        raise AlreadyRaised()
    facts: dict[str, object] = {"recusal": row.id, "officer": recusals.pseudonym(ctx.conn, row.officer)}
    change, outcome = Change(), upheld
    if deciding.council:
        cast = _voted(ctx, row, deciding, upheld, reason)
        counted = {"voted": len(cast), "members": len(deciding.persons)}
        kind = "upheld" if upheld else "dismissed"
        change.trace(_entry(Event.RECUSAL_VOTED, post, facts | counted, kind))
        together = recusal.decided(cast, len(deciding.persons))
        if together is None:
            record.save(ctx, case.id, case.version, case.head, change)
            return row.id
        outcome = together
    recusals.decide(ctx, row.id, outcome, reason)
    change.trace(_entry(Event.RECUSAL_DECIDED, post, facts | {"upheld": outcome}))
    record.save(ctx, case.id, case.version, case.head, change)
    told = {row.officer, row.raised_by} - {row.applicant, row.agent}  # the applicant reads it in the portal
    memos.tell(ctx, [Memo(person=person, kind=MemoKind.RECUSAL, case=case.id) for person in sorted(told)])
    return row.id


def _decides(ctx: Context, deciding: Deciders) -> Assignment:
    post = MEMBER if deciding.council else HEAD
    if ctx.person not in deciding.persons:
        where = organs.by_id(ctx.conn)[deciding.organ].name if deciding.organ is not None else ""
        raise NotDecider(who=f"{where}{ctx.book.posts[post].name}", basis=RULE)
    return next(a for a in ctx.assignments if (a.post, a.organ, a.on_behalf) == (post, deciding.organ, None))


def _voted(ctx: Context, row: RecusalRow, deciding: Deciders, upheld: bool, reason: str) -> Collection[bool]:
    """Add the actor's vote; return those of all who are members now."""
    earlier = recusals.votes(ctx.conn, row.id)
    if ctx.person in earlier:
        raise VoteGiven(basis=RULE)
    recusals.vote(ctx, row.id, upheld, reason)
    return [*(vote for person, vote in earlier.items() if person in deciding.persons), upheld]


def _entry(event: Event, post: Assignment, facts: dict[str, object], outcome: str | None = None) -> Entry:
    return Entry(type=event, rule=RULE, post=post.post, assignment=post.id, facts=facts, outcome=outcome)


def _asks(ctx: Context, case: Case) -> bool:
    """Return whether the actor may ask about another: the applicant with the receipt, or an officer in the case."""
    if ctx.actor.channel == PORTAL:
        return ctx.person in (case.applicant, case.agent)
    return _part(ctx, case, ctx.person, ctx.assignments) is not None


def _part(ctx: Context, case: Case, officer: int, posts: Collection[Assignment]) -> int | None:
    """Return the organ for which an officer has, had or could have a step of the case; None: he has no part in it.

    The step held comes first, then the last one done, one on which his opinion is asked, and one his post could do.
    """
    if officer in (case.applicant, case.agent):
        return None
    steps = {step.id: step for step in case.steps}
    if holds := next((s for s in case.open_steps if s.claimed_by == officer), None):
        return holds.organ
    done = [act for act in case.acts if officer in (act.person, act.on_behalf)]
    if done:
        last = done[-1]
        return steps[last.step].organ if last.step in steps else last.organ or case.organ
    asked = signers.asked_on(ctx.conn, case.id, officer)
    if on := next((s for s in case.open_steps if s.id in asked), None):
        return on.organ
    return _could(ctx, case, posts)


def _could(ctx: Context, case: Case, posts: Collection[Assignment]) -> int | None:
    known = organs.by_id(ctx.conn)
    places = [(s.post, s.organ, s.lent) for s in case.open_steps]
    places += [(s.post, organs.nearest(known, case.organ, s.organ), False) for s in case.program.item.steps.values()]
    return next((organ for post, organ, lent in places if held(tuple(posts), post, organ, case.item, lent)), None)


def _posts_of(ctx: Context, officer: int) -> Collection[Assignment]:
    """Return the posts of an officer who is asked about: others than oneself must have had a hand in the case."""
    return ctx.assignments if officer == ctx.person else ()


def _source(ctx: Context, case: Case, officer: int, kind: str) -> str:
    if ctx.actor.channel != PORTAL:
        about = recusals.of_persons(ctx.conn, case.id, {officer}, ctx.today)
        if about[officer].tie == kind:
            return "found"
    return "declared" if officer == ctx.person else "asked"


def _reason(given: str) -> str:
    text = given.strip()
    if not text or len(text) > LONGEST_REASON:
        _refuse("reason", f"say why, in at most {LONGEST_REASON} characters")
    return text


def _refuse(where: str, message: str) -> NoReturn:
    raise Invalid(findings=(finding("recusal", where, message),))
