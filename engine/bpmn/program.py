"""A definition ready to run: what all cases of one version share."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn.items import Flow
from engine.bpmn.nodes import Diagram, Trigger
from engine.model import Item


@dataclass(frozen=True, kw_only=True)
class Program:
    """`flow`: what is drawn; `main`: its diagram; `starting`: its start events that wait for an event.

    `declared`: the names its expressions may ask for before they have a value; `beside`: other processes of the file;
    `mark`: a number by which a state is known to be of this definition.
    """

    item: Item
    flow: Flow
    main: Diagram
    starting: tuple[tuple[str, tuple[Trigger, ...]], ...]
    declared: frozenset[str]
    beside: dict[str, Program]
    mark: int
