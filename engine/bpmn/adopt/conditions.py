"""Conditions of another engine as ours: out of ${...}, names of variables become outcomes and fields that decide."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from engine.bpmn import multi, tree
from engine.bpmn.adopt.forms import Forms
from engine.bpmn.adopt.notes import Notes
from engine.bpmn.tree import MODEL, SUN, Element, children, ident, tag, vendor
from engine.rules import expressions
from engine.rules.spelling import to_python

SPELT = ("conditionExpression", "condition", "loopCondition", "completionCondition", "loopCardinality", "timeDate",
         "timeDuration")  # fmt: skip
WORD = re.compile(r"[A-Za-z][\w-]*", re.A)
YES, NO, OTHER = "yes", "no", "other"
NAMED = ("userTask", "callActivity")


def respell(root: Element, forms: Forms, notes: Notes) -> None:
    """In place. Marks fields that are asked for with x-decides, and gives outcomes to steps that gateways ask about."""
    steps = {ident(el) for el in root.iter(*(MODEL + name for name in NAMED))}
    drawn = _Drawn(root)
    known, outcomes = steps | multi.COUNTERS | _own(root), dict[str, _Asked]()
    for el in root.iter(*(MODEL + name for name in SPELT)):
        spelt = (el.text or "").strip()
        try:
            asked = expressions.names(spelt)
        except expressions.BadExpression:
            continue  # a literal time, or what the check will refuse
        juel, before = spelt[:2] in ("${", "#{"), drawn.before(el)
        body = ast.parse(to_python(spelt)[0], mode="eval").body
        new_names = {n for n in asked - known if not any(n.startswith(f"{step}_") for step in (*steps, "case"))}
        for name in sorted(new_names):
            if owner := _owner(forms, name, before):
                forms[owner]["properties"][name]["x-decides"] = True
                body = _Renamed(name, f"{owner}_{name}").visit(body)
                notes.done(el, f"'{name}' is the field '{owner}_{name}', which now decides (x-decides)")
            elif before is not None and (new := _as_outcome(body, name, ident(before), outcomes)) is not None:
                body = new
                notes.done(el, f"'{name}' is the outcome of '{ident(before)}'")
            else:
                notes.left(el, f"nobody can tell who sets '{name}'; write the step or field that decides")
        if juel or new_names:
            new_text = _written(body)
            if new_text != spelt:
                el.text = new_text
                notes.done(el, f"'{spelt}' is spelt {new_text}")
    for step in list(root.iter(MODEL + "userTask")):
        if asked_there := outcomes.get(ident(step)):
            _declare(root, step, list(asked_there.values), notes)


def _written(body: ast.expr) -> str:
    """Return the expression with text constants in double quotes."""
    python = ast.unparse(ast.fix_missing_locations(ast.Expression(body)))
    return re.sub(r'"[^"]*"|\'([^\'"]*)\'', lambda m: m[0] if m[1] is None else f'"{m[1]}"', python)


@dataclass
class _Asked:
    """The variable that is the outcome of a step, and the values that conditions compare it with."""

    name: str
    values: dict[str, None] = field(default_factory=dict)


def _own(root: Element) -> set[str]:
    """Names of instances' items."""
    return {vendor(loop, "elementVariable") or "" for loop in root.iter(MODEL + "multiInstanceLoopCharacteristics")}


def _owner(forms: Forms, name: str, before: Element | None) -> str:
    """Return the form that has the field: the step's before the gateway, else the only one; empty when unclear."""
    owners = [key for key, form in forms.items() if name in form["properties"]]
    near = [key for key in owners if before is not None and key == ident(before)]
    return (near or owners)[0] if near or len(owners) == 1 else ""


class _Drawn:
    """The elements of a file by id, and where their flows come from; looked up once."""

    def __init__(self, root: Element) -> None:
        self.nodes = {ident(n): n for n in root.iter(MODEL + "*") if tag(n) in tree.NODES}
        self.into: dict[str, set[str]] = {}
        for f in root.iter(MODEL + "sequenceFlow"):
            self.into.setdefault((f.get("targetRef") or "").strip(), set()).add((f.get("sourceRef") or "").strip())

    def before(self, el: Element) -> Element | None:
        """Return the one user task directly before the gateway, or at the beginning, of the flow `el` stands in."""
        flow = el.getparent()
        if flow is None or tag(flow) != "sequenceFlow":
            return None
        source = self.nodes.get((flow.get("sourceRef") or "").strip())
        if source is None or tag(source) == "userTask":
            return source
        found = [self.nodes[i] for i in self.into.get(ident(source), ()) if i in self.nodes]
        return found[0] if len(found) == 1 and tag(found[0]) == "userTask" else None


