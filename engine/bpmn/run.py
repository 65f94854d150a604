"""State in, Moved out: the only module that moves a case. A Fault or NotThere leaves the old state valid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.bpmn import events, placing, returning, undo
from engine.bpmn.case import Case
from engine.bpmn.core import READY, WAITING, LibraryError
from engine.bpmn.faults import Fault, NotThere, Stuck, Uncaught
from engine.bpmn.program import Program
from engine.bpmn.returning import NoReturn
from engine.bpmn.scopes import Scope
from engine.bpmn.state import DAMAGE, dumps, loads
from engine.bpmn.tokens import Token, Word
from engine.bpmn.undo import NoUndo
from engine.rules.expressions import BadExpression

__all__ = [
    "Armed", "Fault", "Moved", "NoReturn", "NoUndo", "NotThere", "Opened", "Stuck", "Uncaught", "Waiting", "assign",
    "awaited", "back", "complete", "deliver", "fire", "place", "start", "take_back", "waiting",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A step that somebody may do now."""

    token: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Armed:
    """A timer that waits. `text`: ISO 8601 duration or date, `workdays(n)` or `limit("...")`; of a cycle, one turn.

    A step that `limit` names lies in the same flow as `path`. A cycle comes back under a new token for its next turn.
    """

    token: str
    index: int
    path: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What one move changed. `closed`, `disarmed`: were there before and are not now, the one acted on included.

    `passed`: paths of automatic elements left, in order; `ended`: id of the top end event when the case is complete;
    `sent`: (message | signal | escalation, name) for the outside; `case`: what `state` was written from.
    """

    state: bytes
    opened: tuple[Opened, ...]
    closed: tuple[str, ...]
    armed: tuple[Armed, ...]
    disarmed: tuple[tuple[str, int], ...]
    passed: tuple[str, ...]
    ended: str | None
    sent: tuple[tuple[str, str], ...] = ()
    case: Case = field(repr=False, compare=False)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An event that is waited for, or a token that waits at a join."""

    token: str
    path: str
    kind: str
    name: str = ""


def start(
    program: Program,
    variables: Mapping[str, object],
    *,
    event: tuple[str, str] | None = None,
    host: Mapping[str, Word] | None = None,
) -> Moved:
    """Begin a case. `event`: (kind, name) of the start event when it is not begun by its none start event."""
    case = Case(program.main, Scope(variables, declared=program.declared), host or {})
    if event is not None:
        chosen = [n for n, triggers in program.starting if any((t.kind, t.name) == event for t in triggers)]
    else:
        chosen = program.main.starts or [n for n, _ in program.starting if len(program.starting) == 1]
    if not chosen:
        raise NotThere(key=program.item.id)
    return _move(program, case, lambda: case.enter(chosen), _Rest({}, {}))


def complete(
    program: Program,
    state: bytes,
    token: str,
    outcome: str,
    decides: Mapping[str, object],
    *,
    host: Mapping[str, Word] | None = None,
) -> Moved:
    """Complete a step: `<step>` becomes its outcome and `<step>_<field>` each of `decides`."""
    case, step, before = _found(program, state, token, host)
    if step._state != READY or not step.task_spec.manual:
        raise NotThere(key=token)
    name = step.task_spec.bpmn_id

    def act() -> None:
        step.assign({name: outcome, **{f"{name}_{field}": value for field, value in decides.items()}})
        case.conditions()
        if step._state == READY:
            step.run()

    return _move(program, case, act, before)


def fire(program: Program, state: bytes, token: str, index: int, *, host: Mapping[str, Word] | None = None) -> Moved:
    """Let exactly that timer fire."""
    case, listener, before = _found(program, state, token, host)
    if (token, index) not in before.timers:
        raise NotThere(key=f"{token}:{index}")
    return _move(program, case, lambda: listener.task_spec.fire(listener, index), before)


def deliver(program: Program, state: bytes, kind: str, name: str, *, host: Mapping[str, Word] | None = None) -> Moved:
    """Bring a message (one takes it) or a signal (all take it) from outside."""
    case, before = _loaded(program, state, host)
    if kind not in ("message", "signal") or not any(t.name == name for _, _, t in case.catchers(kind)):
        raise NotThere(key=f"{kind} {name}")

    def act() -> None:
        events.deliver(case, kind, name)

    return _move(program, case, act, before)


def assign(
    program: Program,
    state: bytes,
    values: Mapping[str, object],
    token: str = "",
    *,
    host: Mapping[str, Word] | None = None,
) -> Moved:
    """Set variables of the case, or of the flow that the step `token` lies in; conditions that become true fire."""
    case, before = _loaded(program, state, host)
    if case.completed or (token and token not in before.open):
        raise NotThere(key=token or ", ".join(values))

    def act() -> None:
        found = case.find(int(token or 0))
        for name, value in values.items():
            (case.variables if found is None else found.data).assign(name, value)
        case.conditions()

    return _move(program, case, act, before)


