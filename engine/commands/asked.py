"""Who is asked for an opinion on a step, and whom the step waits for."""

from __future__ import annotations

from collections.abc import Iterable

from engine.commands.cases import Case
from engine.db import signers
from engine.db.context import Context
from engine.db.find import StepRow
from engine.db.signers import Signer
from engine.errors import HasPart, SignersMissing
from engine.model import Assignment
from engine.rules.signatures import standing, verdict

BEFORE, AFTER, DELEGATE = KINDS = ("before", "after", "delegate")


def on(ctx: Context, case: Case, step: StepRow) -> tuple[Signer, ...]:
    """Return who is asked on a step or has answered there; nothing is read where the case has nobody."""
    return signers.of_step(ctx.conn, step.id) if case.asked else ()


def open_before(asked: Iterable[Signer]) -> list[Signer]:
    """Return those whose opinion must come before the holder acts: added before, and delegates."""
    return [signer for signer in asked if signer.kind != AFTER and signer.signed_at is None]


def open_after(asked: Iterable[Signer]) -> list[Signer]:
    """Return those whose opinion on the finding has not come."""
    return [signer for signer in asked if signer.kind == AFTER and signer.signed_at is None]


def missing(waits: Iterable[Signer]) -> SignersMissing:
    """Return the refusal that names whom the step waits for."""
    return SignersMissing(officers="、".join(signer.name for signer in waits))


def found(case: Case, step: StepRow) -> str | None:
    """Return what the signatures that stand on an open step come to: then it waits for who is asked afterwards."""
    declared = case.program.item.steps[step.path]
    return verdict(declared.persons, declared.outcomes, [str(a.outcome) for a in standing(case.acts, step.id)])


def apart(ctx: Context, case: Case, step: StepRow, post: Assignment) -> tuple[Signer, ...]:
    """Make sure that the actor, or whom the actor stands in for, is not asked on the step, and it is not decided.

    Raises:
        HasPart: the actor is asked for an opinion on it, or has given one.
        SignersMissing: it was signed, and waits for who is asked afterwards.
    """
    asked = on(ctx, case, step)
    if any(signer.person in (ctx.person, post.on_behalf) for signer in asked):
        raise HasPart()
    if asked and found(case, step) is not None:
        raise missing(open_after(asked))
    return asked
