"""What stays of a refusal when all else is rolled back: its event, a wrong try, and a case whose flow cannot go on."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.db import faults, record
from engine.db import tables as t
from engine.db.context import Context, Subject
from engine.db.record import Entry
from engine.errors import EngineFault, Refused
from engine.model import Event


def write(ctx: Context, subject: Subject, refusal: Refused) -> bool:
    """Write a refusal to the chain of its case, or of the actor's organ; return whether a case is in fault now."""
    ctx.subject.definition = subject.definition
    fault = faults.note(ctx, subject, refusal) if isinstance(refusal, EngineFault) else None
    head = record.case_chain(ctx, subject.chain) if subject.chain else record.organ_chain(ctx)
    held = ctx.assignments[0] if ctx.assignments else None
    common: dict[str, Any] = {
        "step": subject.step,
        "rule": refusal.basis or None,
        "post": held.post if held else None,
        "assignment": held.id if held else None,
        "on_behalf": held.on_behalf_pseudonym if held else None,
    }
    if subject.verb == "sign_in":
        entries = [Entry(type=Event.SIGN_IN_FAILED, facts={"channel": ctx.actor.channel}, **common)]
    else:
        facts = {"verb": subject.verb, "error": refusal.code, "subject": subject.chain, "why": refusal.without_names()}
        entries = [Entry(type=Event.REFUSED, facts=facts, **common)]
    if fault:
        facts = {"verb": fault.verb, "why": fault.why, "at": fault.at}
        entries.append(Entry(type=Event.CASE_FAULTED, facts=facts, **common))
    record.append(ctx, head, entries)
    tries = [{"kind": kind, "subject": what, "at": ctx.now} for kind, what in refusal.tries]
    if tries:
        ctx.conn.execute(sa.insert(t.attempt), tries)
    return fault is not None
