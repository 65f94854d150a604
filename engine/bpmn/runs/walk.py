"""The token game of a scope as in the proof, and what is done in it: every act of it is a trail of a step or activity.

Otherwise than in the proof, what does not interrupt may happen again and again unless it is a timer that fires once;
the order of tokens is followed where one of them may cut the others off; an activity that may be cut off may be `cut`:
part of what is inside is done, and it goes no further by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.bpmn.check.soundness import may_be_none
from engine.bpmn.check.soundness.game import THROWN, Game, Move, State
from engine.bpmn.check.soundness.inclusive import Token
from engine.bpmn.check.soundness.net import Exit, Node, codes, interrupting, start_of
from engine.bpmn.returning import Back
from engine.bpmn.runs.trails import END, EVENT, Trail, resolved
from engine.bpmn.tree import Element, children, kinds, tag

CUT, ONCE, OTHER = "!", "+", "@"  # in what has fired of a token: it is cut; an instance is done; other trails hold


class Act(NamedTuple):
    """That a trail was gone at a node, and the steps that may have been done last as it was entered."""

    trail: Trail
    last: tuple[str, ...]
    node: str


class Inside(NamedTuple):
    """What may be done in a node: whole, and as far as it may be cut off."""

    trails: Sequence[Trail] = ()
    partial: Sequence[Trail] = ()


@dataclass
class Walk(Game):
    """`inside`: of steps and activities with a scope; `other`: of a token that began otherwise, by its mark.

    `cut`: the scope may be cut off; `main`: of the case.
    `conditional`: some event waits for a condition, which may come true as a step is done and before it is left.
    """

    inside: Mapping[str, Inside] = field(default_factory=dict)
    other: Callable[[str, str], Inside] = lambda *_: Inside()
    senders: Mapping[Back, Sequence[str]] = field(default_factory=dict)
    cut: bool = False
    main: bool = False
    conditional: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        nodes = self.net.nodes
        self.loud = any(k == "escalation" for n in nodes.values() for k, _ in n.throws) or any(
            n.inside for n in nodes.values()
        )
        self.cuts_off = self.net.kills or self.cut or any(interrupting(nodes[n].el) for n in self.net.listeners)
        self.cuts = self.cuts_off or any(n.backs for n in nodes.values())
        self.ordered = self.cuts or self.loud
        self.flown: list[str | None] = []  # codes of escalations that left the scope in the last move

    def acts(self, state: State) -> Iterator[tuple[Act | None, Move]]:
        moving = [t for t in state.tokens if t.at[:1] == ">"]
        if moving:
            for token in moving if self.net.kills else moving[:1]:
                yield from ((None, m) for m in self._arrive(_but(state, token), token))
        elif ready := [t for t in state.tokens if t.at and self.inclusive.ready(state.tokens, t)]:
            for join in dict.fromkeys(t.node for t in ready):
                yield from ((None, m) for m in self._join(state, join))
        elif not state.tokens:
            yield from ((None, m) for m in super()._rest(state))
        else:
            yield from self._at_rest(state)

    def _at_rest(self, state: State) -> Iterator[tuple[Act | None, Move]]:
        open_ = sorted((t for t in state.tokens if not t.at), key=lambda t: self.net.nodes[t.node].order)
        alone = open_ and not self.ordered and self._mild(open_[0].node) and self.inclusive.apart(state.tokens)
        for token in open_[:1] if alone else open_:
            yield from self._of(state, token)
        for n in self.net.listeners:
            if n not in state.heard and set(kinds(start_of(self.net.nodes[n].el))) - THROWN:
                yield None, self._to("", self._heard(state, n))
        for token in open_:
            beside = [m for m in self._escaping(state, token) if not self._cuts_off(state, m)]
            self.flown.clear()
            yield from ((None, m) for m in beside)
        for n in sorted(self.net.undoes):
            for trail in self.inside.get(n, Inside()).trails:
                if trail.exit.kind == "end" and not trail.done <= state.done:
                    yield Act(trail, self._event(n), n), self._to("", state._replace(done=state.done | trail.done))

    def _cuts_off(self, state: State, move: Move) -> bool:
        return move.state is not None and not set(state.tokens) <= set(move.state.tokens)

    def _of(self, state: State, token: Token) -> Iterator[tuple[Act | None, Move]]:
        """What may come of an open token."""
        node = self.net.nodes[token.node]
        if node.kind == "events":
            for w in node.ways:
                after = token._replace(node=w.target, fired=(), last=self._event(w.target, token))
                yield from ((None, m) for m in self._leave(_but(state, token), after))
        elif CUT not in token.fired:
            yield from self._done(state, token, node)
        yield from ((None, m) for m in self._interrupt(state, token))
        for plan in node.backs:
            yield from (self._sent_back(state, token, plan, sender) for sender in self.senders[plan])

    def _done(self, state: State, token: Token, node: Node) -> Iterator[tuple[Act | None, Move]]:
        found = self._inside(token)
        several = repeats(node.el)
        if found is None or (ONCE not in token.fired and may_be_none(node.el)):
            last = self._event(token.node, token) if found is None else token.last
            after = token._replace(last=last)
            yield from ((None, m) for m in self._leave(_but(state, token), after))
        if found is None:
            return
        for trail in found.trails:
            act, st, after = self._gone(state, token, trail)
            out = trail.exit
            if out.kind == "escalation":
                yield from ((act, m) for m in self._escalated(st, after, out))
            elif out.kind != "end":
                yield act, self._caught(st, after, out)
            else:
                if several:
                    stay = after._replace(fired=_marked(token, ONCE), last=_all(after.last, token.last))
                    values = {**dict(state.values), **dict(out.writes)}
                    yield act, self._to("", _with(_but(st, after), stay), values)
                yield from ((act, m) for m in self._left(_but(st, after), node, after, out))
        partial = found.partial if several or self._may_be_cut(node) else ()
        for trail in partial:
            act, st, after = self._gone(state, token, trail)
            yield act, self._to("", _with(_but(st, after), after._replace(fired=_marked(after, CUT))))
            if several:
                yield act, self._to("", _with(_but(st, after), after._replace(fired=token.fired)))

    def _inside(self, token: Token) -> Inside | None:
        mark = next((f for f in token.fired if f[:1] == OTHER), None)
        return self.inside.get(token.node) if mark is None else self.other(token.node, mark[1:])

    def _gone(self, state: State, token: Token, trail: Trail) -> tuple[Act, State, Token]:
        after = token._replace(last=tuple(sorted(resolved(trail.last, token.last, token.node))))
        gone = _with(_but(state, token), after)._replace(done=state.done | trail.done)
        return Act(trail, token.last, token.node), gone, after

    def _left(self, rest: State, node: Node, token: Token, out: Exit) -> Iterator[Move]:
        if node.kind != "by_event":
            yield from self._leave(rest, token, "", out.writes)
            return
        ended = rest._replace(ended=(out.code or rest.ended) if self.ends else "", over=rest.over.union(token.last))
        if not token.aside and out.code:
            ended = self._passed(ended, out.code, alone=True)
        yield self._to("", ended, {**dict(rest.values), **dict(out.writes)})

    def _leave(self, state: State, token: Token, label: str = "", written: tuple[tuple[str, object], ...] = ()
               ) -> Iterator[Move]:  # fmt: skip
        if not self.net.nodes[token.node].ways:
            state = state._replace(over=state.over.union(token.last))
        return super()._leave(state, token, label, written)

    def _join(self, state: State, name: str) -> Iterator[Move]:
        """An inclusive join may open because another token has ended."""
        if self.net.nodes[name].kind == "inclusive" and state.over:
            used = next(t for t in state.tokens if t.node == name)
            state = _with(_but(state, used), used._replace(last=_all(used.last, state.over)))
        return super()._join(state, name)

    def _end(self, state: State, node: Node, token: Token) -> Iterator[Move]:
        alone = any(kind == "terminate" for kind, _ in node.throws)
        if alone or not token.aside:
            state = self._passed(state, token.node, alone)
        return super()._end(state._replace(over=state.over.union(token.last)), node, token)

    def _passed(self, state: State, end: str, alone: bool) -> State:
        if not self.main:
            return state
        kept = state.done if not alone else frozenset(s for s in state.done if s[:1] != END)
        return state._replace(done=kept | {END + end})

    def _escalated(self, state: State, token: Token, out: Exit) -> Iterator[Move]:
        """An escalation leaves an activity, which so far has gone this trail: what it interrupts."""
        for wanted in dict.fromkeys((out.code, None)):
            for g in self.net.nodes[token.node].guards:
                el = self.net.nodes[g].el
                if "escalation" in kinds(el) and wanted in codes(self.root, el, "escalation"):
                    if interrupting(el):
                        rest = _but(self._unsure(state, [token]), token)
                        yield self._to("", _with(rest, token._replace(node=g, at=">", fired=())))
                    return
        cut = _with(_but(state, token), token._replace(fired=_marked(token, CUT)))
        yield self._to("", self._told(cut, out.code)[0])

    def _told(self, state: State, code: str | None) -> tuple[State, bool]:
        if self._catcher(state, "escalation", code) is None:
            self.flown.append(code)
        return super()._told(state, code)

    def _heard(self, state: State, listener: str) -> State:
        after = super()._heard(state, listener)
        last = _all(self._event(listener), *(t.last for t in state.tokens), state.over)
        tokens = tuple(
            t._replace(last=last) if t.node == listener and t.at == ">" and not t.last else t for t in after.tokens
        )
        el = self.net.nodes[listener].el
        again = not interrupting(el) and not fires_once(start_of(el))
        return after._replace(tokens=tokens, heard=state.heard if again else after.heard)

    def _interrupt(self, state: State, token: Token) -> Iterator[Move]:
        for g in self.net.nodes[token.node].guards:
            el = self.net.nodes[g].el
            if g in token.fired or not self._may_happen(el, self.net.nodes[token.node]):
                continue
            born = Token(g, ">", token.aside, (), self._event(token.node, token))
            if not interrupting(el):
                fired = _marked(token, g) if fires_once(el) else token.fired
                yield self._to("", _with(_but(state, token), token._replace(fired=fired), born._replace(aside=True)))
            elif set(kinds(el)) - THROWN:
                yield self._to("", _with(_but(self._unsure(state, [token]), token), born))

    def _sent_back(self, state: State, token: Token, plan: Back, sender: str) -> tuple[Act, Move]:
        stay = [t for t in state.tokens if not plan.ends(t.node, t.at or None)]
        gone = [t for t in state.tokens if t not in stay]
        last = _all(self._event(token.node), *(t.last for t in gone))
        new = [Token(join, flow, token.aside, (), last) for join, flow in plan.stands]
        inner = (OTHER + ":".join(plan.to[1:]),) if plan.to[1:] else ()
        new.append(Token(plan.to[0], ">", token.aside, inner, last))
        trail = Trail(exit=Exit(), steps=(sender,), before={sender: self._whose(plan)}, outcomes={sender: frozenset()})
        rest = self._unsure(state, gone)._replace(done=state.done | {sender})
        return Act(trail, token.last, token.node), self._to("", rest._replace(tokens=(*stay, *new)))

    def _whose(self, plan: Back) -> frozenset[str]:
        """What may be done last before the step that sends back opens, where that is told by its own trail alone."""
        return frozenset() if plan.depth else frozenset(("",))

    def _event(self, node: str, token: Token | None = None) -> tuple[str, ...]:
        """Return what may have been done last when an event happens at a node."""
        own = () if token is None else token.last
        return _all(own, (EVENT + node,))

    def _may_be_cut(self, node: Node) -> bool:
        guards = (self.net.nodes[g].el for g in node.guards)
        return self.cuts or any(interrupting(g) and set(kinds(g)) - THROWN for g in guards)


def repeats(el: Element) -> bool:
    """May the activity have several instances or rounds?"""
    return bool(children(el, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"))


def fires_once(el: Element) -> bool:
    """Does an event that does not interrupt wait for one moment only?"""
    found = [d for d in el if tag(d).endswith("EventDefinition")]
    return bool(found) and all(tag(d) == "timerEventDefinition" and not children(d, "timeCycle") for d in found)


def _all(*names: Sequence[str] | frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(frozenset().union(*names)))


def _marked(token: Token, mark: str) -> tuple[str, ...]:
    return tuple(sorted({*token.fired, mark}))


def _but(state: State, token: Token) -> State:
    tokens = list(state.tokens)
    tokens.remove(token)
    return state._replace(tokens=tuple(tokens))


def _with(state: State, *tokens: Token) -> State:
    return state._replace(tokens=(*state.tokens, *tokens))
