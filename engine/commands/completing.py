"""Complete a step: outcome, form and opinion, by the person who holds it; two-person steps need two signatures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.bpmn import run
from engine.commands import cases, documents, forms
from engine.commands.cases import Case
from engine.commands.claims import own, unclaimed
from engine.commands.correcting import permit_notice
from engine.commands.drafts import Paper, hand_over
from engine.commands.permit import by_applicant, permit
from engine.commands.settle import settle
from engine.db import drafts, record
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.record import Change, Entry
from engine.errors import OutcomeDiffers, TimeFirst, UnknownOutcome
from engine.model import ActKind, Assignment, Event, Step
from engine.rules.signatures import standing

DONE = "done"  # the outcome of a step that declares none


@dataclass(frozen=True, kw_only=True)
class Completed:
    """What became of it. `signed` of `needed` persons have signed; the step is done when they are equal."""

    case: int
    signed: int
    needed: int
    closed: bool


def complete(
    ctx: Context,
    step_id: int,
    *,
    outcome: str,
    form: Mapping[str, Any],
    opinion: str,
    papers: Sequence[Paper] = (),
) -> Completed:
    """Do a step: an officer one that he has claimed, the applicant one that is open to him (commands.answer).

    Raises:
        Refused: the actor may not act on it, or does not hold it, or the first signatory found something else.
        Invalid: the outcome is unknown or the form is not filled in as its schema says.
        StepClosed, CaseMoved: somebody was faster.
        CaseFaulted: the flow cannot go on; the case is in state fault now, and the step is as it was.
        TimeFirst: a timer is past its instant and has not fired yet; what the law makes of silence is not overtaken.
    """
    case = cases.of_step(ctx, step_id, "complete")
    step = case.step(step_id)
    assignment = _by_whom(ctx, case, step)
    if case.late:
        raise TimeFirst()
    declared = case.program.item.steps[step.path]
    _known(declared, outcome)
    forms.check(case.source, step.path, form, outcome)
    documents.may_serve(ctx, case, declared)
    permit_notice(ctx, case, declared, outcome, form)
    earlier = standing(case.acts, step.id)
    if earlier and earlier[0].outcome != outcome:
        raise OutcomeDiffers(first=str(earlier[0].outcome), basis="SOD-05")
    change = Change()
    signed = len(earlier) + 1
    _note(ctx, case, step, assignment, change, outcome, form, opinion, signed, papers)
    if signed < declared.persons.min:
        _wait_for_another(ctx, case, step, change)
        return Completed(case=case.id, signed=signed, needed=declared.persons.min, closed=False)
    decides = forms.decides(case.source, step.path, form)
    cases.moving(ctx, case)
    moved = run.complete(case.program, case.engine_state, step.token, outcome, decides)
    entry, done = change.entries[-1], (step, outcome)
    settle(ctx, case, moved, change, when=ctx.now, cause=entry.id, form=form, completed=done, why=step.path)
    record.save(ctx, case.id, case.version, case.head, change)
    hand_over(ctx, case.id, papers)
    drafts.forget_of_steps(ctx.conn, [s.id for s in case.open_steps if s.token in moved.closed])
    return Completed(case=case.id, signed=signed, needed=declared.persons.min, closed=moved.ended is not None)


def _by_whom(ctx: Context, case: Case, step: StepRow) -> Assignment | None:
    """Return the post by which the actor does the step; None: it is the applicant, and no officer holds the step."""
    if by_applicant(ctx, case, step):
        unclaimed(ctx, step)
        return None
    assignment = permit(ctx, case, step)
    own(ctx, step)
    return assignment


def _known(declared: Step, outcome: str) -> None:
    possible = declared.outcomes or (DONE,)
    if outcome not in possible:
        raise UnknownOutcome(outcome=outcome, possible=", ".join(possible))


def _note(
    ctx: Context,
    case: Case,
    step: StepRow,
    assignment: Assignment | None,
    change: Change,
    outcome: str,
    form: Mapping[str, Any],
    opinion: str,
    signed: int,
    papers: Sequence[Paper],
) -> None:
    """Record the act, what was filled in, and the event that commits to it."""
    needed = case.program.item.steps[step.path].persons.min
    last = signed >= needed
    written: dict[str, Any] = {"form": dict(form), "opinion": opinion}
    if papers:
        written["files"] = [{"name": p.name, "sha256": p.kept.sha256, "size": p.kept.size} for p in papers]
    body = forms.text(written)
    salt, commitment = record.payload(body.encode())
    change.acts.append(
        {
            "case_": case.id,
            "step": step.id,
            "path": step.path,
            "person": ctx.person,
            "on_behalf_of": None,
            "assignment": assignment.id if assignment else None,
            "kind": (ActKind.COMPLETE if last else ActKind.SIGN).value,
            "outcome": outcome,
            "at": ctx.now,
        }
    )
    change.forms.append(
        {
            "case_": case.id,
            "step": step.id,
            "path": step.path,
            "person": ctx.person,
            "body_json": body,
            "salt": salt,
            "at": ctx.now,
        }
    )
    facts = {"round": step.round, "signed": signed} if last else {"signed": signed, "needed": needed}
    change.trace(
        Entry(
            type=Event.STEP_COMPLETED if last else Event.STEP_SIGNED,
            step=step.path,
            post=assignment.post if assignment else None,
            assignment=assignment.id if assignment else None,
            outcome=outcome,
            due_on=step.due_on,
            data=commitment,
            facts=facts,
        )
    )


def _wait_for_another(ctx: Context, case: Case, step: StepRow, change: Change) -> None:
    """The step goes back to the pool for the next signatory."""
    record.released(ctx, step.id)
    record.save(ctx, case.id, case.version, case.head, change)
    drafts.forget_of_steps(ctx.conn, [step.id], ctx.person)
