"""Undoing one move of a case after the fact: states before and after it, and the state of now.

A three-way comparison: what the move changed must be now as it left it; that is set back, and all else of now stays, so
that other branches may have gone on meanwhile. Refused when in doubt whether they could have gone on like this without
the move: it must leave the same case as if it had never been made. The counter of tokens never goes back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from engine.bpmn.asking import asked
from engine.bpmn.blocks import inside, reached
from engine.bpmn.case import Case
from engine.bpmn.joins import InclusiveJoin, Join
from engine.bpmn.nodes import Node
from engine.bpmn.program import Program
from engine.bpmn.state import DAMAGE, loads, pack, unpack
from engine.bpmn.tokens import Scoped

Key = tuple[object, ...]  # ("row", scope, token) | ("var", scope, name) | ("scope", owner); scope 0 is the case
ABSENT = object()


class NoUndo(Exception):
    """A move cannot be undone (any more); the text is why: used | beside | other."""


def pair(before: bytes, after: bytes) -> bytes:
    """Return the states before and after a move in one."""
    return len(before).to_bytes(4, "big") + before + after


def undone(program: Program, kept: bytes, state: bytes) -> bytes:
    """Return the state of now without the move whose states before and after it are `kept` as a pair.

    Raises:
        NoUndo: `used`: something that the move made has been used since; `beside`: another branch has gone on in a way
            that may depend on it; `other`: these are states of another version.
    """
    size = 4 + int.from_bytes(kept[:4], "big")
    before, after = kept[4:size], kept[size:]
    try:
        bodies = [unpack(data, program) for data in (before, after, state)]
    except DAMAGE as e:
        raise NoUndo("other") from e
    was, made, now = (_flat(body) for body in bodies)
    if bodies[1][6] or bodies[2][6]:
        raise NoUndo("used")
    changed = [key for key in was.keys() | made.keys() if was.get(key, ABSENT) != made.get(key, ABSENT)]
    if any(made.get(key, ABSENT) != now.get(key, ABSENT) for key in changed):
        raise NoUndo("used")
    gone_on = bodies[1][0] != bodies[2][0]  # tokens have come since, even if all of them are gone
    if gone_on or made != now:
        _witnessed(was, made, now, changed)
        _unasked(changed, loads(before, program, {}), loads(after, program, {}))
    result = {key: value for key, value in now.items() if key not in changed or key in was}
    result |= {key: was[key] for key in changed if key in was}
    return pack(_body(bodies[0], bodies[2], result), program)


def _flat(body: list[Any]) -> dict[Key, Any]:
    _, variables, rows, inner, ended, done, _ = body
    found: dict[Key, Any] = {}
    for scope, own, lines, end, undo in [(0, variables, rows, ended, done), *inner]:
        found["scope", scope] = (own is not None, end, undo)
        found |= {("row", scope, row[0]): row for row in lines}
        found |= {("var", scope, name): value for name, value in (own or {}).items()}
    return found


def _body(before: list[Any], now: list[Any], flat: Mapping[Key, Any]) -> list[Any]:
    """Return the body of a state; scopes in the order in which they were entered, tokens in that of their numbers."""

    def rows(scope: object) -> list[Any]:
        return sorted((v for k, v in flat.items() if k[:2] == ("row", scope)), key=lambda row: int(row[0]))

    def variables(scope: object) -> dict[str, Any]:
        return {str(k[2]): v for k, v in flat.items() if k[:2] == ("var", scope)}

    owners = dict.fromkeys([*(each[0] for each in before[3]), *(each[0] for each in now[3])])
    inner = []
    for owner in owners:
        if ("scope", owner) in flat:
            own, ended, done = flat["scope", owner]
            inner.append([owner, variables(owner) if own else None, rows(owner), ended, done])
    _, ended, done = flat["scope", 0]
    return [now[0], variables(0), rows(0), inner, ended, done, False]


def _witnessed(was: Mapping[Key, Any], made: Mapping[Key, Any], now: Mapping[Key, Any], changed: list[Key]) -> None:
    """Make sure that what others did since has not ended what would be set back.

    What would have ended the step had it been open must have ended what came of it: each scope that goes on after the
    move must hold something of it, which is there now.

    Raises:
        NoUndo: it may have been ended.
    """
    for scope in {key[1] for key in changed if key[0] == "row" and ("scope", key[1]) in made}:
        if ("scope", scope) not in now or not any(key in made for key in changed if key[:2] == ("row", scope)):
            raise NoUndo("beside")
    if any(key[0] == "scope" and key in was and key in made for key in changed):
        raise NoUndo("beside")


def _unasked(changed: list[Key], old: Case, case: Case) -> None:
    """Make sure that no inclusive join or event has looked for the step, and nobody has asked for what the move said.

    Nor may anything else have said it too, nor an event that the move set waiting have happened beside it.

    Raises:
        NoUndo: something beside it may have.
    """
    said = {str(key[2]) for key in changed if key[0] == "var"}
    touched = {key[2] for key in changed if key[0] == "row"}
    gone = [t for t in old.everything() if t.id in touched and case.find(t.id) is None]
    if any(trigger.kind != "timer" for t in gone for trigger in t.task_spec.triggers):
        raise NoUndo("beside")
    born = [t for t in case.everything() if t.id in touched and old.find(t.id) is None]
    if any(_may_have_fired(t.task_spec) for t in born):
        raise NoUndo("used")
    for scope, nodes, common in _others(old, case, touched):
        specs = scope.spec.task_specs
        inclusive = any(isinstance(specs[n], InclusiveJoin) for n in common)
        if inclusive or said & asked(scope.spec, nodes) or _says(said, (specs[n] for n in nodes)):
            raise NoUndo("beside")


def _may_have_fired(node: Node) -> bool:
    """Return whether what waits at the node may have heard something and still wait: only a timer leaves a mark."""
    stays = not getattr(node, "interrupts", True)
    return stays and any(trigger.kind != "timer" for trigger in node.triggers)


def _says(names: Collection[str], nodes: Iterable[Node]) -> bool:
    """Return whether one of these nodes, or of those inside, may set one of the names."""
    ids = {each.bpmn_id for node in nodes for each in (node, *(child for _, child in inside(node)))}
    return any(name == i or name.startswith(f"{i}_") for name in names for i in ids)


def _others(old: Case, case: Case, touched: set[object]) -> Iterator[tuple[Scoped, set[str], set[str]]]:
    """Yield each scope with the nodes that tokens beside the move could come to without it; and the common ones."""
    for scope in case.scopes():
        others = {t.task_spec.name for t in scope.live() if t.id not in touched}
        before = next((w for w in old.scopes() if _owner(w) == _owner(scope)), None)
        own = {t.task_spec.name for w in (scope, before) if w for t in w.live() if t.id in touched}
        spec = scope.spec
        both = {n for n in reached(spec, own) if isinstance(spec.task_specs[n], Join)}
        yield scope, reached(spec, others, stop=both), reached(spec, others) & reached(spec, own)


def _owner(scope: Scoped) -> int:
    return scope.owner.id if scope.owner else 0
