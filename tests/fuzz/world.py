"""The token game's board: tokens of one case, lying in scopes, and what can be asked of them. Tokens are values; a
world is forked by copying its mappings. Written from BPMN 2.0.2 alone; nothing of the engine is used or followed."""

from __future__ import annotations

import operator
from dataclasses import dataclass, replace
from typing import Any

from tests.fuzz.drawing import ITEMS, Cond, Event, File, Node

COMPARE = {"==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt, ">=": operator.ge}
COMPARE["<="] = operator.le
Chain = tuple[tuple[str, int | None], ...]


class Faulty(Exception):
    """The flow cannot go on: an error that nobody catches."""


@dataclass(frozen=True, kw_only=True)
class Tok:
    """`place`: on a `flow` in front of its node, `open` in an activity, `wait`ing for an event, about to `leave`; or a
    listener that `hear`s. `scope`: the activity token that it lies in, 0 for the case; `host`: the activity a boundary
    listener guards; `outer`: of an instance, its multi-instance or loop activity; `group`: event-based gateway."""

    id: int
    node: str
    place: str
    scope: int = 0
    via: str = ""
    host: int = 0
    outer: int = 0
    group: int = 0
    number: int = 0
    total: int = 0
    done: int = 0
    was: bool = False
    turns: int = 0
    aside: bool = False  # came from an event that does not interrupt: its end is not the outcome


@dataclass(frozen=True)
class Look:
    """What is seen of a case at rest."""

    open: tuple[Chain, ...] = ()
    waits: tuple[tuple[Chain, str, str], ...] = ()
    variables: tuple[tuple[str, Any], ...] = ()
    sent: tuple[tuple[str, str], ...] = ()
    ended: str | None = None
    fault: bool = False


class World:
    def __init__(self, file: File) -> None:
        self.file = file
        self.toks: dict[int, Tok] = {}
        self.vars: dict[int, dict[str, Any]] = {}  # of the case (0) and of each called process
        self.ends: dict[int, str] = {}  # the end that counts, by scope
        self.pending: tuple[int, ...] = ()  # listeners that an event is on its way to
        self.sent: tuple[tuple[str, str], ...] = ()
        self.next, self.done, self.fault = 0, False, False

    def fork(self) -> World:
        other = World(self.file)
        other.toks, other.ends = dict(self.toks), dict(self.ends)
        other.vars = {k: dict(v) for k, v in self.vars.items()}
        other.pending, other.sent, other.next, other.done = self.pending, self.sent, self.next, self.done
        return other

    def add(self, **facts: Any) -> Tok:
        self.next += 1
        self.toks[self.next] = Tok(id=self.next, **facts)
        return self.toks[self.next]

    def set(self, token: int, **facts: Any) -> Tok:
        self.toks[token] = replace(self.toks[token], **facts)
        return self.toks[token]

    def kill(self, token: int) -> None:
        """Take a token away, with all that lives by it: scope inside, instances, listeners."""
        self.toks.pop(token, None)
        self.vars.pop(token, None)
        self.ends.pop(token, None)
        for t in [t.id for t in self.toks.values() if token in (t.scope, t.host, t.outer)]:
            self.kill(t)

    def clear(self, scope: int) -> None:
        for t in [t.id for t in self.toks.values() if t.scope == scope]:
            self.kill(t)

    def end(self, scope: int, element: str, aside: bool) -> None:
        if not aside or scope not in self.ends:
            self.ends[scope] = element

    def node(self, t: Tok) -> Node:
        return self.file.nodes[t.node]

    def event(self, t: Tok) -> Event:
        event = self.node(t).event
        assert event is not None
        return event

    def listeners(self, kind: str, name: str) -> list[Tok]:
        """Return who waits for a message or signal."""
        heard = (t for t in self.toks.values() if t.place in ("wait", "hear"))
        return [t for t in heard if (self.event(t).kind, self.event(t).name) == (kind, name)]

    def process(self, scope: int) -> int:
        """Return the scope that holds the variables: the call, or the case."""
        while scope and not self.node(self.toks[scope]).calls:
            scope = self.toks[scope].scope
        return scope

    def value(self, name: str, t: Tok | None, scope: int) -> Any:
        """Return a variable as a token sees it: of its instance and of those around it, then of the process."""
        where = scope
        while t is not None:
            if t.outer:
                outer, many = self.toks[t.outer], self.node(t).many
                known = {"loopCounter": t.number, "nrOfInstances": outer.total, "nrOfCompletedInstances": outer.done}
                if many is not None and many.item:
                    known[many.item] = ITEMS[t.number]  # type: ignore[assignment]
                if name in known:
                    return known[name]
            where = t.scope
            t = self.toks.get(where)
            if t is not None and self.node(t).calls:
                break
        return self.vars[0 if name.startswith("case_") else self.process(scope)].get(name)

    def holds(self, cond: Cond | None, t: Tok) -> bool:
        if cond is None:
            return True
        return bool(COMPARE[cond.op](self.value(cond.name, t, t.scope), cond.value))

    def chain(self, t: Tok) -> Chain:
        """Return where a token lies: its node in the scopes around it, with the numbers of instances."""
        own = (t.node, t.number if t.outer else None)
        return (*(self.chain(self.toks[t.scope]) if t.scope else ()), own)

    def is_step(self, t: Tok) -> bool:
        return t.place == "open" and self.node(t).tag == "userTask" and bool(t.outer or self.node(t).many is None)

    def is_timer(self, t: Tok) -> bool:
        return t.place in ("wait", "hear") and self.event(t).kind == "timer"

    def look(self) -> Look:
        if self.fault:
            return Look(fault=True)
        steps, waits = [], []
        for t in self.toks.values():
            if t.place in ("wait", "hear"):
                waits.append((self.chain(t), self.event(t).kind, self.event(t).name))
            elif t.place == "flow":
                waits.append((self.chain(t), "join", ""))
            elif self.is_step(t):
                steps.append(self.chain(t))
        return Look(
            tuple(sorted(steps, key=repr)),
            tuple(sorted(waits, key=repr)),
            tuple(sorted((k, v) for k, v in self.vars[0].items() if not k.startswith("case_"))),
            tuple(sorted(self.sent)),
            self.ends.get(0) if self.done else None,
        )

    def key(self) -> str:
        """Return the same text for worlds that differ in ids only."""
        return repr((self._part(0), self.vars[0], sorted(self.ends.items())[:1], sorted(self.sent), self.done))

    def _part(self, scope: int) -> list[str]:
        inside = [t for t in self.toks.values() if t.scope == scope and not t.host and not t.outer]
        return sorted(self._whole(t) for t in inside)

    def _whole(self, t: Tok) -> str:
        by = sorted(self._whole(o) for o in self.toks.values() if t.id in (o.host, o.outer))
        own = replace(t, id=0, scope=0, host=0, outer=0, group=0)
        facts = (self.vars.get(t.id), self.ends.get(t.id), self.pending.count(t.id))
        return repr((own, by, self._part(t.id), facts))
