"""The token game of one scope, one move at a time: automatic elements first, then inclusive joins, then what waits.

As in the engine (nodes, joins, events, tokens), but over names instead of data. Non-interrupting events happen at most
once while their activity or scope lives; their tokens are `aside`, and two of those in one place count as one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from engine.bpmn.check.soundness.data import ANY, MAYBE, Data, Values
from engine.bpmn.check.soundness.inclusive import Inclusive, Token
from engine.bpmn.check.soundness.net import Exit, Net, Node, codes, interrupting, start_of
from engine.bpmn.check.soundness.returns import sent_back
from engine.bpmn.tree import Element, kinds

THROWN = {"error", "escalation", "cancel", "compensate"}  # other events may happen at any time


class State(NamedTuple):
    tokens: tuple[Token, ...]
    values: Values
    heard: tuple[str, ...] = ()  # event sub-processes that can begin no more
    ended: str = ""
    done: frozenset[str] = frozenset()  # followed by engine/bpmn/runs only: the steps so far,
    over: frozenset[str] = frozenset()  # and those that the tokens which have ended came from


class Move(NamedTuple):
    """Where a move leads: to a state, out of the scope by `exit`, or to a `fault` (twice | no_way | no_value)."""

    label: str
    state: State | None = None
    exit: Exit | None = None
    fault: tuple[str, str, str] | None = None  # rule, node, flow


@dataclass
class Game:
    """`kills`: follow what ends or interrupts the whole scope. `ends`: which end was reached matters to the caller."""

    root: Element
    net: Net
    data: Data
    ends: bool
    kills: bool = True

    def __post_init__(self) -> None:
        self.taken: set[str] = set()  # sequence flows
        self.reached: set[str] = set()
        self.escaped: set[str | None] = set()  # escalations nobody in the scope catches
        self.inclusive = Inclusive(self.net)
        self._mild = cache(self._is_mild)

    def begin(self) -> list[State]:
        return [State(tuple(Token(n, ">") for n in names), ()) for names in self.net.starts]

    def moves(self, state: State) -> Iterator[Move]:
        moving = next((t for t in state.tokens if t.at[:1] == ">"), None)
        if moving is not None:
            yield from self._arrive(_without(state, moving), moving)
        elif ready := [t for t in state.tokens if t.at and self.inclusive.ready(state.tokens, t)]:
            for join in dict.fromkeys(t.node for t in ready):
                yield from self._join(state, join)
        else:
            yield from self._rest(state)

    # automatic

    def _arrive(self, state: State, token: Token) -> Iterator[Move]:
        name, flow = token.node, token.at[1:]
        node = self.net.nodes[name]
        self.reached.add(name)
        if node.kind == "auto":
            if any(kind == "escalation" for kind, _ in node.throws):
                state, over = self._escalate(state, node)
                if over:
                    yield Move("", state)
                    return
            yield from self._leave(state, token)
        elif node.kind == "end":
            yield from self._end(state, node, token)
        else:
            place = token._replace(at=flow if node.kind in ("parallel", "inclusive") else "")
            same = [t for t in state.tokens if t.node == name and t.at == place.at]
            if any(not (t.aside and token.aside) for t in same):
                yield Move("", fault=("twice", name, flow))
                return
            state = state if same else _with(self._unsure(state, [token], self.data.racing), place)
            first = [t for t in state.tokens if t.node == name]
            if node.kind == "parallel" and len(first) == len(node.into):
                yield from self._join(state, name)
            else:
                yield self._to("", state)

    def _join(self, state: State, name: str) -> Iterator[Move]:
        used = [t for t in state.tokens if t.node == name]
        for t in used:
            state = _without(state, t)
        last = tuple(sorted({step for t in used for step in t.last}))
        yield from self._leave(state, Token(name, "", all(t.aside for t in used), (), last))

    def _leave(self, state: State, token: Token, label: str = "", written: Values = ()) -> Iterator[Move]:
        node, values = self.net.nodes[token.node], {**dict(state.values), **dict(written)}
        if not node.ways:
            ended = state.ended or token.node if self.ends else ""
            yield self._to(label, state._replace(ended=ended), values)
            return
        for why, chosen, ways in self.data.choices(node, values):
            said = ", ".join(part for part in (label, why) if part)
            if not ways or not ways[0].target:
                yield Move(said, fault=("no_value", token.node, ways[0].id) if ways else ("no_way", token.node, ""))
                continue
            self.taken |= {w.id for w in ways}
            born = [token._replace(node=w.target, at=">" + w.id, fired=()) for w in ways]
            yield self._to(said, _with(state, *born), chosen)

    def _end(self, state: State, node: Node, token: Token) -> Iterator[Move]:
        ended = state.ended if not self.ends or (token.aside and state.ended) else token.node
        state = state._replace(ended=ended)
        for kind, code in node.throws:
            if kind == "terminate" and self.kills:
                yield Move("", exit=Exit(writes=self._kept(dict(state.values)), code=token.node))
                return
            if kind in ("error", "cancel"):
                yield self._thrown("", state, kind, code)
                if self.kills:
                    return
        state, _ = self._escalate(state, node)
        yield self._to("", state)

    def _escalate(self, state: State, node: Node) -> tuple[State, bool]:
        for kind, code in node.throws:
            if kind == "escalation":
                return self._told(state, code)
        return state, False

    def _told(self, state: State, code: str | None) -> tuple[State, bool]:
        """Return the state in which an escalation has been heard, and whether that has interrupted the scope."""
        catcher = self._catcher(state, "escalation", code)
        if catcher is None:
            self.escaped.add(code)
        if catcher is None or catcher in state.heard:
            return state, False
        return self._heard(state, catcher), interrupting(self.net.nodes[catcher].el)

    def _thrown(self, label: str, state: State, kind: str, code: str | None) -> Move:
        catcher = self._catcher(state, kind, code)
        if catcher is None:
            return Move(label, exit=Exit(kind=kind, code=code, writes=self._kept(dict(state.values))))
        return self._to(label, self._heard(state, catcher))

    def _catcher(self, state: State, kind: str, code: str | None) -> str | None:
        over = self.kills and any(interrupting(self.net.nodes[n].el) for n in state.heard)
        stay = [n for n in self.net.listeners if n not in state.heard or not interrupting(self.net.nodes[n].el)]
        here = [] if over else stay
        for wanted in dict.fromkeys((code, None)):
            for n in here:
                if wanted in codes(self.root, start_of(self.net.nodes[n].el), kind):
                    return n
        return None

    def _heard(self, state: State, listener: str) -> State:
        if interrupting(self.net.nodes[listener].el):
            state = self._unsure(state, state.tokens) if self.kills else state
            tokens = (Token(listener, ">"),) if self.kills else (*state.tokens, Token(listener, ">", aside=True))
            heard = self.net.listeners if self.kills else {*state.heard, listener}
            return state._replace(tokens=tokens, heard=tuple(sorted(heard)))
        return _with(state._replace(heard=tuple(sorted({*state.heard, listener}))), Token(listener, ">", aside=True))

    # at rest

    def _rest(self, state: State) -> Iterator[Move]:
        if not state.tokens:
            yield Move("", exit=Exit(writes=self._kept(dict(state.values)), code=state.ended or None))
            return
        open_ = sorted((t for t in state.tokens if not t.at), key=lambda t: self.net.nodes[t.node].order)
        alone = open_ and self._mild(open_[0].node) and self.inclusive.apart(state.tokens)
        alone = alone and not any(self.net.nodes[t.node].backs for t in open_)
        for token in open_[:1] if alone else open_:
            yield from self._finish(state, token)
            yield from self._interrupt(state, token)
            yield from self._back(state, token)
        for n in self.net.listeners:
            start = start_of(self.net.nodes[n].el)
            if n not in state.heard and set(kinds(start)) - THROWN:
                yield self._to(f"the event '{n}'", self._heard(state, n))
        for token in open_:
            yield from self._escaping(state, token)

    def _escaping(self, state: State, token: Token) -> Iterator[Move]:
        """Escalations that come out of an activity and are not caught at its boundary."""
        node = self.net.nodes[token.node]
        caught = {c for g in node.guards for c in codes(self.root, self.net.nodes[g].el, "escalation")}
        for code in sorted(node.inside, key=str) if None not in caught else ():
            after = state if code in caught else self._told(state, code)[0]
            if after != state:
                yield self._to(f"an escalation in '{token.node}'", after)

    def _finish(self, state: State, token: Token) -> Iterator[Move]:
        node, rest = self.net.nodes[token.node], _without(state, token)
        if node.kind == "events":
            for w in node.ways:
                self.taken.add(w.id)
                self.reached.add(w.target)
                yield from self._leave(rest, token._replace(node=w.target, fired=()), f"the event '{w.target}'")
            return
        for out in node.exits:
            label = f"{token.node} = {out.label}" if out.label and len(node.exits) > 1 else ""
            if out.kind != "end":
                yield self._caught(state, token, out)
                if not self.kills:
                    yield self._to("", rest)
            elif node.kind == "by_event":
                ended = rest._replace(ended=(out.code or rest.ended) if self.ends else "")
                yield self._to(label, ended, {**dict(state.values), **dict(out.writes)})
            else:
                yield from self._leave(rest, token, label, out.writes)

    def _caught(self, state: State, token: Token, out: Exit) -> Move:
        """An error or cancellation that leaves an activity: its boundary, else the scope."""
        label, rest = f"{out.kind} in '{token.node}'", _without(self._unsure(state, [token]), token)
        rest = rest._replace(values=tuple(sorted({**dict(state.values), **dict(out.writes)}.items())))
        for wanted in dict.fromkeys((out.code, None)):
            for g in self.net.nodes[token.node].guards:
                el = self.net.nodes[g].el
                if out.kind in kinds(el) and (out.kind == "cancel" or wanted in codes(self.root, el, out.kind)):
                    return self._to(label, _with(rest, token._replace(node=g, at=">", fired=())))
        if out.kind == "cancel":
            return self._to(label, _with(rest, token._replace(at=">!", fired=())))
        return self._thrown(label, rest, out.kind, out.code)

    def _interrupt(self, state: State, token: Token) -> Iterator[Move]:
        for g in self.net.nodes[token.node].guards:
            el, label = self.net.nodes[g].el, f"the event '{g}'"
            if g in token.fired or not self._may_happen(el, self.net.nodes[token.node]):
                continue
            if interrupting(el):
                rest = _without(self._unsure(state, [token]), token)
                yield self._to(label, _with(rest, Token(g, ">", token.aside)))
            else:
                armed = token._replace(fired=tuple(sorted({*token.fired, g})))
                yield self._to(label, _with(_without(state, token), armed, Token(g, ">", aside=True)))

    def _back(self, state: State, token: Token) -> Iterator[Move]:
        for label, stay, new in sent_back(self.net, state, token):
            rest = self._unsure(state, [t for t in state.tokens if t not in stay])
            yield self._to(label, rest._replace(tokens=(*stay, *new)))

    def _unsure(self, state: State, tokens: Iterable[Token], names: Collection[str] | None = None) -> State:
        """Return the state in which what these activities set before they finish may have any value."""
        early = frozenset().union(*(self.data.early.get(t.node, frozenset()) for t in tokens))
        lost = early if names is None else early.intersection(names)
        values = dict(state.values)
        values |= {n: MAYBE if values.get(n) in (None, MAYBE) else ANY for n in lost}
        return state._replace(values=tuple(sorted(values.items())))

    def _may_happen(self, el: Element, host: Node) -> bool:
        if set(kinds(el)) - THROWN:
            return True
        wanted = codes(self.root, el, "escalation")
        return bool(host.inside) and any(c is None or c in host.inside for c in wanted)

    def _is_mild(self, name: str) -> bool:
        """May the other tokens wait until this one has moved? Not when its move touches a name that races."""
        touched, seen = set(self.data.writes.get(name, ())), set()
        todo = [name]
        while todo:
            n = todo.pop()
            if n not in seen:
                seen.add(n)
                node = self.net.nodes[n]
                touched |= self.data.reads[n]
                if self.ends and node.kind == "end" and len(self.net.ends) > 1:
                    return not self.net.parallel
                todo += [m for m in self.net.after(n) if n == name or not node.waits]
        return not touched & self.data.racing

    def _to(self, label: str, state: State, values: Mapping[str, object] | None = None) -> Move:
        nodes = {t.node for t in state.tokens}
        kept = self.data.trim(dict(state.values) if values is None else values, nodes)
        return Move(label, state._replace(tokens=tuple(sorted(state.tokens)), values=kept))

    def _kept(self, values: Mapping[str, object]) -> Values:
        return tuple((k, v) for k, v in sorted(values.items()) if k in self.data.keep and k not in self.data.given)


def _without(state: State, token: Token) -> State:
    tokens = list(state.tokens)
    tokens.remove(token)
    return state._replace(tokens=tuple(tokens))


def _with(state: State, *tokens: Token) -> State:
    return state._replace(tokens=(*state.tokens, *tokens))
