"""Drawings of short flows, version beside version, for moving cases."""

from __future__ import annotations

from itertools import pairwise

from tests.bpmn.flows import MESSAGE, TIMER, flows

TAGS = {"s": "startEvent", "z": "endEvent", "g": "parallelGateway", "j": "parallelGateway", "x": "exclusiveGateway"}
TAGS |= {"i": "inclusiveGateway"}


def ids(*names: str) -> str:
    """Draw elements by the first letter of their id: start, z end, gateways g j (parallel) x i, others user tasks."""
    return "".join(f'<{TAGS.get(name[0], "userTask")} id="{name}"/>' for name in " ".join(names).split())


def line(steps: str, drawn: str = "") -> str:
    """Draw elements one after the other; `drawn`: those that are not plain steps, and what else there is."""
    names = ["s", *steps.split(), "z"]
    order = flows(*[f"{a}>{b}" for a, b in pairwise(names)])
    return ids("s z", *[n for n in steps.split() if f' id="{n}"' not in drawn]) + drawn + order


def guarded(host: str, event: str = TIMER, interrupts: bool = True) -> str:
    return (
        f'<boundaryEvent id="late" attachedToRef="{host}" cancelActivity="{str(interrupts).lower()}">{event}'
        f'</boundaryEvent><userTask id="remind"/><endEvent id="z_late"/>{flows("late>remind remind>z_late")}'
    )


def block(steps: str, more: str = "", kind: str = "subProcess") -> str:
    names = ["sb", *steps.split(), "zb"]
    order = flows(*[f"{a}>{b}" for a, b in pairwise(names)])
    return f'<{kind} id="b">{ids(*names)}{more}{order}</{kind}>'


def several(step: str, number: int = 2) -> str:
    loop = f"<loopCardinality>{number}</loopCardinality>"
    return (
        f'<userTask id="{step}"><multiInstanceLoopCharacteristics>{loop}</multiInstanceLoopCharacteristics></userTask>'
    )


def compensated(handler: str | None) -> str:
    undo = (
        f'<boundaryEvent id="c" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
        f'<userTask id="{handler}" isForCompensation="true"/>'
    )
    tie = f'<association id="as" sourceRef="c" targetRef="{handler}"/>'
    throw = '<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent>'
    return line("a b t", throw + (undo if handler else "")) + (tie if handler else "")


def gathered(number: int) -> str:
    """Two branches end at a step that takes so many tokens at once."""
    step = f'<userTask id="w" startQuantity="{number}"/>'
    return ids("s g u v z") + step + flows("s>g g>u g>v u>w v>w w>z")


def forked(each: int) -> str:
    """A step sends so many tokens into each of two branches."""
    step = f'<userTask id="a" completionQuantity="{each}"/>'
    return ids("s u v z1 z2") + step + flows("s>a a>u a>v u>z1 v>z2")


def begun(*first: str) -> str:
    """A sub-process that begins with all of these steps at once."""
    inside = "".join(f"{ids(name, f'z_{name}')}{flows(f'{name}>z_{name}')}" for name in first)
    return line("b", f'<subProcess id="b">{inside}</subProcess>')


def first_of(*names: str) -> str:
    """The first of several timers decides which step comes."""
    waits = "".join(
        f'<intermediateCatchEvent id="{n}">{TIMER}</intermediateCatchEvent>{ids(f"t{n}", f"z{n}")}' for n in names
    )
    order = flows("s>e", *[f"e>{n} {n}>t{n} t{n}>z{n}" for n in names])
    return ids("s") + f'<eventBasedGateway id="e"/>{waits}{order}'


PARALLEL = ids("s g u v j w z") + flows("s>g g>u g>v u>j v>j j>w w>z")
THREE = ids("s g u v y j w z") + flows("s>g g>u g>v g>y u>j v>j y>j j>w w>z")
BESIDE = ids("s g u v z1 z2") + flows("s>g g>u g>v u>z1 v>z2")
EITHER = ids("s i u v i2 w z") + flows("s>i i>u>true i>v>true u>i2 v>i2 i2>w w>z")
MESSAGED = line("m", f'<intermediateCatchEvent id="m">{MESSAGE}</intermediateCatchEvent>')
CALLING = line("call b", '<callActivity id="call" calledElement="{}"/>')


def both_undone(handler: str) -> str:
    """Two steps, each with a compensation step, and an event that has both undone; `handler`: of the first."""
    ties, parts = "", ""
    for step, undo in (("a", handler), ("a2", "h2")):
        parts += f'<boundaryEvent id="c{step}" attachedToRef="{step}"><compensateEventDefinition/></boundaryEvent>'
        parts += f'<userTask id="{undo}" isForCompensation="true"/>'
        ties += f'<association id="as{step}" sourceRef="c{step}" targetRef="{undo}"/>'
    throw = '<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent>'
    return line("a a2 b t", throw + parts) + ties
