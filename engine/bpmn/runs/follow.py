"""Follows the scopes of a flow, inner ones first, as the proof does: what each says to the one around it is trails."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product

from engine.bpmn import items, tree
from engine.bpmn.check import outcomes
from engine.bpmn.check.soundness import Proof, Prover, few, returns
from engine.bpmn.check.soundness.data import Data
from engine.bpmn.check.soundness.game import THROWN, State
from engine.bpmn.check.soundness.inclusive import Token
from engine.bpmn.check.soundness.net import Exit, Net, Node, interrupting, net
from engine.bpmn.diagrams import Drawing
from engine.bpmn.names import CASE
from engine.bpmn.returning import Back, NoReturn, back
from engine.bpmn.runs.beside import beside
from engine.bpmn.runs.on_demand import at_any_time, times
from engine.bpmn.runs.search import Beside, search
from engine.bpmn.runs.trails import BESIDE, ENTRY, Trail, step, union, within
from engine.bpmn.runs.walk import OTHER, Inside, Walk, repeats
from engine.bpmn.tree import MODEL, Element, children, ident, kinds, local, tag

CUTTING = tuple(MODEL + f"{kind}EventDefinition" for kind in ("terminate", "error", "cancel"))
MOMENTS = tuple(MODEL + f"{kind}EventDefinition" for kind in ("conditional", "signal"))


@dataclass(frozen=True)
class Followed:
    """`escaped`: the escalations that leave the scope."""

    inside: Inside
    escaped: frozenset[str | None]


class Follower(Prover):
    """What is known of a definition's scopes while its runs are sought."""

    def __init__(self, main: items.Flow) -> None:
        case = outcomes.fields({CASE: main.source.forms.get(CASE)})
        super().__init__(Proof(), (main.source.file, ident(main.process)), case)
        self.need(main, frozenset())
        self.drawing, self.sent = Drawing(), dict[tuple[str, str], dict[Back, list[str]]]()
        self.followed: dict[tuple[object, ...], Followed] = {}
        self.conditional = any(True for root in _roots(main) for _ in root.iter(*MOMENTS))

    def finite(self, flow: items.Flow) -> dict[str, tuple[object, ...]]:
        """As in the proof, but each outcome of a step by itself."""
        key = (flow.source.file, ident(flow.process))
        if key not in self.few:
            steps = frozenset(ident(el) for el in flow.process.iter(MODEL + "userTask"))
            self.few[key] = few.finite(flow, self.needed[key] | steps, self.case)
        return self.few[key]

    def follow(self, flow: items.Flow, el: Element, cut: bool, at: tuple[str, ...] = ()) -> Followed:
        """Return the trails of a scope. `cut`: it may be cut off; `at`: where a return begins in it, inwards.

        Raises:
            TooMany: it has too many states.
        """
        key = (flow.source.file, ident(flow.process), ident(el), cut, at)
        if key not in self.followed:
            walk, near, aside = self.walk(flow, el, cut)
            found = search(walk, _begin(walk.net, at), near)
            self.followed[key] = Followed(times(found, aside, near, walk.cuts_off), frozenset(walk.escaped))
        return self.followed[key]

    def walk(self, flow: items.Flow, el: Element, cut: bool) -> tuple[Walk, Beside, dict[str, Inside]]:
        """Return the walk of a scope, what may be done beside its nodes, and what may be done at any time in it."""
        drawn = net(flow.root, el)
        starts = list(drawn.starts)
        returns.draw(drawn, self.returns(flow))
        drawn.starts = starts
        top, below = el is flow.process, cut or self.cuts(flow, el)
        inside = {n: found for n, x in drawn.nodes.items() if (found := self.within(flow, x, below)) is not None}
        data = self.data(flow, drawn, top)
        done = {n: frozenset(s for t in (*i.trails, *i.partial) for s in t.steps) for n, i in inside.items()}

        def other(name: str, mark: str) -> Inside:
            found = self.began(flow, drawn.nodes[name], below, tuple(mark.split(":")))
            return Inside() if found is None else found.inside

        main = top and self.main == (flow.source.file, ident(flow.process))
        near = _beside(drawn, done)
        aside = {n: inside[n] for n in at_any_time(drawn, data)}
        drawn.listeners = [n for n in drawn.listeners if n not in aside]
        walk = Walk(
            flow.root,
            drawn,
            data,
            (top and not main) or el.get("triggeredByEvent") == "true",
            inside=inside,
            other=other,
            senders=self.senders(flow),
            cut=cut,
            main=main,
            conditional=self.conditional,
        )
        return walk, near, aside

    def data(self, flow: items.Flow, drawn: Net, top: bool) -> Data:
        """Return what conditions of a scope can tell apart; as in the proof."""
        finite, wanted = self.finite(flow), self.wanted(flow)
        early = {n: few.early(x.el, finite.keys() & wanted) for n, x in drawn.nodes.items()}
        writes = {n: early[n].union(k for e in x.exits for k, _ in e.writes) for n, x in drawn.nodes.items()}
        keep = self.needed[flow.source.file, ident(flow.process)] if top else wanted
        own = frozenset().union(*writes.values())
        given = {n for n in finite if n.startswith("case_")} if top else finite.keys() - own
        return Data(drawn, finite, given, writes, keep & own, early)

    def within(self, flow: items.Flow, node: Node, cut: bool) -> Inside | None:
        """Return what is done in a node, and let the node finish as that says; None: nothing can be."""
        if tag(node.el) == "userTask":
            trails = self.step(flow, node.el)
            node.exits = [t.exit for t in trails]
            return Inside(trails, trails if self.conditional else ())
        found = self.began(flow, node, cut, ())
        if found is None:
            return None
        ways = (t.exit for t in found.inside.trails if t.exit.kind != "escalation")
        node.exits, node.inside = list(dict.fromkeys(ways)) or [Exit()], found.escaped
        return found.inside

    def began(self, flow: items.Flow, node: Node, cut: bool, at: tuple[str, ...]) -> Followed | None:
        """Return what is done in an activity with a scope, which a return begins `at` a place; None: it has none."""
        el = node.el
        cut = cut or _may_be_cut(node) or repeats(el)
        if tag(el) in ("subProcess", "transaction"):
            return self.follow(flow, el, cut, at)
        called = flow.called.get(local(el.get("calledElement"))) if tag(el) == "callActivity" else None
        if called is None:
            return None
        found = self.follow(called, called.process, cut, at)
        inside = Inside(*(self.given(flow, el, trails) for trails in found.inside))
        return Followed(inside, found.escaped)

    def given(self, flow: items.Flow, call: Element, trails: Iterable[Trail]) -> list[Trail]:
        """Return the trails of a called flow as a call of it has them; those that are the same to it as one."""
        name, wanted = ident(call), self.wanted(flow)
        same: dict[tuple[Exit, frozenset[str]], list[Trail]] = {}
        for trail in trails:
            out = trail.exit
            if out.kind == "end":
                written = ((name, out.code), *((f"{name}_{k}", v) for k, v in out.writes))
                out = Exit("", tuple((k, v) for k, v in written if k in wanted))
            same.setdefault((out, trail.done), []).append(within(trail, name, out))
        return [union(each, each[0].exit, {}) for each in same.values()]

    def step(self, flow: items.Flow, el: Element) -> list[Trail]:
        """Return the ways to do a step: outcomes, with fields that decide, by what conditions ask of them."""
        name, finite, wanted = ident(el), self.finite(flow), self.wanted(flow)
        fields = sorted(n for n in wanted & finite.keys() if n.startswith(f"{name}_"))
        ways: dict[tuple[tuple[str, object], ...], list[str]] = {}
        for outcome, values in product(items.step(el, name).outcomes, product(*(finite[f] for f in fields))):
            own = ((name, outcome),) if name in wanted and name in finite else ()
            ways.setdefault((*own, *zip(fields, values, strict=True)), []).append(outcome)
        return [step(name, Exit(writes=writes), found) for writes, found in ways.items()]

    def returns(self, flow: items.Flow) -> tuple[Back, ...]:
        return tuple(self.senders(flow))

    def senders(self, flow: items.Flow) -> Mapping[Back, Sequence[str]]:
        """Return the returns of a flow, each with the steps that make it."""
        key = (flow.source.file, ident(flow.process))
        if key not in self.sent:
            self.sent[key] = {}
            for el in flow.process.iter(MODEL + "userTask"):
                for to in " ".join(r.get("to") or "" for r in tree.sun(el, "returns")).split():
                    with suppress(NoReturn):
                        self.sent[key].setdefault(back(self.drawing.process(flow), ident(el), to), []).append(ident(el))
        return self.sent[key]

    def cuts(self, flow: items.Flow, el: Element) -> bool:
        """May something in a scope cut off what else is in it?"""
        listeners = (s for s in children(el, "subProcess") if s.get("triggeredByEvent") == "true")
        called = (flow.called.get(local(c.get("calledElement"))) for c in el.iter(MODEL + "callActivity"))
        return (
            any(True for _ in el.iter(*CUTTING))
            or any(interrupting(s) for s in listeners)
            or bool(self.returns(flow))
            or any(self.cuts(c, c.process) for c in called if c is not None)
        )


def _begin(drawn: Net, at: tuple[str, ...]) -> Iterator[State]:
    if at:
        inner = (OTHER + ":".join(at[1:]),) if at[1:] else ()
        yield State((Token(at[0], ">", False, inner, (BESIDE, ENTRY)),), ())
        return
    for names in drawn.starts:
        yield State(tuple(Token(n, ">", False, (), (ENTRY,)) for n in sorted(names)), ())


def _beside(drawn: Net, done: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Instances of one activity lie beside each other."""
    found = beside(drawn, done)
    several = {n for n, x in drawn.nodes.items() if repeats(x.el)}
    return {n: names | done.get(n, frozenset()) if n in several else names for n, names in found.items()}


def _may_be_cut(node: Node) -> bool:
    """May the activity be passed over to a boundary event before it ends? What hangs on it is found by its element."""
    around = node.el.getparent()
    guards = [] if around is None else children(around, "boundaryEvent")
    own = [g for g in guards if g.get("attachedToRef") == ident(node.el) and interrupting(g)]
    return any(set(kinds(g)) - THROWN - {"compensate"} for g in own)


def _roots(flow: items.Flow) -> Iterator[Element]:
    yield flow.root
    for called in flow.called.values():
        yield from _roots(called)
