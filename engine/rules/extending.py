"""Extensions of a statutory limit: how much, how often, until when, by whom. No clock, no database.

Sources: Administrative Licensing Law art. 42 (the head of the organ may add ten days once and tells the applicant why)
and its like, as the rule book has them; SOD-18 (who asks does not approve).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.errors import NotExtendable, Refused, TooLateToExtend
from engine.model import Clock
from engine.rules.rule import Rule

FIELDS = ("extend_days", "extend_reason")  # of the form that asks for an extension
NOT_KNOWN = "the law knows no extension of it"
NOT_RUNNING = "it does not run"
GIVEN = "it has been extended as often as the law allows"
TOO_MUCH = "the law allows less"
NO_REASON = "the reason must be given"
OTHER_POST = "another post must approve it"
WHYS = (NOT_KNOWN, NOT_RUNNING, GIVEN, TOO_MUCH, NO_REASON, OTHER_POST)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What was asked for. `amount`: in the unit of the rule."""

    amount: int
    reason: str


def asked(form: Mapping[str, Any]) -> Asked:
    """Return what a form asks for; what is missing is 0 or empty, and `bar` refuses it."""
    amount, reason = (form.get(name) for name in FIELDS)
    whole = isinstance(amount, int) and not isinstance(amount, bool)
    return Asked(amount=int(amount or 0) if whole else 0, reason=str(reason or "").strip())


def bar(rule: Rule, clock: Clock | None, given: int, today: date, wanted: Asked | None = None) -> Refused | None:
    """Return why a limit cannot be extended today, or None. `clock`: the rule's run; `given`: extensions before.

    `wanted` None: whether it could be at all.
    """
    allowed = rule.extension
    if allowed is None or not allowed.post:
        return NotExtendable(rule=rule.name, why=NOT_KNOWN, basis=rule.id)
    if clock is None or clock.ended_on is not None:
        return NotExtendable(rule=rule.name, why=NOT_RUNNING, basis=rule.id)
    if given >= allowed.times:
        return NotExtendable(rule=rule.name, why=GIVEN, basis=rule.id)
    if allowed.before_expiry and today > clock.due_on:
        return TooLateToExtend(rule=rule.name, due_on=clock.due_on, basis=rule.id)
    if wanted is None:
        return None
    if not 1 <= wanted.amount <= allowed.amount:
        return NotExtendable(rule=rule.name, why=TOO_MUCH, basis=rule.id)
    if allowed.reason and not wanted.reason:
        return NotExtendable(rule=rule.name, why=NO_REASON, basis=rule.id)
    return None
