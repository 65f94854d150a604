"""Tiny random flows: steps in a row, in two branches, by outcome, in a loop, of two persons, with a timer."""

from __future__ import annotations

from random import Random

from engine.model import Source
from tests.bpmn.flows import file, flows
from tests.commands import small


class Drawer:
    def __init__(self, rng: Random, most: int, loops: bool) -> None:
        self.rng, self.left, self.loops = rng, most, loops
        self.elements: list[str] = []
        self.ways: list[str] = []
        self.last = 0

    def step(self, *said: str, outcomes: str = "done") -> str:
        self.last, self.left = self.last + 1, self.left - 1
        name, post = f"t{self.last}", self.rng.choice(("reviewer", "reviewer", "decider"))
        self.elements.append(small.step(name, *said, post=post, outcomes=outcomes))
        return name

    def gate(self, kind: str, default: str = "") -> str:
        self.last += 1
        said = f' default="{default}"' if default else ""
        self.elements.append(f'<{kind}Gateway id="g{self.last}"{said}/>')
        return f"g{self.last}"

    def row(self) -> tuple[str, str]:
        first, last = self.block()
        while self.left > 0 and self.rng.random() < 0.5:
            begin, end = self.block()
            self.ways.append(f"{last}>{begin}")
            last = end
        return first, last

    def block(self) -> tuple[str, str]:
        kinds = [self.single, self.single, self.pair]
        kinds += [self.both, self.choice, *([self.loop, self.reminded] if self.loops else [])] if self.left > 1 else []
        return self.rng.choice(kinds)()

    def single(self) -> tuple[str, str]:
        name = self.step()
        return name, name

    def pair(self) -> tuple[str, str]:
        name = self.step('<sun:persons min="2" rule="all"/>')
        return name, name

    def both(self) -> tuple[str, str]:
        split, join = self.gate("parallel"), self.gate("parallel")
        for begin, end in (self.row(), self.row()):
            self.ways += [f"{split}>{begin}", f"{end}>{join}"]
        return split, join

    def choice(self) -> tuple[str, str]:
        asks, one, other = self.step(outcomes="x y"), self.row(), self.row()
        self.last += 1
        split, merge = f"g{self.last}", self.gate("exclusive")
        self.elements.append(f'<exclusiveGateway id="{split}" default="{split}-{one[0]}"/>')
        self.ways += [f"{asks}>{split}", f"{split}>{one[0]}", f'{split}>{other[0]}>{asks} == "x"']
        self.ways += [f"{one[1]}>{merge}", f"{other[1]}>{merge}"]
        return asks, merge

    def loop(self) -> tuple[str, str]:
        merge, (first, last), asks, out = self.gate("exclusive"), self.row(), self.step(outcomes="x y"), ""
        split, out = self.gate("exclusive"), self.gate("exclusive")
        self.ways += [f"{merge}>{first}", f"{last}>{asks}", f"{asks}>{split}"]
        self.ways += [f'{split}>{merge}>{asks} == "x"', f'{split}>{out}>{asks} == "y"']
        return merge, out

    def reminded(self) -> tuple[str, str]:
        """A step that a timer takes away: then another is done instead."""
        name, other, merge = self.step(), self.step(), self.gate("exclusive")
        self.elements.append(
            f'<boundaryEvent id="w{self.last}" attachedToRef="{name}"><timerEventDefinition>'
            "<timeDuration>workdays(1)</timeDuration></timerEventDefinition></boundaryEvent>"
        )
        self.ways += [f"{name}>{merge}", f"w{self.last}>{other}", f"{other}>{merge}"]
        return name, merge


def item(seed: int, most: int = 5, *, loops: bool = True) -> Source:
    """Return the item of a seed, of about `most` steps; with `loops` it may go back and have timers."""
    drawer = Drawer(Random(seed), most, loops)
    first, last = drawer.row()
    drawn = flows(f"s>{first} {last}>e", *drawer.ways)
    name = f"n{seed}"
    body = f'<startEvent id="s"/>{"".join(drawer.elements)}<endEvent id="e"/>{drawn}'
    return Source(item=name, file=f"{name}.bpmn", xml=file(body, name), forms={}, facts={})
