"""What can go wrong while a case moves. A fault leaves the old state valid."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import EngineFault, Stale


@dataclass(kw_only=True, eq=False)
class Fault(EngineFault):
    """The flow cannot go on here: {why}. The case stays as it was; tell the flow's manager."""

    at: str = ""  # path of the element where it happened, when that is known


@dataclass(kw_only=True, eq=False)
class Uncaught(Fault):
    """The flow cannot go on here: {why}. The case stays as it was; tell the flow's manager."""


@dataclass(kw_only=True, eq=False)
class Stuck(Fault):
    """The flow cannot go on here: {why}. The case stays as it was; tell the flow's manager."""

    sent: tuple[tuple[str, str], ...] = ()


@dataclass(kw_only=True, eq=False)
class NotThere(Stale):
    """Nothing waits at '{key}' (any more). Reload and look."""

    key: str


class Thrown(Exception):
    """A BPMN error raised by a word of the host: caught by a boundary event or an event sub-process."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
