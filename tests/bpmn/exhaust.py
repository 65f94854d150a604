"""Every choice of a small flow played by `engine.bpmn.run`, each state once: what can go wrong, what is reached."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from itertools import product

from engine.bpmn import run
from engine.bpmn.case import Case
from engine.bpmn.core import WAITING
from engine.bpmn.joins import Join
from engine.bpmn.read import Program
from engine.bpmn.state import loads
from engine.bpmn.tokens import Scoped, Token

MOST_STATES = 400
Place = tuple[str, str, bool, str, bool]  # node, flow it came by, aside, own variables, an instance


@dataclass
class Played:
    """What happened in some run; `reached`: steps and ends; `endless`: some state ends nowhere."""

    stuck: bool = False  # in some scope all tokens wait at joins
    uncaught: bool = False
    twice: bool = False  # two tokens in one place
    open: bool = False  # a step open twice
    fault: bool = False
    endless: bool = False
    whole: bool = True
    reached: set[str] = field(default_factory=set)


def play(program: Program, forms: Collection[str] = ()) -> Played:
    """Play every outcome of every open step, timer and message, each state once. `forms`: steps that decide `f`."""
    seen: dict[tuple[object, ...], list[tuple[object, ...]]] = {}
    played, good = Played(), set()
    todo: list[tuple[tuple[object, ...] | None, Callable[[], run.Moved]]] = [(None, lambda: run.start(program, {}))]
    while todo:
        before, act = todo.pop()
        try:
            moved = act()
        except run.Stuck:
            played.stuck = True
            good.add(before)
            continue
        except run.Uncaught:
            played.uncaught = True
            good.add(before)
            continue
        except run.Fault:
            played.fault = True
            good.add(before)
            continue
        played.reached |= {o.path for o in moved.opened} | ({moved.ended} if moved.ended else set())
        played.reached |= {p for p in moved.passed if p[0] == "e"}
        if moved.ended is not None:
            good.add(before)
            continue
        case = loads(moved.state, program, {})
        places, hearing = _places(case)
        state = (tuple(places), tuple(sorted(case.variables.items())), tuple(hearing))
        seen.setdefault(state, []).append(before) if before else seen.setdefault(state, [])
        if len(seen[state]) + (before is None) > 1:
            continue
        if crowded := _crowded(places):
            played.twice = True
            played.open = played.open or any(not by for _, by in crowded)
            good.add(state)
            continue
        if any(_stuck(scope) for scope in case.scopes()):
            played.stuck = True
            good.add(state)
        if len(seen) > MOST_STATES:
            played.whole = False
            return played
        rest = run._rest(case)
        for token, path in rest.open.items():
            fields: list[dict[str, object]] = [{"f": True}, {"f": False}] if path in forms else [{}]
            for outcome, decides in product(program.item.steps[path].outcomes, fields):
                todo.append((state, partial(run.complete, program, moved.state, token, outcome, decides)))
        todo += [(state, partial(run.fire, program, moved.state, *key)) for key in rest.timers]
        messages = sorted({t.name or "" for _, _, t in case.catchers("message")})
        todo += [(state, partial(run.deliver, program, moved.state, "message", name)) for name in messages]
    _spread(good, seen)
    played.endless = any(s not in good for s in seen)
    return played


def _places(case: Case) -> tuple[list[Place], list[str]]:
    """Return where tokens are, and which listeners listen."""
    places, hearing = [], []
    for t in case.everything():
        if t.task_spec.listens and t._state == WAITING:
            hearing.append(t.task_spec.name)
        else:
            info = t.internal_data
            own = str(sorted(t.own.items())) if t.own is not None else ""
            by = info.get("by", "") if t._state == WAITING else ""
            places.append((t.task_spec.name, by, _beside(t), own, "of" in info))
    return sorted(places), sorted(hearing)


def _beside(token: Token) -> bool:
    """Is a token beside the flow, or in a scope that is? What does not interrupt may happen many times."""
    at: Token | None = token
    while at is not None:
        if at.internal_data.get("aside"):
            return True
        at = at.workflow.owner
    return False


def _crowded(places: list[Place]) -> list[tuple[str, str]]:
    """Return the places that hold two tokens, one of them of the flow; instances of one activity are no crowd."""
    held: dict[tuple[str, str], list[bool]] = {}
    for name, by, aside, _, instance in places:
        if not instance:
            held.setdefault((name, by), []).append(aside)
    return [place for place, asides in held.items() if len(asides) > 1 and not all(asides)]


def _stuck(scope: Scoped) -> bool:
    """Do all tokens of a scope wait at joins? What listens need not happen."""
    live = [t for t in scope.live() if not (t.task_spec.listens and t._state == WAITING)]
    return bool(live) and all(t._state == WAITING and isinstance(t.task_spec, Join) for t in live)


def _spread(good: set[tuple[object, ...] | None], seen: dict[tuple[object, ...], list[tuple[object, ...]]]) -> None:
    todo = list(good)
    while todo:
        state = todo.pop()
        for before in seen.get(state, ()) if state else ():
            if before not in good:
                good.add(before)
                todo.append(before)
