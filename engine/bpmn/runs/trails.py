"""Trails: what is done on one way through a scope, as the scope around it has to know; a step is the shortest one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from engine.bpmn.check.soundness.net import Exit

ENTRY = ""  # what was done last as the scope or step was entered
BESIDE = "*"  # any step that may be done beside the scope
EVENT = "~"  # before a node: any step that may be done beside it, within the scope and around it
END = "#"  # before the id of an end event of the main flow that was passed


@dataclass(frozen=True, kw_only=True, eq=False)
class Trail:
    """`steps`: in an order in which they can be done, and `#` with the ends passed; `before`, `outcomes`: as of a Run,
    with ENTRY and BESIDE; `last`: what may be done last on it; `exit`: how it leaves the scope.

    An exit of the kind `escalation` is thrown on the way, and `partial` is a way that is cut off.
    """

    exit: Exit
    steps: tuple[str, ...]
    before: Mapping[str, frozenset[str]] = field(default_factory=dict)
    outcomes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    last: frozenset[str] = frozenset((ENTRY,))

    @cached_property
    def done(self) -> frozenset[str]:
        return frozenset(self.steps)


def step(path: str, exit: Exit, outcomes: Iterable[str]) -> Trail:
    """Return the trail of one step that is done."""
    return Trail(
        exit=exit,
        steps=(path,),
        before={path: frozenset((ENTRY,))},
        outcomes={path: frozenset(outcomes)},
        last=frozenset((path,)),
    )


def within(trail: Trail, call: str, exit: Exit) -> Trail:
    """Return the trail of a called flow as its caller sees it: paths behind the id of the call."""

    def path(name: str) -> str:
        return name if name in (ENTRY, BESIDE) else f"{call}/{name}"

    return Trail(
        exit=exit,
        steps=tuple(map(path, trail.steps)),
        before={path(s): frozenset(map(path, b)) for s, b in trail.before.items()},
        outcomes={path(s): o for s, o in trail.outcomes.items()},
        last=frozenset(map(path, trail.last)),
    )


def resolved(names: Iterable[str], last: Iterable[str], node: str) -> frozenset[str]:
    """Return names of what is inside a node as those around it: what was done as it was entered, and beside it."""
    found = set(names)
    if ENTRY in found:
        found = (found - {ENTRY}).union(last)
    return frozenset((found - {BESIDE}) | {EVENT + node} if BESIDE in found else found)


def _spelt(names: Iterable[str], beside: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return names with the steps beside nodes one by one."""
    found = set[str]()
    for name in names:
        found |= {BESIDE, *beside.get(name[1:], ())} if name[:1] == EVENT else {name}
    return frozenset(found)


class Merged:
    """Trails that are one: the same exit and steps, reached in different ways."""

    def __init__(self) -> None:
        self.before: dict[str, set[str]] = {}
        self.outcomes: dict[str, set[str]] = {}
        self.last: set[str] = set()

    def add(self, before: Mapping[str, Collection[str]], outcomes: Mapping[str, Collection[str]]) -> None:
        for path, names in before.items():
            self.before.setdefault(path, set()).update(names)
        for path, names in outcomes.items():
            self.outcomes.setdefault(path, set()).update(names)

    def trail(self, exit: Exit, steps: Iterable[str], beside: Mapping[str, frozenset[str]]) -> Trail:
        kept = tuple(steps)
        own = [s for s in kept if s[:1] != END]
        return Trail(
            exit=exit,
            steps=kept,
            before={s: _spelt(self.before.get(s, ()), beside) - {s} for s in own},
            outcomes={s: frozenset(self.outcomes.get(s, ())) for s in own},
            last=_spelt(self.last, beside),
        )


def union(trails: Sequence[Trail], exit: Exit, beside: Mapping[str, frozenset[str]]) -> Trail:
    """Return several trails that are gone one after or beside another as one."""
    merged = Merged()
    for trail in trails:
        merged.add(trail.before, trail.outcomes)
        merged.last |= trail.last
    return merged.trail(exit, dict.fromkeys(s for t in trails for s in t.steps), beside)
