"""Sending a step back to an earlier one of its flow: what ends, what stays, where one token opens.

The enclosing block is the smallest part that holds the step and its target: a branch of a split, up to the joins in
which the branches meet; else the whole scope (process, sub-process, one instance of it). Live tokens of the block end,
those that wait at its joins included; what an event sub-process does beside the flow goes on. Where the target stands
in a branch of a split that had been joined before the step, the other branches are not asked again: what they found
stands, so a token waits for them at the join.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from engine.bpmn.activities import Activity, CallActivity, SubProcess, UserTask
from engine.bpmn.blocks import Block, blocks, branches_of, inside, prefix_of, reached, ways
from engine.bpmn.core import WAITING
from engine.bpmn.joins import ParallelJoin, reaching
from engine.bpmn.nodes import ROOT, Diagram, Node
from engine.bpmn.placing import Way, joins_again, opened

if TYPE_CHECKING:
    from engine.bpmn.tokens import Scoped, Token

Place = tuple[Diagram, Node]


class NoReturn(Exception):
    """A step cannot be sent back to another; the text says why."""


@dataclass(frozen=True)
class Back:
    """How a step is sent back: `source` and `to[0]` are nodes of one scope, `diagram`; `depth` scopes around the step.

    `block`: the nodes whose tokens end, also those that came from there to a join around it. `stands`: the joins, each
    with the flow, where a token waits for a branch that is not asked again.
    """

    diagram: Diagram
    depth: int
    source: str
    to: Way
    block: frozenset[str]
    stands: tuple[tuple[str, str], ...]

    def ends(self, node: str, by: str | None) -> bool:
        """Return whether a token at a node ends; `by`: the flow by which it came to the join that it waits at."""
        return node in self.block or (by is not None and _source(self.diagram, by) in self.block)


@lru_cache(maxsize=2048)
def back(main: Diagram, path: str, target: str) -> Back:
    """Return how the step `path` is sent back to the step `target`, by the diagrams alone.

    Raises:
        NoReturn: it cannot be.
    """
    here, there = _places(main, path), _places(main, target)
    if not here or not there or path == target:
        raise NoReturn(f"there is no step '{target}' besides it in this flow")
    level = next(i for i, (a, b) in enumerate(zip(here, there, strict=False)) if a[1] is not b[1])
    diagram, source = here[level]
    to = tuple(node.name for _, node in there[level:])
    _simple(here, there, level)
    if source.name not in reached(diagram, [to[0]]):
        raise NoReturn(f"no way leads from '{target}' to it")
    block = _block(diagram, source.name, to[0])
    stands = tuple(_standing(diagram, source.name, to[0], block))
    if len(to) > 1 and (stuck := joins_again(there[level + 1][0], to[1:])):
        raise NoReturn(f"'{stuck}' would wait for ever; name a step before the branches")
    return Back(diagram, len(here) - 1 - level, source.name, to, block, stands)


def between(main: Diagram, path: str, target: str) -> set[str]:
    """Return the paths of the elements that may have been done since the target, and would be done again.

    They lie on the ways from the target to the step, or in branches beside those ways; the step itself is not one.
    """
    here, there = _places(main, path), _places(main, target)
    plan = back(main, path, target)
    level = len(here) - 1 - plan.depth
    names = [(plan.diagram, name) for name in _since(plan.diagram, plan.source, [plan.to[0]]) if name in plan.block]
    for diagram, node in here[level + 1 :]:
        names += [(diagram, name) for name in _since(diagram, node.name, _begins(diagram))]
    for diagram, node in there[level + 1 :]:
        names += [(diagram, name) for name in reached(diagram, [node.name])]
    prefix = path.removesuffix(path.rpartition("/")[2])
    return {found for diagram, name in names for found in _all_of(diagram.task_specs[name], prefix)}


def _since(diagram: Diagram, source: str, begins: Iterable[str]) -> set[str]:
    """Return the nodes of a scope that may have been done between its beginnings and a step that is open."""
    ahead = reached(diagram, begins, stop={source}) - {source}
    found = {name for name in ahead if source in reached(diagram, [name])}
    for block in blocks(diagram):
        own = branches_of(diagram, block, source)
        if own and (block.split in found or block.split in begins):
            found |= {n for branch, nodes in block.branches.items() if branch not in own for n in nodes}
    return found - {source}


def _begins(diagram: Diagram) -> list[str]:
    return [name for name in diagram.task_specs if name not in diagram.before()]


def send_back(token: Token, plan: Back) -> None:
    """End what is live in the block of a step, and open the target."""
    for _ in range(plan.depth):
        owner = token.workflow.owner
        assert owner is not None
        token = owner
    if "of" in token.internal_data:
        token = token.workflow.tasks[token.internal_data["of"]]
    scope, aside = token.workflow, token.internal_data.get("aside", False)
    new = scope.task_tree.born(scope.spec.task_specs[plan.to[0]])
    _end(scope, plan, new)
    for join, flow in plan.stands:
        waits = scope.task_tree.born(scope.spec.task_specs[join])
        waits.internal_data["by"] = flow
        waits.turn(WAITING)
        _aside(waits, aside)
    _aside(new, aside)
    opened(new, plan.to[1:])


def _end(scope: Scoped, plan: Back, new: Token) -> None:
    for t in scope.live():
        info = t.internal_data
        if t is new or "of" in info or "host" in info or (t.task_spec.listens and t._state == WAITING):
            continue
        if plan.ends(t.task_spec.name, info.get("by") if t._state == WAITING else None):
            t.cancel()


def _aside(token: Token, aside: bool) -> None:
    if aside:
        token.internal_data["aside"] = True


def _places(diagram: Diagram, path: str, prefix: str = "") -> list[Place]:
    """Return the step `path` behind the activities around it, each in its diagram; empty when there is none."""
    for node in diagram.task_specs.values():
        if isinstance(node, UserTask) and "#" not in node.name and prefix + node.bpmn_id == path:
            return [(diagram, node)]
        if isinstance(node, SubProcess) and node.inside is not None and "#" not in node.name:
            below = prefix_of(node, prefix)
            if (not isinstance(node, CallActivity) or path.startswith(below)) and (
                rest := _places(node.inside, path, below)
            ):
                return [(diagram, node), *rest]
    return []


def _all_of(node: Node, prefix: str) -> Iterator[str]:
    yield prefix + node.bpmn_id
    yield from (prefix + below + child.bpmn_id for below, child in inside(node))


def _simple(here: list[Place], there: list[Place], level: int) -> None:
    """Make sure that nothing around the two has a meaning that a return would break.

    Raises:
        NoReturn: an event sub-process, instances, or a compensation.
    """
    for diagram, _ in {id(d): (d, n) for d, n in (*here, *there)}.values():
        if any(getattr(n, "handler", None) for n in diagram.task_specs.values()) or not diagram.undo.startswith("#"):
            raise NoReturn("the flow undoes what was done (compensation), and this cannot be told apart")
    for _, node in (*here[level:-1], *there[level:-1]):
        if isinstance(node, SubProcess) and node.by_event:
            raise NoReturn(f"only one of the two stands in '{node.bpmn_id}', which an event starts")
    for _, node in there[level:-1]:
        if isinstance(node, Activity) and node.loop is not None:
            raise NoReturn(f"it lies in '{node.bpmn_id}', which has several instances")


def _block(diagram: Diagram, source: str, target: str) -> frozenset[str]:
    """Return the nodes of the smallest part of a scope that holds both."""
    beside = {n.name for n in diagram.task_specs.values() if isinstance(n, SubProcess) and n.by_event}
    found = [frozenset(diagram.task_specs) - beside]
    for block in blocks(diagram):
        for branch in _branches(diagram, block):
            nodes = block.branches[branch]
            both = source in nodes, target in nodes
            if all(both):
                _clean(diagram, block, branch, source)
                found.append(nodes)
            elif any(both) and branch not in block.fixed:
                raise NoReturn(f"only one of the two lies behind '{branch}', which does not interrupt")
    return min(found, key=len)


def _branches(diagram: Diagram, block: Block) -> list[str]:
    """Return the branches that are parts by themselves: those of a split, and behind events that do not interrupt."""
    beside = [b for b in getattr(diagram.task_specs[block.split], "boundary", ()) if b in block.branches]
    return [*block.fixed, *beside]


def _clean(diagram: Diagram, block: Block, branch: str, source: str) -> None:
    """Make sure that tokens get into a branch from its split alone, and stand in no other branch of it.

    Raises:
        NoReturn: the branches are not drawn as blocks.
    """
    nodes = block.branches[branch]
    from_outside = {
        (name, key)
        for name, on in ways(diagram).items()
        if name not in nodes
        for key, to in on
        if to in nodes and (name, key) != (block.split, branch)
    }
    if from_outside or any(len(branches_of(diagram, block, n)) > 1 for n in nodes):
        raise NoReturn(f"the branches behind '{block.split}' are no blocks: '{source}' is in more than one of them")


def _standing(diagram: Diagram, source: str, target: str, block: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield where a token must wait for a branch that is not asked again.

    Raises:
        NoReturn: a join would wait for ever, for that branch need not have been done.
    """
    for join in [n for n in diagram.task_specs.values() if isinstance(n, ParallelJoin)]:
        leads = {flow: reaching(diagram, join, (flow,)) for flow in join.incoming}
        if not any(target in nodes for nodes in leads.values()):
            continue
        missing = [flow for flow, nodes in leads.items() if target not in nodes and nodes & block]
        if missing and source in _without(diagram, join.name):
            raise NoReturn(f"'{join.name}' would wait for ever; name a step before the branches")
        yield from ((join.name, flow) for flow in missing)


def _without(diagram: Diagram, avoided: str) -> set[str]:
    """Return the nodes that tokens can come to before the join `avoided` has ever fired; joins need all flows."""
    on, seen = ways(diagram), {ROOT, *_begins(diagram)} - {avoided}
    taken: dict[str, set[str]] = {}
    todo = list(seen)
    while todo:
        for key, target in on.get(todo.pop(), ()):
            node = diagram.task_specs[target]
            taken.setdefault(target, set()).add(key)
            full = not isinstance(node, ParallelJoin) or taken[target] >= {*node.incoming}
            if target not in seen and target != avoided and full:
                seen.add(target)
                todo.append(target)
    return seen


def _source(diagram: Diagram, flow: str) -> str:
    return next((name for name, on in ways(diagram).items() if any(key == flow for key, _ in on)), "")
