"""Variables by scope, not by token; and the few facts that a live token keeps."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypedDict


class Done(TypedDict, total=False):
    """A finished activity that can be undone; `inner`: those inside it; `scope`: the token that owns its scope."""

    node: str
    inner: list[Done]
    scope: int | None


class Info(TypedDict, total=False):
    """What a live token knows. Ids are those of other tokens of the case."""

    by: str  # the flow it came by, kept for joins
    aside: bool  # came from an event that does not interrupt: its end is not the outcome of the flow
    host: int  # a listener: the activity it guards
    of: int  # an instance: its multi-instance activity
    undoes: int  # a compensation: the event that throws it
    rivals: int  # a branch of an event-based gateway: the gateway's token
    timers: dict[str, str]  # index of the trigger -> text
    turns: int  # turns left of a cycle
    seen: list[int]  # parallel multiple: triggers that have happened
    was: bool  # the condition's last value
    undo: list[Done]  # a compensation event: what is still to be undone
    done: list[Done]  # a finished sub-process: what can be undone inside
    items: list[object]  # a sequential multi-instance: its collection


class Scope(dict[str, object]):
    """Variables; what is not here is looked up, and set, in the enclosing scope. A declared name without value is None.

    Mends: the library copies all data to every task and merges the copies at joins, older rounds included.
    """

    __slots__ = ("declared", "outer")

    def __init__(
        self, own: Mapping[str, object], outer: Scope | None = None, declared: Collection[str] = frozenset()
    ) -> None:
        super().__init__(own)
        self.outer, self.declared = outer, declared

    def __missing__(self, key: str) -> object:
        if self.outer is not None:
            return self.outer[key]
        if key in self.declared:
            return None
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return dict.__contains__(self, key) or (key in self.declared if self.outer is None else key in self.outer)

    def assign(self, key: str, value: object) -> None:
        """Set `key` where it is; else in the outermost scope of the flow."""
        if self.outer is None or dict.__contains__(self, key):
            self[key] = value
        else:
            self.outer.assign(key, value)