def _as_outcome(body: ast.expr, name: str, step: str, outcomes: dict[str, _Asked]) -> ast.expr | None:
    """Return the condition with the variable as the outcome of `step`; None where it is no text or truth value."""
    if step in outcomes and outcomes[step].name != name:
        return None  # another variable is its outcome already
    change = _Outcome(name, step)
    new = change.visit(deepcopy(body))
    if change.unclear or not all(WORD.fullmatch(v) for v in change.values):
        return None
    outcomes.setdefault(step, _Asked(name)).values.update(dict.fromkeys(change.values))
    return new if isinstance(new, ast.expr) else None


class _Renamed(ast.NodeTransformer):
    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(self.new, ast.Load()) if node.id == self.old else node


class _Outcome(ast.NodeTransformer):
    """`name == "a"` to `step == "a"`; `name`, `name == true` to `step == "yes"`, their contrary to `step == "no"`."""

    def __init__(self, name: str, step: str) -> None:
        self.name, self.step, self.unclear = name, step, False
        self.values: list[str] = []

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        sides = [node.left, *node.comparators]
        if not any(isinstance(s, ast.Name) and s.id == self.name for s in sides):
            return node
        constants = [s.value for s in sides if isinstance(s, ast.Constant)]
        plain = len(sides) == 2 and isinstance(node.ops[0], ast.Eq | ast.NotEq) and len(constants) == 1
        if not plain or not isinstance(constants[0], str | bool):
            self.unclear = True
            return node
        if isinstance(constants[0], bool):
            return self.told(constants[0] is isinstance(node.ops[0], ast.Eq))
        self.values.append(constants[0])
        return ast.Compare(ast.Name(self.step, ast.Load()), node.ops, [ast.Constant(constants[0])])

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        if isinstance(node.op, ast.Not) and isinstance(node.operand, ast.Name) and node.operand.id == self.name:
            return self.told(False)
        self.generic_visit(node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.unclear = self.unclear or any(isinstance(n, ast.Name) and n.id == self.name for n in ast.walk(node))
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.unclear = self.unclear or any(isinstance(n, ast.Name) and n.id == self.name for n in ast.walk(node))
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.told(True) if node.id == self.name else node

    def told(self, positive: bool) -> ast.expr:
        self.values += [YES, NO]
        value = ast.Constant(YES if positive else NO)
        return ast.Compare(ast.Name(self.step, ast.Load()), [ast.Eq()], [value])


def _declare(root: Element, step: Element, values: list[str], notes: Notes) -> None:
    if any(True for _ in _ours(step, "outcomes")):
        notes.left(step, f"'{ident(step)}' has outcomes already; conditions ask for {', '.join(values)}, too")
        return
    gateways = {f.get("targetRef") for f in root.iter(MODEL + "sequenceFlow") if f.get("sourceRef") == ident(step)}
    defaults = [g for g in root.iter(*(MODEL + t for t in tree.GATEWAYS)) if ident(g) in gateways and g.get("default")]
    if defaults and values != [YES, NO]:
        values.append(OTHER)
        notes.left(
            step, f"the outcome '{OTHER}' of '{ident(step)}' stands for the default flow; name it, or take it out"
        )
    put(step, "outcomes", values=" ".join(values))
    notes.done(step, f"'{ident(step)}' has the outcomes {' '.join(values)}")


def _ours(el: Element, name: str) -> Iterator[Element]:
    for x in children(el, "extensionElements"):
        yield from (e for e in x if e.tag == SUN + name)


def put(step: Element, name: str, **attributes: str) -> Element:
    """Add one of our elements to the extensionElements of a step, which come first, behind its documentation."""
    found = children(step, "extensionElements")
    if not found:
        made = step.makeelement(MODEL + "extensionElements", nsmap={"sun": SUN[1:-1]})
        step.insert(len(children(step, "documentation")), made)
        found = [made]
    return etree.SubElement(found[0], SUN + name, attributes, nsmap={"sun": SUN[1:-1]})
