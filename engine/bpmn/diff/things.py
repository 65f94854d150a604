"""What a definition holds, as a flat list of things with facts, and how two such lists differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

Value: TypeAlias = "bool | int | str | Name | tuple[Value, ...] | None"
Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Name:
    """What something is called; equal by `id` alone. `sole`: no other element of the definition has this name.

    `type`: the BPMN element, which is said where there is no name.
    """

    id: str
    zh: str = field(default="", compare=False)
    en: str = field(default="", compare=False)
    sole: bool = field(default=True, compare=False)
    type: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True)
class Thing:
    """`where`: the path of an element, or a form's or fact's key; `owner` and `of`: the thing that it belongs to.

    The same key may come several times: two limits by one rule, two ways between the same elements.
    """

    kind: str
    where: str
    name: Name
    facts: Mapping[str, Value]
    owner: Key | None = None
    of: Name | None = None

    @property
    def key(self) -> Key:
        return self.kind, self.where


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference. `what`: the attribute, empty when the thing itself was added (`before` is None) or removed.

    `parts`: what an added or removed thing consists of, each as a change from or to nothing.
    """

    kind: str
    where: str
    what: str
    before: Value
    after: Value
    name: Name
    of: Name | None = None
    parts: tuple[Change, ...] = ()


def same(a: Value, b: Value) -> bool:
    """Return whether two values are equal and of one type: true is not 1."""
    if isinstance(a, tuple) and isinstance(b, tuple):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b, strict=True))
    return type(a) is type(b) and a == b


def compare(old: Iterable[Thing], new: Iterable[Thing]) -> list[Change]:
    """Return what changed, in the order of the new things, then what is gone in the order of the old."""
    was, now = _grouped(old), _grouped(new)
    gone: list[Thing] = []
    come: list[Thing] = []
    changed: list[Change] = []
    for key in [*now, *(k for k in was if k not in now)]:
        before, after = _unlike(was.get(key, []), now.get(key, []))
        paired = min(len(before), len(after))
        for a, b in zip(before[:paired], after[:paired], strict=True):
            changed += _facts(a, b)
        gone += before[paired:]
        come += after[paired:]
    turned = _turned(gone, come)
    changed += [c for a, b in turned for c in _led(a, b)]
    gone = [t for t in gone if not any(t is a for a, _ in turned)]
    come = [t for t in come if not any(t is b for _, b in turned)]
    added = _whole(come, {t.key for t in come if t.key not in was}, added=True)
    return [*added, *changed, *_whole(gone, {t.key for t in gone if t.key not in now}, added=False)]


def _grouped(things: Iterable[Thing]) -> dict[Key, list[Thing]]:
    found: dict[Key, list[Thing]] = {}
    for thing in things:
        found.setdefault(thing.key, []).append(thing)
    return found


def _unlike(before: list[Thing], after: list[Thing]) -> tuple[list[Thing], list[Thing]]:
    """Leave out what is on both sides."""
    left, right = list(before), list(after)
    for a in before:
        twin = next((b for b in right if not _facts(a, b)), None)
        if twin is not None:
            left = [t for t in left if t is not a]
            right = [t for t in right if t is not twin]
    return left, right


def _facts(a: Thing, b: Thing) -> list[Change]:
    whats = [*b.facts, *(w for w in a.facts if w not in b.facts)]
    return [_change(b, w, a.facts.get(w), b.facts.get(w)) for w in whats if not same(a.facts.get(w), b.facts.get(w))]


def _turned(gone: list[Thing], come: list[Thing]) -> list[tuple[Thing, Thing]]:
    """Return the ways that leave an element as before, on the same condition, but lead elsewhere."""

    def by_leaving(ways: list[Thing]) -> dict[tuple[object, ...], list[Thing]]:
        found: dict[tuple[object, ...], list[Thing]] = {}
        for w in ways:
            if w.kind == "way":
                found.setdefault((w.owner, w.facts.get("when"), w.facts.get("default")), []).append(w)
        return found

    new = by_leaving(come)
    return [
        (ways[0], new[leaving][0])
        for leaving, ways in by_leaving(gone).items()
        if len(ways) == 1 and len(new.get(leaving, ())) == 1
    ]


def _led(a: Thing, b: Thing) -> list[Change]:
    """Return that a way leads elsewhere; `parts`: on which condition, which has not changed."""
    at = _out(b)
    kept = tuple(_change(at, w, v, v) for w in ("when", "default") if (v := b.facts.get(w)) is not None)
    return [replace(_change(at, "to", a.name, b.name), parts=kept), *_facts(_out(a), at)]


def _out(way: Thing) -> Thing:
    """Return a way as one out of its source, wherever it leads."""
    assert way.owner is not None
    assert way.of is not None
    return replace(way, where=way.owner[1], name=way.of)


def _whole(things: list[Thing], keys: set[Key], added: bool) -> list[Change]:
    """Return a change for each thing; what belongs to one of `keys` is told as a part of it."""
    parts: dict[Key, list[Change]] = {}
    told: list[tuple[Thing, Change]] = []
    for thing in things:
        whole = _change(thing, "", *(_sides(thing.name, added)))
        inside = [_change(thing, w, *_sides(v, added)) for w, v in thing.facts.items() if v is not None]
        told.append((thing, replace(whole, parts=tuple(inside))))
    for thing, change in told:
        if thing.owner in keys:
            parts.setdefault(thing.owner, []).append(change)
    return [
        replace(change, parts=(*change.parts, *parts.get(thing.key, ())))
        for thing, change in told
        if thing.owner not in keys
    ]


def _sides(value: Value, added: bool) -> tuple[Value, Value]:
    return (None, value) if added else (value, None)


def _change(at: Thing, what: str, before: Value, after: Value) -> Change:
    return Change(kind=at.kind, where=at.where, what=what, before=before, after=after, name=at.name, of=at.of)