def place(program: Program, state: bytes, path: str, *, host: Mapping[str, Word] | None = None) -> Moved:
    """Continue a case at the step `path`: what else is live in the block around it ends, and this step opens.

    Variables stay, and so do listeners of event sub-processes. The enclosing activities are opened where they are not
    open. At a step with instances all of them open.

    Raises:
        NotThere: there is no such step, it lies inside a loop, multi-instance or compensation, or the case has ended.
        Stuck: a parallel join behind the step would wait for ever for the branches that end.
    """
    case, before = _loaded(program, state, host)
    to = placing.way(program.main, path)
    if case.completed or to is None:
        raise NotThere(key=path)
    return _move(program, case, lambda: placing.place(case, to), before)


def back(program: Program, state: bytes, token: str, path: str, *, host: Mapping[str, Word] | None = None) -> Moved:
    """Send the open step `token` back to the step `path` of its flow: its block ends, and that step opens.

    Raises:
        NotThere: the step is not open.
        NoReturn: it cannot be sent back there (engine/bpmn/returning.py).
    """
    case, step, before = _found(program, state, token, host)
    if token not in before.open:
        raise NotThere(key=token)
    plan = returning.back(program.main, step.path, path)
    return _move(program, case, lambda: returning.send_back(step, plan), before)


def take_back(program: Program, kept: bytes, state: bytes) -> Moved:
    """Undo the move whose two states are `kept` (undo.pair) in the state of now; what others moved meanwhile stays.

    Raises:
        NoUndo: something of it has been used since (engine/bpmn/undo.py).
    """
    undone = undo.undone(program, kept, state)
    case, _ = _loaded(program, undone, None)
    return _moved(program, case, _loaded(program, state, None)[1])


def waiting(program: Program, data: bytes) -> tuple[Waiting, ...]:
    """Return what a case waits for, other than steps."""
    found = []
    for t in _loaded(program, data, None)[0].everything():
        if t._state == WAITING:
            for kind, name in [(x.kind, x.name or "") for x in t.task_spec.triggers] or [("join", "")]:
                found.append(Waiting(token=str(t.id), path=t.path, kind=kind, name=name))
    return tuple(found)


def awaited(program: Program, data: bytes) -> frozenset[str]:
    """Return the messages that a case waits for; not those that would start again what they have started and runs."""
    return frozenset(_loaded(program, data, None)[0].awaited("message"))


@dataclass(frozen=True)
class _Rest:
    """What a case at rest offers: open steps and armed timers."""

    open: Mapping[str, str]
    timers: Mapping[tuple[str, int], Armed]


def _loaded(program: Program, data: bytes, host: Mapping[str, Word] | None) -> tuple[Case, _Rest]:
    case = loads(data, program, host or {})
    try:
        return case, _rest(case)
    except DAMAGE as e:
        raise Fault(why=f"the state cannot be read with this definition: {e!r}") from e


def _found(program: Program, data: bytes, token: str, host: Mapping[str, Word] | None) -> tuple[Case, Token, _Rest]:
    case, before = _loaded(program, data, host)
    found = case.find(int(token)) if token.isascii() and token.isdecimal() and len(token) < 16 else None
    if found is None:
        raise NotThere(key=token)
    return case, found, before


def _rest(case: Case) -> _Rest:
    steps, timers = {}, {}
    for t in case.everything():
        if t._state == READY and t.task_spec.manual:
            steps[str(t.id)] = t.path
        elif t._state == WAITING:
            for i, text in t.internal_data.get("timers", {}).items():
                timers[str(t.id), int(i)] = Armed(token=str(t.id), index=int(i), path=t.path, text=text)
    return _Rest(steps, timers)


def _move(program: Program, case: Case, act: Callable[[], None], before: _Rest) -> Moved:
    try:
        act()
        case.advance()
        return _moved(program, case, before)
    except Fault as e:
        e.at = e.at or _at(case)
        raise
    except (BadExpression, LibraryError) as e:
        raise Fault(why=str(e), at=_at(case)) from e
    except DAMAGE as e:
        raise Fault(why=f"the state does not fit this definition: {e!r}", at=_at(case)) from e


def _at(case: Case) -> str:
    return "" if case.busy is None else case.busy.path


def _moved(program: Program, case: Case, before: _Rest) -> Moved:
    after = _rest(case)
    if not case.completed and not after.open and not _hears(case):
        stuck = sorted({t.path for t in case.everything()})
        why = f"nothing can happen any more; tokens wait at {', '.join(stuck) or 'no element'}"
        raise Stuck(why=why, at=(stuck or [""])[0], sent=tuple(case.sent))
    case.budget.look()
    return Moved(
        state=dumps(case, program),
        opened=tuple(Opened(token=t, path=p) for t, p in after.open.items() if t not in before.open),
        closed=tuple(t for t in before.open if t not in after.open),
        armed=tuple(a for key, a in after.timers.items() if key not in before.timers),
        disarmed=tuple(key for key in before.timers if key not in after.timers),
        passed=tuple(case.passed),
        ended=case.ended if case.completed else None,
        sent=tuple(case.sent),
        case=case,
    )


def _hears(case: Case) -> bool:
    return any(t._state == WAITING and t.task_spec.triggers for t in case.everything())
