"""Cases led by the real engine beside what is said to be ahead of them: is each place there, and does each hold?"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from random import Random

from engine.bpmn import run
from engine.bpmn.ahead import Ahead, Move, ahead, runs_ahead, steps_ahead
from engine.bpmn.read import read
from engine.bpmn.state import loads
from engine.model.runs import Run
from tests.bpmn.gone import Gone, Walker, told
from tests.commands import office_flows
from tests.fuzz import walks
from tests.fuzz.maker import OUTCOMES, Maker

PLACES, RUNS, WIDE = 400, 300, 40


class Leader(Walker):
    """Moves a case as officers and clocks can: what is running already is not started again, fields may be left out."""

    def moves(self, gone: Gone) -> Iterator[tuple[str, Callable[[], Gone]]]:
        case = loads(gone.moved.state, self.program, {})
        for said, act in super().moves(gone):
            kind, _, name = said.partition(" ")
            if kind not in ("message", "signal") or name in case.awaited(kind):
                yield said, act

    def _decided(self, path: str) -> list[dict[str, object]]:
        return [{n: v for n, v in chosen.items() if v is not None} for chosen in super()._decided(path)]

    def made(self, gone: Gone) -> Iterator[Gone]:
        """Yield the case after each move that the engine makes."""
        for _, act in self.moves(gone):
            try:
                yield act()
            except (run.Fault, run.NotThere, run.NoReturn):
                continue

    def led(self, random: Random, gone: Gone, most: int) -> list[Gone]:
        """Go on at random; return the case after each move, itself first. Steps are done more often than the rest."""
        way = [gone]
        while len(way) <= most and way[-1].moved.ended is None:
            found = list(self.made(way[-1]))
            done = [g for g in found if len(g.done) > len(way[-1].done) and g.done[-1][1]]
            if not found:
                break
            way.append(random.choice(done if done and random.random() < 0.7 else found))
        return way


def fuzzed(seed: int) -> Leader:
    """Return a drawn flow whose steps say the outcomes that its conditions ask for."""
    program = walks.program(Maker(Random(seed), favour=walks.FAVOURED[seed % len(walks.FAVOURED)]).file())
    steps = {path: replace(step, outcomes=OUTCOMES) for path, step in program.item.steps.items()}
    program = replace(program, item=replace(program.item, steps=steps))
    return Leader(program, dict.fromkeys(steps, walks.FORM), walks.VARIABLES)


def office(seed: int) -> Leader:
    source = office_flows.item(seed)
    return Leader(read(source), source.forms)


def wrong(leader: Leader, gone: Gone, random: Random, often: int = 4) -> str | None:
    """Return what is wrong of what is said to be ahead of a case, empty if nothing is, None if there is too much."""
    program, state = leader.program, gone.moved.state
    found = ahead(program, state, PLACES)
    if found is None:
        return None
    drawn, runs = steps_ahead(program, state), runs_ahead(found, most=RUNS)
    here = leader.from_here(gone)
    for _ in range(often):
        way = leader.led(random, here, 25)
        if said := not_there(found, way) or _unsaid(drawn, runs, way[-1]):
            return f"{said}; done: {way[-1].done}"
        if said := not_so(leader, found, here, _strolled(found, random)):
            return said
    for each in random.sample(runs or (), min(often, len(runs or ()))):
        if said := not_so(leader, found, here, gone_as(found, each)):
            return f"{said}: {each}"
    return ""


def _unsaid(drawn: frozenset[str], runs: tuple[Run, ...] | None, gone: Gone) -> str:
    seen = gone.steps | set(gone.open.values()) | {path for path, _ in gone.opened}
    if not seen <= drawn:
        return f"{sorted(seen - drawn)} may not come by the drawing"
    return told(runs, gone) if runs is not None and gone.moved.ended is not None else ""


def not_there(found: Ahead, way: list[Gone]) -> str:
    """Follow a case through the places; return where it comes to none."""
    places = {0}
    for before, gone in pairwise(way):
        path, outcome = gone.done[-1] if len(gone.done) > len(before.done) else ("", "")
        opens = tuple(sorted({o.path for o in gone.moved.opened}))
        moves = [m for p in places for m in found.moves[p]]
        places = {
            m.to for m in moves if (m.path, m.outcome, m.opens) == (path, outcome, opens) and _like(found, m.to, gone)
        }
        if not places:
            return f"no place with {sorted(set(gone.open.values()))} open after {path or 'an event'} {outcome}"
    return ""


def not_so(leader: Leader, found: Ahead, gone: Gone, way: list[Move]) -> str:
    """Make the moves of a way through the places with the engine; return what cannot be made."""
    cases = [gone]
    for move in way:
        after: Mapping[bytes, Gone] = {g.moved.state: g for c in cases for g in leader.made(c) if _same(c, g, move)}
        cases = [g for g in after.values() if _like(found, move.to, g)][:WIDE]
        if not cases:
            return f"nobody comes by {move} on the way {[(m.path, m.outcome) for m in way]}"
    return ""


def _same(before: Gone, after: Gone, move: Move) -> bool:
    did = after.done[-1] if len(after.done) > len(before.done) else ("", "")
    return did == (move.path, move.outcome) and {o.path for o in after.moved.opened} == {*move.opens}


def _like(found: Ahead, place: int, gone: Gone) -> bool:
    opens = tuple(sorted(set(gone.open.values())))
    return found.open[place] == opens and (place in found.ended) == (gone.moved.ended is not None)


def _strolled(found: Ahead, random: Random, most: int = 12) -> list[Move]:
    way, place = list[Move](), 0
    while len(way) < most and found.moves[place]:
        way.append(random.choice(found.moves[place]))
        place = way[-1].to
    return way


def gone_as(found: Ahead, run: Run, place: int = 0) -> list[Move]:
    """Return a shortest way from a place to an end that does just the steps of a run."""
    before: dict[tuple[int, frozenset[str]], tuple[tuple[int, frozenset[str]], Move] | None]
    begin = (place, frozenset[str]())
    before, todo, wanted = {begin: None}, deque([begin]), frozenset(run.steps)
    while todo:
        at = todo.popleft()
        if at[0] in found.ended and at[1] == wanted:
            way = list[Move]()
            while (step := before[at]) is not None:
                at, move = step
                way.append(move)
            return way[::-1]
        for move in found.moves[at[0]]:
            to = (move.to, at[1] | {move.path} - {""})
            if to[1] <= wanted and to not in before:
                before[to] = (at, move)
                todo.append(to)
    raise AssertionError(f"no way does {run.steps}")
