"""The sets of steps that may be done from a place until the case ends, with what is known of the ways that do each.

All ways that have done the same steps and come to the same place go on alike, so they are followed as one; what they
did differently (outcomes, what was completed last before a step opened) is put together.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.ahead.found import Ahead, Move
from engine.model.runs import Run

PAIRS = 20  # places with the steps done until there, for each run that is allowed
At = tuple[int, int]  # place, bits of the steps done


@dataclass
class _Facts:
    """Of the ways to a place, as bits: `did`: (step, outcome); `after`: (step, last completed before it opened);
    `last`: steps completed last. `order`: the steps of one such way."""

    order: tuple[str, ...]
    did: int = 0
    after: int = 0
    last: int = 0

    def add(self, did: int, after: int, last: int) -> bool:
        """Put other ways to the same beside these; True if they tell anything new."""
        before = (self.did, self.after, self.last)
        self.did, self.after, self.last = self.did | did, self.after | after, self.last | last
        return before != (self.did, self.after, self.last)


@dataclass(frozen=True)
class _Hop:
    """Moves that lead from a place to the same one by the same step, as bits; `last`: 0 where nothing is completed."""

    to: int
    path: str
    step: int
    did: int
    last: int
    opens: int  # (step, no other): times the bits of `last` it is what comes after these


class _Bits:
    """Numbers for steps and for their outcomes."""

    def __init__(self, found: Ahead) -> None:
        moves = [m for each in found.moves for m in each]
        self.steps = sorted({m.path for m in moves if m.path} | {p for m in moves for p in m.opens})
        self.step = {path: 1 << n for n, path in enumerate(self.steps)}
        self.number = {path: n for n, path in enumerate(self.steps)}
        done = sorted({(m.path, m.outcome) for m in moves if m.path and m.outcome})
        self.did = {each: 1 << n for n, each in enumerate(done)}

    def hops(self, moves: tuple[Move, ...], leads: set[int]) -> list[_Hop]:
        """Return the moves of a place that lead to an end."""
        same: dict[tuple[int, str, int, int], int] = {}
        for m in moves:
            if m.to in leads:
                opens = sum(1 << (len(self.steps) * self.number[path]) for path in m.opens)
                key = (m.to, m.path, opens, self.step[m.path] if m.outcome else 0)
                same[key] = same.get(key, 0) | self.did.get((m.path, m.outcome), 0)
        return [
            _Hop(to, path, self.step.get(path, 0), did, last, opens) for (to, path, opens, last), did in same.items()
        ]

    def names(self, bits: int) -> tuple[str, ...]:
        return tuple(path for path in self.steps if bits & self.step[path])


def runs_ahead(found: Ahead, place: int = 0, most: int = 5_000) -> tuple[Run, ...] | None:
    """Return the distinct sets of steps that may be done from a place until the case ends; None: too many.

    `steps`: those that are open now too, only where they are done. `before`: the other steps of the run that may be the
    last completed before the step opens; none for what is open at the place already, unless it opens again. Which end
    event is reached is not told (`end` is empty).
    """
    bits, leads = _Bits(found), _leads(found)
    hops = [bits.hops(moves, leads) for moves in found.moves]
    begin: At = (place, 0)
    ways = {begin: _Facts(())}
    todo = {begin: None}
    while todo:  # those with as many steps done at a time: they lead to each other and to those with one more
        todo = _onward(hops, ways, todo)
        if len(ways) > PAIRS * most:
            return None
    ends = [(at, facts) for at, facts in ways.items() if at[0] in found.ended]
    return tuple(_run(bits, facts, done) for (_, done), facts in ends) if len(ends) <= most else None


def _onward(hops: list[list[_Hop]], ways: dict[At, _Facts], begin: dict[At, None]) -> dict[At, None]:
    """Follow all ways until they do one more step; return where they are then."""
    onward = dict[At, None]()
    todo, queued = deque(begin), set(begin)
    while todo:
        at = todo.popleft()
        queued.discard(at)
        for to in _follow(hops[at[0]], ways, at):
            if to[1] != at[1]:
                onward[to] = None
            elif to not in queued:
                todo.append(to)
                queued.add(to)
    return onward


def _follow(hops: list[_Hop], ways: dict[At, _Facts], at: At) -> Iterator[At]:
    """Make the moves of a place; yield where they lead if that tells anything new."""
    here, done = ways[at], at[1]
    for hop in hops:
        last = hop.last or here.last
        did, after, to = here.did | hop.did, here.after | (hop.opens * last), (hop.to, done | hop.step)
        if to not in ways:
            order = here.order if to[1] == done else (*here.order, hop.path)
            ways[to] = _Facts(order, did, after, last)
            yield to
        elif ways[to].add(did, after, last):
            yield to


def _leads(found: Ahead) -> set[int]:
    """Return the places from which the case can end."""
    back: dict[int, list[int]] = {}
    for place, moves in enumerate(found.moves):
        for move in moves:
            back.setdefault(move.to, []).append(place)
    seen, todo = set(found.ended), list(found.ended)
    while todo:
        for place in back.get(todo.pop(), ()):
            if place not in seen:
                seen.add(place)
                todo.append(place)
    return seen


def _run(bits: _Bits, facts: _Facts, done: int) -> Run:
    size = len(bits.steps)
    outcomes: dict[str, list[str]] = {path: [] for path in facts.order}
    for (path, outcome), bit in bits.did.items():
        if facts.did & bit:
            outcomes[path].append(outcome)
    before = {}
    for path in facts.order:
        said = facts.after >> (size * bits.number[path]) & ((1 << size) - 1)
        before[path] = bits.names(said & done & ~bits.step[path])
    return Run(steps=facts.order, before=before, outcomes={p: tuple(o) for p, o in outcomes.items()})
