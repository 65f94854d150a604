"""A drawn flow as plain values: what the maker draws, the renderer writes as BPMN and the oracle plays. Ids are unique
in a file, so that a flow, a node or a boundary event is found without its scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

ITEMS = ("a", "b", "c")  # what the collection `case_list` holds


@dataclass(frozen=True)
class Cond:
    """`name op value`; a name without value is None, which equals no text."""

    name: str
    op: str
    value: str | int

    @property
    def text(self) -> str:
        value = f'"{self.value}"' if isinstance(self.value, str) else str(self.value)
        return f"{self.name} {self.op} {value}"


Exit = tuple[str, Cond | None, bool]  # node, and condition and default of the flow that will leave it


@dataclass(frozen=True, kw_only=True)
class Event:
    """What is waited for or thrown. `name`: of the message, signal, error or escalation; an empty code catches all."""

    kind: str
    name: str = ""
    cond: Cond | None = None
    turns: int = 0  # of a cycle; 0: a duration


@dataclass(frozen=True, kw_only=True)
class Many:
    """Multi-instance (parallel, sequential) or standard loop. `count`: instances, or `other` while `cond` holds;
    `item`: the variable that holds an element of the collection; `until`: the completion condition; `again`: the loop
    condition."""

    kind: str
    count: int = 0
    cond: Cond | None = None
    other: int = 0
    item: str = ""
    until: Cond | None = None
    again: Cond | None = None
    most: int = 0
    before: bool = False


@dataclass(frozen=True, kw_only=True)
class Node:
    """A flow node; an event sub-process has `by_event`, its start event the event and `interrupts`."""

    id: str
    tag: str
    event: Event | None = None
    many: Many | None = None
    host: str = ""  # boundary event: what it is attached to
    interrupts: bool = True
    by_event: bool = False
    inside: Scope | None = None  # sub-process
    calls: str = ""  # call activity: the process


@dataclass(frozen=True, kw_only=True)
class Flow:
    id: str
    source: str
    target: str
    cond: Cond | None = None
    default: bool = False


@dataclass(frozen=True)
class Scope:
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]

    @cached_property
    def starts(self) -> tuple[Node, ...]:
        return tuple(n for n in self.nodes if n.tag == "startEvent")

    @cached_property
    def handlers(self) -> tuple[Node, ...]:
        return tuple(n for n in self.nodes if n.by_event)

    def all(self) -> Iterator[Scope]:
        yield self
        for n in self.nodes:
            if n.inside is not None:
                yield from n.inside.all()


@dataclass(frozen=True)
class File:
    """`main` and the processes that it calls."""

    main: Scope
    called: Mapping[str, Scope] = field(default_factory=dict)

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        return tuple(inner for s in (self.main, *self.called.values()) for inner in s.all())

    @cached_property
    def nodes(self) -> dict[str, Node]:
        return {n.id: n for s in self.scopes for n in s.nodes}

    @cached_property
    def out(self) -> dict[str, list[Flow]]:
        found: dict[str, list[Flow]] = {n: [] for n in self.nodes}
        for s in self.scopes:
            for f in s.flows:
                found[f.source].append(f)
        return found

    @cached_property
    def into(self) -> dict[str, list[Flow]]:
        found: dict[str, list[Flow]] = {n: [] for n in self.nodes}
        for s in self.scopes:
            for f in s.flows:
                found[f.target].append(f)
        return found

    @cached_property
    def boundaries(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {n: [] for n in self.nodes}
        for n in self.nodes.values():
            if n.host:
                found[n.host].append(n)
        return found

    @cached_property
    def links(self) -> dict[str, str]:
        """The link catch event of each link throw event."""
        throw = {n.id: _link(n) for n in self.nodes.values() if n.tag == "intermediateThrowEvent"}
        catch = {_link(n): n.id for n in self.nodes.values() if n.tag == "intermediateCatchEvent"}
        return {source: catch[link] for source, link in throw.items() if link}


def _link(n: Node) -> str:
    return n.event.name if n.event is not None and n.event.kind == "link" else ""
