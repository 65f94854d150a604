"""Small flows drawn at random: gateways of any kind, joined rightly more often than not, loops, events, scopes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from hypothesis import strategies as st

from engine.model import Source
from tests.bpmn.flows import TIMER, source

KINDS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")
PLAIN = ("step", "sequence", "split", "split", "split", "loop", "late", "leave")
RICH = (*PLAIN, "inside", "inside", "inside", "events", "link", "fan", "several")
ERRORS, ESCALATIONS = ("e1", "e2"), ("c1", "c2")
FORM = {"type": "object", "properties": {"f": {"type": "boolean", "x-decides": True}}, "required": ["f"]}


@dataclass
class Sheet:
    """A flow being drawn. Steps have two outcomes each; `depth`: how many sub-processes are around."""

    draw: st.DrawFn
    shapes: tuple[str, ...] = PLAIN
    depth: int = 0
    steps: list[str] = field(default_factory=list)
    xml: list[str] = field(default_factory=list)
    gates: list[tuple[str, list[str], list[str]]] = field(default_factory=list)  # a split, its flows, steps before it
    messages: list[str] = field(default_factory=list)
    forms: dict[str, object] = field(default_factory=dict)
    count: int = 0

    def name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def flow(self, one: str, other: str) -> str:
        name = self.name("f")
        self.xml.append(f'<sequenceFlow id="{name}" sourceRef="{one}" targetRef="{other}">%{name}%</sequenceFlow>')
        return name

    def node(self, kind: str, letter: str, more: str = "") -> str:
        name = self.name(letter)
        self.xml.append(f'<{kind} id="{name}" {more}%{name}%/>')
        return name

    def end(self) -> str:
        name, kind = self.name("e"), self.draw(st.integers(0, 7 if self.shapes is PLAIN else 11))
        inside = "<terminateEventDefinition/>" if kind < 2 else ""
        if kind in (8, 9) and (self.depth or self.draw(st.integers(0, 3)) == 0):
            inside = f'<errorEventDefinition errorRef="{self.draw(st.sampled_from(ERRORS))}"/>'
        elif kind > 9:
            inside = f'<escalationEventDefinition escalationRef="{self.draw(st.sampled_from(ESCALATIONS))}"/>'
        self.xml.append(f'<endEvent id="{name}">{inside}</endEvent>')
        return name

    def step(self, more: str = "") -> tuple[str, str]:
        name = self.name("t")
        self.steps.append(name)
        if self.shapes is not PLAIN and self.draw(st.integers(0, 3)) == 0:
            self.forms[name] = FORM
        values = '<extensionElements><sun:outcomes values="x y"/></extensionElements>'
        self.xml.append(f'<userTask id="{name}" %{name}%>{values}{more}</userTask>')
        return name, name

    def split(self, out: str, flows: list[str], before: list[str] | None = None) -> None:
        self.gates.append((out, flows, before or self.steps[-3:]))

    def block(self, depth: int) -> tuple[str, str]:
        shape = self.draw(st.sampled_from(self.shapes))
        if depth == 0 or shape == "step":
            return self.step()
        if shape == "sequence":
            (a, b), (c, d) = self.block(depth - 1), self.block(depth - 1)
            self.flow(b, c)
            return a, d
        if shape == "loop":
            enter = self.node(KINDS[0] if self.draw(st.integers(0, 5)) else KINDS[2], "j")
            a, b = self.block(depth - 1)
            leave = self.node(KINDS[0], "g")
            back, on = self.name("t"), self.node("task", "p")
            self.steps.append(back)
            self.xml.append(f'<userTask id="{back}"/>')
            self.flow(enter, a), self.flow(b, leave), self.flow(back, enter)
            self.split(leave, [self.flow(leave, back), self.flow(leave, on)])
            return enter, on
        if shape == "late":
            a, b = self.step()
            merge, late = self.node(KINDS[self.draw(st.sampled_from([0, 0, 2]))], "j"), self.name("b")
            cancel = "true" if self.draw(st.integers(0, 2)) else "false"
            self.xml.append(f'<boundaryEvent id="{late}" attachedToRef="{a}" cancelActivity="{cancel}">{TIMER}'
                            "</boundaryEvent>")  # fmt: skip
            self.flow(b, merge)
            self.flow(late, merge if self.draw(st.booleans()) else self.end())
            return a, merge
        if shape == "leave":
            gate, on = self.node(KINDS[0], "g"), self.node("task", "p")
            self.split(gate, [self.flow(gate, self.end()), self.flow(gate, on)])
            return gate, on
        if shape not in PLAIN:
            return self.rich(shape, depth)
        kind = self.draw(st.sampled_from(KINDS))
        other = kind if self.draw(st.booleans()) else self.draw(st.sampled_from(KINDS))
        gate, join, before = self.node(kind, "g"), self.node(other, "j"), self.steps[-3:]
        flows = []
        for _ in range(self.draw(st.integers(2, 3))):
            a, b = self.block(depth - 1)
            flows.append(self.flow(gate, a))
            self.flow(b, join)
        if kind != KINDS[1]:
            self.split(gate, flows, before)
        return gate, join

    def rich(self, shape: str, depth: int) -> tuple[str, str]:
        if shape == "several":
            sequential = self.draw(st.sampled_from(["true", "false"]))
            return self.step(f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><loopCardinality>2'
                             "</loopCardinality></multiInstanceLoopCharacteristics>")  # fmt: skip
        if shape == "link":
            (a, b), (c, d), link = self.block(depth - 1), self.block(depth - 1), self.name("l")
            to, come = self.name("k"), self.name("k")
            definition = f'<linkEventDefinition name="{link}"/>'
            self.xml.append(f'<intermediateThrowEvent id="{to}">{definition}</intermediateThrowEvent>')
            self.xml.append(f'<intermediateCatchEvent id="{come}">{definition}</intermediateCatchEvent>')
            self.flow(b, to), self.flow(come, c)
            return a, d
        if shape == "inside":
            return self.inside(depth)
        join = self.node(self.draw(st.sampled_from([KINDS[0], KINDS[0], KINDS[1], KINDS[2]])), "j")
        if shape == "events":
            gate = self.node("eventBasedGateway", "g")
            for definition in (TIMER, self.message()):
                caught = self.name("c")
                self.xml.append(f'<intermediateCatchEvent id="{caught}">{definition}</intermediateCatchEvent>')
                a, b = self.block(depth - 1) if self.draw(st.booleans()) else self.step()
                self.flow(gate, caught), self.flow(caught, a)
                self.flow(b, join if definition is TIMER or self.draw(st.integers(0, 4)) else self.end())
            return gate, join
        step, _ = self.step()
        flows = []
        for _ in range(2):
            a, b = self.block(depth - 1)
            flows.append(self.flow(step, a))
            self.flow(b, join)
        if self.draw(st.booleans()):
            self.split(step, flows, [step])
        return step, join

    def message(self) -> str:
        self.messages.append(self.name("m"))
        return f'<messageEventDefinition messageRef="{self.messages[-1]}"/>'

    def inside(self, depth: int) -> tuple[str, str]:
        """Draw a sub-process with an event on it, and sometimes one that an event begins inside of it."""
        name, outer, steps = self.name("p"), self.xml, self.steps
        self.xml, self.steps, self.depth = [], [], self.depth + 1
        self.body(depth - 1)
        if self.draw(st.integers(0, 2)) == 0:
            self.by_event()
        body, inner = "".join(self.xml), self.steps
        self.xml, self.steps, self.depth = outer, [*steps, *inner], self.depth - 1
        self.xml.append(f'<subProcess id="{name}">{body}</subProcess>')
        if self.draw(st.integers(0, 4)) == 0:
            return name, name
        merge, late = self.node(KINDS[self.draw(st.sampled_from([0, 0, 2]))], "j"), self.name("b")
        cancel, event = self.event(boundary=True)
        self.xml.append(f'<boundaryEvent id="{late}" attachedToRef="{name}" cancelActivity="{cancel}">{event}'
                        "</boundaryEvent>")  # fmt: skip
        self.flow(name, merge)
        self.flow(late, merge if self.draw(st.booleans()) else self.end())
        return name, merge

    def by_event(self) -> None:
        name, start, step = self.name("v"), self.name("s"), self.name("t")
        cancel, event = self.event(boundary=False)
        outer, self.xml = self.xml, []
        self.flow(start, step), self.flow(step, self.end())
        body, self.xml = "".join(self.xml), outer
        self.steps.append(step)
        begin = f'<startEvent id="{start}" isInterrupting="{cancel}">{event}</startEvent><userTask id="{step}"/>'
        self.xml.append(f'<subProcess id="{name}" triggeredByEvent="true">{begin}{body}</subProcess>')

    def event(self, boundary: bool) -> tuple[str, str]:
        """Return cancelActivity and the event. Messages interrupt: those that do not may come without end."""
        kind = self.draw(st.sampled_from(["timer", "message", "error", "error", "escalation", "escalation"]))
        code = self.draw(st.integers(0, 2))
        ref = "" if code == 2 else f'{kind}Ref="{(ERRORS if kind == "error" else ESCALATIONS)[code]}"'
        if kind in ("error", "message"):
            return "true", f"<errorEventDefinition {ref}/>" if kind == "error" else self.message()
        cancel = self.draw(st.sampled_from(["true", "false"]))
        return cancel, TIMER if kind == "timer" else f"<escalationEventDefinition {ref}/>"

    def body(self, depth: int) -> None:
        start = self.name("s")
        self.xml.append(f'<startEvent id="{start}"/>')
        first, _ = self.step()
        self.flow(start, first)
        a, b = self.block(depth)
        self.flow(first, a)
        self.flow(b, self.end())


@st.composite
def random_flows(draw: st.DrawFn, shapes: tuple[str, ...] = PLAIN) -> Source:
    sheet = Sheet(draw, shapes)
    sheet.body(3)
    if shapes is not PLAIN and draw(st.integers(0, 3)) == 0:
        sheet.by_event()
    xml = "".join(sheet.xml)
    for gate, found, steps in sheet.gates:
        default = draw(st.integers(0, 9))
        if default:
            xml = xml.replace(f"%{gate}%", f'default="{found[-1]}"')
        for name in found if not default else found[:-1]:
            step = draw(st.sampled_from(steps))
            condition = f'{step} == "{draw(st.sampled_from("xy"))}"'
            if step in sheet.forms and draw(st.booleans()):
                condition = draw(st.sampled_from(["", "not "])) + f"{step}_f"
            xml = xml.replace(f"%{name}%", f"<conditionExpression>{condition}</conditionExpression>")
    xml = re.sub(r"%[a-z]\d+%", "", xml)
    named = "".join(f'<message id="{m}" name="{m}"/>' for m in sheet.messages)
    named += "".join(f'<error id="{e}" errorCode="{e}"/>' for e in ERRORS)
    named += "".join(f'<escalation id="{e}" escalationCode="{e}"/>' for e in ESCALATIONS)
    drawn = source(xml, forms=sheet.forms)
    return replace(drawn, xml=drawn.xml.replace(b"<process ", named.encode() + b"<process ", 1))
