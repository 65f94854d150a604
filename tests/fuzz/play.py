"""The engine in play, twice: a case kept in memory, and one that goes through bytes at every move."""

from __future__ import annotations

import json
from typing import Any

from engine.bpmn import events, run
from engine.bpmn.core import READY, WAITING
from engine.bpmn.faults import Fault
from engine.bpmn.program import Program
from engine.bpmn.state import loads
from engine.bpmn.tokens import Token
from tests.fuzz.world import Chain, Look

Found = tuple[Chain, Token, int]


class Kept:
    """A case that is never saved after its start."""

    def __init__(self, program: Program, variables: dict[str, Any]) -> None:
        self.fault = False
        try:
            started = run.start(program, variables)
            self.case = loads(started.state, program, {})
            self.case.sent = list(started.sent)
        except Fault:
            self.fault = True

    def _move(self, act: Any) -> None:
        self.case.sent = []
        if (budget := getattr(self.case, "budget", None)) is not None:  # what one move may do
            self.case.budget = type(budget)()
        try:
            act()
            self.case.advance()
        except Fault:
            self.fault = True
        self.fault = self.fault or (not self.case.completed and not self.steps() and not self.heard())

    def steps(self) -> list[Found]:
        return [(chain(t), t, 0) for t in self.case.everything() if t._state == READY and t.task_spec.manual]

    def heard(self) -> list[Found]:
        waits = [t for t in self.case.everything() if t._state == WAITING]
        return [(chain(t), t, i) for t in waits for i, _ in enumerate(t.task_spec.triggers)]

    def complete(self, token: Token, outcome: str, n: int) -> None:
        name = token.task_spec.bpmn_id

        def act() -> None:
            token.assign({name: outcome, f"{name}_n": n})
            self.case.conditions()
            if token._state == READY:
                token.run()

        self._move(act)

    def fire(self, token: Token, index: int) -> None:
        self._move(lambda: token.task_spec.fire(token, index))

    def deliver(self, kind: str, name: str) -> None:
        self._move(lambda: events.deliver(self.case, kind, name))

    def look(self) -> Look:
        return Look(fault=True) if self.fault else look(self.case)


def told(case: Kept) -> tuple[set[str], set[tuple[str, int]]]:
    """Return the open steps and armed timers of a case, which the moves must have told."""
    timers = {(str(t.id), i) for _, t, i in case.heard() if t.task_spec.triggers[i].kind == "timer"}
    return {str(t.id) for _, t, _ in case.steps()}, timers


class Reloaded:
    """A case as the system runs it: state in, state out."""

    def __init__(self, program: Program, variables: dict[str, Any]) -> None:
        self.program, self.fault, self.state = program, False, b""
        self.open: set[str] = set()  # as the moves tell: steps and armed timers
        self.armed: set[tuple[str, int]] = set()
        self._move(lambda: run.start(program, variables))

    def _move(self, act: Any) -> None:
        try:
            self.moved = act()
            self.state = self.moved.state
            self.open = (self.open - {*self.moved.closed}) | {o.token for o in self.moved.opened}
            self.armed = (self.armed - {*self.moved.disarmed}) | {(x.token, x.index) for x in self.moved.armed}
        except Fault:
            self.fault = True

    def complete(self, token: int, outcome: str, n: int) -> None:
        self._move(lambda: run.complete(self.program, self.state, str(token), outcome, {"n": n}))

    def fire(self, token: int, index: int) -> None:
        self._move(lambda: run.fire(self.program, self.state, str(token), index))

    def deliver(self, kind: str, name: str) -> None:
        self._move(lambda: run.deliver(self.program, self.state, kind, name))

    def case(self) -> Any:
        return loads(self.state, self.program, {})


def chain(t: Token) -> Chain:
    owner = t.workflow.owner
    number = t.data["loopCounter"] if "of" in t.internal_data else None
    assert number is None or isinstance(number, int)
    return (*(chain(owner) if owner is not None else ()), (t.task_spec.bpmn_id, number))


def look(case: Any) -> Look:
    """What is seen of the engine's case, in the words of the oracle."""
    steps, waits = [], []
    for t in case.everything():
        if t._state == READY and t.task_spec.manual:
            steps.append(chain(t))
        elif t._state == WAITING:
            for kind, name in [(x.kind, x.name or "") for x in t.task_spec.triggers] or [("join", "")]:
                waits.append((chain(t), kind, name))
    return Look(
        tuple(sorted(steps, key=repr)),
        tuple(sorted(waits, key=repr)),
        tuple(sorted((k, v) for k, v in case.variables.items() if not k.startswith("case_"))),
        tuple(sorted(case.sent)),
        case.ended if case.completed else None,
    )


def all_of(case: Any) -> Any:
    """All that a case is, as JSON would keep it: what comes back from bytes must be the same."""
    scopes = [
        [w.owner.id if w.owner else 0, w.ended, w.done, dict(w.variables), w.prefix, [_row(t) for t in w.live()]]
        for w in case.scopes()
    ]
    return json.loads(json.dumps([case.counter, case.completed, scopes]))


def _row(t: Token) -> list[object]:
    own = []
    scope = t.own
    while scope is not None and scope is not t.workflow.variables:
        own.append(dict(scope))
        scope = scope.outer
    return [t.id, t.task_spec.name, t._state, {k: v for k, v in t.internal_data.items() if v not in ({}, None)}, own]
