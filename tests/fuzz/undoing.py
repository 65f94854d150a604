"""A move that is undone after others were made, beside the same case in which it never was."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from engine.bpmn import run
from engine.bpmn.core import READY, WAITING
from engine.bpmn.faults import EngineFault
from engine.bpmn.program import Program
from engine.bpmn.state import loads
from engine.bpmn.undo import pair
from tests.fuzz.maker import NUMBERS, OUTCOMES, Maker
from tests.fuzz.play import chain, look
from tests.fuzz.walks import FAVOURED, VARIABLES, Differs, program

Move = tuple[Any, ...]  # what (step | timer | message | signal), where, what with
MOST_BEFORE, MOST_BESIDE, MOST_AFTER = 8, 4, 12


def play(seed: int, tally: Counter[str]) -> None:
    """Draw a flow, walk into it, make a move, make others beside it, undo the move; go on both ways to the end."""
    source = random.Random(seed)
    try:
        drawn = program(Maker(source, favour=(*FAVOURED[seed % len(FAVOURED)], "fork", "web")).file())
    except Differs:  # it draws two catchers of one error now and then
        tally["no drawing"] += 1
        return
    try:
        state = run.start(drawn, VARIABLES).state
        for _ in range(source.randrange(MOST_BEFORE)):
            state = made(drawn, state, source.choice(moves(drawn, state, source)))
        undone(drawn, state, source, tally)
    except (EngineFault, IndexError):
        tally["over before"] += 1


def undone(drawn: Program, state: bytes, source: random.Random, tally: Counter[str]) -> None:
    first = source.choice([move for move in moves(drawn, state, source) if move[0] == "step"])
    done, never, beside = made(drawn, state, first), state, 0
    kept = pair(state, done)
    for _ in range(source.randrange(MOST_BESIDE)):
        common = [move for move in moves(drawn, done, source) if can(drawn, never, move)]
        if not common:
            break
        move = source.choice(common)
        if (changed := made(drawn, done, move)) != done:  # a signal may find that all has been heard
            done, never, beside = changed, made(drawn, never, move), beside + 1
    try:
        moved = run.take_back(drawn, kept, done)
    except run.NoUndo as why:
        tally[str(why) if beside or loads(done, drawn, {}).completed else "refused for nothing"] += 1
        return
    tally["taken back, others had moved" if beside else "taken back"] += 1
    told(drawn, done, moved)
    onwards(drawn, moved.state, never, source, first)


def onwards(drawn: Program, state: bytes, never: bytes, source: random.Random, first: Move) -> None:
    """Play both to the end: they are one case.

    Raises:
        Differs: they are not.
    """
    for _ in range(MOST_AFTER):
        one, other = seen(drawn, state), seen(drawn, never)
        if one != other:
            raise Differs(f"without {first}:\n{other}\ntaken back:\n{one}")
        if not (possible := moves(drawn, state, source)):
            return
        move = source.choice(possible)
        state, never = made(drawn, state, move), made(drawn, never, move)


def told(drawn: Program, state: bytes, moved: run.Moved) -> None:
    """Make sure that the move tells what has changed."""
    before, after = loads(state, drawn, {}), loads(moved.state, drawn, {})
    gone, new = open_steps(before) - open_steps(after), open_steps(after) - open_steps(before)
    assert {*moved.closed} == gone
    assert {o.token for o in moved.opened} == new
    assert after.counter == before.counter


def open_steps(case: Any) -> set[str]:
    return {str(t.id) for t in case.everything() if t._state == READY and t.task_spec.manual}


def seen(drawn: Program, state: bytes) -> tuple[Any, ...]:
    """Return what is seen of a case, the numbers of its tokens aside."""
    case = loads(state, drawn, {})
    timers = sorted(
        (repr(chain(t)), text)
        for t in case.everything()
        if t._state == WAITING
        for text in t.internal_data.get("timers", {}).values()
    )
    return look(case), timers


def moves(drawn: Program, state: bytes, source: random.Random) -> list[Move]:
    """Return what somebody could do; where two tokens stand at one place, which of them is meant."""
    case = loads(state, drawn, {})
    found: list[Move] = []
    for t in case.everything():
        if t._state == READY and t.task_spec.manual:
            found.append(("step", chain(t), source.choice(OUTCOMES), source.choice(NUMBERS)))
        elif t._state == WAITING:
            found += [("timer", chain(t), i) for i, x in enumerate(t.task_spec.triggers) if x.kind == "timer"]
            found += [(x.kind, x.name) for x in t.task_spec.triggers if x.kind in ("message", "signal")]
    return found


def can(drawn: Program, state: bytes, move: Move) -> bool:
    case = loads(state, drawn, {})
    if move[0] == "step":
        return any(chain(t) == move[1] and t._state == READY for t in case.everything())
    return any(m[:3] == move[:3] for m in moves(drawn, state, random.Random(0)))


def made(drawn: Program, state: bytes, move: Move) -> bytes:
    """Return the state after a move."""
    case = loads(state, drawn, {})
    match move:
        case ("step", at, outcome, number):
            token = next(t.id for t in case.everything() if chain(t) == at and t._state == READY)
            return run.complete(drawn, state, str(token), outcome, {"n": number}).state
        case ("timer", at, index):
            armed = [t for t in case.everything() if chain(t) == at and t._state == WAITING]
            token = next(t.id for t in armed if str(index) in t.internal_data.get("timers", {}))
            return run.fire(drawn, state, str(token), index).state
    return run.deliver(drawn, state, move[0], move[1] or "").state
