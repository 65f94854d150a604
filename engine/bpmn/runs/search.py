"""All trails of a scope: every state of its walk once, then what lies on some way to each end, backwards."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn.check.soundness.data import Tangled
from engine.bpmn.check.soundness.game import Move, State
from engine.bpmn.check.soundness.inclusive import Token
from engine.bpmn.check.soundness.net import Exit
from engine.bpmn.runs.sure import sure
from engine.bpmn.runs.trails import END, Merged, Trail, resolved
from engine.bpmn.runs.walk import Act, Inside, Walk

MAX_STATES = 30_000
PARTIAL = Exit(kind="partial")
Beside = Mapping[str, frozenset[str]]
Key = tuple[Exit, frozenset[str]]


class TooMany(Exception):
    """A scope has more states than are followed."""


@dataclass
class _Found:
    """States by number. What may be done last is no part of a state: it is put together where ways meet, in `whole`.

    `into`: the states and acts that lead to one. `ends`: key -> number; `at`: the states and acts that end so.
    """

    sure: Callable[[Token], frozenset[str]]
    places: dict[State, int] = field(default_factory=dict)
    whole: list[State] = field(default_factory=list)
    came: list[tuple[int, Act | None] | None] = field(default_factory=list)
    into: list[dict[tuple[int, Act | None], None]] = field(default_factory=list)
    ends: dict[Key, int] = field(default_factory=dict)
    at: list[dict[tuple[int, Act | None], frozenset[str]]] = field(default_factory=list)
    todo: deque[int] = field(default_factory=deque)
    waiting: set[int] = field(default_factory=set)

    def place(self, state: State, came: tuple[int, Act | None] | None) -> None:
        """Note a state, and that it has to be looked at when it is new or more may have been done last."""
        again = frozenset[str]().union(*(self.sure(t._replace(last=())) for t in state.tokens))
        state = state._replace(tokens=tuple(sorted(state.tokens)), done=state.done - again)
        bare = state._replace(tokens=tuple(t._replace(last=()) for t in state.tokens), over=frozenset())
        number = self.places.setdefault(bare, len(self.places))
        if number == len(self.whole):
            self.whole.append(state)
            self.came.append(came)
            self.into.append({})
        else:
            known = self.whole[number]
            state = _joined(known, state)
            if state == known:
                self._came(number, came)
                return
            self.whole[number] = state
        self._came(number, came)
        if number not in self.waiting:
            self.waiting.add(number)
            self.todo.append(number)

    def _came(self, number: int, came: tuple[int, Act | None] | None) -> None:
        if came is not None:
            self.into[number][came] = None

    def end(self, key: Key, place: int, act: Act | None, last: frozenset[str]) -> None:
        number = self.ends.setdefault(key, len(self.ends))
        if number == len(self.at):
            self.at.append({})
        before = self.at[number].get((place, act), frozenset())
        self.at[number][place, act] = before | last


def search(walk: Walk, begin: Iterable[State], beside: Beside) -> Inside:
    """Return the trails of a scope, and those that may be cut off if the walk says that it may be.

    `beside`: node -> steps that may be done while something is there.

    Raises:
        TooMany: there are more than MAX_STATES.
    """
    found = _Found(sure(walk))
    for state in begin:
        found.place(state, None)
    while found.todo:
        here = found.todo.popleft()
        found.waiting.discard(here)
        state = found.whole[here]
        if walk.cut and _seen(walk, state):
            found.end((PARTIAL, state.done), here, None, _latest(state))
        _go(walk, found, here, state)
        if len(found.places) > MAX_STATES:
            raise TooMany
    trails = list(_trails(found, beside))
    return Inside([t for t in trails if t.exit is not PARTIAL], [t for t in trails if t.exit is PARTIAL])


def _go(walk: Walk, found: _Found, here: int, state: State) -> None:
    """Note where each act leads, with all that moves by itself behind it."""
    todo: list[tuple[State, Act | None]] = [(state, None)]
    seen = set[tuple[State, Act | None]]()
    while todo:
        at, before = todo.pop()
        for act, move in _acts(walk, at):
            act = before or act
            done = at.done if act is None else at.done | act.trail.done
            for code in walk.flown:
                after = at if move.state is None else move.state
                found.end((Exit(kind="escalation", code=code), done), here, act, _latest(after))
            walk.flown.clear()
            if move.exit is not None:
                found.end((move.exit, done), here, act, _latest(at))
            elif move.state is not None and _moving(move.state, walk):
                if (move.state, act) not in seen:
                    seen.add((move.state, act))
                    todo.append((move.state, act))
            elif move.state is not None:
                found.place(move.state, (here, act))


def _moving(state: State, walk: Walk) -> bool:
    return any(t.at[:1] == ">" for t in state.tokens) and not (walk.cut and (walk.loud or walk.conditional))


def _joined(one: State, other: State) -> State:
    tokens = (
        t if t.last == u.last else t._replace(last=tuple(sorted({*t.last, *u.last})))
        for t, u in zip(one.tokens, other.tokens, strict=True)
    )
    return one._replace(tokens=tuple(tokens), over=one.over | other.over)


def _acts(walk: Walk, state: State) -> Iterator[tuple[Act | None, Move]]:
    try:
        yield from walk.acts(state)
    except Tangled as e:
        raise TooMany from e


def _seen(walk: Walk, state: State) -> bool:
    """May the scope be cut off in this state, with something done?"""
    rests = all(t.at[:1] != ">" for t in state.tokens)
    return bool(state.done and state.tokens) and (rests or walk.loud or walk.conditional)


def _latest(state: State) -> frozenset[str]:
    return state.over.union(*(t.last for t in state.tokens))


def _trails(found: _Found, beside: Beside) -> Iterator[Trail]:
    """Masks say which ends are reached from a state; an act belongs to the ends that are reached behind it."""
    masks = [0] * len(found.places)
    merged = [Merged() for _ in found.ends]
    held: dict[Act, int] = {}
    todo: dict[int, None] = {}
    for number, places in enumerate(found.at):
        for (place, act), last in places.items():
            masks[place] |= 1 << number
            todo[place] = None
            merged[number].last |= last
            if act is not None:
                held[act] = held.get(act, 0) | 1 << number
    while todo:
        place = next(iter(todo))
        del todo[place]
        for source, _ in found.into[place]:
            if masks[place] & ~masks[source]:
                masks[source] |= masks[place]
                todo[source] = None
    for place, came in enumerate(found.into):
        for _, act in came:
            if act is not None:
                held[act] = held.get(act, 0) | masks[place]
    for act, mask in held.items():
        _share(act, mask, merged)
    for (exit, done), number in found.ends.items():
        ordered = _order(found, number)
        yield merged[number].trail(exit, [*ordered, *sorted(s for s in done if s[:1] == END)], beside)


def _share(act: Act, mask: int, merged: list[Merged]) -> None:
    before = {s: resolved(names, act.last, act.node) for s, names in act.trail.before.items()}
    while mask:
        low = mask & -mask
        merged[low.bit_length() - 1].add(before, act.trail.outcomes)
        mask ^= low


def _order(found: _Found, number: int) -> list[str]:
    """Return the steps on one way to an end, as they are done first."""
    place, act = next(iter(found.at[number]))
    acts = [act]
    while (came := found.came[place]) is not None:
        place, act = came
        acts.append(act)
    return list(dict.fromkeys(s for a in reversed(acts) if a is not None for s in a.trail.steps))
