"""Random flows of blocks, and edits of them, for moving cases from version to version: all of them sound."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

from engine.bpmn.program import Program
from engine.bpmn.state import loads
from tests.bpmn.flows import MESSAGE, TIMER, flows, program

KINDS = ("sequence", "parallel", "inclusive", "choice", "inside", "several", "guarded", "reminded", "heard")


@dataclass(frozen=True)
class Tree:
    """A step, or a block of a kind with parts; names are never used twice."""

    kind: str
    name: str
    parts: tuple[Tree, ...] = ()


class Names:
    def __init__(self) -> None:
        self.last = 0

    def new(self, letter: str) -> str:
        self.last += 1
        return f"{letter}{self.last}"


def drawn(order: Random, names: Names, depth: int = 3) -> Tree:
    """Return a random flow."""
    kind = order.choice(KINDS) if depth else "step"
    if kind in ("step", "several") or order.random() < 0.1:
        return Tree("several" if kind == "several" else "step", names.new("t"))
    parts = tuple(drawn(order, names, depth - 1) for _ in range(order.randint(2, 3) if kind in KINDS[:4] else 1))
    return Tree(kind, names.new("k"), parts)


def edited(order: Random, names: Names, tree: Tree) -> Tree:
    """Return the flow after one edit somewhere: a part added, taken away, put in another's place or into a block."""
    if tree.parts and order.random() < 0.7:
        at = order.randrange(len(tree.parts))
        part = edited(order, names, tree.parts[at])
        return replace(tree, parts=(*tree.parts[:at], part, *tree.parts[at + 1 :]))
    step = Tree("step", names.new("t"))
    match order.choice(["before", "after", "beside", "into", "out", "swap", "less", "more"]):
        case "before":
            return Tree("sequence", names.new("k"), (step, tree))
        case "after":
            return Tree("sequence", names.new("k"), (tree, step))
        case "beside":
            return Tree("parallel", names.new("k"), (tree, step))
        case "into":
            return Tree(order.choice(KINDS[4:]).replace("several", "inside"), names.new("k"), (tree,))
        case "out" if tree.parts:
            return tree.parts[0]
        case "swap" if tree.parts:
            return replace(tree, parts=tuple(order.sample(tree.parts, len(tree.parts))))
        case "less" if len(tree.parts) > 2:
            return replace(tree, parts=tree.parts[1:])
        case "more" if tree.parts and tree.kind in KINDS[:4]:
            return replace(tree, parts=(*tree.parts, step))
    return replace(tree, kind=order.choice(KINDS[:4])) if tree.kind in KINDS[:4] else tree


def program_of(tree: Tree) -> Program:
    elements, drawn_flows = [], []
    first, last = _draw(tree, elements, drawn_flows)
    elements += ['<startEvent id="s"/><endEvent id="z"/>']
    return program("".join(elements) + flows(f"s>{first}", f"{last}>z", *drawn_flows))


def _draw(tree: Tree, elements: list[str], into: list[str]) -> tuple[str, str]:
    """Add the elements and flows of a part; return its first and its last element."""
    name = tree.name
    if not tree.parts:
        loop = (
            "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
        )
        elements.append(f'<userTask id="{name}">{loop if tree.kind == "several" else ""}</userTask>')
        return name, name
    if tree.kind in ("inside", "guarded", "reminded", "heard"):
        return _inside(tree, elements, into)
    ends = [_draw(part, elements, into) for part in tree.parts]
    if tree.kind == "sequence":
        into += [f"{a[1]}>{b[0]}" for a, b in pairwise(ends)]
        return ends[0][0], ends[-1][1]
    tag = {"parallel": "parallelGateway", "inclusive": "inclusiveGateway", "choice": "exclusiveGateway"}[tree.kind]
    default = f' default="{name}-{ends[0][0]}"' if tag != "parallelGateway" else ""
    elements.append(f'<{tag} id="{name}"{default}/><{tag} id="j{name}"/>')
    for i, (first, last) in enumerate(ends):
        condition = "" if tag == "parallelGateway" or i == 0 else ">true" if i == 1 else ">false"
        into += [f"{name}>{first}{condition}", f"{last}>j{name}"]
    return name, f"j{name}"


def _inside(tree: Tree, elements: list[str], into: list[str]) -> tuple[str, str]:
    name, inner, inner_flows = tree.name, list[str](), list[str]()
    first, last = _draw(tree.parts[0], inner, inner_flows)
    inner.append(f'<startEvent id="s{name}"/><endEvent id="z{name}"/>')
    if tree.kind == "heard":
        inner.append(
            f'<subProcess id="h{name}" triggeredByEvent="true"><startEvent id="on{name}">{MESSAGE}</startEvent>'
            f'<endEvent id="off{name}"/>{flows(f"on{name}>off{name}")}</subProcess>'
        )
    drawn_flows = flows(f"s{name}>{first}", f"{last}>z{name}", *inner_flows)
    elements.append(f'<subProcess id="{name}">{"".join(inner)}{drawn_flows}</subProcess>')
    if tree.kind not in ("guarded", "reminded"):
        return name, name
    stops, back = tree.kind == "guarded", "exclusiveGateway" if tree.kind == "guarded" else "endEvent"
    elements.append(
        f'<boundaryEvent id="b{name}" attachedToRef="{name}" cancelActivity="{str(stops).lower()}">{TIMER}'
        f'</boundaryEvent><userTask id="r{name}"/><{back} id="y{name}"/>'
    )
    into += [f"b{name}>r{name}", f"r{name}>y{name}", *([f"{name}>y{name}"] if stops else [])]
    return name, f"y{name}" if stops else name


def alive(of: Program, state: bytes) -> list[object]:
    """Return all that a state says, in ids and names."""
    case = loads(state, of, {})
    tokens = [(t.id, t.task_spec.name, t._state, t.path, t.internal_data, t.own) for t in case.everything()]
    scopes = [(w.owner.id if w.owner else None, w.variables, w.done, w.ended, w.depth) for w in case.scopes()]
    return [case.counter, tokens, scopes]
