"""A source to a program. Refuses whatever the model rules find."""

from __future__ import annotations

import zlib
from collections.abc import Collection

from engine.bpmn import items
from engine.bpmn.activities import SubProcess
from engine.bpmn.check import check
from engine.bpmn.diagrams import Drawing, Starting
from engine.bpmn.joins import Join
from engine.bpmn.names import case_names, data_names, declared
from engine.bpmn.nodes import Diagram
from engine.bpmn.program import Program
from engine.bpmn.tree import ident, processes
from engine.errors import Invalid
from engine.model import Source

__all__ = ["Program", "read"]


def read(source: Source, *, host: Collection[str] = ()) -> Program:
    """Return the program of a source. `host`: the words that script and service tasks may use; only tests bind any.

    Raises:
        Invalid: the level `model` is not clean; all findings.
    """
    if findings := check(source, level="model", host=host):
        raise Invalid(findings=findings)
    main = items.flow(source)
    program = _program(main)
    for process in processes(main.root):
        if process is not main.process:
            program.beside[ident(process)] = _program(items.beside(main, process))
    return program


def _program(flow: items.Flow) -> Program:
    starting: Starting = []
    diagram = Drawing().process(flow, starting)
    return Program(
        item=items.item(flow),
        flow=flow,
        main=diagram,
        starting=tuple(starting),
        declared=declared(flow) | case_names(flow) | data_names(flow),
        beside={},
        mark=zlib.crc32(repr(_outline(diagram)).encode()),
    )


def _outline(diagram: Diagram) -> list[object]:
    """Return what a state relies on: the nodes, and the flows that joins count."""
    found: list[object] = []
    for name in diagram.order:
        node = diagram.task_specs[name]
        inside = node.inside if isinstance(node, SubProcess) and "#" not in name else None
        found.append((name, type(node).__name__, node.incoming if isinstance(node, Join) else (),
                      _outline(inside) if inside is not None else ()))  # fmt: skip
    return found
