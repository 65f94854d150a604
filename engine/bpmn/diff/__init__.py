"""What changed between two definitions: everything that runs or is shown, and nothing of the layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.bpmn import items
from engine.bpmn.diff import data, flows, order
from engine.bpmn.diff.things import Change, Name, Thing, compare
from engine.bpmn.tree import tag
from engine.model import Source

FLOW = 3
GROUPS = {
    "flow": 0, "limit": 1, "separation": 2, "lane": 4, "other": 4, "form": 5, "field": 5, "material": 6, "basis": 6,
    "facts": 6,
}  # fmt: skip

__all__ = ["Change", "Name", "diff"]


def diff(old: Source, new: Source) -> tuple[Change, ...]:
    """Return the changes from `old` to `new`, both of which the check of level `model` has passed.

    Raises:
        Invalid: a file cannot be read at all, or holds no process.
    """
    was, now = _Whole(old), _Whole(new)
    found = compare(was.things, now.things) + order.moved(was.placed, now.placed, was.names, now.names)
    names = {t.where: t.name for t in (*was.things, *now.things) if t.kind in ("form", "field", *data.LISTED)}
    found += _shuffled("gateway", "ways", was.ways, now.ways, {**was.names, **now.names})
    found += _shuffled("form", "fields", data.fields(was.forms), data.fields(now.forms), names)
    found += _shuffled("facts", "rows", data.rows(old.facts), data.rows(new.facts), names)
    return tuple(sorted(found, key=lambda c: GROUPS.get(c.kind, FLOW)))


class _Whole:
    """A definition: its elements, their names, all its things."""

    def __init__(self, source: Source) -> None:
        main = items.flow(source)
        self.placed = flows.walk(main)
        self.names = flows.names(self.placed)
        self.forms = {**source.forms, **_own(source.forms, self.placed)}
        self.things: list[Thing] = [
            *flows.things(main, self.placed, self.names),
            *data.forms(self.forms, self.names),
            *data.facts(source.facts),
        ]
        self.ways = {
            p.path: tuple(p.prefix + (f.get("targetRef") or "") for f in p.ways)
            for p in self.placed
            if tag(p.el) == "exclusiveGateway"
        }


def _own(told: Mapping[str, Any], placed: list[flows.Placed]) -> dict[str, Any]:
    """Return the forms of called flows which the caller's do not repeat: their fields decide inside the called flow."""
    return {
        f"{p.prefix}{key}" + ("" if f"{p.prefix}{key}" not in told else "#own"): form
        for p in placed
        if p.prefix.endswith("/")
        for key, form in p.flow.source.forms.items()
        if told.get(f"{p.prefix}{key}") != form
    }


def _shuffled(
    kind: str,
    what: str,
    was: dict[str, tuple[str, ...]],
    now: dict[str, tuple[str, ...]],
    names: dict[str, Name],
) -> Iterator[Change]:
    """Yield where what stands on both sides stands in another order: ways that are tried, fields and rows shown."""
    for key in sorted(was.keys() & now.keys()):
        before = [x for x in was[key] if x in now[key]]
        after = [x for x in now[key] if x in was[key]]
        if before != after:
            spoken = {x: names.get(x) or Name(x) for x in before}
            yield Change(
                kind=kind,
                where=key,
                what=what,
                before=tuple(spoken[x] for x in before),
                after=tuple(spoken[x] for x in after),
                name=names.get(key) or Name(key),
            )
