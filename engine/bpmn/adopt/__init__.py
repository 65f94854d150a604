"""Another engine's file as one of ours, for the designer to finish: what has a meaning is mapped, the rest is told.

What would run otherwise here than there (code, listeners, mappings) stays in the file, so the check refuses it until
somebody has drawn what it did. The diagram, and all that is not a vendor's, stays as it is; adopting twice changes
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.bpmn import tree
from engine.bpmn.adopt import conditions, forms, words
from engine.bpmn.adopt.notes import Note, Notes
from engine.bpmn.check import limits
from engine.bpmn.tree import Element
from engine.model import Source

DECLARED = b'<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """`flow`: the new file; `forms`: form.json; `done`, `left`: what was mapped, what a person has to do, by line."""

    flow: bytes
    forms: Mapping[str, Any]
    done: tuple[Note, ...]
    left: tuple[Note, ...]


def adopt(xml: bytes, file: str, posts: Mapping[str, str], there: Mapping[str, Any] | None = None) -> Adopted:
    """Return the mapped file. `posts`: code -> name of the posts that there are; `there`: forms that it has already.

    Raises:
        Invalid: the file cannot be read at all, or is too large.
    """
    tree.parse(xml, file)
    if large := limits.extent(Source(item="", file=file, xml=xml, forms={}, facts={})):
        raise tree.refusal(file, 1, "bounds", large[0])
    root, notes = _editable(xml), Notes()
    made = forms.of(root, there or {}, notes)
    conditions.respell(root, made, notes)
    words.map_steps(root, posts, notes)
    words.map_collections(root, notes)
    words.take_out(root, notes)
    if not notes.changed:
        return Adopted(flow=xml, forms=made, done=(), left=notes.sorted_left)
    etree.cleanup_namespaces(root, top_nsmap={"sun": tree.SUN[1:-1]}, keep_ns_prefixes=_kept(root))
    for extensions in root.iter(tree.MODEL + "extensionElements"):
        if any(str(e.tag).startswith(tree.SUN) for e in extensions):
            _indent(extensions)
    flow = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=False)
    return Adopted(flow=DECLARED + flow + b"\n", forms=made, done=notes.sorted_done, left=notes.sorted_left)


def _editable(xml: bytes) -> Element:
    """The tree with its comments; `tree.parse` has refused what is dangerous."""
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(xml, parser)


def _indent(extensions: Element) -> None:
    """Lay out what was added, where the file is laid out by lines."""
    parent, level = extensions.getparent(), sum(1 for _ in extensions.iterancestors())
    if parent is None or "\n" not in (parent.text or ""):
        return
    etree.indent(extensions, level=level)
    depth = level if extensions.getnext() is not None else level - 1
    extensions.tail = "\n" + "  " * depth


def _kept(root: Element) -> list[str]:
    """Prefixes may stand in values, too; only those of vendors are dropped when nothing uses them any more."""
    spaces = {(prefix, uri) for el in root.iter() if isinstance(el.tag, str) for prefix, uri in el.nsmap.items()}
    return [prefix for prefix, uri in spaces if prefix and f"{{{uri}}}" not in tree.VENDORS]
