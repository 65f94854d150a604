"""The verdict of the proof against the real engine: small random flows, every choice played by `engine.bpmn.run`.

A deadlock, a step open twice, a gateway without a way, a state without an end: played <=> found. In one direction only:
what is found may be what a terminate end forestalls in that move; two tokens of one flow at a join may be played and
not found, when nothing behind the join opens twice and all comes to an end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from engine.bpmn import items, run
from engine.bpmn.check.soundness import prove
from engine.bpmn.core import WAITING
from engine.bpmn.read import Program, read
from engine.bpmn.state import loads
from tests.bpmn.flows import TIMER, source

KINDS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")
SHAPES = ("step", "sequence", "split", "split", "split", "loop", "late", "leave")
MOST_STATES = 400


@dataclass
class Sheet:
    """A flow being drawn: steps with two outcomes each, gateways of any kind, joined rightly more often than not."""

    draw: st.DrawFn
    steps: list[str] = field(default_factory=list)
    xml: list[str] = field(default_factory=list)
    gates: list[tuple[str, list[str], list[str]]] = field(default_factory=list)  # a split, its flows, steps before it
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
        name = self.name("e")
        inside = "<terminateEventDefinition/>" if self.draw(st.integers(0, 3)) == 0 else ""
        self.xml.append(f'<endEvent id="{name}">{inside}</endEvent>')
        return name

    def step(self) -> tuple[str, str]:
        name = self.name("t")
        self.steps.append(name)
        values = '<extensionElements><sun:outcomes values="x y"/></extensionElements>'
        self.xml.append(f'<userTask id="{name}">{values}</userTask>')
        return name, name

    def split(self, out: str, flows: list[str], before: list[str] | None = None) -> None:
        self.gates.append((out, flows, before or self.steps[-3:]))

    def block(self, depth: int) -> tuple[str, str]:
        shape = self.draw(st.sampled_from(SHAPES))
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


@st.composite
def random_flows(draw: st.DrawFn) -> str:
    sheet = Sheet(draw)
    sheet.xml.append('<startEvent id="s"/>')
    sheet.flow("s", sheet.step()[0])
    a, b = sheet.block(3)
    sheet.flow(sheet.steps[0], a)
    sheet.flow(b, sheet.end())
    xml = "".join(sheet.xml)
    for gate, found, steps in sheet.gates:
        default = draw(st.integers(0, 9))
        if default:
            xml = xml.replace(f"%{gate}%", f'default="{found[-1]}"')
        for name in found if not default else found[:-1]:
            step = draw(st.sampled_from(steps))
            condition = f'{step} == "{draw(st.sampled_from("xy"))}"'
            xml = xml.replace(f"%{name}%", f"<conditionExpression>{condition}</conditionExpression>")
    for n in range(sheet.count + 1):
        for letter in "fgjpetb":
            xml = xml.replace(f"%{letter}{n}%", "")
    return xml


@dataclass
class Played:
    """What happened in some run: stuck, twice, fault; `reached`: steps and ends; `endless`: some state ends nowhere."""

    stuck: bool = False
    twice: bool = False  # two tokens in one place
    open: bool = False  # a step open twice
    fault: bool = False
    endless: bool = False
    whole: bool = True
    reached: set[str] = field(default_factory=set)


def play(program: Program) -> Played:
    """Play every outcome of every open step and every timer, each state once."""
    seen: dict[tuple[object, ...], list[tuple[object, ...]]] = {}
    played, good = Played(), set()
    todo: list[tuple[tuple[object, ...] | None, Callable[[], run.Moved]]] = [(None, lambda: run.start(program, {}))]
    while todo:
        before, act = todo.pop()
        try:
            moved = act()
        except run.Stuck:
            played.stuck = True
            good.add(before)
            continue
        except run.Fault:
            played.fault = True
            good.add(before)
            continue
        played.reached |= {o.path for o in moved.opened} | ({moved.ended} if moved.ended else set())
        played.reached |= {p for p in moved.passed if p[0] == "e"}
        if moved.ended is not None:
            good.add(before)
            continue
        case = loads(moved.state, program, {})
        tokens = case.everything()
        places = [(t.task_spec.name, t.internal_data.get("by", "") if t._state == WAITING else "",
                   t.internal_data.get("aside", False)) for t in tokens if not t.task_spec.listens]  # fmt: skip
        plain = [(name, by) for name, by, _ in places]
        fired = sorted(t.task_spec.name for t in tokens if t.task_spec.listens)
        state = (tuple(sorted(places)), tuple(sorted(case.variables.items())), tuple(fired))
        seen.setdefault(state, []).append(before) if before else seen.setdefault(state, [])
        if len(seen[state]) + (before is None) > 1:
            continue
        if len(plain) != len(set(plain)):
            played.twice = True
            opened = [name for name, by in plain if not by]
            played.open = played.open or len(opened) != len(set(opened))
            good.add(state)
            continue
        if len(seen) > MOST_STATES:
            played.whole = False
            return played
        rest = run._rest(case)
        for token, path in rest.open.items():
            for outcome in program.item.steps[path].outcomes:
                todo.append((state, partial(run.complete, program, moved.state, token, outcome, {})))
        todo += [(state, partial(run.fire, program, moved.state, *key)) for key in rest.timers]
    _spread(good, seen)
    played.endless = any(s not in good for s in seen)
    return played


def _spread(good: set[tuple[object, ...] | None], seen: dict[tuple[object, ...], list[tuple[object, ...]]]) -> None:
    todo = list(good)
    while todo:
        state = todo.pop()
        for before in seen.get(state, ()) if state else ():
            if before not in good:
                good.add(before)
                todo.append(before)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_flows())
def test_the_proof_finds_what_the_engine_runs_into_and_nothing_else(body):
    compare(body)


def compare(body: str) -> tuple[Played, set[str]]:
    drawn = source(body)
    played = play(read(drawn))
    assume(played.whole)
    proof = prove(items.flow(drawn))
    rules = {f.rule for f in proof.findings}
    event(" ".join(sorted(rules - {"sound.never"})) or "sound")
    assert "sound.tangled" not in rules
    wrong = played.stuck or played.open or played.fault or played.endless
    found = bool(rules - {"sound.never"})
    assert found or not wrong
    if "terminate" in body:  # what a terminate end forestalls within the same move is found none the less
        return played, rules
    assert (wrong or played.twice) or not found  # tokens may crowd at a join and do no harm in the end
    if not played.twice and "sound.twice" not in rules:
        assert played.stuck == ("sound.deadlock" in rules)
        assert played.fault == ("sound.no_way" in rules)
    if not rules - {"sound.never"}:
        never = {f.where for f in proof.findings}
        drawn_steps = set(items.item(items.flow(drawn)).steps) | set(items.item(items.flow(drawn)).ends)
        assert not never & played.reached
        assert drawn_steps - played.reached == set() or never
    return played, rules
