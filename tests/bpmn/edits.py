"""Single edits of an item's files: of what our extension elements say, of conditions, timers, flows, forms, facts."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lxml import etree

from engine.bpmn.tree import MODEL, SUN, Element, ident, tag
from engine.model import Source

NAMES = ("title", "title_en", "code", "id", "name", "name_en", "law", "law_en")
TEXTS = ("conditionExpression", "timeDuration", "timeCycle", "timeDate")


@dataclass(frozen=True)
class Edit:
    """`flow`: the flow it is made in, empty for the item's; `named`: one of these must stand in what is said of it."""

    flow: str
    at: tuple[Any, ...]
    to: str | None
    named: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.flow} {'/'.join(str(k) for k in self.at)} -> {self.to}"


def of_flow(source: Source, flow: str = "") -> Iterator[Edit]:
    """Yield every edit of one BPMN file."""
    root = etree.fromstring(source.xml)
    tree = root.getroottree()
    for el in root.iter():
        place, named = str(tree.getpath(el)), _near(el)
        if str(el.tag).startswith(SUN):
            for name in el.attrib:
                yield Edit(flow, ("xml", place, str(name)), "5" if str(el.get(name)).isdecimal() else "other", named)
                yield Edit(flow, ("xml", place, str(name)), None, named)
            if (el.text or "").strip():
                yield Edit(flow, ("xml", place, "#text"), "other", named)
            yield Edit(flow, ("xml", place, "#element"), None, named)
        if tag(el) in TEXTS:
            yield Edit(flow, ("xml", place, "#text"), "workdays(3)", named)
            yield Edit(flow, ("xml", place, "#element"), None, named)
        if tag(el) == "sequenceFlow":
            for target in [e for e in root.iter(MODEL + "endEvent") if ident(e) != el.get("targetRef")][:1]:
                yield Edit(flow, ("xml", place, "targetRef"), ident(target), named)
        for name in ("name", "default", "attachedToRef", "cancelActivity", "calledElement"):
            if el.get(name) is not None and tag(el) and tag(el) != "participant":
                yield Edit(flow, ("xml", place, name), "false" if name == "cancelActivity" else "other", named)
                yield Edit(flow, ("xml", place, name), None, named)


def of_data(found: Mapping[str, Any], part: str) -> Iterator[Edit]:
    """Yield every edit of the forms or facts of an item: each leaf another or gone, each list without one."""

    def walk(value: Any, at: tuple[Any, ...], named: tuple[str, ...]) -> Iterator[Edit]:
        if isinstance(value, dict):
            named = (*named, *(value[k] for k in NAMES if isinstance(value.get(k), str)))
            for key, inner in value.items():
                own = (str(key),) if not at or at[-1] == "properties" else ()
                yield from walk(inner, (*at, key), (*named, *own))
        elif isinstance(value, list):
            for n, inner in enumerate(value):
                yield from walk(inner, (*at, n), named)
        else:
            yield Edit("", (part, *at), "other", named)
        if len(at) > 1:
            yield Edit("", (part, *at), None, named)

    yield from walk(found, (), ("申请表", "Application") if part == "forms" else ("事项信息", "Item facts"))


def made(source: Source, edits: list[Edit]) -> Source:
    """Return the source with the edits made, as far as their places are still there."""
    result = source
    for flow in sorted({e.flow for e in edits}):
        here = [e for e in edits if e.flow == flow and e.at[0] == "xml"]
        one = result.called[flow] if flow else result
        changed = replace(one, xml=_in_xml(one.xml, here))
        result = replace(result, called={**result.called, flow: changed}) if flow else changed
    return replace(
        result,
        forms=_in_data(result.forms, [e for e in edits if e.at[0] == "forms"]),
        facts=_in_data(result.facts, [e for e in edits if e.at[0] == "facts"]),
    )


def _in_xml(xml: bytes, edits: list[Edit]) -> bytes:
    root = etree.fromstring(xml)
    names = {str(k): str(v) for k, v in root.nsmap.items() if k}
    places: list[tuple[Edit, list[Any]]] = [(e, root.xpath(str(e.at[1]), namespaces=names)) for e in edits]  # type: ignore[misc]
    for edit, found in places:
        el, attribute = found[0], str(edit.at[2])
        if attribute == "#element" and el.getparent() is not None:
            el.getparent().remove(el)
        elif attribute == "#text":
            el.text = edit.to
        elif edit.to is None:
            el.attrib.pop(attribute, None)
        else:
            el.set(attribute, edit.to)
    return etree.tostring(root)


def _in_data(found: Mapping[str, Any], edits: list[Edit]) -> dict[str, Any]:
    result = copy.deepcopy(dict(found))
    for edit in edits:
        at: Any = result
        try:
            for key in edit.at[1:-1]:
                at = at[key]
            if edit.to is None:
                del at[edit.at[-1]]
            elif edit.at[-1] in at or isinstance(at, list):
                at[edit.at[-1]] = edit.to
        except (KeyError, IndexError, TypeError):
            continue
    return result


def _near(el: Element) -> tuple[str, ...]:
    """The names by which a reader knows the element; of a flow, its source's."""
    root = el.getroottree().getroot()
    holder = next(e for e in (el, *el.iterancestors()) if tag(e) and e.get("id"))
    if tag(holder) == "sequenceFlow":
        holder = next((e for e in root.iter() if e.get("id") == holder.get("sourceRef")), holder)
    own = [el.get(n) or "" for n in ("rule",)] if str(el.tag).startswith(SUN) else []
    english = [(n.text or "").strip() for n in holder.iter(SUN + "name")][:1]
    return tuple(n for n in (ident(holder), holder.get("name") or "", *english, *own) if n)


def everything(source: Source) -> list[Edit]:
    """Return every edit of an item and of the flows that it calls."""
    return [
        *of_flow(source),
        *(e for name, called in source.called.items() for e in of_flow(called, name)),
        *of_data(source.forms, "forms"),
        *of_data(source.facts, "facts"),
    ]
