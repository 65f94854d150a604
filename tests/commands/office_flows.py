"""Random small items that can be deployed: blocks in blocks, steps of two persons, limits, timers, returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random

from engine.bpmn.read import read
from engine.bpmn.returning import NoReturn, back
from engine.model import Source
from tests.bpmn.flows import MESSAGE, file, flows
from tests.commands import small

DEEPEST, MOST = 2, 5  # blocks in blocks; blocks in all
SEVERAL = "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
Ends = tuple[str, str]  # first and last element of a block


@dataclass(frozen=True)
class Task:
    """A step: its outcomes, how many persons, whether it has instances, where it may be sent back to."""

    name: str
    outcomes: str = "done"
    persons: int = 1
    several: bool = False
    mark: str = ""
    returns: tuple[str, ...] = ()

    @property
    def xml(self) -> str:
        said = small.mark(self.mark) if self.mark else ""
        said += f'<sun:persons min="{self.persons}" rule="all"/>' if self.persons > 1 else ""
        said += f'<sun:returns to="{" ".join(self.returns)}"/>' if self.returns else ""
        post = "decider" if int(self.name[1:]) % 3 == 0 else "reviewer"
        drawn = small.step(self.name, said, post=post, outcomes=self.outcomes)
        return drawn.replace("</userTask>", f"{SEVERAL}</userTask>") if self.several else drawn


@dataclass
class Flow:
    """One flow that is being drawn."""

    tasks: list[Task] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)

    def xml(self, ends: Ends, around: tuple[str, str]) -> str:
        """Return its body between a start and an end event of these ids."""
        start, end = around
        ways = flows(f"{start}>{ends[0]}", f"{ends[1]}>{end}", *self.ways)
        body = "".join(task.xml for task in self.tasks) + "".join(self.others)
        return f'<startEvent id="{start}"/>{body}<endEvent id="{end}" name="{end}"/>{ways}'


class Drawer:
    def __init__(self, random: Random) -> None:
        self.random, self.last, self.left, self.looped = random, 0, MOST, 0
        self.flow = Flow()
        self.called: dict[str, tuple[Flow, Ends]] = {}
        self.inner: dict[str, tuple[Flow, Ends]] = {}

    def new(self, letter: str) -> str:
        self.last += 1
        return f"{letter}{self.last}"

    def task(self, **facts: object) -> str:
        name = self.new("t")
        self.flow.tasks.append(Task(name, **facts))  # type: ignore[arg-type]
        return name

    def gate(self, kind: str, default: str = "") -> str:
        name = self.new("g")
        said = f' default="{default}"' if default else ""
        self.flow.others.append(f'<{kind}Gateway id="{name}"{said}/>')
        return name

    def ways(self, *ways: str) -> None:
        self.flow.ways += ways

    def blocks(self, depth: int, most: int = 2) -> Ends:
        ends = [self.block(depth) for _ in range(self.random.randint(1, most))]
        self.ways(*(f"{a[1]}>{b[0]}" for a, b in pairwise(ends)))
        return ends[0][0], ends[-1][1]

    def block(self, depth: int) -> Ends:
        self.left -= 1
        small_ones: list[Callable[[int], Ends]] = [self.step, self.step, self.pair, self.several, self.reminded]
        large: list[Callable[[int], Ends]] = [self.parallel, self.parallel, self.inclusive, self.choice, self.loop]
        large += [self.sub, self.call]
        kinds = small_ones if depth >= DEEPEST or self.left < 0 else [*small_ones, *large, *large]
        return self.random.choice(kinds)(depth)

    def step(self, _: int) -> Ends:
        name = self.task()
        return name, name

    def pair(self, _: int) -> Ends:
        name = self.task(persons=2)
        return name, name

    def several(self, _: int) -> Ends:
        name = self.task(several=True)
        return name, name

    def reminded(self, depth: int) -> Ends:
        """A step with a timer: one that sets off another step beside it, or one that takes it away."""
        name, timer, beside = self.task(), self.new("w"), not self.looped and self.random.random() < 0.5
        stops = "false" if beside else "true"
        self.flow.others.append(
            f'<boundaryEvent id="{timer}" attachedToRef="{name}" cancelActivity="{stops}"><timerEventDefinition>'
            f"<timeDuration>workdays({self.random.randint(1, 3)})</timeDuration></timerEventDefinition></boundaryEvent>"
        )
        other = self.task()
        if beside:
            end = self.new("e")
            self.flow.others.append(f'<endEvent id="{end}"/>')
            self.ways(f"{timer}>{other}", f"{other}>{end}")
            return name, name
        merge = self.gate("exclusive")
        self.ways(f"{name}>{merge}", f"{timer}>{other}", f"{other}>{merge}")
        return name, merge

    def parallel(self, depth: int) -> Ends:
        split, join = self.gate("parallel"), self.gate("parallel")
        for _ in range(self.random.randint(2, 3)):
            first, last = self.blocks(depth + 1)
            self.ways(f"{split}>{first}", f"{last}>{join}")
        return split, join

    def inclusive(self, depth: int) -> Ends:
        return self._asked(depth, "inclusive")

    def choice(self, depth: int) -> Ends:
        return self._asked(depth, "exclusive")

    def _asked(self, depth: int, kind: str) -> Ends:
        asks = self.task(outcomes="x y")
        one, other = self.blocks(depth + 1), self.blocks(depth + 1)
        name = self.new("g")
        self.flow.others.append(f'<{kind}Gateway id="{name}" default="{name}-{one[0]}"/>')
        join = self.gate(kind)
        self.ways(f"{asks}>{name}", f"{name}>{one[0]}", f'{name}>{other[0]}>{asks} == "x"')
        self.ways(f"{one[1]}>{join}", f"{other[1]}>{join}")
        return asks, join

    def loop(self, depth: int) -> Ends:
        merge, self.looped = self.gate("exclusive"), self.looped + 1
        first, last = self.blocks(depth + 1)
        asks, self.looped = self.task(outcomes="x y"), self.looped - 1
        split, out = self.gate("exclusive"), self.gate("exclusive")
        self.ways(f"{merge}>{first}", f"{last}>{asks}", f"{asks}>{split}")
        self.ways(f'{split}>{merge}>{asks} == "x"', f'{split}>{out}>{asks} == "y"')
        return merge, out

    def sub(self, depth: int) -> Ends:
        name, inner, ends = self._inside(depth)
        self.inner[name] = inner, ends
        return name, name

    def call(self, depth: int) -> Ends:
        name, inner, ends = self._inside(depth)
        self.called[f"f{name}"] = inner, ends
        self.flow.others.append(f'<callActivity id="{name}" calledElement="f{name}"/>')
        return name, name

    def _inside(self, depth: int) -> tuple[str, Flow, Ends]:
        name, before, self.flow = self.new("k"), self.flow, Flow()
        before.others.append(name)  # a place that `drawn` fills when what is inside has its returns
        ends = self.blocks(depth + 1)
        inner, self.flow = self.flow, before
        self.flow.others.remove(name)
        self.flow.others.append(f"@{name}")
        return name, inner, ends


def heard(name: str) -> str:
    """Return an event sub-process that an officer sets off beside the flow."""
    named = '<sun:name lang="en">Ask</sun:name><sun:post code="reviewer" organ="county"/>'
    post = f"<extensionElements>{named}</extensionElements>"
    return (
        f'<subProcess id="x{name}" triggeredByEvent="true"><startEvent id="s{name}" name="申请" isInterrupting="false">'
        f'{post}{MESSAGE}</startEvent>{Task(name).xml}<endEvent id="e{name}"/>{flows(f"s{name}>{name} {name}>e{name}")}'
        "</subProcess>"
    )


def item(seed: int) -> Source:
    """Return the item of a seed: it is sound, and what it declares of returns is possible."""
    random = Random(seed)
    drawer = Drawer(random)
    first = drawer.task(mark="accepted")
    begin, end = drawer.blocks(0, 3)
    last = drawer.task(mark="decided")
    drawer.ways(f"{first}>{begin}", f"{end}>{last}")
    beside = heard(drawer.new("t")) if random.random() < 0.4 else ""
    plain = _source(seed, drawer, (first, last), beside)
    _declare(drawer, plain, random, first)
    return _source(seed, drawer, (first, last), beside)


def _source(seed: int, drawer: Drawer, ends: Ends, beside: str) -> Source:
    limit = '<extensionElements><sun:limit rule="L03" from="accepted" until="decided"/></extensionElements>'
    body = limit + _body(drawer, drawer.flow, ends, ("s", "e"), beside)
    name = f"m{seed}"
    called = {
        key: Source(
            item=key,
            file=f"{key}.bpmn",
            xml=file(_body(drawer, flow, inner, (f"s{key}", f"e{key}")), key),
            forms={},
            facts={},
        )
        for key, (flow, inner) in drawer.called.items()
    }
    nested = {
        key: replace(one, called={k: s for k, s in called.items() if k in _calls(one)}) for key, one in called.items()
    }
    return Source(item=name, file=f"{name}.bpmn", xml=file(body, name), forms={}, facts={}, called=nested)


def _calls(source: Source) -> list[str]:
    return [part.split('"')[0] for part in source.xml.decode().split('calledElement="')[1:]]


def _body(drawer: Drawer, flow: Flow, ends: Ends, around: tuple[str, str], beside: str = "") -> str:
    body = flow.xml(ends, around)
    for name, (inner, inner_ends) in drawer.inner.items():
        if f"@{name}" in body:
            inside = _body(drawer, inner, inner_ends, (f"s{name}", f"e{name}"))
            body = body.replace(f"@{name}", f'<subProcess id="{name}">{inside}</subProcess>')
    for name in [key[1:] for key in drawer.called]:
        body = body.replace(f"@{name}", "")
    return body.replace("<sequenceFlow", f"{beside}<sequenceFlow", 1) if beside else body


def _declare(drawer: Drawer, plain: Source, random: Random, first: str) -> None:
    """Declare some of the returns that are possible, but for those over the step that reaches a mark."""
    program = read(plain)
    flows_of = [drawer.flow, *(flow for flow, _ in (*drawer.called.values(), *drawer.inner.values()))]
    paths = {path.rpartition("/")[2]: path for path in program.item.steps}
    for flow in flows_of:
        for i, task in enumerate(flow.tasks):
            others = [n for n, p in paths.items() if p.rpartition("/")[0] == paths[task.name].rpartition("/")[0]]
            chosen = random.sample(sorted(others), min(3, len(others)))
            possible = tuple(n for n in chosen if n != first and _can(program.main, paths[task.name], paths[n]))
            flow.tasks[i] = replace(task, returns=possible)


def _can(main: object, path: str, to: str) -> bool:
    try:
        back(main, path, to)  # type: ignore[arg-type]
    except NoReturn:
        return False
    return True
