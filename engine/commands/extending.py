"""Extensions of a statutory limit: the completed step approves one, and the statute's clock is counted anew.

The promise stays: the law extends its own limit (Administrative Licensing Law art. 42), not the county's word.
"""

from __future__ import annotations

from dataclasses import replace

from engine.commands.agreed import asked_in, keep_apart
from engine.commands.clocks import counted, recount
from engine.commands.numbering import next_number
from engine.commands.settling import Settling
from engine.db import stops as stored
from engine.db.find import StepRow
from engine.db.record import Entry
from engine.errors import NotExtendable
from engine.model import Event, ExtendRule
from engine.rules import extending, raising

NOTICE = "extension"  # kind of the document that tells the applicant


def extend(now: Settling, completed: tuple[StepRow, str] | None) -> None:
    """Do what the completed step declares of extensions.

    Raises:
        NotExtendable, TooLateToExtend: the law does not allow it, or not now, or not by this post.
        SamePerson, NotApproved: who asked for it approves it, or nobody asked.
    """
    if completed is None:
        return
    step, outcome = completed
    for rule in (s.extend for s in now.case.program.item.steps.values() if s.extend is not None):
        if rule.request == step.path and any(name in now.form for name in extending.FIELDS):
            _refuse(now, rule, extending.asked(now.form))
    declared = now.case.program.item.steps[step.path].extend
    if declared is not None and (not declared.on or outcome in declared.on):
        _extend(now, step, declared)


def _refuse(now: Settling, rule: ExtendRule, asked: extending.Asked) -> None:
    clock, law = now.clocks.get(f"statute:{rule.rule}"), now.ctx.book.limits[rule.rule]
    given = raising.given(now.case.program.item, now.case.acts, rule.rule)
    if refusal := extending.bar(law, clock, given, now.on, asked):
        raise refusal


def _extend(now: Settling, step: StepRow, declared: ExtendRule) -> None:
    rule = now.ctx.book.limits[declared.rule]
    asker = asked_in(now, declared.request)
    keep_apart(now, asker, step.path, {now.ctx.person})
    if rule.extension is not None and step.post != rule.extension.post:
        raise NotExtendable(rule=rule.name, why=extending.OTHER_POST, basis=rule.id)
    asked = extending.asked(stored.asked(now.ctx.conn, asker.step or 0))
    _refuse(now, declared, asked)
    clock = now.clocks[f"statute:{rule.id}"]
    longer = counted(now, replace(clock, extended=clock.extended + asked.amount))
    facts = {
        "key": clock.key,
        "amount": asked.amount,
        "unit": clock.unit.value,
        "document": next_number(now, NOTICE),
    }
    now.change.trace(Entry(type=Event.CLOCK_EXTENDED, step=step.path, rule=rule.id, due_on=longer.due_on, facts=facts))
    recount(now, clock, longer, "extension")
