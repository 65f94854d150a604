"""Draws random sound flows: blocks in blocks, and joins that are not blocks where an inclusive gateway copes.

Left out on purpose, since the standard leaves them open: two catchers of one error or escalation at one level; handlers
of a signal or escalation that throw it again; a cycle without a step; conditions on what a parallel branch gives.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from tests.fuzz.blocks import BLOCKS, block
from tests.fuzz.drawing import Cond, Event, Exit, File, Flow, Node, Scope

OUTCOMES = ("a", "b", "c")
ACTIVITIES = ("userTask", "task", "receiveTask", "subProcess", "callActivity")
NUMBERS = (0, 1)  # what a step decides, besides its outcome, as its field `n`


@dataclass(frozen=True, kw_only=True)
class Around:
    """Where a block is drawn. `seen`: names of steps before it; `errors`: codes that somebody around catches."""

    depth: int = 0
    quiet: bool = False  # inside a handler that must not be called again by what it throws
    strict: bool = False  # a parallel join of this scope waits for this branch
    joined: bool = False  # some join of this scope waits for this branch
    inside: bool = False  # of a sub-process, whose end event has no name that counts
    many: bool = False
    bare: bool = False  # steps only: the stock library's inclusive join does not see an activity that is under way
    errors: frozenset[str] = frozenset()
    seen: list[str] = field(default_factory=list)
    extra: tuple[Cond, ...] = ()  # conditions on counters and items of the instance

    def branch(self, **facts: bool) -> Around:
        return replace(self, depth=self.depth + 1, seen=[*self.seen], **facts)  # type: ignore[arg-type]

    def called(self, errors: frozenset[str]) -> Around:
        return Around(depth=self.depth + 1, quiet=self.quiet, many=self.many, errors=errors)


@dataclass
class Draft:
    """A scope that is being drawn."""

    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)


class Maker:
    """`random`: of a seed or of Hypothesis, which shrinks to the first of several options; `favour`: kinds of blocks
    drawn more often; `only`: the kinds that may be drawn at all; `plain`: what stock SpiffWorkflow does right."""

    def __init__(
        self,
        random: random.Random,
        favour: Collection[str] = (),
        only: Collection[str] = tuple(BLOCKS),
        plain: bool = False,
    ) -> None:
        self.random, self.favour, self.only, self.events = random, frozenset(favour), frozenset(only), not plain
        self.count, self.left = 0, 0
        self.called: dict[str, Scope] = {}
        self.names: list[str] = []  # steps of the process being drawn
        self.draft = Draft()

    def file(self) -> File:
        self.left = self.random.choice(range(3, 19))
        return File(self.scope(Around()), self.called)

    def new(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def chance(self, *, of: int) -> bool:
        """True once in so many times."""
        return self.random.choice(range(of)) == of - 1

    def add(self, tag: str, name: str = "", **facts: object) -> str:
        name = name or self.new(tag[0])
        self.draft.nodes.append(Node(id=name, tag=tag, **facts))  # type: ignore[arg-type]
        return name

    def link(self, last: Exit, target: str) -> None:
        source, cond, default = last
        self.draft.flows.append(Flow(id=self.new("f"), source=source, target=target, cond=cond, default=default))

    def step(self, a: Around, **facts: object) -> str:
        name = self.add("userTask", self.new("t"), **facts)
        self.names.append(name)
        a.seen.append(name)
        return name

    def cond(self, a: Around, anywhere: bool = False) -> Cond:
        """A condition on what was before; `anywhere`: on any step of the process."""
        names = [*reversed(self.names if anywhere else a.seen)][:3]
        if a.extra and not anywhere and self.chance(of=2):
            return self.random.choice(a.extra)
        return Cond(
            self.random.choice([*names, "case_x"]), self.random.choice(("==", "!=")), self.random.choice(OUTCOMES)
        )

    def event(self, kinds: Sequence[str], a: Around) -> Event:
        kind = self.random.choice(kinds if self.events else ("message",))
        match kind:
            case "message" | "signal" | "error" | "escalation":
                return Event(kind=kind, name=kind[0 if kind != "escalation" else 2] + self.random.choice("01"))
            case "conditional":
                return Event(kind=kind, cond=self.cond(a, anywhere=True))
            case "cycle":
                return Event(kind="timer", turns=self.random.choice((2, 3)))
        return Event(kind=kind)

    def block(self, last: Exit, a: Around) -> Exit:
        return block(self, last, a)

    def blocks(self, last: Exit, a: Around, most: int) -> Exit:
        for _ in range(self.random.choice(range(1, most + 1))):
            last = self.block(last, a)
        return last

    def scope(self, a: Around, start: Node | None = None) -> Scope:
        """Draw a scope; `start`: of an event sub-process."""
        before, self.draft = self.draft, Draft()
        handlers = [] if start is not None or not self.events else self.handlers(a)
        caught = frozenset(e.name or "e0" for e, _ in handlers if e.kind == "error")
        inner = replace(a, errors=a.errors | caught)
        if start is not None:
            self.draft.nodes.append(start)
        first = start.id if start is not None else self.add("startEvent")
        last = self.blocks((first, None, False), inner, 3 if a.depth == 0 else 2)
        self.finish(last, inner)
        for event, interrupts in handlers:
            self.handler(event, interrupts, a)
        drawn, self.draft = self.draft, before
        return Scope(tuple(drawn.nodes), tuple(drawn.flows))

    def handlers(self, a: Around) -> list[tuple[Event, bool]]:
        """Draw the triggers of the event sub-processes of a scope: at most one error and one escalation."""
        found: list[tuple[Event, bool]] = []
        kinds = ["message", "timer", "signal", "error", "escalation", "conditional", "cycle"]
        for _ in range(self.random.choice((0, 0, 0, 1, 2) if "handlers" not in self.favour else (1, 2))):
            event = self.event(kinds, a)
            if event.kind in ("error", "escalation"):
                kinds.remove(event.kind)
                event = replace(event, name=event.name if self.chance(of=2) else "")
            found.append((event, event.kind == "error" or (not event.turns and self.chance(of=2))))
        return found

    def handler(self, event: Event, interrupts: bool, a: Around) -> None:
        name, start = self.new("h"), Node(id=self.new("s"), tag="startEvent", event=event, interrupts=interrupts)
        quiet = a.quiet or event.kind in ("signal", "escalation", "conditional")
        around = Around(depth=a.depth + 2, quiet=quiet, many=True, errors=a.errors, seen=a.seen, extra=a.extra)
        self.add("subProcess", name, by_event=True, inside=self.scope(around, start))

    def ends_without(self, last: Exit) -> bool:
        """May the flow end here without an end event?"""
        return last[1:] == (None, False) and any(n.id == last[0] and n.tag in ACTIVITIES for n in self.draft.nodes)

    def finish(self, last: Exit, a: Around, strict: bool = False) -> None:
        """Draw an end event; `strict`: one that takes the rest of its scope away."""
        kinds = [] if strict else ["", "", "", ""]
        if self.events:
            kinds += [] if strict or a.quiet else ["message", "signal", "escalation"]
            kinds += ["error"] * bool(a.errors or self.chance(of=40))
            kinds += [] if a.many or (a.depth == 0 and not strict) else ["terminate"]
        if self.events and a.inside and self.ends_without(last) and self.chance(of=4):
            return
        kind = self.random.choice(kinds)
        event = self.event([kind], a) if kind else None
        if event is not None and kind == "error":
            event = replace(event, name=self.random.choice(sorted(a.errors) or ["e0"]))
        end = self.add("endEvent", event=event)
        self.link(last, end)
