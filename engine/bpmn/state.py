"""State of a case: live tokens and variables in bytes. The diagrams are shared and are not in it.

Form: one version byte, `j` (JSON) or `z` (zlib of it, where that is shorter), four bytes that prove the rest and the
definition it belongs to, then `[counter, variables, rows, inner scopes, ended, done, completed]`, cut off behind the
last that says something. A row is `[id, place of the node in the order of its diagram, state, info?, own variables?]`,
an inner scope `[owner, own variables or null, rows, ended, done]`.

Mends: the library stores the whole history and the specs with each case, 30 to 50 kB a step.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.bpmn.activities import CallActivity, SubProcess
from engine.bpmn.case import Case
from engine.bpmn.core import FUTURE, LIVE, READY, STARTED, WAITING
from engine.bpmn.faults import Fault
from engine.bpmn.joins import Join
from engine.bpmn.scopes import Scope
from engine.bpmn.tokens import Inner, Scoped, Token, Word

if TYPE_CHECKING:
    from engine.bpmn.program import Program

VERSION = b"2"
SQUEEZE_OVER, MAX_BYTES, MAX_TOKENS = 256, 1_000_000, 20_000
DAMAGE = (LookupError, TypeError, ValueError, AttributeError, AssertionError, RecursionError, MemoryError, zlib.error)
_STATES = (WAITING, READY, STARTED, FUTURE)
_HEAD = 6


def dumps(case: Case, program: Program) -> bytes:
    """Return the state of a case at rest.

    Raises:
        Fault: a variable holds what JSON cannot keep, or the state is too large.
    """
    if sum(len(w.tasks) for w in case.scopes()) > MAX_TOKENS:
        raise Fault(why=f"more than {MAX_TOKENS} live tokens")
    inner = [
        [_owner(w).id, dict(w.variables) if _own_variables(w) else None, _rows(w), w.ended, w.done]
        for w in case.inner.values()  # as they were entered, which decides who hears a message first
    ]
    return pack(
        [case.counter, dict(case.variables), _rows(case), inner, case.ended, case.done, case.completed], program
    )


def pack(body: list[Any], program: Program) -> bytes:
    """Return the bytes of a state's seven values.

    Raises:
        Fault: a variable holds what JSON cannot keep, or the state is too large.
    """
    body = _cut([*body])
    try:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError) as e:
        raise Fault(why=f"a variable cannot be kept: {e}") from e
    if len(text) > MAX_BYTES:
        raise Fault(why=f"the state would be larger than {MAX_BYTES} bytes")
    squeezed = zlib.compress(text, 6) if len(text) > SQUEEZE_OVER else text
    kind, kept = (b"z", squeezed) if len(squeezed) < len(text) else (b"j", text)
    return VERSION + kind + _proof(kind + kept, program) + kept


def loads(data: bytes, program: Program, host: Mapping[str, Word]) -> Case:
    """Return the case whose state `data` is, in the diagrams of the version that it began with.

    Raises:
        Fault: the bytes are damaged, too large, of another version of this form or of another definition.
    """
    try:
        counter, variables, rows, inner, ended, done, completed = unpack(data, program)
        case = Case(program.main, Scope(variables, declared=program.declared), host)
        case.counter, case.ended, case.completed, case.done = counter, ended, completed, done
        _restore(case, rows)
        for owner_id, own, rows, ended, done in inner:
            owner = case.find(owner_id)
            if owner is None or not isinstance(owner.task_spec, SubProcess):
                raise KeyError(owner_id)
            assert owner.task_spec.inside is not None
            scope, prefix = owner.task_spec.scope(owner)
            if isinstance(owner.task_spec, CallActivity):
                scope = Scope(own, declared=owner.task_spec.declared)
            w = Inner(owner, owner.task_spec.inside, scope, prefix)
            w.ended, w.done = ended, done
            _restore(w, rows)
    except DAMAGE as e:
        raise Fault(why=f"the state cannot be read with this definition: {e!r}") from e
    return case


def unpack(data: bytes, program: Program) -> list[Any]:
    """Return the seven values of a state.

    Raises:
        ValueError, zlib.error: the bytes are damaged, too large, of another version of this form or of another
            definition.
    """
    if data[:1] != VERSION:
        raise ValueError(f"state version {data[:1]!r}")
    if data[2:_HEAD] != _proof(data[1:2] + data[_HEAD:], program):
        raise ValueError("it is damaged, or of another definition")
    text = data[_HEAD:]
    if data[1:2] == b"z":
        reader = zlib.decompressobj()
        text = reader.decompress(text, MAX_BYTES)
        if not reader.eof:
            raise ValueError("it is too large or cut off")
    if len(text) > MAX_BYTES:
        raise ValueError("it is too large")
    body: list[Any] = json.loads(text)
    return body + [0, {}, [], [], None, [], False][len(body) :]


def _proof(kept: bytes, program: Program) -> bytes:
    return zlib.crc32(kept, program.mark).to_bytes(4, "big")


def _cut(values: list[Any]) -> list[Any]:
    while values and not values[-1]:
        values.pop()
    return values


def _owner(w: Inner) -> Token:
    assert w.owner is not None
    return w.owner


def _own_variables(w: Inner) -> bool:
    return isinstance(_owner(w).task_spec, CallActivity)


def _rows(w: Scoped) -> list[list[object]]:
    rows: list[list[object]] = []
    for t in w.tasks.values():
        if t._state & LIVE:
            info: dict[str, object] = {**t.internal_data}
            if "by" in info and isinstance(t.task_spec, Join):
                info["by"] = t.task_spec.incoming.index(t.internal_data["by"])
            row: list[object] = [t.id, w.spec.place(t.task_spec.name), _STATES.index(t._state)]
            if info or t.own is not None:
                row.append(info)
            if t.own is not None:
                row.append(dict(t.own))
            rows.append(row)
    return rows


def _restore(w: Scoped, rows: list[list[Any]]) -> None:
    specs, order, made = w.spec.task_specs, w.spec.order, []
    for token_id, name, state, *rest in rows:
        token = Token(w, specs[order[name]], w.task_tree, _STATES[state], token_id)
        if rest and rest[0]:
            token.internal_data = rest[0]
            if "by" in rest[0] and isinstance(token.task_spec, Join):
                token.internal_data["by"] = token.task_spec.incoming[rest[0]["by"]]
        if len(rest) > 1:
            token.own = Scope(rest[1], w.variables)
        made.append(token)
    for token in made:  # an instance's scope lies in that of its activity
        if token.own is not None and "of" in token.internal_data:
            token.own.outer = w.tasks[token.internal_data["of"]].own
