"""Faults to plant into the engine, one at a time, and for each a seed whose walk catches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from engine.bpmn import activities, compensation, events, joins, multi, state, tokens
from engine.bpmn.core import WAITING
from engine.bpmn.nodes import Node

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]


@dataclass(frozen=True)
class Planted:
    name: str
    plant: Plant
    seed: int


def forgets(fact: str) -> Plant:
    """The codec forgets a fact of each token."""
    original = state._restore

    def restore(w: Any, rows: Any, names: Any) -> None:
        original(w, rows, names)
        for t in w.tasks.values():
            t.internal_data.pop(fact, None)

    return lambda patch: patch.setattr(state, "_restore", restore)


def restored(after: Callable[[Any], None]) -> Plant:
    """The codec reads tokens back wrongly."""
    original = state._restore

    def restore(w: Any, rows: Any, names: Any) -> None:
        original(w, rows, names)
        after(w)

    return lambda patch: patch.setattr(state, "_restore", restore)


def method(owner: Any, name: str, other: Callable[..., Any]) -> Plant:
    """Another method instead; `other` takes the original first."""
    original = getattr(owner, name)
    return lambda patch: patch.setattr(owner, name, lambda *args, **facts: other(original, *args, **facts))


def no_own(w: Any) -> None:
    for t in w.tasks.values():
        if t.own is not None:
            t.own.clear()


def no_call_variables(w: Any) -> None:
    if w.owner is not None and isinstance(w.owner.task_spec, activities.CallActivity):
        w.variables.clear()


def no_flow_by(w: Any) -> None:
    for t in w.tasks.values():
        if "by" in t.internal_data:
            t.internal_data["by"] = t.task_spec.incoming[0]


def counts_tokens(original: Any, self: Any, token: Any) -> bool:
    token.turn(WAITING)
    here = [t for t in token.workflow.tasks.values() if t.task_spec is self and t._state == WAITING]
    if len(here) < len(self.incoming):
        return False
    for t in here:
        if t is not token:
            t.cancel()
    return True


def fires_at_once(original: Any, self: Any, token: Any) -> bool:
    return True


def one_clause(both: bool) -> Callable[..., bool]:
    def recheck(original: Any, self: Any, token: Any) -> bool:
        first = self.first(token)
        if token is not next(iter(first.values())):
            return False
        reach = joins.reachable(token.workflow.spec, self)
        for t in token.workflow.live():
            if t.task_spec is not self and not t.task_spec.listens:
                at = [f for f in self.incoming if t.task_spec.name in reach[f]]
                if at and (not both or not any(f in first for f in at)):
                    return False
        joins.consume(token, first)
        token._ready()
        return True

    return recheck


def waits_for_all(original: Any, self: Any, token: Any) -> bool:
    return len(self.first(token)) == len(self.incoming) and original(self, token)


def no_boundaries_in_reach(patch: Patch) -> None:
    patch.setattr(joins, "getattr", lambda spec, name, default: default, raising=False)


def leaves_host(original: Any, self: Any, token: Any) -> None:
    token.internal_data.pop("host", None)


def always_interrupts(original: Any, self: Any, token: Any, index: int) -> None:
    self.interrupt(token)
    self.go(token)


def keeps_rivals(original: Any, self: Any, token: Any, index: int) -> None:
    token.internal_data.pop("rivals", None)
    original(self, token, index)


def stays_in_scope(kind: str) -> Callable[..., bool]:
    def outwards(original: Any, token: Any, thrown: str, code: str | None) -> bool:
        if thrown != kind:
            return bool(original(token, thrown, code))
        return bool(events._fire_first(token.workflow, kind, code, lambda t: "host" not in t.internal_data))

    return outwards


def replaced_everywhere(name: str, other: Callable[..., Any]) -> Plant:
    original = getattr(events, name)

    def plant(patch: Patch) -> None:
        for module in (events, compensation):
            patch.setattr(module, name, lambda *args: other(original, *args))

    return plant


def delivers(to_all: bool, kind: str) -> Callable[..., int]:
    def deliver(original: Any, case: Any, brought: str, name: str | None) -> int:
        if brought != kind:
            return int(original(case, brought, name))
        found = [(t, i) for t, i, trigger in case.catchers(kind) if trigger.name == name]
        for token, i in found if to_all else found[:1]:
            if token._state == WAITING:
                token.task_spec.fire(token, i)
        return len(found)

    return deliver


def any_code(original: Any, scope: Any, kind: str, code: str | None, where: Any) -> bool:
    return any(original(scope, kind, c, where) for c in ("e0", "e1", "c0", "c1"))


def every_change(original: Any, self: Any, tokens: Any = None) -> None:
    for token, _, _ in list(self.catchers("conditional")):
        token.internal_data.pop("was", None)
    original(self, tokens)


def arms_without_looking(original: Any, self: Any, token: Any) -> None:
    conditions = token.workflow.case.conditions
    token.workflow.case.conditions = lambda *args: None
    try:
        original(self, token)
    finally:
        token.workflow.case.conditions = conditions


def arms_nothing(original: Any, host: Any) -> bool:
    """Boundary events of scopes come too late: never."""
    return getattr(host.task_spec, "inside", None) is not None or original(host)


def fires_once(original: Any, self: Any, token: Any, index: int) -> bool:
    return False


def keeps_listeners(original: Any, self: Any, activity: int) -> None:
    self.forget_instances(activity)


def terminates_nothing(original: Any, token: Any, trigger: Any) -> None:
    if trigger.kind != "terminate":
        original(token, trigger)


def no_until(original: Any, self: Any, token: Any, instance: Any) -> None:
    original(replace(self, until=None), token, instance)


def starts_all(original: Any, self: Any, token: Any) -> None:
    original(replace(self, sequential=False), token)


def counts_from_one(original: Any, self: Any, token: Any, i: int, items: Any) -> Any:
    found = original(self, token, i, items)
    found.own["loopCounter"] = i + 1
    return found


def instances_live_on(patch: Patch) -> None:
    def forget(self: Any, activity: int) -> None:
        for t in [t for t in self.tasks.values() if t.internal_data.get("host") == activity]:
            t.cancel()

    patch.setattr(tokens.Scoped, "forget", forget)
    patch.setattr(tokens.Scoped, "forget_instances", lambda self, activity: None)


def once_more(original: Any, self: Any, scope: Any) -> bool:
    return bool(original(replace(self, maximum=None if self.maximum is None else self.maximum + 1), scope))


def tests_after(original: Any, self: Any, token: Any) -> None:
    original(replace(self, before=False), token)


def first_end_ends(original: Any, self: Any) -> bool:
    return self.ended is None and bool(original(self))


def listeners_keep_open(original: Any, self: Any) -> bool:
    return bool(self.live())


def returns_nothing(original: Any, self: Any, token: Any, inner: Any) -> None:
    token.assign({self.bpmn_id: inner.ended})


def takes_first(original: Any, self: Any, token: Any) -> Any:
    return original(self, token)[:1] if self.split == "some" else original(self, token)


def takes_default_too(original: Any, self: Any, token: Any) -> Any:
    found = original(self, token)
    return found + [f for f in self.flows if f.id == self.default and f not in found]


def last_end_counts(original: Any, self: Any, token: Any, element: str | None) -> None:
    self.ended = element


ALL: list[Planted] = [
    Planted("the codec drops the variables of instances", restored(no_own), 2),
    Planted("the codec forgets whom a listener guards", forgets("host"), 0),
    Planted("the codec forgets by which flow a token came", restored(no_flow_by), 10),
    Planted("the codec loses the variables of called processes", restored(no_call_variables), 13),
    Planted("the codec loses timers", forgets("timers"), 0),
    Planted("the codec loses the turns of a cycle", forgets("turns"), 0),
    Planted("the codec forgets that a condition was true", forgets("was"), 0),
    Planted("the codec forgets rivals", forgets("rivals"), 0),
    Planted("the codec forgets what lies beside the flow", forgets("aside"), 0),
    Planted("the codec loses the collection of a sequential activity", forgets("items"), 7),
    Planted("the codec loses the activity of an instance", forgets("of"), 2),
    Planted("a parallel join counts tokens, not flows", method(joins.ParallelJoin, "_update_hook", counts_tokens), 12),
    Planted("a parallel join fires at once", method(joins.ParallelJoin, "_update_hook", fires_at_once), 10),
    Planted("an inclusive join fires at once", method(joins.InclusiveJoin, "_update_hook", fires_at_once), 6),
    Planted("an inclusive join ignores the 2nd clause", method(joins.InclusiveJoin, "recheck", one_clause(False)), 9),
    Planted("an inclusive join waits for all flows", method(joins.InclusiveJoin, "recheck", waits_for_all), 6),
    Planted("an inclusive join does not think of boundary events", no_boundaries_in_reach, 159),
    Planted("a join leaves tokens behind", lambda p: p.setattr(joins, "consume", lambda *a: None), 9),
    Planted("what interrupts does not cancel", method(events.Listener, "interrupt", leaves_host), 0),
    Planted("what does not interrupt cancels", method(events.Listener, "happen", always_interrupts), 0),
    Planted("rivals are not disarmed", method(events.Catch, "happen", keeps_rivals), 1),
    Planted("an error is caught in its own scope only", replaced_everywhere("outwards", stays_in_scope("error")), 6),
    Planted("an escalation stops at its scope", replaced_everywhere("outwards", stays_in_scope("escalation")), 82),
    Planted("a signal is heard by one", replaced_everywhere("deliver", delivers(False, "signal")), 12),
    Planted("a message is taken by all", replaced_everywhere("deliver", delivers(True, "message")), 0),
    Planted("an error or escalation of any code is caught", method(events, "_fire_first", any_code), 30),
    Planted("a condition fires at every change", method(tokens.Case, "conditions", every_change), 2),
    Planted("a condition is not looked at as it is armed", method(events.Catch, "arm", arms_without_looking), 1),
    Planted("boundary events of a scope are armed too late", method(activities, "arm", arms_nothing), 6),
    Planted("a cycle fires once", method(events.Catch, "again", fires_once), 0),
    Planted("boundary events outlive their activity", method(tokens.Scoped, "forget", keeps_listeners), 0),
    Planted("terminate ends nothing", method(compensation, "throw", terminates_nothing), 78),
    Planted("the completion condition is not asked", method(multi.Multi, "ended", no_until), 9),
    Planted("a sequential activity starts all", method(multi.Multi, "begin", starts_all), 7),
    Planted("instances count from one", method(multi.Multi, "_instance", counts_from_one), 2),
    Planted("instances outlive their activity", instances_live_on, 11),
    Planted("a loop goes round once too often", method(multi.Loop, "_goes_on", once_more), 5),
    Planted("a loop never tests before", method(multi.Loop, "begin", tests_after), 371),
    Planted("the first end event ends its scope", method(tokens.Scoped, "unfinished", first_end_ends), 0),
    Planted("listeners keep a scope open", method(tokens.Scoped, "unfinished", listeners_keep_open), 3),
    Planted("a call brings no variables back", method(activities.CallActivity, "returned", returns_nothing), 13),
    Planted("an inclusive split takes one way", method(Node, "chosen", takes_first), 62),
    Planted("the default flow is always taken", method(Node, "chosen", takes_default_too), 0),
    Planted("an end beside the flow counts", method(tokens.Scoped, "end", last_end_counts), 38),
]
