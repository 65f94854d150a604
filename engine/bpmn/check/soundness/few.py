"""The names of a flow whose values are all declared, and which names are asked for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from engine.bpmn import items, tree
from engine.bpmn.check import outcomes
from engine.bpmn.check.soundness.net import Net, codes, interrupting, start_of, undoing
from engine.bpmn.tree import Element, children, ident, tag
from engine.rules import expressions

CALCULATES = re.compile(r"[<>+*/%.\[-]")


def finite(
    flow: items.Flow, needed: frozenset[str], case: Mapping[str, tuple[object, ...]]
) -> dict[str, tuple[object, ...]]:
    """Return the names with few values, values that no condition tells apart as one.

    `needed`: names that callers ask for; `case`: fields of the filing form.
    """
    if flow.process.find(f".//{tree.MODEL}scriptTask") is not None:
        return {}  # who knows what a word of the host sets
    every: dict[str, tuple[object, ...]] = {**outcomes.of(flow), **outcomes.fields(flow.source.forms), **case}
    conditions = [c for c in _conditions(flow.process) if c]
    told: dict[str, set[str]] = {}
    for name, value in {pair for c in conditions for pair in _compared(c)}:
        told.setdefault(name, set()).add(value)
    plain = {n for c in conditions if not _by_constants(c) for n in _names(c)}
    found = {}
    late = tuple(n for el in undoing(flow.process) for n in (ident(el), f"{ident(el)}_"))
    for name, values in every.items():
        if late and (name in late or name.startswith(late[1::2])):
            continue  # set when something is undone, whenever that is
        if name in plain or name in needed or not all(isinstance(v, str) for v in values):
            found[name] = values
        else:
            others = [v for v in values if v not in told.get(name, ())]
            found[name] = tuple(v for v in values if v not in others[1:])
    return found


def early(el: Element, names: Collection[str]) -> frozenset[str]:
    """Return which of these names an activity may set before it finishes: it has steps inside, or instances."""
    inside = tag(el) in ("subProcess", "transaction")
    if not inside and not children(el, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"):
        return frozenset()
    own = [ident(e) for e in el.iter(*(tree.MODEL + t for t in ("userTask", "callActivity")))]
    return frozenset(n for n in names if n in own or n.startswith(tuple(f"{o}_" for o in own)))


def echoes(root: Element, drawn: Net) -> Iterator[str]:
    """Yield the event sub-processes that do not interrupt and, by themselves or by others, set themselves off."""
    beside = [n for n in drawn.listeners if not interrupting(drawn.nodes[n].el)]
    heard = {n: codes(root, start_of(drawn.nodes[n].el), "escalation") for n in beside}
    leads = {n: {m for m in beside for c in drawn.nodes[n].inside if {c, None} & set(heard[m])} for n in beside}
    for name in beside:
        seen, todo = set[str](), list(leads[name])
        while todo:
            if (n := todo.pop()) not in seen:
                seen.add(n)
                todo += leads[n]
        if name in seen:
            yield name


def _conditions(process: Element) -> Iterator[str]:
    for el in process.iter(tree.MODEL + "conditionExpression"):
        yield (el.text or "").strip()


def asked(process: Element) -> frozenset[str]:
    return frozenset(n for c in _conditions(process) for n in _names(c))


def _by_constants(condition: str) -> bool:
    """Does a condition only ask which of some constants its names are?"""
    return not CALCULATES.search(condition) and _names(condition) == {name for name, _ in _compared(condition)}


def _names(condition: str) -> set[str]:
    try:
        return expressions.names(condition)
    except expressions.BadExpression:
        return set()


def _compared(condition: str) -> set[tuple[str, str]]:
    try:
        return expressions.compared(condition)
    except expressions.BadExpression:
        return set()
