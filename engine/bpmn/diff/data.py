"""Forms and item.toml as things: a field, a material, a basis of law, and every other leaf by its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.bpmn.diff.things import Name, Thing, Value

KEYS = ("const", "code", "id", "name")  # what tells the objects of a list apart
CASE = ("申请表", "Application")
LISTED = {"material": "code", "basis": "id"}  # tables of item.toml that are things of their own


def forms(found: Mapping[str, Any], names: Mapping[str, Name]) -> Iterator[Thing]:
    """Yield each form with its fields. `names`: of the steps, by path."""
    for key, form in found.items():
        name = Name(key, *CASE) if key == "case" else names.get(key) or Name(key)
        if not isinstance(form, dict) or not isinstance(form.get("properties", {}), dict):
            yield Thing(kind="form", where=key, name=name, facts=flat(form, "value"))
            continue
        fields, required = form.get("properties", {}), form.get("required", [])
        asked = required if isinstance(required, list) else []
        rest = {k: v for k, v in form.items() if k not in ("properties", "required")}
        rest["required"] = (
            [r for r in asked if not (isinstance(r, str) and r in fields)] if isinstance(required, list) else required
        )
        facts = flat(rest) if rest["required"] else flat({k: v for k, v in rest.items() if k != "required"})
        yield Thing(kind="form", where=key, name=name, facts=facts)
        for field, schema in fields.items():
            told: dict[str, Any] = schema if isinstance(schema, dict) else {"value": schema}
            facts = {"required": field in asked, **flat({k: v for k, v in told.items() if k != "required"})}
            facts |= flat(told["required"], "required/") if "required" in told else {}
            title = Name(f"{key}.{field}", _text(told, "title") or field, _text(told, "title_en"))
            yield Thing(kind="field", where=f"{key}.{field}", name=title, facts=facts, owner=("form", key), of=name)


def fields(found: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the fields of each form in the order in which they are drawn."""
    forms = {k: f.get("properties") for k, f in found.items() if isinstance(f, dict)}
    return {k: tuple(f"{k}.{field}" for field in p) for k, p in forms.items() if isinstance(p, dict)}


def rows(found: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the keys of what is listed in item.toml, in the order in which it is shown."""
    lists = {kind: (key, found.get(kind)) for kind, key in LISTED.items()}
    return {
        kind: tuple(str(r.get(key)) for r in listed if isinstance(r, dict))
        for kind, (key, listed) in lists.items()
        if isinstance(listed, list)
    }


def facts(found: Mapping[str, Any]) -> Iterator[Thing]:
    """Yield the item's facts: what is listed one by one, the rest as one thing."""
    single = dict(found)
    for kind, key in LISTED.items():
        rows = single.get(kind)
        if isinstance(rows, list) and all(isinstance(r, dict) and isinstance(r.get(key), str) for r in rows):
            del single[kind]
            for row in rows:
                zh, en = (_text(row, n) or _text(row, f"law{n[4:]}") for n in ("name", "name_en"))
                name = Name(row[key], zh, en, sole=kind != "basis")
                yield Thing(
                    kind=kind, where=row[key], name=name, facts=flat({k: v for k, v in row.items() if k != key})
                )
    yield Thing(kind="facts", where="item.toml", name=Name("item.toml"), facts=flat(single))


def flat(value: Any, path: str = "") -> dict[str, Value]:
    """Return the leaves of JSON or TOML by path; objects of a list by what tells them apart, their order kept."""
    if isinstance(value, dict):
        if not value and path:
            return {path: "{}"}
        return {k: v for name, inner in value.items() for k, v in flat(inner, f"{path}/{name}".lstrip("/")).items()}
    if isinstance(value, list):
        by = next((k for k in KEYS if value and _told_apart(value, k)), None)
        if by is not None:
            rows = {str(row[by]): {k: v for k, v in row.items() if k != by} for row in value}
            found: dict[str, Value] = {path: tuple(leaf(row[by]) for row in value)}
            return found | {
                k: v for row, inner in rows.items() if inner for k, v in flat(inner, f"{path}/{row}").items()
            }
        if any(isinstance(inner, dict | list) for inner in value):
            found = {path: len(value)}
            return found | {k: v for n, inner in enumerate(value, 1) for k, v in flat(inner, f"{path}/{n}").items()}
        return {path: tuple(leaf(v) for v in value)}
    return {path: leaf(value)}


def leaf(value: Any) -> Value:
    """Return what compares well: null, figures with a point and dates as their text."""
    if value is None:
        return "null"
    return value if isinstance(value, bool | int | str) else str(value)


def _told_apart(rows: list[Any], by: str) -> bool:
    if not all(isinstance(row, dict) and isinstance(row.get(by), str | int) for row in rows):
        return False
    return len({str(row[by]) for row in rows}) == len(rows)


def _text(row: Mapping[str, Any], name: str) -> str:
    found = row.get(name)
    return found if isinstance(found, str) else ""
