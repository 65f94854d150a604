"""Finds the places that a case can come to: each move is made by the engine from the state of one case at the place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from engine.bpmn import run
from engine.bpmn.ahead.answers import answers
from engine.bpmn.ahead.drawn import steps_ahead
from engine.bpmn.ahead.form import Form
from engine.bpmn.ahead.found import Ahead, Move
from engine.bpmn.ahead.wants import Wants
from engine.bpmn.case import Case
from engine.bpmn.core import READY, WAITING
from engine.bpmn.faults import Fault, NotThere
from engine.bpmn.program import Program
from engine.bpmn.returning import NoReturn
from engine.bpmn.state import loads
from engine.bpmn.tokens import Token

Act = Callable[[], run.Moved]
Done = tuple[str, tuple[str, ...]]  # the step that somebody acts on, with the outcomes that lead to the same


def ahead(program: Program, state: bytes, most: int = 2_000) -> Ahead | None:
    """Return all places that the case can come to; messages and signals come while what they start does not run.

    None: there are more than `most`, or a step still to be done is asked for values that nobody can tell apart.

    Raises:
        Fault: the state cannot be read with this definition.
    """
    search = _Search(program)
    if any(search.answers.get(path) is None for path in steps_ahead(program, state)):
        return None
    search.come_to(state, loads(state, program, {}))
    while search.todo and len(search.open) <= most:
        search.go_on()
    if len(search.open) > most:
        return None
    ended = search.ended
    return Ahead(
        open=tuple(search.open),
        moves=tuple(tuple(search.moves[n]) for n in range(len(search.open))),
        ended=frozenset() if ended is None else frozenset({ended}),
    )


def place(program: Program, state: bytes) -> str:
    """Return what makes the place that a case is at: cases of a program where it is the same may go on alike.

    Raises:
        Fault: the state cannot be read with this definition.
    """
    if id(program) not in _wants:
        _wants[id(program)] = program, Wants(program, answers(program).always)
    return Form(loads(state, program, {}), _wants[id(program)][1]).text


_wants: dict[int, tuple[Program, Wants]] = {}  # what has an id there stays alive


class _Search:
    """What has been found, by place; `todo`: places, each with its moves, where these are still to be made."""

    def __init__(self, program: Program) -> None:
        known = answers(program)
        self.program, self.answers = program, known.answers
        self.wants = Wants(program, known.always)
        self.open: list[tuple[str, ...]] = []
        self.moves: dict[int, dict[Move, None]] = {}
        self.places: dict[str, int] = {}
        self.todo: list[tuple[int, list[tuple[Done, Act]]]] = []
        self.ended: int | None = None

    def come_to(self, state: bytes, case: Case) -> int:
        """Return the place of a case, a new one if nothing like it has been seen."""
        form = Form(case, self.wants)
        place = self.places.setdefault(form.text, len(self.open))
        if place == len(self.open):
            self.open.append(tuple(sorted({t.path for t in case.everything() if _open(t)})))
            self.moves[place] = {}
            if case.completed:
                self.ended = place
            else:
                self.todo.append((place, list(self._acts(state, case, form))))
        return place

    def go_on(self) -> None:
        """Make the moves of one place; what the engine refuses is none."""
        place, acts = self.todo.pop()
        for (path, outcomes), act in acts:
            try:
                moved = act()
            except (Fault, NotThere, NoReturn):
                continue
            to, opens = self.come_to(moved.state, moved.case), tuple(sorted({o.path for o in moved.opened}))
            for outcome in outcomes:
                self.moves[place][Move(path=path, outcome=outcome, to=to, opens=opens)] = None

    def _acts(self, state: bytes, case: Case, form: Form) -> Iterator[tuple[Done, Act]]:
        """Yield what may be done at a place; of tokens that stand alike, once."""
        seen = set[str]()
        for token in case.everything():
            if not (_open(token) or token._state == WAITING) or (stands := form.stands(token)) in seen:
                continue
            seen.add(stands)
            if _open(token):
                yield from self._done(state, token)
            else:
                for index in token.internal_data.get("timers", {}):
                    yield _EVENT, partial(run.fire, self.program, state, str(token.id), int(index))
        for kind in ("message", "signal"):
            for name in sorted(case.awaited(kind)):
                yield _EVENT, partial(run.deliver, self.program, state, kind, name)

    def _done(self, state: bytes, token: Token) -> Iterator[tuple[Done, Act]]:
        program, key, path = self.program, str(token.id), token.path
        for each in self.answers[path] or ():
            yield (path, each.outcomes), partial(run.complete, program, state, key, each.outcomes[0], each.decides)
        for to in program.item.steps[path].returns:
            yield (path, ("",)), partial(run.back, program, state, key, to)


_EVENT: Done = ("", ("",))


def _open(token: Token) -> bool:
    return token._state == READY and token.task_spec.manual
