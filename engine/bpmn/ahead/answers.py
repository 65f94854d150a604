"""With what a step may be done: its outcomes, and values of the fields that decide, as far as anything asks for them.

Of a field with few values each is one; of a number or text that is only compared with constants, one of each kind that
these tell apart. A field that need not be filled in may be left out: what was said in it before then stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from engine.bpmn.activities import CallActivity, SubProcess
from engine.bpmn.asking import asks
from engine.bpmn.items import Flow
from engine.bpmn.names import deciding
from engine.bpmn.nodes import Diagram, Node
from engine.bpmn.program import Program
from engine.bpmn.tree import MODEL, ident, local
from engine.rules import expressions

Asked = dict[str, set[tuple[str, str]]]  # name -> (expression, the name in it)
LEFT_OUT = object()
MOST = 200  # combinations of one step


@dataclass(frozen=True)
class Answer:
    """`outcomes`: those that nothing tells apart, with what was said in the fields that decide."""

    outcomes: tuple[str, ...]
    decides: Mapping[str, object]


@dataclass(frozen=True)
class Answers:
    """`answers`: by path of a step; None: it cannot be told with what it may be done, or there are too many.

    `always`: the fields that are filled in each time that a step is done.
    """

    answers: Mapping[str, tuple[Answer, ...] | None]
    always: Mapping[str, frozenset[str]]


def answers(program: Program) -> Answers:
    """Return with what each step of a program may be done."""
    found: dict[str, tuple[Answer, ...] | None] = {}
    always: dict[str, frozenset[str]] = {}
    for prefix, flow, asked in _flows(program.flow, program.main, "", {}):
        for el in flow.process.iter(MODEL + "userTask"):
            name, path = ident(el), prefix + ident(el)
            step = program.item.steps[path]
            forms = program.flow.source.forms
            key = path if path in forms or not prefix else name
            forms = forms if key in forms else flow.source.forms
            schema = forms.get(key) or {}
            fields = {f: asked[n] for f in deciding(forms, key) if (n := f"{name}_{f}") in asked}
            found[path] = _combined(schema, fields, _told(step.outcomes, asked.get(name, set())))
            always[path] = frozenset(f for f in fields if _always(schema, f))
    return Answers(found, always)


def _told(outcomes: Sequence[str], texts: set[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return the outcomes that these expressions do not tell apart together, by the first of them."""
    compared = [expressions.constants(text)[name] for text, name in texts]
    constants = {c for some in compared for c in some or ()}
    other = tuple(o for o in outcomes if None not in compared and o not in constants)
    alone: dict[str, tuple[str, ...]] = {o: (o,) for o in outcomes if o not in other}
    return alone | {other[0]: other} if other else alone


def _combined(
    schema: Mapping[str, Any], fields: Mapping[str, set[tuple[str, str]]], told: Mapping[str, tuple[str, ...]]
) -> tuple[Answer, ...] | None:
    values = {f: _values(schema["properties"][f], texts) for f, texts in fields.items()}
    on = {f: schema["properties"][f].get("x-on") for f in fields}
    if any(on.values()):
        told = {o: (o,) for outcomes in told.values() for o in outcomes}
    found = []
    for first, outcomes in told.items():
        options: list[list[object]] = []
        for field, some in values.items():
            if some is None:
                return None
            if on[field]:
                options.append(some if first in on[field] else [LEFT_OUT])
            else:
                options.append(some if _always(schema, field) else [*some, LEFT_OUT])
        for chosen in product(*options):
            said = {f: v for f, v in zip(values, chosen, strict=True) if v is not LEFT_OUT}
            found.append(Answer(outcomes, said))
            if len(found) > MOST:
                return None
    return tuple(found)


def _always(schema: Mapping[str, Any], field: str) -> bool:
    return field in schema.get("required", ()) and not schema["properties"][field].get("x-on")


def _values(schema: Mapping[str, Any], texts: set[tuple[str, str]]) -> list[object] | None:
    """Return a value of each kind that these expressions tell apart; None where that cannot be told."""
    if schema.get("type") == "boolean":
        return [True, False]
    if named := schema.get("oneOf") or ():
        few = [c["const"] for c in named if isinstance(c, dict) and "const" in c]
        return few if len(few) == len(named) else None
    if "enum" in schema:
        return list(schema["enum"])
    compared = [expressions.constants(text)[name] for text, name in texts]
    if None in compared or schema.get("type") not in ("string", "integer", "number"):
        return None
    found = {c for some in compared for c in some or ()}
    if schema["type"] == "string":
        said = sorted(c for c in found if isinstance(c, str))
        return [*said, "".join(said) + "?"]
    return _numbers(schema, {c for c in found if isinstance(c, int | float)}, schema["type"] == "integer")


def _numbers(schema: Mapping[str, Any], found: set[int | float], whole: bool) -> list[object]:
    """Return each of the constants and bounds, and a number below, between and above them, within the bounds."""
    least, most = schema.get("minimum"), schema.get("maximum")
    marks = sorted({*found, *(m for m in (least, most) if m is not None)})
    between = [(a + b) / 2 for a, b in pairwise(marks)]
    some = [marks[0] - 1, *marks, *between, marks[-1] + 1] if marks else [0]
    if whole:
        some = [n for x in some for n in (int(x // 1), int(-(-x // 1)))]
    within = (n for n in some if (least is None or n >= least) and (most is None or n <= most))
    return list(dict.fromkeys(sorted(within)))


def _flows(flow: Flow, diagram: Diagram, prefix: str, above: Asked) -> Iterator[tuple[str, Flow, Asked]]:
    """Yield each flow with what asks for its names: itself, and `above`, those that call it."""
    asked: Asked = {name: {*texts} for name, texts in above.items()}
    calls = dict[str, Diagram]()
    for node in _nodes(diagram):
        for text in asks(node):
            for name in expressions.names(text):
                asked.setdefault(name, set()).add((text, name))
        if isinstance(node, CallActivity) and node.inside is not None:
            calls[node.bpmn_id] = node.inside
    yield prefix, flow, asked
    for call in flow.process.iter(MODEL + "callActivity"):
        name, called = ident(call), flow.called.get(local(call.get("calledElement")))
        if called is not None and name in calls:
            own = {n.removeprefix(f"{name}_"): texts for n, texts in asked.items() if n.startswith(f"{name}_")}
            yield from _flows(called, calls[name], f"{prefix}{name}/", own)


def _nodes(diagram: Diagram) -> Iterator[Node]:
    """Yield the nodes that share the variables of a diagram."""
    for node in diagram.task_specs.values():
        yield node
        if isinstance(node, SubProcess) and not isinstance(node, CallActivity) and node.inside is not None:
            yield from _nodes(node.inside)
