"""Forks and joins that the maker draws, in blocks and where no block is; corrections; event-based gateways."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.fuzz.activities import step
from tests.fuzz.drawing import Cond, Exit

if TYPE_CHECKING:
    from tests.fuzz.maker import Around, Maker


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
    inside = a.branch(
        strict=a.strict or joins == "parallelGateway",
        joined=a.joined or kind != "exclusive",
        bare=a.bare or (kind == "inclusive" and not m.events),
    )
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


def double(m: Maker, last: Exit, a: Around) -> Exit:
    """Two tokens go through one parallel block: each flow into its join may hold two."""
    if a.joined:
        return fork(m, last, a)
    two, merge = m.add("parallelGateway"), m.add("exclusiveGateway")
    split, join = m.add("parallelGateway"), m.add("parallelGateway", m.new("j"))
    m.link(last, two)
    m.link((two, None, False), merge)
    m.link((two, None, False), merge)
    m.link((merge, None, False), split)
    for _ in range(2):
        m.link(step(m, (split, None, False), a.branch(joined=True, strict=True)), join)
    return (join, None, False)


def web(m: Maker, last: Exit, a: Around) -> Exit:
    """Steps with flows forward to any other, and inclusive joins: no structure, but it always comes to an end."""
    if a.joined:
        return fork(m, last, a)
    branch, n = a.branch(joined=True), m.random.choice((3, 4, 5, 6))
    into = {j: {m.random.choice(range(j)) for _ in range(m.random.choice((1, 2, 2)))} for j in range(1, n)}
    into[n - 1] |= {i for i in range(n - 1) if not any(i in sources for sources in into.values())}
    exits: list[list[Exit]] = []
    for i in range(n):
        ways = [exits[source].pop() for source in sorted(into[i])] if i else [last]
        if len(ways) > 1:
            join = m.add("inclusiveGateway", m.new("j"))
            for way in ways:
                m.link(way, join)
            ways = [(join, None, False)]
        exits.append(_spread(m, step(m, ways[0], branch), sum(i in sources for sources in into.values()), branch))
    return exits[-1][0]


def _spread(m: Maker, last: Exit, n: int, a: Around) -> list[Exit]:
    if n < 2:
        return [last]
    kind = m.random.choice(("inclusive", "parallel", "exclusive"))
    split = m.add(f"{kind}Gateway")
    m.link(last, split)
    if kind == "parallel":
        return [(split, None, False)] * n
    return [(split, None, True), *((split, m.cond(a), False) for _ in range(n - 1))]


def loop(m: Maker, last: Exit, a: Around) -> Exit:
    """Correction loop: a step of it decides, so it cannot spin."""
    begin = m.add("exclusiveGateway")
    m.link(last, begin)
    last = m.blocks((begin, None, False), a.branch(), 2) if m.events else step(m, (begin, None, False), a)
    decide, again = m.step(a), m.add("exclusiveGateway")
    m.link(last, decide)
    m.link((decide, None, False), again)
    m.link((again, Cond(decide, "==", "a"), False), begin)
    return (again, None, True)


def events(m: Maker, last: Exit, a: Around) -> Exit:
    """Event-based gateway: at most one condition, since two that hold leave it open who wins."""
    gateway, merge = m.add("eventBasedGateway"), m.add("exclusiveGateway")
    m.link(last, gateway)
    kinds = ["message", "timer", "signal", "conditional", "receive"] if m.events else ["message"]
    for _ in range(m.random.choice((2, 3))):
        kind = m.random.choice(kinds)
        tag = "receiveTask" if kind == "receive" else "intermediateCatchEvent"
        if kind == "conditional":
            kinds.remove(kind)
        caught = m.add(tag, m.new("c"), event=m.event(["message" if kind == "receive" else kind], a))
        m.link((gateway, None, False), caught)
        m.link(m.blocks((caught, None, False), a.branch(), 1) if m.chance(of=2) else (caught, None, False), merge)
    return (merge, None, False)
