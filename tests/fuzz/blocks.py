"""The blocks that the maker draws: each goes on from an exit and returns its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.fuzz.drawing import ITEMS, Cond, Event, Many

if TYPE_CHECKING:
    from tests.fuzz.maker import Around, Maker

Exit = tuple[str, Cond | None, bool]  # node, condition and default of the flow that will leave it
Block = Callable[["Maker", Exit, "Around"], Exit]
PLAIN = ("timer", "message", "signal", "conditional", "cycle")
DEEPEST = 3


def block(m: Maker, last: Exit, a: Around) -> Exit:
    m.left -= 1
    kinds = [k for k in BLOCKS if k in m.only and (k in SMALL or (m.left > 0 and a.depth < DEEPEST))]
    if a.quiet:
        kinds.remove("throw") if "throw" in kinds else None
    kinds += [k for k in kinds if k in ("step", "fork", "fork", "loop")]
    kinds += [k for k in kinds if k in m.favour] * 4
    return BLOCKS[m.random.choice(kinds)](m, last, a)


def step(m: Maker, last: Exit, a: Around) -> Exit:
    tag = m.random.choice(("userTask", "userTask", "userTask", "task", *(["receiveTask"] if m.events else ())))
    if tag == "userTask":
        name = m.step(a)
    else:
        name = m.add(tag, m.new("a"), event=m.event(["message"], a) if tag == "receiveTask" else None)
    m.link(last, name)
    return (name, None, False) if tag == "task" else guard(m, name, boundaries(m, a, PLAIN), a)


def boundaries(m: Maker, a: Around, kinds: Sequence[str]) -> list[Event]:
    if not m.events:
        return []
    found, left = [], list(kinds)
    for _ in range(m.random.choice((0, 0, 1, 2) if "guard" not in m.favour else (1, 2))):
        event = m.event(left, a)
        if event.kind in ("error", "escalation"):
            left.remove(event.kind)
            event = replace(event, name=event.name if m.chance(of=2) else "")
        found.append(event)
    return found


def guard(m: Maker, host: str, events: Sequence[Event], a: Around) -> Exit:
    """Attach boundary events. One that interrupts comes back behind its host; another ends by itself or comes back too,
    where no join would see two tokens of one."""
    last, merge = (host, None, False), ""
    for event in events:
        interrupts = event.kind == "error" or (not event.turns and m.chance(of=2))
        b = m.add("boundaryEvent", m.new("b"), event=event, host=host, interrupts=interrupts)
        tail: Exit = (b, None, False)
        if not interrupts or m.chance(of=2):
            quiet = a.quiet or event.kind in ("signal", "escalation", "conditional")
            tail = block(m, tail, a.branch(quiet=quiet or a.quiet))
        if not interrupts and (a.joined or m.chance(of=2)):
            m.link(tail, m.add("endEvent"))
            continue
        if not merge:
            merge = m.add("exclusiveGateway")
            m.link(last, merge)
            last = (merge, None, False)
        m.link(tail, merge)
    return last


def fork(m: Maker, last: Exit, a: Around) -> Exit:
    kind = m.random.choice(("exclusive", "parallel", "inclusive", *(["task"] if m.events else ())))
    if kind == "task":
        split, joins = m.step(a), "inclusiveGateway"
    else:
        split, joins = m.add(f"{kind}Gateway"), f"{kind}Gateway"
        if kind == "parallel" and m.events and m.chance(of=3):
            joins = "inclusiveGateway"
    m.link(last, split)
    exits = _exits(m, split, kind, a)
    join = m.add(joins, m.new("j"))
    inside = a.branch(strict=a.strict or joins == "parallelGateway", joined=a.joined or kind != "exclusive")
    seen = [*a.seen]
    for i, tail in enumerate(exits):
        branch = replace(inside, seen=[*seen])
        way = "on" if i == 0 else m.random.choice(("on", "on", "on", *_ways(m, joins, kind, branch)))
        _branch(m, way, tail, join, branch)
        a.seen.extend(n for n in branch.seen if n not in a.seen)
    return (join, None, False)


def _exits(m: Maker, split: str, kind: str, a: Around) -> list[Exit]:
    """Draw how a split is left; one way is always open."""
    n = m.random.choice((2, 3))
    if kind == "parallel":
        return [(split, None, False)] * n
    if kind == "exclusive" and m.chance(of=4):
        cond = m.cond(a)
        other = {"==": "!=", "!=": "==", "<": ">=", ">": "<="}[cond.op]
        return [(split, cond, False), (split, replace(cond, op=other), False)]
    exits: list[Exit] = [(split, m.cond(a), False) for _ in range(n - 1)]
    if kind == "task" and m.chance(of=3):
        exits.append((split, None, False))
    if kind != "task" or m.chance(of=2) or exits[-1][1] is not None:
        exits.insert(m.random.choice((0, len(exits))), (split, None, True))
    return exits


def _ways(m: Maker, joins: str, kind: str, a: Around) -> list[str]:
    if not m.events:
        return []
    ways = ["empty"]
    if a.errors or not a.many:
        ways.append("stop")
    if not a.strict:
        ways.append("gone")
    if joins == "inclusiveGateway":
        ways += ["skip", "skip", "escape", "escape"]
    return ways


def _branch(m: Maker, way: str, tail: Exit, join: str, a: Around) -> None:
    match way:
        case "on":
            m.link(m.blocks(tail, a, 2), join)
        case "empty":
            middle = m.add("task", m.new("a"))
            m.link(tail, middle)
            m.link((middle, None, False), join)
        case "stop" | "gone":  # leaves the flow: its end event takes all with it, or the join does without
            m.finish(m.blocks(tail, a, 1), a, strict=way == "stop")
        case "skip":  # the join has two flows of one branch
            tail = m.blocks(tail, a, 1)
            g = m.add("exclusiveGateway")
            m.link(tail, g)
            m.link((g, m.cond(a), False), join)
            m.link(m.blocks((g, None, True), a, 1), join)
        case "escape":  # only by its boundary event does the branch get to the join
            t = m.step(a)
            m.link(tail, t)
            m.link((t, None, False), m.add("endEvent") if not a.strict else join)
            b = m.add("boundaryEvent", m.new("b"), event=m.event(("timer", "message", "signal"), a), host=t)
            m.link((b, None, False), join)


def cross(m: Maker, last: Exit, a: Around) -> Exit:
    """Branches that share one flow into the join: a token that can reach it is not waited for once it holds another."""
    if a.joined:  # the join fires more than once, which a join around it would take for another round
        return fork(m, last, a)
    split, shared, join = m.step(a), m.add("exclusiveGateway"), m.add("inclusiveGateway", m.new("j"))
    m.link(last, split)
    for _ in range(m.random.choice((2, 3))):
        g = m.add("exclusiveGateway")
        branch = a.branch(joined=True)
        m.link(m.blocks((split, None, False), branch, 1), g)
        m.link((g, None, True), shared)
        m.link(m.blocks((g, m.cond(branch), False), branch, 1), join)
    m.link((shared, None, False), join)
    return (join, None, False)


def loop(m: Maker, last: Exit, a: Around) -> Exit:
    """Correction loop: a step of it decides, so it cannot spin."""
    begin = m.add("exclusiveGateway")
    m.link(last, begin)
    last = m.blocks((begin, None, False), a.branch(), 2)
    decide, again = m.step(a), m.add("exclusiveGateway")
    m.link(last, decide)
    m.link((decide, None, False), again)
    m.link((again, Cond(decide, "==", "a"), False), begin)
    return (again, None, True)


def many(m: Maker, last: Exit, a: Around) -> Exit:
    """Multi-instance or loop of a step."""
    name = m.new("t")
    drawn, _ = characteristics(m, a, name)
    m.add("userTask", name, many=drawn)
    m.names.append(name)
    a.seen.append(name)
    m.link(last, name)
    return guard(m, name, boundaries(m, a, PLAIN), a)


def characteristics(m: Maker, a: Around, name: str) -> tuple[Many, tuple[Cond, ...]]:
    """Draw a loop, and the conditions that its instances may ask."""
    kind = m.random.choice(("parallel", "sequential", *(["loop"] if m.events else ())))
    early = (None, None, Cond(name, "==", "a"), Cond("nrOfCompletedInstances", ">=", 2))
    if kind == "loop":
        again = m.random.choice((None, Cond(name, "!=", "b"), Cond("loopCounter", "<", 2), m.cond(a)))
        return Many(kind=kind, again=again, most=m.random.choice((2, 3)), before=m.chance(of=3)), ()
    extra = (Cond("loopCounter", "==", 0), Cond("loopCounter", ">", 0))
    until = m.random.choice(early) if m.events else None
    if m.events and m.chance(of=3):
        item = m.new("item")
        return Many(kind=kind, count=len(ITEMS), item=item, until=until), (*extra, Cond(item, "==", "b"))
    if m.events and m.chance(of=3):
        return Many(kind=kind, count=2, cond=m.cond(a), other=m.random.choice((3, 0)), until=until), extra
    return Many(kind=kind, count=m.random.choice((2, 3, 1, *([0] if m.events else ()))), until=until), extra


def sub(m: Maker, last: Exit, a: Around) -> Exit:
    name = m.new("u")
    events = boundaries(m, a, (*PLAIN, "error", "error", "escalation", "escalation"))
    drawn, extra = characteristics(m, a, name) if m.events and m.chance(of=3) else (None, ())
    errors = frozenset(e.name or "e1" for e in events if e.kind == "error")
    inside = replace(
        a, depth=a.depth + 1, strict=False, joined=False, many=a.many or drawn is not None, errors=a.errors | errors
    )
    if drawn is not None:
        until = drawn.until if drawn.until is None or drawn.until.name != name else None
        again = None if drawn.again is None or drawn.again.name == name else drawn.again
        drawn, inside = replace(drawn, until=until, again=again), replace(inside, extra=extra)
    m.add("subProcess", name, many=drawn, inside=m.scope(inside))
    m.link(last, name)
    return guard(m, name, events, a)


def call(m: Maker, last: Exit, a: Around) -> Exit:
    """Call a process of the same file; what follows may ask by which end event it ended."""
    name, flow = m.new("k"), m.new("q")
    events = boundaries(m, a, (*PLAIN, "error", "escalation"))
    errors = a.errors | frozenset(e.name or "e1" for e in events if e.kind == "error")
    names, m.names = m.names, []
    m.called[flow] = m.scope(a.called(errors))
    m.names = names
    drawn, _ = characteristics(m, a, name) if m.chance(of=4) else (None, ())
    if drawn is not None:
        drawn = replace(drawn, until=None, again=None)
    m.add("callActivity", name, calls=flow, many=drawn)
    m.link(last, name)
    last = guard(m, name, events, a)
    ends = [n.id for n in m.called[flow].nodes if n.tag == "endEvent"]
    if drawn is not None or m.chance(of=2):
        return last
    g, merge = m.add("exclusiveGateway"), m.add("exclusiveGateway")
    m.link(last, g)
    m.link(step(m, (g, Cond(name, "==", m.random.choice(ends)), False), a), merge)
    m.link((g, None, True), merge)
    return (merge, None, False)


def events(m: Maker, last: Exit, a: Around) -> Exit:
    """Event-based gateway: at most one condition, since two that hold leave it open who wins."""
    gateway, merge = m.add("eventBasedGateway"), m.add("exclusiveGateway")
    m.link(last, gateway)
    kinds = ["message", "timer", "signal", "conditional", "receive"]
    for _ in range(m.random.choice((2, 3))):
        kind = m.random.choice(kinds)
        tag = "receiveTask" if kind == "receive" else "intermediateCatchEvent"
        if kind == "conditional":
            kinds.remove(kind)
        caught = m.add(tag, m.new("c"), event=m.event(["message" if kind == "receive" else kind], a))
        m.link((gateway, None, False), caught)
        m.link(m.blocks((caught, None, False), a.branch(), 1) if m.chance(of=2) else (caught, None, False), merge)
    return (merge, None, False)


def catch(m: Maker, last: Exit, a: Around) -> Exit:
    name = m.add("intermediateCatchEvent", m.new("c"), event=m.event(("timer", "message", "signal", "conditional"), a))
    m.link(last, name)
    return (name, None, False)


def throw(m: Maker, last: Exit, a: Around) -> Exit:
    event = m.event(("escalation", "signal", "message"), a)
    name = m.add("intermediateThrowEvent", m.new("w"), event=event)
    m.link(last, name)
    return (name, None, False)


def jump(m: Maker, last: Exit, a: Around) -> Exit:
    """A pair of link events."""
    event = Event(kind="link", name=m.new("l"))
    source = m.add("intermediateThrowEvent", m.new("w"), event=event)
    m.link(last, source)
    return (m.add("intermediateCatchEvent", m.new("c"), event=event), None, False)


BLOCKS: dict[str, Block] = {
    "step": step, "fork": fork, "loop": loop, "many": many, "sub": sub, "call": call, "events": events, "catch": catch,
    "throw": throw, "jump": jump, "cross": cross,
}  # fmt: skip
SMALL = frozenset({"step", "many", "catch", "throw", "jump"})
