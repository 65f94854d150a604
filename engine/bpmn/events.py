"""Events: arming and catching. One walk outwards finds who catches; an interruption is immediate.

Mends: interrupting event sub-processes do not interrupt; an interrupted sub-process runs on until its boundary event is
processed; escalations and signals thrown inside do not reach event sub-processes; an uncaught error ends the case as
`completed`; a timer fired at the end of a move is not run.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from engine.bpmn import timers
from engine.bpmn.core import FINISHED, READY, WAITING
from engine.bpmn.faults import Fault, Uncaught
from engine.bpmn.nodes import Node

if TYPE_CHECKING:
    from engine.bpmn.case import Case
    from engine.bpmn.nodes import Trigger
    from engine.bpmn.tokens import Scoped, Token


class Catch(Node):
    """Intermediate catch event; also one branch of an event-based gateway (its `rivals`)."""

    together = False  # parallelMultiple: all triggers, in any order

    def _update_hook(self, token: Token) -> bool:
        if self.tokens_in == 1 or self.gather(token):
            self.arm(token)
        return False

    def arm(self, token: Token) -> None:
        """Wait. The timers' texts are kept; when they are due is the caller's affair."""
        token.turn(WAITING)
        for i, trigger in enumerate(self.triggers):
            if trigger.kind == "timer":
                timer = due(trigger, token)
                token.internal_data.setdefault("timers", {})[str(i)] = timer.text
                if trigger.shape == "cycle":
                    token.internal_data["turns"] = timer.turns
        token.workflow.case.conditions([token])

    def fire(self, token: Token, index: int) -> None:
        if self.together:
            seen = token.internal_data.setdefault("seen", [])
            if index not in seen:
                seen.append(index)
            token.internal_data.get("timers", {}).pop(str(index), None)
            if len(seen) < len(self.triggers):
                return
        self.happen(token, index)

    def happen(self, token: Token, index: int) -> None:
        """Go on; the rivals of an event-based gateway are out."""
        if (group := token.internal_data.pop("rivals", None)) is not None:
            for t in list(token.workflow.tasks.values()):
                if t is not token and t.internal_data.get("rivals") == group:
                    t.cancel()
        self.again(token, index)
        self.go(token)

    def again(self, token: Token, index: int) -> bool:
        """A cycle with turns left: a new token, with a new key, waits for the next turn."""
        turns = token.internal_data.get("turns", 1) - 1
        if self.triggers[index].shape != "cycle" or turns < 1:
            return False
        new = token.born(self)
        new.turn(WAITING)
        new.internal_data = {**token.internal_data, "turns": turns, "seen": []}
        return True

    def go(self, token: Token) -> None:
        aside = token.internal_data.get("aside", False)
        token.internal_data = {"aside": True} if aside else {}
        token._ready()


class Listener(Catch):
    """Boundary event, or start event of an event sub-process: a token that waits without keeping its scope open."""

    listens = True
    interrupts = True

    def happen(self, token: Token, index: int) -> None:
        if self.interrupts:
            self.interrupt(token)
            self.go(token)
        elif self.triggers[index].kind == "timer" and len(self.triggers) == 1:
            self.again(token, index)
            token.internal_data["aside"] = True
            self.go(token)
        else:  # keeps listening, but a timer is over; another token goes on
            token.internal_data.get("timers", {}).pop(str(index), None)
            token.internal_data.pop("seen", None)
            new = token.born(self)
            new.internal_data["aside"] = True
            new.turn(READY)

    def interrupt(self, token: Token) -> None:
        host = token.internal_data.pop("host", None)
        if host is not None:
            token.workflow.tasks[host].cancel()
        else:
            token.workflow.kill(but=token)


class EventGateway(Node):
    """The first event that happens takes the token; the others are disarmed."""

    def prepare(self, token: Token, born: list[Token]) -> None:
        for t in born:
            t.internal_data["rivals"] = token.id


def due(trigger: Trigger, token: Token) -> timers.Timer:
    """Return the timer of a trigger: its text, or the value of the expression that its text is."""
    timer = timers.read(trigger.text, trigger.shape)
    if timer is None:
        found = token.value(trigger.text)
        timer = timers.read(found, trigger.shape) if isinstance(found, str) else None
    if timer is None:
        raise Fault(why=f"the timer {trigger.text!r} at {token.path} gives no {trigger.shape}")
    return timer


def arm(host: Token) -> bool:
    """Put the boundary events of an activity on guard; False if one of them has already interrupted it."""
    specs = host.workflow.spec.task_specs
    for name in getattr(host.task_spec, "boundary", ()):
        if host._state & FINISHED:
            return False
        token, listener = host.born(specs[name]), specs[name]
        assert isinstance(listener, Listener)
        token.internal_data["host"] = host.id
        if host.internal_data.get("aside"):
            token.internal_data["aside"] = True
        listener.arm(token)
    return not host._state & FINISHED


def deliver(case: Case, kind: str, name: str | None) -> int:
    """Bring a message or signal to those who wait for it: a message is taken by one, a signal by all."""
    found = [(t, i) for t, i, trigger in case.catchers(kind) if trigger.name == name]
    for token, i in found[:1] if kind == "message" else found:
        if token._state == WAITING:
            token.task_spec.fire(token, i)
    return len(found)


def throw_error(token: Token, code: str | None) -> None:
    if not outwards(token, "error", code):
        raise Uncaught(why=f"the error {code or 'without code'} thrown at {token.path} is caught by nobody")


def outwards(token: Token, kind: str, code: str | None) -> bool:
    """Ask the own boundary, then the event sub-processes of the scope, then the boundary of its owner, and so on."""
    thrower: Token | None = token
    while thrower is not None:
        host, scope = thrower.internal_data.get("of", thrower.id), thrower.workflow
        if _fire_first(scope, kind, code, partial(_guards, host)):
            return True
        if kind != "cancel" and _fire_first(scope, kind, code, lambda t: "host" not in t.internal_data):
            return True
        thrower = scope.owner
    return False


def _guards(host: int, listener: Token) -> bool:
    return listener.internal_data.get("host") == host


def _fire_first(scope: Scoped, kind: str, code: str | None, where: Callable[[Token], bool]) -> bool:
    exact: list[tuple[Token, int]] = []
    any_code: list[tuple[Token, int]] = []
    for token in scope.live():
        if token._state == WAITING and token.task_spec.listens and where(token):
            for i, trigger in enumerate(token.task_spec.triggers):
                if trigger.kind == kind and trigger.name in (code, None):
                    (exact if trigger.name == code else any_code).append((token, i))
    for token, i in (exact + any_code)[:1]:
        token.task_spec.fire(token, i)
        return True
    return False
