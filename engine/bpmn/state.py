"""State of a case: live tokens and variables in bytes. The diagrams are shared and are not in it.

Form: one version byte, `j` (JSON) or `z` (zlib of JSON, over 1 KB), then the body
`[counter, ended, completed, names, variables, done, rows, inner scopes]`; a row is `[id, name, state, info?, own?]`, an
inner scope `[owner, ended, variables or null, done, rows]`.

Mends: the library stores the whole history and the specs with each case, 30 to 50 kB a step.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.bpmn.activities import CallActivity, SubProcess
from engine.bpmn.core import FUTURE, LIVE, READY, STARTED, WAITING
from engine.bpmn.faults import Fault
from engine.bpmn.scopes import Scope
from engine.bpmn.tokens import Case, Inner, Scoped, Token, Word

if TYPE_CHECKING:
    from engine.bpmn.program import Program

VERSION = b"1"
SQUEEZE_OVER, MAX_BYTES = 1024, 8_000_000
_STATES = (WAITING, READY, STARTED, FUTURE)


def dumps(case: Case) -> bytes:
    """Return the state of a case at rest.

    Raises:
        Fault: a variable holds what JSON cannot keep.
    """
    names: dict[str, int] = {}
    rows = _rows(case, names)
    inner = [
        [_owner(w).id, w.ended, dict(w.variables) if _own_variables(w) else None, w.done, _rows(w, names)]
        for w in case.inner.values()  # as they were entered, which decides who hears a message first
    ]
    body = [case.counter, case.ended, case.completed, list(names), dict(case.variables), case.done, rows, inner]
    try:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    except (TypeError, ValueError) as e:
        raise Fault(why=f"a variable cannot be kept: {e}") from e
    return VERSION + (b"z" + zlib.compress(text, 6) if len(text) > SQUEEZE_OVER else b"j" + text)


def loads(data: bytes, program: Program, host: Mapping[str, Word]) -> Case:
    """Return the case whose state `data` is, in the diagrams of the version that it began with.

    Raises:
        Fault: the bytes are of another version or of another definition.
    """
    try:
        counter, ended, completed, names, variables, done, rows, inner = _body(data)
        case = Case(program.main, Scope(variables, declared=program.declared), host)
        case.counter, case.ended, case.completed, case.done = counter, ended, completed, done
        _restore(case, rows, names)
        for owner_id, ended, own, done, rows in inner:
            owner = case.find(owner_id)
            if owner is None or not isinstance(owner.task_spec, SubProcess):
                raise KeyError(owner_id)
            assert owner.task_spec.inside is not None
            scope, prefix = owner.task_spec.scope(owner)
            if isinstance(owner.task_spec, CallActivity):
                scope = Scope(own, declared=owner.task_spec.declared)
            w = Inner(owner, owner.task_spec.inside, scope, prefix)
            w.ended, w.done = ended, done
            _restore(w, rows, names)
    except (KeyError, IndexError, TypeError, ValueError, zlib.error) as e:
        raise Fault(why=f"the state cannot be read with this definition: {e!r}") from e
    return case


def _body(data: bytes) -> Any:
    if data[:1] != VERSION:
        raise ValueError(f"state version {data[:1]!r}")
    if data[1:2] != b"z":
        return json.loads(data[2:])
    reader = zlib.decompressobj()
    text = reader.decompress(data[2:], MAX_BYTES)
    if not reader.eof:
        raise ValueError("state too large or cut off")
    return json.loads(text)


def _owner(w: Inner) -> Token:
    assert w.owner is not None
    return w.owner


def _own_variables(w: Inner) -> bool:
    return isinstance(_owner(w).task_spec, CallActivity)


def _rows(w: Scoped, names: dict[str, int]) -> list[list[object]]:
    rows: list[list[object]] = []
    for t in w.tasks.values():
        if t._state & LIVE:
            name = names.setdefault(t.task_spec.name, len(names))
            own = None if t.own is None else dict(t.own)
            row: list[object] = [t.id, name, _STATES.index(t._state), t.internal_data or None, own]
            while row[-1] is None:
                row.pop()
            rows.append(row)
    return rows


def _restore(w: Scoped, rows: list[list[Any]], names: list[str]) -> None:
    specs, made = w.spec.task_specs, []
    for token_id, name, state, *rest in rows:
        token = Token(w, specs[names[name]], w.task_tree, _STATES[state], token_id)
        if rest and rest[0]:
            token.internal_data = rest[0]
        if len(rest) > 1:
            token.own = Scope(rest[1], w.variables)
        made.append(token)
    for token in made:  # an instance's scope lies in that of its activity
        if token.own is not None and "of" in token.internal_data:
            token.own.outer = w.tasks[token.internal_data["of"]].own
