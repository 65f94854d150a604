"""A drawn walk through a drawn flow: each move is made in memory, in the reloaded case, and by the oracle."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.program import Program
from engine.bpmn.read import read
from engine.errors import Invalid
from engine.model import Source
from tests.fuzz.drawing import ITEMS, File
from tests.fuzz.maker import NUMBERS, OUTCOMES, Maker
from tests.fuzz.oracle import Oracle, TooMany
from tests.fuzz.play import Kept, Reloaded, all_of, look, told
from tests.fuzz.render import xml

LONGEST = 25
FAVOURED: tuple[tuple[str, ...], ...] = (
    (), ("fork",), ("loop", "fork"), ("sub", "guard"), ("sub", "handlers"), ("many",), ("call", "sub", "handlers"),
    ("throw", "sub", "guard", "handlers"), ("events", "catch", "loop"), ("cross", "loop"), ("fork", "guard"),
    ("web", "loop"), ("double",),
)  # fmt: skip
FORM = {"type": "object", "properties": {"n": {"type": "integer", "x-decides": True}}}
VARIABLES = {"case_x": "a", "case_list": list(ITEMS)}


class Differs(AssertionError):
    """Two that play the same walk do not see the same."""


@dataclass
class Tally:
    """What was walked: how many of each ending, and moves compared."""

    ends: Counter[str] = field(default_factory=Counter)
    moves: int = 0


def program(file: File) -> Program:
    """Read a drawn flow, which has no finding of the level `model`; each step decides a number, too."""
    forms = {n.id: FORM for n in file.nodes.values() if n.tag == "userTask"}
    try:
        return read(Source(item="p", file="p.bpmn", xml=xml(file), forms=forms, facts={}))
    except Invalid as e:
        raise Differs(f"A sound flow is refused: {e.findings}\n{xml(file).decode()}") from e


def play(seed: int, tally: Tally, longest: int = LONGEST) -> None:
    """Walk through the flow of a seed."""
    source = random.Random(seed)
    walk(Maker(source, favour=FAVOURED[seed % len(FAVOURED)]).file(), source, tally, longest)


def walk(file: File, choices: random.Random, tally: Tally, longest: int = LONGEST) -> None:
    """Play until the case ends, or `longest` moves.

    Raises:
        Differs: with the flow and the moves so far.
    """
    made = ["start"]
    drawn = program(file)
    kept, reloaded, oracle = Kept(drawn, dict(VARIABLES)), Reloaded(drawn, dict(VARIABLES)), None
    try:
        oracle = Oracle(file, VARIABLES)
        for _ in range(longest):
            tally.moves += 1
            _compare(kept, reloaded, oracle)
            if kept.fault or kept.case.completed:
                tally.ends["fault" if kept.fault else "ended"] += 1
                return
            if not (moves := _moves(kept)):
                tally.ends["waits for a condition"] += 1
                return
            made.append(_step(kept, reloaded, oracle, choices.choice(moves), choices))
        tally.ends["open"] += 1
    except TooMany:
        tally.ends["too many orders"] += 1
    except Differs as e:
        drawing = xml(file).decode().replace("><", ">\n<")
        raise Differs(f"{e}\nafter {'; '.join(made)}\n{drawing}") from None


Move = tuple[str, Any]  # kind, where


def _moves(kept: Kept) -> list[Move]:
    """Return what somebody could do; steps more often than the rest."""
    heard = [(at, t, i, t.task_spec.triggers[i]) for at, t, i in kept.heard()]
    moves: list[Move] = [("step", s) for s in kept.steps()] * 3
    moves += [("timer", (at, t, i)) for at, t, i, x in heard if x.kind == "timer"]
    return moves + sorted({(x.kind, x.name or "") for _, _, _, x in heard if x.kind in ("message", "signal")})


def _step(kept: Kept, reloaded: Reloaded, oracle: Oracle, move: Move, choices: random.Random) -> str:
    """Make a move everywhere; return it in words."""
    match move:
        case "step", (at, token, _):
            outcome, n, key = choices.choice(OUTCOMES), choices.choice(NUMBERS), token.id
            kept.complete(token, outcome, n)
            reloaded.complete(key, outcome, n)
            oracle.complete(at, outcome, n)
            return f"complete {at} as {outcome}, {n}"
        case "timer", (at, token, index):
            key = token.id
            kept.fire(token, index)
            reloaded.fire(key, index)
            oracle.fire(at)
            return f"fire {at}"
    kind, name = move
    kept.deliver(kind, name)
    reloaded.deliver(kind, name)
    oracle.deliver(kind, name)
    return f"bring {kind} {name}"


def _compare(kept: Kept, reloaded: Reloaded, oracle: Oracle) -> None:
    if kept.fault != reloaded.fault:
        raise Differs(f"RELOAD: a fault in one only: kept {kept.fault}, reloaded {reloaded.fault}")
    seen = kept.look()
    if not kept.fault:
        case = reloaded.case()
        if all_of(case) != all_of(kept.case):
            raise Differs(f"RELOAD:\nkept     {all_of(kept.case)}\nreloaded {all_of(case)}")
        case.sent = list(reloaded.moved.sent)
        if look(case) != seen or [*reloaded.moved.sent] != kept.case.sent:
            raise Differs(f"RELOAD: kept {seen}, reloaded {look(case)}")
        if told(kept) != (reloaded.open, reloaded.armed):
            raise Differs(f"TOLD: {reloaded.open} {reloaded.armed} are told, {told(kept)} are there")
    allowed = oracle.looks()
    if not oracle.keep(seen):
        raise Differs(f"ORACLE: the engine has\n{words(seen)}\nallowed is\n" + "\nor\n".join(map(words, allowed)))


def words(look: object) -> str:
    return "\n".join(f"    {k}: {v}" for k, v in vars(look).items())
