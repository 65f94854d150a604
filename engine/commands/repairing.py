"""Repair a case whose flow could not go on: one person proposes, another approves; it is never done by one alone.

`retry`: the case is open again with its flow as it was, for a cause that is gone. `continue`: its flow goes on at a
declared step. Who has a hand in the case takes no part in it.
"""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum

from engine.bpmn import run
from engine.bpmn.program import Program
from engine.bpmn.run import Moved, NotThere
from engine.commands import cases, forms
from engine.commands.cases import Case
from engine.commands.permit import by_post, impartial
from engine.commands.proposing import propose
from engine.commands.settle import settle
from engine.db import drafts, record
from engine.db.context import Connection, Context
from engine.db.proposals import Proposal
from engine.db.record import Change, Entry
from engine.errors import EngineFault, Invalid, NotInFault
from engine.model import Assignment, CaseState, Event
from engine.rules.permission import Hands

KIND = "repair"
PROPOSERS = ("flow_manager",)
POSTS = ("flow_manager", "list_manager")
ACT = "流程修复"  # as messages name it


class How(StrEnum):
    RETRY = "retry"
    CONTINUE = "continue"


def propose_repair(ctx: Context, case_id: int, *, how: str, at: str = "", reason: str) -> int:
    """Propose to repair a case in fault; return the proposal's id. `at`: path of the step at which it continues.

    Raises:
        NotYourRole: the actor is no flow manager.
        OwnCase, SamePerson: the actor is the applicant or the agent, or has a hand in the case.
        NotInFault: the case needs no repair.
        Invalid: no reason, an unknown way, or a step at which the flow cannot continue.
        EngineFault: the flow could not go on from there either.
    """
    ctx.subject.verb = "propose_repair"
    by_post(ctx, *PROPOSERS)
    case = cases.by_id(ctx, case_id, "propose_repair", tuple(CaseState))
    post = _permit(ctx, case, PROPOSERS)
    if case.state is not CaseState.FAULT:
        raise NotInFault()
    if not reason.strip():
        raise Invalid(findings=(forms.finding("repair", "reason", "say why"),))
    if how not in list(How) or (how == How.CONTINUE) != bool(at):
        message = "say either retry, or continue and the step at which"
        raise Invalid(findings=(forms.finding("repair", "how", message),))
    if at:
        _placed(case, at)
    body = {
        "case": case.id,
        "number": case.number,
        "how": how,
        "at": at,
        "reason": reason.strip(),
        "fault": json.loads(case.fault_json or "{}"),
        "state": _digest(case),
    }
    return propose(ctx, KIND, forms.text(body), post, about=case.number)


def repair_places(conn: Connection, definition: int, sha256: str, state: bytes) -> list[str]:
    """Return the paths of the declared steps at which a case could continue, in the order of the file."""
    program = cases.definition(conn, definition, sha256).program
    return [path for path in program.item.steps if _can(program, state, path)]


def carry_out(ctx: Context, proposal: Proposal) -> str:
    """Repair as proposed, if the case is still as it was then; return `number: how, step`."""
    body = json.loads(proposal.body_json)
    case = cases.by_id(ctx, body["case"], ctx.subject.verb, tuple(CaseState))
    post = _permit(ctx, case, POSTS)
    fault = json.loads(case.fault_json or "{}")
    if case.state is not CaseState.FAULT or fault != body["fault"] or _digest(case) != body["state"]:
        raise NotInFault()
    change = Change(case={"state": CaseState.OPEN.value, "fault_json": None})
    facts = {"proposal": proposal.id, "how": body["how"], "at": body["at"]}
    cause = change.trace(Entry(type=Event.CASE_REPAIRED, post=post.post, assignment=post.id, facts=facts))
    if at := body["at"]:
        moved = _placed(case, at)
        settle(ctx, case, moved, change, when=ctx.now, cause=cause, form={}, why=KIND)
        drafts.forget_of_steps(ctx.conn, [step.id for step in case.open_steps if step.token in moved.closed])
    record.save(ctx, case.id, case.version, case.head, change)
    return ", ".join(filter(None, (f"{case.number}: {body['how']}", at)))


def _permit(ctx: Context, case: Case, posts: tuple[str, ...]) -> Assignment:
    """Return the post by which the actor takes part in a repair."""
    post = by_post(ctx, *posts, item=case.item)
    hands = Hands(
        applicant=case.applicant,
        agent=case.agent,
        acts=case.acts,
        held=[(step.path, step.claimed_by) for step in case.open_steps],
        names={path: step.name for path, step in case.program.item.steps.items()},
        standings=case.standings,
    )
    impartial(ctx, ACT, hands, number=case.number, definition=case.sha256)
    return post


def _can(program: Program, state: bytes, path: str) -> bool:
    try:
        run.place(program, state, path)
    except (NotThere, EngineFault):
        return False
    return True


def _placed(case: Case, at: str) -> Moved:
    """Return the move that opens a step of a case, ending what stands in its way."""
    try:
        return run.place(case.program, case.engine_state, at)
    except NotThere:
        message = f"the flow cannot continue at '{at}'; name a declared step that is not one of several instances"
        raise Invalid(findings=(forms.finding("repair", "at", message),)) from None


def _digest(case: Case) -> str:
    """Return what a repair was proposed for: version of the definition and state of the flow. Time may run on."""
    return hashlib.sha256(case.sha256.encode() + case.engine_state).hexdigest()
