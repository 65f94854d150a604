"""Activities: they arm their boundary events when entered, disarm them when left, may loop, and may hold a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.compensation import undone
from engine.bpmn.core import STARTED
from engine.bpmn.events import Catch, arm, throw_error
from engine.bpmn.faults import Fault, Thrown
from engine.bpmn.nodes import Diagram, Flow, Node
from engine.bpmn.scopes import Done, Scope
from engine.bpmn.tokens import Inner

if TYPE_CHECKING:
    from collections.abc import Collection

    from engine.bpmn.multi import Loop, Multi
    from engine.bpmn.tokens import Scoped, Token


class Activity(Node):
    """A task or sub-process.

    Mends: boundary events that are true at once are armed too late; loops and boundary events cannot be combined with
    several outgoing flows.
    """

    boundary: tuple[str, ...] = ()
    loop: Loop | Multi | None = None
    each: Activity | None = None  # the spec of one instance
    handler: str | None = None  # compensation activity

    def _update_hook(self, token: Token) -> bool:
        return (self.tokens_in == 1 or self.gather(token)) and self.enter(token)

    def enter(self, token: Token) -> bool:
        """Begin: boundary events first, then loops or the work itself; True when nobody has to be waited for."""
        if self.boundary and not arm(token):
            return False
        if self.loop is not None:
            self.loop.begin(token)
            return False
        return self.open(token)

    def open(self, token: Token) -> bool:  # noqa: ARG002 (kinds of nodes override it)
        return True

    def _on_complete_hook(self, token: Token) -> None:
        scope, info = token.workflow, token.internal_data
        if self.guarded:
            scope.forget(token.id)
        if "of" in info:
            outer = scope.tasks.get(info["of"])
            assert outer is not None
            assert isinstance(outer.task_spec, Activity)
            assert outer.task_spec.loop is not None
            outer.task_spec.loop.ended(outer, token)
        elif self.handler:
            scope.done.append(Done(node=self.name))
        elif info.get("done"):
            scope.done.append(Done(node=self.name, inner=info["done"]))
        if "undoes" in info:
            undone(scope.case, info["undoes"])

    def chosen(self, token: Token) -> list[Flow]:
        return [] if "of" in token.internal_data or "undoes" in token.internal_data else super().chosen(token)


class UserTask(Activity):
    """A step: somebody completes it."""

    def __init__(self, diagram: Diagram, element: str) -> None:
        super().__init__(diagram, element)
        self.manual = True


class TaskActivity(Activity):
    """bpmn:task and manual task: passed at once, but with loops and boundary events."""


class WordTask(Activity):
    """Script or service task: runs the words that the host binds, and nothing else.

    Mends: the library hands scripts to `exec` with all builtins.
    """

    words: tuple[str, ...] = ()

    def _run_hook(self, token: Token) -> bool | None:
        if self.loop is not None:  # its instances have done the work
            return True
        try:
            for word in self.words:
                if word not in token.workflow.case.host:
                    raise Fault(why=f"nothing binds the word {word!r} at {token.path}")
                token.workflow.case.host[word](token.data)
                token.workflow.case.changed = True
        except Thrown as e:
            throw_error(token, e.code)
        return True


class ReceiveTask(Activity, Catch):
    """An activity, with boundary events and loops, that waits for a message."""

    def _update_hook(self, token: Token) -> bool:
        return Activity._update_hook(self, token)

    def open(self, token: Token) -> bool:
        self.arm(token)
        return False

    def go(self, token: Token) -> None:
        token.internal_data.pop("seen", None)
        token._ready()


class SubProcess(Activity):
    """Embedded sub-process, transaction, body of an event sub-process: shares the variables of its flow.

    Mends: an embedded sub-process works on a copy of the data and overwrites what changed meanwhile.
    """

    inside: Diagram | None = None
    by_event = False

    def open(self, token: Token) -> bool:
        inner = self.inner(token)
        if "undoes" in token.internal_data and "done" in token.internal_data:
            inner.done = token.internal_data["done"]
            inner.enter([inner.spec.undo], listen=False)
        else:
            inner.enter(inner.spec.starts)
        return False

    def inner(self, token: Token) -> Inner:
        """Return the scope inside, opened and still without a token."""
        assert self.inside is not None
        token.turn(STARTED)
        return Inner(token, self.inside, *self.scope(token))

    def scope(self, token: Token) -> tuple[Scope, str]:
        """Return the variables of the scope inside, and the prefix of its paths."""
        return token.data, token.workflow.prefix

    def returned(self, token: Token, inner: Scoped) -> None:
        if "undoes" not in token.internal_data and inner.done:
            token.internal_data["done"] = inner.done
        if self.by_event:
            token.workflow.end(token, inner.ended)


class CallActivity(SubProcess):
    """A called flow has its own scope. It sees the caller's `case_*`; its names return behind the call's id.

    The call's own name becomes the id of the end event that was reached.
    """

    declared: Collection[str] = frozenset()  # names of the called flow

    def scope(self, token: Token) -> tuple[Scope, str]:
        case = {k: v for k, v in _flat(token.data).items() if k.startswith("case_")}
        return Scope(case, declared=self.declared), f"{token.path}/"

    def returned(self, token: Token, inner: Scoped) -> None:
        super().returned(token, inner)
        back = {f"{self.bpmn_id}_{k}": v for k, v in inner.variables.items() if not k.startswith("case_")}
        token.assign({self.bpmn_id: inner.ended, **back})


def _flat(scope: Scope) -> dict[str, object]:
    return {**(_flat(scope.outer) if scope.outer is not None else {}), **scope}
