"""Ask somebody for an opinion on a step: before its holder does it, after, or instead of him for a while.

The token stays and the clock runs on. The opinion is an act on the step like the holder's: separation counts it, and
is asked again when it is given (SOD-32). Who is asked cannot take the question away himself.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace

from engine.commands import asked, cases, documents, forms, noting
from engine.commands.asked import AFTER, DELEGATE, KINDS
from engine.commands.cases import Case
from engine.commands.claims import own
from engine.commands.finishing import finish
from engine.commands.permit import permit, task
from engine.commands.staffing.guard import Role, Share, permit_share
from engine.db import find, granting, memos, record, signers, standing
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.memos import Memo, MemoKind
from engine.db.record import Change, Entry
from engine.db.signers import Officer, Signer
from engine.errors import (
    Answered,
    Away,
    HasPart,
    Invalid,
    NoDeskPost,
    NotAsked,
    NotEligible,
    NotFound,
    NotYetAsked,
    NotYourClaim,
    OwnSigner,
    Refused,
    StepClosed,
    TimeFirst,
)
from engine.model import ActKind, Assignment, Event
from engine.rules.permission import bar, held
from engine.rules.signatures import standing as signatures

ADVICE, REASON = "#advise", "#signer"  # behind the step's path: where opinions and reasons are kept
GONE = "请提意见的人不再经办，意见不再等；需要的，另请别人。"  # what the holder is told
DONE = "请提意见的人不再经办，意见不再等；这一步已按签名的结论办出。"


def add_signer(ctx: Context, step_id: int, *, officer: int, kind: str, reason: str) -> int:
    """Ask an officer for an opinion on a step that the actor holds; return the signer's id.

    `before`: the holder completes the step only when the opinion has come. `after`: his completion becomes a signature,
    and the step is done when the opinion on it has come. `delegate`: as before, one at a time; until the opinion has
    come, or is not asked for any more, the step is in the delegate's hands.

    Raises:
        Refused: the actor may not act on the step, or does not hold it.
        SignersMissing: the step is in a delegate's hands.
        NotEligible: the officer may not be asked; `cause` and basis say why.
        NobodyLeft: this or some later step would have nobody then.
        Invalid: an unknown kind, or no reason.
    """
    case = cases.of_step(ctx, step_id, "add_signer")
    step = case.step(step_id)
    assignment = permit(ctx, case, step)
    own(ctx, step)
    if kind not in KINDS:
        message = f"say one of {', '.join(KINDS)}"
        raise Invalid(findings=(forms.finding("signer", "kind", message),))
    text = noting.said(reason, "reason", "say why")
    found = asked.on(ctx, case, step)
    if handed := [s for s in asked.open_before(found) if s.kind == DELEGATE]:
        raise asked.missing(handed)
    chosen = signers.officers(ctx.conn, {officer}, ctx.today).get(officer)
    if chosen is None or not chosen.active:
        raise NotFound(what="officer", key=str(officer))
    if refusal := _unfit(ctx, case, step, chosen, {ctx.person, assignment.on_behalf, *(s.person for s in found)}):
        raise NotEligible(officer=chosen.name, cause=refusal, basis=refusal.basis)
    permit_share(ctx, case, Share(step.id, officer, Role.ASKED))
    new = signers.add(ctx.conn, case=case.id, step=step.id, person=officer, kind=kind, by=ctx.person, at=ctx.now)
    change = Change()
    _traced(ctx, case, step, Event.SIGNER_ADDED, assignment, (kind, chosen.pseudonym), text, change)
    record.save(ctx, case.id, case.version, case.head, change)
    return new


def remove_signer(ctx: Context, signer_id: int, *, reason: str) -> int:
    """Take a question back that has not been answered; return the id of its step.

    By who asked, or who holds the step now. When the signed step waited for this opinion only, it is done.

    Raises:
        OwnSigner: the actor is the one who is asked.
        NotYourClaim: somebody else asked, and holds the step.
        Answered: the opinion has been given, or is not asked for any more.
        Invalid: no reason.
    """
    case, step, found, signer = _of(ctx, signer_id, "remove_signer")
    if signer.person == ctx.person:
        raise OwnSigner()
    if ctx.person not in (signer.asked_by, step.claimed_by):
        raise NotYourClaim(holder=find.name(ctx.conn, step.claimed_by or signer.asked_by))
    text = noting.said(reason, "reason", "say why")
    signers.removed(ctx.conn, signer.id, ctx.now)
    post, change = held(ctx.assignments, step.post, step.organ, case.item, step.lent), Change()
    _traced(ctx, case, step, Event.SIGNER_REMOVED, post, (signer.kind, signer.pseudonym), text, change)
    _go_on(ctx, case, step, [s for s in found if s.id != signer.id], change)
    return step.id


def drop_signer(ctx: Context, signer_id: int) -> bool:
    """Take a question back from who holds no desk post any more, today or later; False when it is not so.

    The system's, in consequence of what two persons decided, each question in its own transaction: no trouble of a
    case keeps an officer from leaving. The holder is told, or who asked; when the signed step waited for this opinion
    only, it is done by its last signatory.
    """
    case, step, found, signer = _of(ctx, signer_id, "drop_signer")
    if any(_is_desk(ctx, post.post) for post in granting.held(ctx.conn, [signer.person], ctx.today, None)):
        return False
    signers.removed(ctx.conn, signer.id, ctx.now)
    facts, change = {"kind": signer.kind, "officer": signer.pseudonym}, Change()
    change.trace(Entry(type=Event.SIGNER_REMOVED, step=step.path, due_on=step.due_on, facts=facts, by_actor=False))
    done = _go_on(ctx, case, step, [s for s in found if s.id != signer.id], change)
    told = step.claimed_by or signer.asked_by
    memo = Memo(person=told, kind=MemoKind.SIGNER, case=case.id, step=step.id, text=DONE if done else GONE)
    memos.tell(ctx, [memo])
    return True


def advise(ctx: Context, signer_id: int, *, opinion: str) -> int:
    """Give the opinion that the actor is asked for; return the id of the step. The last one after a finding ends it.

    Raises:
        NotAsked: somebody else is asked, also for whom the actor stands in.
        SignersMissing: those who are asked before have not answered.
        NotYetAsked: the opinion is on the finding, and there is none.
        Refused: separation forbids that the actor has a part in the step (engine/rules/permission.py).
        Answered, StepClosed, CaseMoved: it is too late.
        Invalid: no opinion.
        TimeFirst: a timer is past its instant and has not fired yet.
    """
    case, step, found, signer = _of(ctx, signer_id, "advise")
    if signer.person != ctx.person:
        raise NotAsked()
    if case.late:
        raise TimeFirst()
    if refusal := _unfit(ctx, case, step, _actor(ctx), {step.claimed_by}):
        raise refusal
    if waits := [s for s in found if s.signed_at is None and _in_turn(s, signer)]:
        raise asked.missing(waits)
    if signer.kind == AFTER and asked.found(case, step) is None:
        raise NotYetAsked()
    text = noting.said(opinion, "opinion", "say what you think")
    post = _desk_post(ctx, _actor(ctx))
    signers.answered(ctx.conn, signer.id, ctx.now)
    change = Change(acts=[noting.act(ctx, case, step, post, ActKind.ADVISE)])
    change.trace(
        Entry(
            type=Event.STEP_ADVISED,
            step=step.path,
            due_on=step.due_on,
            data=noting.written(ctx, case, step, change, {"opinion": text}, step.path + ADVICE),
            facts={"kind": signer.kind, "round": step.round},
            **noting.by(post),
        )
    )
    _go_on(ctx, case, step, [s for s in found if s.id != signer.id], change)
    return step.id


def _of(ctx: Context, signer_id: int, verb: str) -> tuple[Case, StepRow, tuple[Signer, ...], Signer]:
    """Return the open step on which somebody is asked, with all who are, and him."""
    step_id = signers.step_of(ctx.conn, signer_id)
    if step_id is None:
        raise NotFound(what="signer", key=str(signer_id))
    case = cases.of_step(ctx, step_id, verb)
    step = case.step(step_id)
    if step.closed_at is not None:
        raise StepClosed()
    found = signers.of_step(ctx.conn, step.id)
    signer = next((each for each in found if each.id == signer_id), None)
    if signer is None or signer.signed_at is not None:
        raise Answered()
    return case, step, found, signer


def _actor(ctx: Context) -> Officer:
    return Officer(
        person=ctx.person,
        name=ctx.name,
        pseudonym=ctx.pseudonym or "",
        away=False,
        active=True,
        assignments=ctx.assignments,
    )


def _desk_post(ctx: Context, officer: Officer) -> Assignment | None:
    return next((a for a in officer.own if _is_desk(ctx, a.post)), None)


def _is_desk(ctx: Context, post: str) -> bool:
    return ctx.book.posts[post].audience == "desk"


def _unfit(ctx: Context, case: Case, step: StepRow, officer: Officer, taken: Collection[int | None]) -> Refused | None:
    """Return why an officer may have no part in the step.

    An opinion is asked by any desk post; it is no signature, so what the step asks of its holder's post is not asked.
    """
    if officer.away:
        return Away(basis="SOD-32")
    if officer.person in taken:
        return HasPart()
    post = _desk_post(ctx, officer)
    if post is None:
        return NoDeskPost()
    asked_of = task(ctx, case, step)
    demands = replace(asked_of.demands, certified="", tiered="", bound=(), levels=(), counted={})
    as_if = replace(asked_of, post=post.post, organ=post.organ, item=post.item or case.item, demands=demands)
    known = standing.of(ctx.conn, case.id, (officer.person,), ctx.today)[officer.person]
    return bar(officer.person, officer.in_person(post.post), as_if, ctx.book.exclusions, known)


def _in_turn(one: Signer, other: Signer) -> bool:
    return (one.kind == AFTER) == (other.kind == AFTER) and one.position < other.position


def _traced(
    ctx: Context,
    case: Case,
    step: StepRow,
    type: Event,
    post: Assignment | None,
    asked_of: tuple[str, str],
    reason: str,
    change: Change,
) -> None:
    """Trace that somebody is asked, or is not any more. `asked_of`: kind and pseudonym."""
    kind, officer = asked_of
    change.trace(
        Entry(
            type=type,
            step=step.path,
            due_on=step.due_on,
            data=noting.written(ctx, case, step, change, {"reason": reason}, step.path + REASON),
            facts={"kind": kind, "officer": officer},
            **noting.by(post),
        )
    )


def _go_on(ctx: Context, case: Case, step: StepRow, rest: Sequence[Signer], change: Change) -> bool:
    """Save what was done; where the step was signed and waits for nobody of the `rest`, it is done now: True."""
    outcome = asked.found(case, step)
    if outcome is None or asked.open_after(rest):
        record.save(ctx, case.id, case.version, case.head, change)
        return False
    if case.late:
        raise TimeFirst()
    documents.may_serve(ctx, case, case.program.item.steps[step.path])
    signed = signatures(case.acts, step.id)
    last = signed[-1]
    who = signers.signature(ctx.conn, step.id, step.path, last.person)
    change.acts.append(
        noting.act(ctx, case, step, None, ActKind.COMPLETE, outcome)
        | {"person": last.person, "on_behalf_of": last.on_behalf, "assignment": who.assignment}
    )
    cause = change.trace(
        Entry(
            type=Event.STEP_COMPLETED,
            step=step.path,
            post=step.post,
            assignment=who.assignment,
            on_behalf=who.pseudonym if last.person != ctx.person else None,
            outcome=outcome,
            due_on=step.due_on,
            facts={"round": step.round, "signed": len(signed)},
        )
    )
    holder = replace(ctx, actor=replace(ctx.actor, person=last.person), name=who.name)
    form = json.loads(who.body_json).get("form", {})
    finish(ctx, case, step, change, outcome=outcome, form=form, cause=cause, holder=holder)
    return True
