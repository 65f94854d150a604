"""An independent token game of BPMN 2.0.2 (chapters 10 and 13): small, slow, apart from the engine.

Where the standard leaves the order of automatic things open, all orders are played, and the set of worlds that can
result is kept. Conventions that the standard leaves to the implementation: counters begin at 0; a condition that holds
as its event is armed has become true; inclusive joins are decided when nothing else moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from tests.fuzz.drawing import File
from tests.fuzz.nodes import close, conditions, disarm, enter, enter_scope, happen, leave
from tests.fuzz.world import Chain, Faulty, Look, Tok, World

Move = tuple[bool, Callable[[World], None]]  # loud: its place among others matters; what it does
MOST = 200
THROWS = ("intermediateThrowEvent", "endEvent")


class TooMany(Exception):
    """There are more orders than can be played."""


class Oracle:
    """All worlds that a case can be in."""

    def __init__(self, file: File, variables: Mapping[str, Any]) -> None:
        world = World(file)
        world.vars[0] = dict(variables)
        enter_scope(world, 0, file.main)
        self.worlds = settle([world])

    def looks(self) -> list[Look]:
        return [w.look() for w in self.worlds]

    def keep(self, look: Look) -> bool:
        """Keep the worlds that look so; False if there is none."""
        self.worlds = [w for w in self.worlds if w.look() == look]
        return bool(self.worlds)

    def complete(self, at: Chain, outcome: str, n: int) -> None:
        """A step's outcome is known before it leaves; its own boundary events may see it or not."""
        acts = [partial(_complete, outcome, n, first) for first in (False, True)]
        self._each(lambda w, t: w.is_step(t) and w.chain(t) == at, *acts)

    def fire(self, at: Chain) -> None:
        self._each(lambda w, t: w.is_timer(t) and w.chain(t) == at, lambda w, t: happen(w, t.id))

    def deliver(self, kind: str, name: str) -> None:
        if kind == "message":
            self._each(lambda w, t: t in w.listeners(kind, name), lambda w, t: happen(w, t.id))
        else:
            worlds = [w.fork() for w in self.worlds]
            for w in worlds:
                w.sent, w.pending = (), tuple(t.id for t in w.listeners(kind, name))
            self.worlds = settle(worlds)

    def _each(self, which: Callable[[Any, Tok], bool], *acts: Callable[[World, Tok], None]) -> None:
        worlds = []
        for w in self.worlds:
            for t in [t for t in w.toks.values() if which(w, t)]:
                for act in acts:
                    other = w.fork()
                    other.sent = ()
                    act(other, t)
                    worlds.append(other)
        self.worlds = settle(worlds)


def _complete(outcome: str, n: int, leaves_first: bool, w: World, t: Tok) -> None:
    if leaves_first:
        disarm(w, t.id)
    w.vars[w.process(t.scope)] |= {t.node: outcome, f"{t.node}_n": n}
    w.set(t.id, place="leave")
    conditions(w)


def settle(worlds: Iterable[World]) -> list[World]:
    """Play all that needs nobody, in all orders that matter; return the worlds at rest."""
    rest: dict[str, World] = {}
    seen: set[str] = set()
    todo, played = list(worlds), 0
    while todo:
        world, played = todo.pop(), played + 1
        options = moves(world)
        if not options:
            if not world.done and not any(w.place in ("open", "wait", "hear") for w in world.toks.values()):
                world.fault = True
            rest["fault" if world.fault else world.key()] = world
            continue
        if len(options) > 1:
            if (key := world.key()) in seen:
                continue
            seen.add(key)
        if len(seen) + len(rest) > MOST or played > 50 * MOST:
            raise TooMany
        for option in options:
            other = world if len(options) == 1 else world.fork()
            try:
                option(other)
                todo.append(other)
            except Faulty:
                other.fault = True
                rest["fault"] = other
    return list(rest.values())


