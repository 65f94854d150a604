"""The blocks that the maker draws: each goes on from an exit and returns its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.fuzz.activities import call, many, step, sub
from tests.fuzz.drawing import Event, Exit
from tests.fuzz.forks import cross, double, events, fork, loop, web

if TYPE_CHECKING:
    from tests.fuzz.maker import Around, Maker

Block = Callable[["Maker", Exit, "Around"], Exit]
DEEPEST = 3


def block(m: Maker, last: Exit, a: Around) -> Exit:
    m.left -= 1
    kinds = [k for k in BLOCKS if k in m.only and (k in SMALL or (m.left > 0 and a.depth < DEEPEST))]
    kinds = [k for k in kinds if k != "throw" or not a.quiet]
    if a.bare:
        kinds = ["step"]
    kinds += [k for k in kinds if k in ("step", "fork", "loop")]
    kinds += [k for k in kinds if k in m.favour] * 4
    return BLOCKS[m.random.choice(kinds)](m, last, a)


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
    "throw": throw, "jump": jump, "cross": cross, "web": web, "double": double,
}  # fmt: skip
SMALL = frozenset({"step", "many", "catch", "throw"})
