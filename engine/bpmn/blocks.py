"""What a diagram says of every case: what lies ahead of an element, and in which parallel branches it stands.

A parallel block begins at a split, an element that several tokens leave, and ends at the joins in which branches of it
meet. An element stands in a branch when it can be reached from there without passing such a join.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from engine.bpmn.activities import CallActivity, SubProcess
from engine.bpmn.events import EventGateway
from engine.bpmn.joins import Join, ParallelJoin
from engine.bpmn.nodes import ROOT, Diagram, Node

MAIN = ""  # the branch that goes on while a boundary event does not interrupt
Ways = Mapping[str, list[tuple[str, str]]]  # node -> its flows and boundary events, each with the node it leads to


class Stand(NamedTuple):
    """That an element stands in some of the branches of a split; `each`: tokens that enter every branch."""

    split: str
    within: frozenset[str]
    branches: frozenset[str]
    each: int


class Block(NamedTuple):
    """A split, the nodes that lie openly in each of its branches, and the flows by which a branch enters its joins.

    `fixed`: the flows that tokens take together; other branches are boundary events that do not interrupt, and "" what
    goes on beside them.
    """

    split: str
    branches: Mapping[str, frozenset[str]]
    enters: Mapping[str, frozenset[tuple[str, str]]]
    fixed: frozenset[str]
    each: int


@lru_cache(maxsize=512)
def ways(diagram: Diagram) -> Ways:
    """Return where tokens go from each node: by flows, by boundary events, and from the start of the scope."""
    found = {
        node.name: [(f.id, f.target) for f in node.flows] + [(b, b) for b in getattr(node, "boundary", ())]
        for node in diagram.task_specs.values()
    }
    found[ROOT] = [(start, start) for start in diagram.starts]
    return found


def reached(diagram: Diagram, sources: Iterable[str], stop: Collection[str] = ()) -> set[str]:
    """Return the nodes that tokens can come to from `sources`, these included; what lies behind `stop` is not."""
    on, seen, todo = ways(diagram), set[str](), list(sources)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += [target for _, target in on[name]] if name not in stop else ()
    return seen


@lru_cache(maxsize=8192)
def inside(node: Node) -> tuple[tuple[str, Node], ...]:
    """Return the nodes inside a sub-process or call, at any depth, each with what its path has before it from here."""
    found: list[tuple[str, Node]] = []
    if isinstance(node, SubProcess) and node.inside is not None:
        below = prefix_of(node, "")
        for child in node.inside.task_specs.values():
            found += [(below, child), *((below + deeper, each) for deeper, each in inside(child))]
    return tuple(found)


def prefix_of(node: Node, prefix: str) -> str:
    """Return the prefix of paths inside a sub-process (its flow's) or call (its own)."""
    return f"{prefix}{node.bpmn_id}/" if isinstance(node, CallActivity) else prefix


@lru_cache(maxsize=512)
def blocks(diagram: Diagram) -> tuple[Block, ...]:
    """Return the parallel blocks of a diagram."""
    return tuple(
        _block(diagram, node, split)
        for node in diagram.task_specs.values()
        if len(split := _branches(diagram, node)) > 1
    )


def stands(diagram: Diagram, name: str, by: str | None = None) -> frozenset[Stand]:
    """Return in which open branches a token stands at a node; at a join, on its incoming flow `by`."""
    found = set()
    for block in blocks(diagram):
        within = branches_of(diagram, block, name, by)
        if within & block.fixed:
            found.add(Stand(block.split, within, block.fixed, block.each))
        elif within and MAIN not in within:
            found.add(Stand(block.split, within, frozenset(), block.each))
    return frozenset(found)


def branches_of(diagram: Diagram, block: Block, name: str, by: str | None = None) -> frozenset[str]:
    """Return the branches of a block in which a token at this place stands."""
    if by is None:
        return frozenset(b for b, nodes in block.branches.items() if name in nodes)
    source = next((n for n, on in ways(diagram).items() if any(key == by for key, _ in on)), name)
    return frozenset(b for b, nodes in block.branches.items() if b == by or source in nodes)


def _branches(diagram: Diagram, node: Node) -> dict[str, list[str]]:
    """Return the branches that begin at a node, each with the nodes that it begins with; none at a choice."""
    if node.name == ROOT:
        return {start: [start] for start in diagram.starts}
    beside = {b: [b] for b in _beside(diagram, node)}
    if len(node.flows) > 1 and node.split != "one" and not isinstance(node, EventGateway):
        return {f.id: [f.target] for f in node.flows} | beside
    return {MAIN: [f.target for f in node.flows]} | beside


def _beside(diagram: Diagram, node: Node) -> list[str]:
    specs = diagram.task_specs
    return [b for b in getattr(node, "boundary", ()) if not getattr(specs[b], "interrupts", True)]


def _block(diagram: Diagram, node: Node, split: Mapping[str, list[str]]) -> Block:
    stop = {node.name}
    joins = [n.name for n in diagram.task_specs.values() if isinstance(n, Join)]
    far = [reached(diagram, targets, stop) for targets in split.values()]
    closing = {j for j in joins if sum(j in nodes for nodes in far) > 1} | stop
    near = {branch: reached(diagram, targets, closing) - closing for branch, targets in split.items()}
    return Block(
        split=node.name,
        branches={branch: frozenset(nodes) for branch, nodes in near.items()},
        enters={branch: _enters(diagram, branch, nodes, closing) for branch, nodes in near.items()},
        fixed=frozenset(split.keys() - {MAIN, *_beside(diagram, node)}),
        each=node.tokens_out,
    )


def _enters(diagram: Diagram, branch: str, nodes: set[str], closing: set[str]) -> frozenset[tuple[str, str]]:
    """Return the parallel joins, each with its flow, that a branch leads to."""
    specs = diagram.task_specs
    into = [(key, target) for name in nodes for key, target in ways(diagram)[name]]
    into += [(f.id, f.target) for node in specs.values() for f in node.flows if f.id == branch]
    return frozenset((j, key) for key, j in into if j in closing and isinstance(specs[j], ParallelJoin))
