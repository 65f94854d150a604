"""All that can become of a scope, breadth first, so that each example is a shortest one."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field

from engine.bpmn.check.soundness.data import Tangled
from engine.bpmn.check.soundness.game import Game, Move, State
from engine.bpmn.check.soundness.net import Exit

MAX_STATES = 8_000
MAX_AUTOMATIC = 1_000  # the engine's budget of automatic elements in one move

Way = tuple[str, ...]  # what was chosen on the way, in words


@dataclass
class Explored:
    """`faults`: (rule, node) -> flow, example; rules: twice, no_way, no_value, stuck, no_end, automatic.

    `crowd`: why there are so many states.
    """

    exits: dict[Exit, Way] = field(default_factory=dict)
    faults: dict[tuple[str, str], tuple[str, Way]] = field(default_factory=dict)
    states: int = 0
    tangled: bool = False
    crowd: Counter[str] = field(default_factory=Counter)

    def fault(self, rule: str, node: str, flow: str, way: Way) -> None:
        self.faults.setdefault((rule, node), (flow, way))


def explore(game: Game, most: int = MAX_STATES) -> Explored:
    """Play every choice of a scope to its end."""
    found = Explored()
    before: dict[State, tuple[State | None, str]] = dict.fromkeys(game.begin(), (None, ""))
    back: dict[State, list[State]] = {}
    run: dict[State, int] = dict.fromkeys(before, 0)
    done: list[State] = []
    todo = deque(before)
    while todo:
        state = todo.popleft()
        count = 0
        for move in _moved(game, state, found):
            count += 1
            if move.fault is not None:
                found.fault(*move.fault, _way(before, state, move.label))
            if move.exit is not None and move.exit not in found.exits:
                found.exits[move.exit] = _way(before, state, move.label)
            if move.state is None:
                done.append(state)
                continue
            back.setdefault(move.state, []).append(state)
            if move.state not in before:
                before[move.state] = (state, move.label)
                run[move.state] = run[state] + 1 if _moves(state) else 0
                todo.append(move.state)
        if count > 1:
            found.crowd.update(t.node for t in state.tokens if not _moves(state) or t.at[:1] == ">")
        if waiting := _stuck(game, state):
            done.append(state)
            for node, flow in waiting:
                found.fault("stuck", node, flow, _way(before, state, ""))
        if run[state] > MAX_AUTOMATIC:
            found.fault("automatic", state.tokens[0].node, "", _way(before, state, ""))
            done.append(state)
        found.tangled = found.tangled or len(before) > most
        if found.tangled:
            break
    found.states = len(before)
    if not found.tangled and not found.faults:
        _endless(found, before, back, done)
    return found


def _moved(game: Game, state: State, found: Explored) -> list[Move]:
    try:
        return list(game.moves(state))
    except Tangled:
        found.tangled = True
        found.crowd.update(t.node for t in state.tokens if t.at[:1] == ">")
        return []


def _moves(state: State) -> bool:
    return any(t.at[:1] == ">" for t in state.tokens)


def _stuck(game: Game, state: State) -> list[tuple[str, str]]:
    """Return (join, empty flow) when tokens wait and nothing else is there that could move."""
    if not state.tokens or any(not t.at or t.at[:1] == ">" for t in state.tokens):
        return []
    if any(game.inclusive.ready(state.tokens, t) for t in state.tokens):
        return []
    held = {(t.node, t.at) for t in state.tokens}
    joins = sorted({t.node for t in state.tokens}, key=lambda n: game.net.nodes[n].order)
    return [(n, next((f for f in game.net.nodes[n].into if (n, f) not in held), "")) for n in joins]


def _endless(
    found: Explored, before: dict[State, tuple[State | None, str]], back: dict[State, list[State]], done: list[State]
) -> None:
    good, todo = set(done), list(done)
    while todo:
        for s in back.get(todo.pop(), ()):
            if s not in good:
                good.add(s)
                todo.append(s)
    for s in before:  # in order of discovery: the first is the nearest
        if s not in good and s.tokens and not _moves(s):
            found.fault("no_end", s.tokens[0].node, "", _way(before, s, ""))
            return


def _way(before: dict[State, tuple[State | None, str]], state: State, last: str) -> Way:
    labels = [last]
    at: State | None = state
    while at is not None:
        at, label = before[at]
        labels.append(label)
    return tuple(label for label in reversed(labels) if label)
