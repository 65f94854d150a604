"""Soundness by playing the token game of each scope: no join waits for ever, no step opens twice, all is reached.

A process and each sub-process are proven by themselves, each once; an activity that holds a scope is one element that
may finish as its scope can. Conditions over finite names are followed, others may be true or false; events may happen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn import items, tree
from engine.bpmn.check import outcomes
from engine.bpmn.check.soundness import few, returns, words
from engine.bpmn.check.soundness.data import Data
from engine.bpmn.check.soundness.explore import Explored, explore
from engine.bpmn.check.soundness.game import Game
from engine.bpmn.check.soundness.net import Exit, Net, net
from engine.bpmn.names import CASE
from engine.bpmn.returning import Back
from engine.bpmn.tree import Element, children, ident, local, tag, text
from engine.errors import Finding

__all__ = ["Proof", "Prover", "may_be_none", "prove"]
Key = tuple[str, str]


@dataclass
class Scope:
    """What the scope around has to know of one inside."""

    exits: list[Exit]
    escaped: frozenset[str | None]
    uncaught: dict[str | None, tuple[str, Element, tuple[str, ...]]]  # code -> file, error end, example


@dataclass
class Proof:
    """`states`: how many were looked at, by scope."""

    findings: list[Finding] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)


def prove(main: items.Flow, alone: bool = False) -> Proof:
    """Return what is unsound in a flow and in those it calls; level `model` must be clean.

    `alone`: a shared flow by itself; the errors that leave it may be caught by who calls it.
    """
    prover = Prover(Proof(), _key(main), outcomes.fields({CASE: main.source.forms.get(CASE)}))
    prover.need(main, frozenset())
    scope = prover.flow(main)
    if not alone:
        for code, (file, el, way) in scope.uncaught.items():
            prover.note(file, el, "error", words.uncaught(ident(el), code, way))
    return prover.proof


class Prover:
    """Proves the scopes of a flow, inner ones first."""

    def __init__(self, proof: Proof, main: Key, case: Mapping[str, tuple[object, ...]]) -> None:
        self.proof, self.main, self.case = proof, main, case
        self.needed: dict[Key, frozenset[str]] = {}
        self.few: dict[Key, dict[str, tuple[object, ...]]] = {}
        self.wants: dict[Key, frozenset[str]] = {}
        self.proven: dict[Key, Scope] = {}
        self.backs: dict[Key, tuple[Back, ...]] = {}

    def note(self, file: str, el: Element, rule: str, message: str) -> None:
        finding = Finding(
            file=file, line=tree.line_of(el), level="item", rule=f"sound.{rule}", message=message, where=ident(el)
        )
        self.proof.findings.append(finding)

    def need(self, flow: items.Flow, names: frozenset[str]) -> None:
        """Note which names of a flow its callers ask for."""
        key = _key(flow)
        if key in self.needed and names <= self.needed[key]:
            return
        self.needed[key] = self.needed.get(key, frozenset()) | names
        asked = self.needed[key] | few.asked(flow.process)
        for el in flow.process.iter(tree.MODEL + "callActivity"):
            called, prefix = flow.called.get(local(el.get("calledElement"))), f"{ident(el)}_"
            if called is not None:
                self.need(called, frozenset(n[len(prefix) :] for n in asked if n.startswith(prefix)))

    def flow(self, flow: items.Flow) -> Scope:
        key = _key(flow)
        if key not in self.proven:
            for el in flow.process.iter(tree.MODEL + "callActivity"):
                if (called := flow.called.get(local(el.get("calledElement")))) is not None:
                    self.flow(called)
            self.proven[key] = self.scope(flow, flow.process)
        return self.proven[key]

    def scope(self, flow: items.Flow, el: Element) -> Scope:
        drawn = net(flow.root, el)
        returns.draw(drawn, self.returns(flow))
        uncaught: dict[str | None, tuple[str, Element, tuple[str, ...]]] = {}
        finite = self.finite(flow)
        writes: dict[str, frozenset[str]] = {}
        early: dict[str, frozenset[str]] = {}
        wanted = self.wanted(flow)
        for name, node in drawn.nodes.items():
            if any(node.el.get(q, "1") != "1" for q in ("startQuantity", "completionQuantity")):
                self.note(flow.source.file, node.el, "quantity", words.quantity(name))
            inner = self.inside(flow, node.el)
            if inner is not None and name in drawn.undoes:
                for code, (file, thrower, way) in inner.uncaught.items():
                    self.note(file, thrower, "error", words.undoing(ident(thrower), code, name, way))
            elif inner is not None:
                node.exits, node.inside = inner.exits, inner.escaped
                uncaught |= inner.uncaught
            elif tag(node.el) == "userTask":
                node.exits = _outcomes(name, finite, wanted)
            if node.kind == "wait" and may_be_none(node.el):
                node.exits = [*node.exits, Exit("no instance")]
            early[name] = few.early(node.el, finite.keys() & wanted)
            writes[name] = early[name].union(k for e in node.exits for k, _ in e.writes)
        top = el is flow.process
        keep = self.needed[_key(flow)] if top else wanted
        own = frozenset().union(*writes.values()) if writes else frozenset()
        given = {n for n in finite if n.startswith("case_")} if top else finite.keys() - own
        data = Data(drawn, finite, given, writes, keep & own, early)
        found, game = self.play(flow, drawn, data, ends=(top and _key(flow) != self.main) or _by_event(el))
        return self.told(flow, drawn, found, game, uncaught)

    def play(self, flow: items.Flow, drawn: Net, data: Data, ends: bool) -> tuple[Explored, Game]:
        """Explore; when there are too many states, once more without values, which proves more than needed."""
        name = f"{flow.source.item}/{ident(drawn.el)}"
        game = Game(flow.root, drawn, data, ends)
        found = explore(game)
        self.proof.states[name] = found.states
        if found.tangled and data.asked and not data.keep:  # nobody outside asks for the values that are given up
            free = Game(flow.root, drawn, Data(drawn, {}, (), {}, (), {}), ends)
            simpler = explore(free)
            self.proof.states[name] += simpler.states
            _forestalled(simpler, free)
            if not simpler.tangled and not simpler.faults:
                return simpler, free
        _forestalled(found, game)
        return found, game

    def told(
        self,
        flow: items.Flow,
        drawn: Net,
        found: Explored,
        game: Game,
        uncaught: Mapping[str | None, tuple[str, Element, tuple[str, ...]]],
    ) -> Scope:
        """Note the findings of one scope and return what the scope around has to know."""
        file = flow.source.file
        for (rule, name), (edge, way) in found.faults.items():
            self.note(file, drawn.nodes[name].el, *words.fault(drawn, rule, name, edge, way))
        for name in few.echoes(flow.root, drawn):
            self.note(file, drawn.nodes[name].el, "echo", words.echo(name))
        if found.tangled:
            crowd = [n for n, _ in found.crowd.most_common(3)]
            self.note(file, drawn.el, "tangled", words.tangled(ident(drawn.el), crowd))
        elif not found.faults:
            self.dead(flow, drawn, game)
        exits = [e for e in found.exits if e.kind != "error"]
        errors = {e.code: way for e, way in found.exits.items() if e.kind == "error"}
        out = {c: uncaught.get(c) or (file, _thrower(drawn, c), way) for c, way in errors.items()}
        exits += [Exit(kind="error", code=c) for c in errors]
        return Scope(exits or [Exit()], frozenset(game.escaped), out)

    def dead(self, flow: items.Flow, drawn: Net, game: Game) -> None:
        """Note what no outcome ever leads to: elements whose predecessors are game.reached, and conditional flows."""
        for name, node in drawn.nodes.items():
            if name not in drawn.undoes and name not in game.reached and _first(drawn, name, game.reached):
                self.note(flow.source.file, node.el, "never", words.never(name, node.el))
        for el in children(drawn.el, "sequenceFlow"):
            source, target = el.get("sourceRef") or "", el.get("targetRef") or ""
            lost = ident(el) not in game.taken and source in game.reached and target in game.reached
            if lost and drawn.nodes[source].default != ident(el) and text(el, "conditionExpression"):
                self.note(flow.source.file, el, "never", words.never_taken(source, target))

    def inside(self, flow: items.Flow, el: Element) -> Scope | None:
        """Return what is inside an activity, its exits as the activity gives them."""
        if tag(el) in ("subProcess", "transaction"):
            return self.scope(flow, el)
        called = flow.called.get(local(el.get("calledElement"))) if tag(el) == "callActivity" else None
        if called is None:
            return None
        inner, name = self.flow(called), ident(el)
        exits = [
            Exit(e.code or "", ((name, e.code), *((f"{name}_{k}", v) for k, v in e.writes))) if e.kind == "end" else e
            for e in inner.exits
        ]
        wanted = self.wanted(flow)
        exits = [_only(e, wanted) for e in exits]
        return Scope(list(dict.fromkeys(exits)), inner.escaped, inner.uncaught)

    def wanted(self, flow: items.Flow) -> frozenset[str]:
        """Return the names that are asked for in a flow or by its callers."""
        key = _key(flow)
        if key not in self.wants:
            self.wants[key] = self.needed[key] | few.asked(flow.process)
        return self.wants[key]

    def returns(self, flow: items.Flow) -> tuple[Back, ...]:
        key = _key(flow)
        if key not in self.backs:
            self.backs[key] = returns.declared(flow)
        return self.backs[key]

    def finite(self, flow: items.Flow) -> dict[str, tuple[object, ...]]:
        key = _key(flow)
        if key not in self.few:
            self.few[key] = few.finite(flow, self.needed[key], self.case)
        return self.few[key]


def _forestalled(found: Explored, game: Game) -> None:
    """Add what happens before one token ends all others: the order in which that one waits longest is looked at too."""
    if found.tangled or not game.net.kills:
        return
    other = Game(game.root, game.net, game.data, game.ends, kills=False)
    also = explore(other)
    found.tangled = found.tangled or also.tangled
    found.faults |= {
        k: v for k, v in also.faults.items() if k[0] in ("twice", "no_way", "no_value") and k not in found.faults
    }
    for out, way in also.exits.items():
        if out.kind == "error" and out.code not in {e.code for e in found.exits if e.kind == "error"}:
            found.exits[out] = way
    game.reached |= other.reached
    game.taken |= other.taken
    game.escaped |= other.escaped


def _key(flow: items.Flow) -> Key:
    return flow.source.file, ident(flow.process)


def _outcomes(name: str, finite: Mapping[str, tuple[object, ...]], wanted: frozenset[str]) -> list[Exit]:
    exits = [Exit(str(v), ((name, v),) if name in wanted else ()) for v in finite.get(name, ("done",))]
    for field_name in sorted(n for n in wanted & finite.keys() if n.startswith(f"{name}_")):
        exits = [
            Exit(f"{e.label}, {field_name} = {words.spelt(v)}", (*e.writes, (field_name, v)))
            for e in exits
            for v in finite[field_name]
        ]
    return exits if name in wanted or len(exits) == 1 or exits[0].writes else [Exit()]


def _only(exit: Exit, wanted: frozenset[str]) -> Exit:
    return Exit(exit.label, tuple((k, v) for k, v in exit.writes if k in wanted), exit.kind, exit.code)


def may_be_none(el: Element) -> bool:
    """May the activity be passed without any instance?"""
    for loop in children(el, "multiInstanceLoopCharacteristics"):
        count = text(loop, "loopCardinality")
        return not (count.isdecimal() and int(count) > 0)
    return any(loop.get("testBefore") == "true" for loop in children(el, "standardLoopCharacteristics"))


def _first(drawn: Net, name: str, reached: set[str]) -> bool:
    """Is it the first that is not reached on its way?"""
    before = [n for n in drawn.nodes if name in drawn.after(n)]
    return not before or any(n in reached for n in before)


def _by_event(el: Element) -> bool:
    return el.get("triggeredByEvent") == "true"


def _thrower(drawn: Net, code: str | None) -> Element:
    return next((n.el for n in drawn.nodes.values() if ("error", code) in n.throws), drawn.el)