def moves(w: World) -> list[Callable[[World], None]]:
    """Return what can happen next: events on their way first, then one thing whose place does not matter, else all."""
    if w.done:
        return []
    w.pending = tuple(t for t in w.pending if t in w.toks)
    if w.pending:
        return [partial(_arrive, t) for t in dict.fromkeys(w.pending)]
    loud = []
    for is_loud, move in _moves(w):
        if not is_loud:
            return [move]
        loud.append(move)
    return loud or [partial(_merge, t.node, t.scope) for t in w.toks.values() if t.place == "flow" and ready(w, t)]


def _arrive(token: int, w: World) -> None:
    at = w.pending.index(token)
    w.pending = (*w.pending[:at], *w.pending[at + 1 :])
    happen(w, token)


def _moves(w: World) -> Iterable[Move]:
    signals = any(n.event and n.event.kind == "signal" and n.tag in THROWS for n in w.file.nodes.values())
    for t in [*w.toks.values()]:
        n = w.node(t)
        hears = signals and any(b.event and b.event.kind == "signal" for b in w.file.boundaries[n.id])
        if t.place == "flow":
            if n.tag in ("parallelGateway", "inclusiveGateway") and len(w.file.into[n.id]) > 1:
                if n.tag == "parallelGateway" and len(waiting(w, t)) == len(w.file.into[n.id]):
                    yield False, partial(_merge, t.node, t.scope)
                continue
            loud = n.tag == "endEvent" or (n.event is not None and n.tag in THROWS) or hears
            loud = loud or (signals and n.tag in ("intermediateCatchEvent", "eventBasedGateway", "subProcess"))
            yield loud or bool(n.calls), partial(enter, t.id)
        elif t.place == "leave":
            called = any(f.cond and f.cond.name in w.file.nodes and w.file.nodes[f.cond.name].calls
                         for f in w.file.out[n.id])  # fmt: skip
            yield bool(t.outer and n.many and n.many.until) or hears or called, partial(leave, t.id)
        elif t.place == "open" and (n.inside or n.calls) and (t.outer or n.many is None) and over(w, t.id):
            yield bool(signals or n.calls or n.by_event), partial(close, t.id)
    if over(w, 0):
        yield False, partial(close, 0)


def over(w: World, scope: int) -> bool:
    return not any(t.scope == scope and t.place != "hear" for t in w.toks.values())


# joins


def waiting(w: World, t: Tok) -> dict[str, Tok]:
    """Return the oldest token on each incoming flow of the join that `t` waits at."""
    found: dict[str, Tok] = {}
    for o in w.toks.values():
        if (o.node, o.scope, o.place) == (t.node, t.scope, "flow"):
            found.setdefault(o.via, o)
    return found


def ready(w: World, t: Tok) -> bool:
    """Table 13.3: no token has a path to an empty incoming flow, unless it has one to a flow that holds a token."""
    first = waiting(w, t)
    if w.node(t).tag != "inclusiveGateway" or t not in first.values() or t != next(iter(first.values())):
        return False
    for o in w.toks.values():
        if o.scope == t.scope and o.place != "hear" and not o.outer and o.node != t.node:
            reached = paths(w.file, o.node, t.node)
            if reached - first.keys() and not reached & first.keys():
                return False
    return True


def paths(file: File, start: str, join: str) -> set[str]:
    """Return the incoming flows of a join to which a path leads from a node, not through the join."""
    found, seen, todo = set(), set(), [start]
    while todo:
        node = todo.pop()
        if node in seen:
            continue
        seen.add(node)
        todo += [b.id for b in file.boundaries[node]] + ([file.links[node]] if node in file.links else [])
        for f in file.out[node]:
            if f.target == join:
                found.add(f.id)
            else:
                todo.append(f.target)
    return found


def _merge(node: str, scope: int, w: World) -> None:
    t = next(t for t in w.toks.values() if (t.node, t.scope, t.place) == (node, scope, "flow"))
    taken = waiting(w, t).values()
    aside = all(o.aside for o in taken)
    for o in taken:
        w.kill(o.id)
    w.add(node=node, place="leave", scope=scope, aside=aside)
