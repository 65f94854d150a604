"""Compensation: finished activities of a scope are undone one by one, last first, by their handlers.

Mends: the library refuses compensation boundary events and passes a compensation throw as if it were not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.core import READY, STARTED
from engine.bpmn.events import deliver, outwards, throw_error
from engine.bpmn.nodes import Node
from engine.bpmn.scopes import Done

if TYPE_CHECKING:
    from engine.bpmn.case import Case
    from engine.bpmn.nodes import Trigger
    from engine.bpmn.tokens import Scoped, Token


class Throw(Node):
    """Intermediate throw event, send task, end event with an event."""

    early = True

    def _run_hook(self, token: Token) -> bool | None:
        token.passes()
        if not self.flows and "undoes" not in token.internal_data:
            token.workflow.end(token, self.bpmn_id)
            if any(t.kind == "terminate" for t in self.triggers):
                token.workflow.ended = self.bpmn_id  # whoever reached it: this is what ends the scope
        for trigger in self.triggers:
            throw(token, trigger)
            if token._state != READY:
                return None
        return True

    def end(self, token: Token) -> str | None:  # noqa: ARG002 (kinds of nodes override it)
        return self.bpmn_id


def throw(token: Token, trigger: Trigger) -> None:
    """Let one event happen."""
    case = token.workflow.case
    match trigger.kind:
        case "message":
            case.sent.append(("message", trigger.name or ""))
        case "signal":
            case.sent.append(("signal", trigger.name or ""))
            deliver(case, "signal", trigger.name)
        case "error":
            throw_error(token, trigger.name)
        case "escalation":
            if not outwards(token, "escalation", trigger.name):
                case.sent.append(("escalation", trigger.name or ""))
        case "terminate":
            case.close(token.workflow)
        case "cancel":
            token.workflow.kill(but=token)
            if not compensate(token, None):
                outwards(token, "cancel", None)
        case "compensate":
            compensate(token, trigger.name)


def compensate(token: Token, activity: str | None) -> bool:
    """Return True if there is something to undo; the throwing token then waits until all is undone."""
    scope = token.workflow
    owner = scope.owner
    if owner is not None and owner.task_spec.name == owner.workflow.spec.undo:
        scope = owner.workflow  # thrown in a compensation event sub-process: of the scope around it
    records = [r for r in scope.done if activity in (None, r["node"])]
    scope.done = [r for r in scope.done if r not in records]
    if not records:
        return False
    token.turn(STARTED)
    where = None if scope.owner is None else scope.owner.id
    token.internal_data["undo"] = [Done(**r, scope=where) for r in records]
    undone(scope.case, token.id)
    return True


def undone(case: Case, thrower_id: int) -> None:
    """One handler has ended, or none has begun: the next one, or on with the thrower."""
    thrower = case.find(thrower_id)
    if thrower is None:
        return
    if thrower.internal_data["undo"]:
        record = thrower.internal_data["undo"].pop()
        where = record.get("scope")
        scope: Scoped = case if where is None else case.inner[where]
        spec = scope.spec.task_specs[record["node"]]
        by_handler = getattr(spec, "handler", None)
        token = scope.task_tree.born(scope.spec.task_specs[by_handler] if by_handler else spec)
        token.internal_data["undoes"] = thrower_id
        if "inner" in record and not by_handler:
            token.internal_data["done"] = record["inner"]
        token.task_spec._update(token)
    elif any(t.kind == "cancel" for t in thrower.task_spec.triggers):
        outwards(thrower, "cancel", None)
    else:
        thrower.complete()
