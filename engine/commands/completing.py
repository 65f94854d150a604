"""Complete a step: outcome, form and opinion, by the person who holds it, or by several as the step declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.commands import asked, cases, deciding, documents, forms, noting
from engine.commands.cases import Case
from engine.commands.claims import own, unclaimed
from engine.commands.correcting import permit_notice
from engine.commands.drafts import Paper, hand_over
from engine.commands.finishing import finish
from engine.commands.permit import by_applicant, permit
from engine.commands.staffing.guard import Role, Share, permit_share
from engine.db import drafts, record, signers
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.record import Change, Entry
from engine.db.signers import Signer
from engine.errors import HasPart, OutcomeDiffers, TimeFirst, UnknownOutcome
from engine.model import Act, ActKind, Assignment, Event, Step
from engine.rules.signatures import same, standing, verdict

DONE = "done"  # the outcome of a step that declares none


@dataclass(frozen=True, kw_only=True)
class Completed:
    """What became of it. `signed` of `needed` persons have signed; the step is done when they are equal.

    `needed` counts the opinions that the step waits for, too; fewer are needed where fewer decide it.
    """

    case: int
    signed: int
    needed: int
    closed: bool


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What somebody found on a step, and filled in: `papers` only from an applicant."""

    outcome: str
    form: Mapping[str, Any]
    opinion: str
    papers: Sequence[Paper] = ()

    @property
    def written(self) -> dict[str, Any]:
        """What is kept of it beside the trace."""
        files = [{"name": p.name, "sha256": p.kept.sha256, "size": p.kept.size} for p in self.papers]
        return {"form": dict(self.form), "opinion": self.opinion} | ({"files": files} if files else {})


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

    A step that several persons sign is done when the signatures come to a verdict (rules/signatures); one on which
    somebody is asked afterwards, when the last opinion has come (commands/signing); one decided by vote, by its chair
    (commands/deciding).

    Raises:
        Refused: the actor may not act on it, or does not hold it, or the first signatory found something else.
        SignersMissing: who is asked before has not given the opinion.
        Invalid: the outcome is unknown or the form is not filled in as its schema says.
        StepClosed, CaseMoved: somebody was faster.
        CaseFaulted: the flow cannot go on; the case is in state fault now, and the step is as it was.
        TimeFirst: a timer is past its instant and has not fired yet; what the law makes of silence is not overtaken.
    """
    case = cases.of_step(ctx, step_id, "complete")
    step = case.step(step_id)
    declared = case.program.item.steps[step.path]
    council = deciding.presided(ctx, case, step) if declared.collective else None
    assignment = council.chair_post if council else _by_whom(ctx, case, step)
    if case.late:
        raise TimeFirst()
    finding = Finding(outcome=outcome, form=form, opinion=opinion, papers=papers)
    _fits(ctx, case, declared, finding)
    if council:
        permit_share(ctx, case, Share(step.id, ctx.person, Role.VOTE))
        present = deciding.conclude(ctx, council, outcome, form)
        return _done(ctx, case, step, assignment, finding, present)
    waits = _asked(ctx, case, step, assignment)
    earlier = standing(case.acts, step.id)
    if same(declared.persons) and earlier and earlier[0].outcome != outcome:
        raise OutcomeDiffers(first=str(earlier[0].outcome), basis="SOD-05")
    found = verdict(declared.persons, declared.outcomes, [str(a.outcome) for a in earlier] + [outcome])
    if found is None or waits:
        return _sign(ctx, case, step, assignment, finding, earlier, waits if found else None)
    return _done(ctx, case, step, assignment, finding, len(earlier) + 1)


def _by_whom(ctx: Context, case: Case, step: StepRow) -> Assignment | None:
    """Return the post by which the actor does the step; None: it is the applicant, and no officer holds the step."""
    if by_applicant(ctx, case, step):
        unclaimed(ctx, step)
        return None
    assignment = permit(ctx, case, step)
    own(ctx, step)
    return assignment


def _fits(ctx: Context, case: Case, declared: Step, finding: Finding) -> None:
    possible = declared.outcomes or (DONE,)
    if finding.outcome not in possible:
        raise UnknownOutcome(outcome=finding.outcome, possible=", ".join(possible))
    forms.check(case.source, declared.path, finding.form, finding.outcome)
    documents.may_serve(ctx, case, declared)
    permit_notice(ctx, case, declared, finding.outcome, finding.form)


def _asked(ctx: Context, case: Case, step: StepRow, assignment: Assignment | None) -> list[Signer]:
    """Return who is asked afterwards, once all who are asked before have answered.

    Raises:
        HasPart: the actor is asked himself, or whom he stands in for.
        SignersMissing: one has not.
    """
    found = asked.on(ctx, case, step)
    doing = (ctx.person, assignment.on_behalf if assignment else None)
    if any(signer.person in doing for signer in found):
        raise HasPart()
    if before := asked.open_before(found):
        raise asked.missing(before)
    return [signer for signer in found if signer.kind == asked.AFTER]


def _sign(
    ctx: Context,
    case: Case,
    step: StepRow,
    assignment: Assignment | None,
    finding: Finding,
    earlier: Sequence[Act],
    waits: Sequence[Signer] | None,
) -> Completed:
    """Record a signature that does not end the step. `waits`: only their opinions are missing; the holder keeps it."""
    signed = len(earlier) + 1
    needed = signed + len(waits) if waits else case.program.item.steps[step.path].persons.min
    change = Change()
    _note(ctx, case, step, assignment, change, finding, ActKind.SIGN, {"signed": signed, "needed": needed})
    if waits is None:
        record.released(ctx, step.id)
    elif again := [signer.id for signer in waits if signer.signed_at is not None]:
        signers.ask_again(ctx.conn, again)
    record.save(ctx, case.id, case.version, case.head, change)
    drafts.forget_of_steps(ctx.conn, [step.id], ctx.person)
    return Completed(case=case.id, signed=signed, needed=needed, closed=False)


def _done(
    ctx: Context,
    case: Case,
    step: StepRow,
    assignment: Assignment | None,
    finding: Finding,
    signed: int,
) -> Completed:
    """Record what ends the step, and move the case on. Who ends it has found what the step comes to."""
    change = Change()
    facts = {"round": step.round, "signed": signed}
    cause = _note(ctx, case, step, assignment, change, finding, ActKind.COMPLETE, facts)
    moved = finish(ctx, case, step, change, outcome=finding.outcome, form=finding.form, cause=cause)
    hand_over(ctx, case.id, finding.papers)
    return Completed(case=case.id, signed=signed, needed=signed, closed=moved.ended is not None)


def _note(
    ctx: Context,
    case: Case,
    step: StepRow,
    assignment: Assignment | None,
    change: Change,
    finding: Finding,
    kind: ActKind,
    facts: Mapping[str, Any],
) -> str:
    """Record the act, what was filled in, and the event that commits to it; return the event's id."""
    change.acts.append(noting.act(ctx, case, step, assignment, kind, finding.outcome))
    return change.trace(
        Entry(
            type=Event.STEP_COMPLETED if kind is ActKind.COMPLETE else Event.STEP_SIGNED,
            step=step.path,
            outcome=finding.outcome,
            due_on=step.due_on,
            data=noting.written(ctx, case, step, change, finding.written),
            facts=facts,
            **noting.by(assignment),
        )
    )
