"""Activities that the maker draws, with boundary events, loops and multi-instance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.fuzz.drawing import ITEMS, Cond, Event, Exit, Many

if TYPE_CHECKING:
    from tests.fuzz.maker import Around, Maker

PLAIN = ("timer", "message", "signal", "conditional", "cycle")


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
        kinds = [k for k in kinds if k == "message"]
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
        interrupts = not m.events or event.kind == "error" or (not event.turns and m.chance(of=2))
        b = m.add("boundaryEvent", m.new("b"), event=event, host=host, interrupts=interrupts)
        tail: Exit = (b, None, False)
        if not interrupts or m.chance(of=2):
            quiet = a.quiet or event.kind in ("signal", "escalation", "conditional")
            tail = m.block(tail, a.branch(quiet=quiet or a.quiet))
        if not interrupts and (a.joined or m.chance(of=2)):
            m.link(tail, m.add("endEvent"))
            continue
        if not merge:
            merge = m.add("exclusiveGateway")
            m.link(last, merge)
            last = (merge, None, False)
        m.link(tail, merge)
    return last


def many(m: Maker, last: Exit, a: Around) -> Exit:
    """Multi-instance or loop of a step."""
    name = m.new("t")
    drawn, _ = characteristics(m, a, name)
    m.add("userTask", name, many=drawn)
    if m.events:  # the stock library keeps to itself what instances give
        m.names.append(name)
        a.seen.append(name)
    m.link(last, name)
    return guard(m, name, boundaries(m, a, PLAIN) if m.events else [], a)


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
    events = boundaries(m, a, (*PLAIN, "error", "error", "escalation", "escalation")) if m.events else []
    drawn, extra = characteristics(m, a, name) if m.events and m.chance(of=3) else (None, ())
    errors = frozenset(e.name or "e1" for e in events if e.kind == "error")
    inside = replace(a, depth=a.depth + 1, strict=False, joined=False, inside=True, errors=a.errors | errors)
    inside = replace(inside, many=a.many or drawn is not None)
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
