"""Model rules on our own namespace: only what DESIGN section 4 names, where it may stand, with values that can be read.

That the values fit the item is the level `item`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn import tree
from engine.bpmn.check.view import Found, View
from engine.bpmn.tree import SUN, Element, tag

ID = r"[A-Za-z_][\w.-]*"
PATH = rf"{ID}(/{ID})*"
WORD = r"[A-Za-z][\w-]*"
COUNT = r"[1-9]\d{0,2}"
WORDS = f"{WORD}( +{WORD})*"
CAUGHT = ("startEvent", "boundaryEvent", "intermediateCatchEvent")  # events that something outside causes
THROWN = "intermediateThrowEvent"
MARKED = ("startEvent", "boundaryEvent", "intermediateCatchEvent", THROWN, "endEvent", "callActivity")


@dataclass(frozen=True)
class Shape:
    """`places`: BPMN elements it may stand in; `attributes`: name -> pattern, required ones in `needs`."""

    places: tuple[str, ...]
    attributes: Mapping[str, str]
    needs: tuple[str, ...]
    once: bool = False
    text: bool = False


LIMITS = {"rule": WORD, "promise": COUNT, "from": WORD, "until": WORD}
SHARE = r"[1-9]\d?/[1-9]\d?"
PERSONS = {"min": "[1-9]", "rule": rf"all|any|sequence|ratio:{SHARE}", "certified": "yes"}
STEP = ("userTask",)
NAMED = ("process", "lane", "participant", "sequenceFlow", *sorted(tree.NODES))
SHAPES: Mapping[str, tuple[Shape, ...]] = {
    "limit": (Shape(("process",), LIMITS, ("rule", "until")), Shape(STEP, {"days": COUNT}, ("days",), once=True)),
    "separate": (Shape(("process",), {"steps": f"{PATH}( +{PATH})+", "rule": WORD}, ("steps", "rule")),),
    "post": (Shape((*STEP, *CAUGHT), {"code": WORD, "organ": "case|township|county"}, ("code",), once=True),),
    "applicant": (Shape(STEP, {}, (), once=True),),
    "stop": (Shape(STEP, {"request": ID, "on": WORDS}, ("request",), once=True),),
    "resume": (Shape(STEP, {"on": WORDS}, (), once=True),),
    "extend": (Shape(STEP, {"rule": WORD, "request": ID, "on": WORDS}, ("rule", "request"), once=True),),
    "effect": (Shape(("boundaryEvent", "intermediateCatchEvent"), {"rule": WORD}, ("rule",), once=True),),
    "serves": (Shape(STEP, {"kinds": WORDS}, ("kinds",), once=True),),
    "outcomes": (Shape(STEP, {"values": f"{WORD}( +{WORD})*"}, ("values",), once=True),),
    "returns": (Shape(STEP, {"to": f"{ID}( +{ID})*"}, ("to",), once=True),),
    "persons": (Shape(STEP, PERSONS, (), once=True),),
    "collective": (Shape(STEP, {"chair": WORD, "quorum": SHARE, "majority": SHARE}, ("chair",), once=True),),
    "tier": (Shape(STEP, {}, (), once=True),),
    "bind": (Shape(("process",), {"steps": f"{PATH}( +{PATH})+", "rule": WORD}, ("steps", "rule")),),
    "mark": (Shape((*STEP, *MARKED), {"name": WORD, "on": f"{ID}( +{ID})*", "at": WORD, "date": ID}, ("name",)),),
    "risk": (Shape(STEP, {"id": WORD, "level": "low|medium|high"}, ("id", "level"), text=True),),
    "document": (Shape((*STEP, *CAUGHT, THROWN), {"kind": WORD, "on": WORDS}, ("kind",)),),
    "name": (Shape(NAMED, {"lang": "en"}, ("lang",), once=True, text=True),),
}


def unknown(view: View) -> Iterator[Found]:
    """Unknown elements and attributes of our namespace, and unknown attributes on our elements."""
    for el in view.root.iter():
        if not isinstance(el.tag, str):
            continue
        if el.tag.startswith(SUN) and el.tag[len(SUN) :] not in SHAPES:
            known = ", ".join(SHAPES)
            yield el, "sun.unknown", f"There is no element sun:{el.tag[len(SUN) :]}; there are {known}."
        for attribute in el.attrib:
            if str(attribute).startswith(SUN):
                yield el, "sun.unknown", f"There is no attribute sun:{str(attribute)[len(SUN) :]}; use an element."


def placed(view: View) -> Iterator[Found]:
    for el, name in _ours(view):
        parent = _holder(el)
        if _shape(el, name) is None:
            where = " or ".join(dict.fromkeys(p for s in SHAPES[name] for p in s.places[:6]))
            stands = tag(parent) if parent is not None else "no extensionElements"
            yield el, "sun.place", f"sun:{name} stands in the extensionElements of {where}, not in {stands}."


def valued(view: View) -> Iterator[Found]:
    for el, name in _ours(view):
        shape = _shape(el, name)
        if shape is None:
            continue
        for attribute, value in ((str(k), str(v)) for k, v in el.attrib.items()):
            pattern = shape.attributes.get(attribute)
            if pattern is None:
                known = ", ".join(shape.attributes)
                yield el, "sun.unknown", f"sun:{name} has no attribute '{attribute}' here; it has {known}."
            elif not re.fullmatch(pattern, " ".join(value.split()), re.A):
                yield el, "sun.value", f'sun:{name} {attribute}="{value}" cannot be read.'
        for attribute in shape.needs:
            if not el.get(attribute):
                yield el, "sun.value", f"sun:{name} needs the attribute '{attribute}'."
        if shape.text and not (el.text or "").strip():
            yield el, "sun.value", f"sun:{name} is empty; write its text."


def once(view: View) -> Iterator[Found]:
    for el, name in _ours(view):
        shape = _shape(el, name)
        if shape and shape.once and any(e.tag == el.tag for e in el.itersiblings(preceding=True)):
            yield el, "sun.twice", f"sun:{name} stands here once only; delete one."


def _ours(view: View) -> Iterator[tuple[Element, str]]:
    for el in view.root.iter(*(SUN + name for name in SHAPES)):
        yield el, str(el.tag)[len(SUN) :]


def _holder(el: Element) -> Element | None:
    parent = el.getparent()
    return parent.getparent() if parent is not None and tag(parent) == "extensionElements" else None


def _shape(el: Element, name: str) -> Shape | None:
    """Return the shape that holds where `el` stands, None when it may not stand there."""
    holder = _holder(el)
    return next((s for s in SHAPES[name] if holder is not None and tag(holder) in s.places), None)


RULES = (unknown, placed, valued, once)
