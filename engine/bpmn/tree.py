"""Bytes to a checked tree of BPMN XML, and the small questions that readers and rules ask of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import SpiffWorkflow
from lxml import etree
from lxml.etree import _Element

from engine.errors import Finding, Invalid

Element = _Element
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SUN = "{urn:sunlit:bpmn:1}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
VENDORS = {
    "{http://camunda.org/schema/1.0/bpmn}": "camunda",
    "{http://activiti.org/bpmn}": "activiti",
    "{http://flowable.org/bpmn}": "flowable",
}
MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_ATTRIBUTES, MAX_NAMESPACES = 1_000_000, 60, 40_000, 40, 2000
MAX_VALUE, MAX_ID = 100_000, 250  # characters of a text or attribute; of an id

TASKS = frozenset(
    {
        "task", "userTask", "manualTask", "scriptTask", "sendTask", "receiveTask", "serviceTask", "businessRuleTask",
        "subProcess", "transaction", "callActivity",
    }
)  # fmt: skip
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
SCOPES = ("process", "subProcess", "transaction")
NODES = TASKS | GATEWAYS | EVENTS
BOOLEANS = (
    "isExecutable", "isInterrupting", "cancelActivity", "parallelMultiple", "triggeredByEvent", "instantiate",
    "isForCompensation", "isSequential", "testBefore", "waitForCompletion",
)  # fmt: skip
REFERRING = (
    "id", "sourceRef", "targetRef", "default", "attachedToRef", "calledElement", "messageRef", "signalRef", "errorRef",
    "escalationRef", "activityRef", "operationRef", "processRef", "dataObjectRef",
)  # fmt: skip
XSD_BOOLEAN = {"1": "true", "0": "false"}

_prolog = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?\?>|<!--.*?-->)*", re.S)
_encoding = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)")
_validating = Lock()


def parse(data: bytes, file: str) -> Element:
    """Return the root of a BPMN file: UTF-8, no DOCTYPE, no entity, no processing instruction, bounded all round.

    Raises:
        Invalid: one finding, for what could not be read at all.
    """
    if len(data) > MAX_BYTES:
        raise refusal(file, 1, "size", f"The file is larger than {MAX_BYTES} bytes; draw a smaller flow.")
    try:
        wide = "\0" in data.decode("utf-8-sig")  # of UTF-16 and UTF-32, whose letters are UTF-8, too
    except UnicodeDecodeError:
        wide = True
    if wide:
        raise refusal(file, 1, "encoding", "The file is not UTF-8; save it as UTF-8.")
    declared = _encoding.match(data)
    if declared and declared[1].lower() not in (b"utf-8", b"ascii", b"us-ascii"):
        raise refusal(file, 1, "encoding", f"The file declares {declared[1].decode()}; save it as UTF-8.")
    prolog = _prolog.match(data)
    at = prolog.end() if prolog else 0
    if data[at : at + 9].upper() == b"<!DOCTYPE":
        line = data.count(b"\n", 0, at) + 1
        raise refusal(file, line, "doctype", "A DOCTYPE is not allowed; delete it.")
    if data.count(b"xmlns") > MAX_NAMESPACES:
        raise refusal(
            file, 1, "bounds", f"More than {MAX_NAMESPACES} namespace declarations; declare them at the root."
        )
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as e:
        raise refusal(file, e.lineno or 1, "xml", f"This is not well-formed XML: {e.msg}.")
    if root.getroottree().docinfo.internalDTD is not None:
        raise refusal(file, 1, "doctype", "A DOCTYPE is not allowed; delete it.")
    _bound(root, file)
    if root.tag != MODEL + "definitions":
        raise refusal(file, line_of(root), "root", "The root is not bpmn:definitions: no BPMN 2.0 file.")
    return root


def _bound(root: Element, file: str) -> None:
    todo, count, copies = [(root, 1)], 0, Counter[str]()
    around = [*root.itersiblings(), *root.itersiblings(preceding=True)]
    while todo:
        el, depth = todo.pop()
        count += 1
        if count > MAX_NODES or depth > MAX_DEPTH or len(el.attrib) > MAX_ATTRIBUTES:
            raise refusal(file, line_of(el), "bounds", "Too many elements, nested too deep, or too many attributes.")
        if any(len(v or "") > MAX_VALUE for v in (el.text, el.tail, *el.attrib.values())):
            raise refusal(file, line_of(el), "bounds", f"A text of more than {MAX_VALUE} characters; shorten it.")
        if len(ident(el)) > MAX_ID:
            raise refusal(file, line_of(el), "bounds", f"An id of more than {MAX_ID} characters; give a shorter one.")
        copies[local(el.text) if tag(el) == "eventDefinitionRef" else ""] += 1
        todo += [(child, depth + 1) for child in el]
        if not isinstance(el.tag, str):
            around.append(el)
    for el in around:
        if not isinstance(el.tag, str):
            raise refusal(file, line_of(el), "instruction", "Processing instructions and entities are not allowed.")
    shared = sum(copies[ident(el)] * len(etree.tostring(el)) for el in root if copies[ident(el)] and ident(el))
    if shared > MAX_BYTES:
        raise refusal(
            file, line_of(root), "bounds", "Event definitions of the root are referred to too often; draw fewer."
        )


def refusal(file: str, line: int, rule: str, message: str) -> Invalid:
    return Invalid(findings=(Finding(file=file, line=line, level="model", rule=rule, message=message),))


def schema_errors(root: Element) -> list[tuple[int, str]]:
    """Return (line, message) of what the BPMN 2.0 schema, which the library ships, does not allow. At most 20."""
    schema = _schema()
    with _validating:
        if schema.validate(root):
            return []
        errors: Iterable[Any] = schema.error_log  # type: ignore[assignment] # iterable, say the stubs not
        return [(e.line, re.sub(r"\{[^}]*\}", "", e.message)) for e in errors][:20]


@lru_cache(1)
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(Path(str(SpiffWorkflow.__file__)).parent / "bpmn/parser/schema/BPMN20.xsd")))


def normalise(root: Element) -> Element:
    """In place: truth values and references as the schema reads them (1 is true, blanks around a name mean nothing),
    ids for flows that lack one, eventDefinitionRef resolved, an errorRef that is the code itself named.

    Mends: the library drops flows without ids.
    """
    for el in root.iter(MODEL + "*"):
        for name, value in [(str(k), str(v).strip()) for k, v in el.attrib.items()]:
            if name in BOOLEANS:
                el.set(name, XSD_BOOLEAN.get(value, value))
            elif name in REFERRING:
                el.set(name, value)
    for n, el in enumerate(root.iter(MODEL + "sequenceFlow")):
        if not el.get("id"):
            el.set("id", f"#flow-{n}")
    named = {el.get("id"): el for el in root if tag(el).endswith("EventDefinition")}
    for ref in list(root.iter(MODEL + "eventDefinitionRef")):
        definition, parent = named.get(local(ref.text)), ref.getparent()
        if definition is not None and parent is not None:
            new = deepcopy(definition)
            if "id" in new.attrib:
                del new.attrib["id"]
            new.tail = None
            parent.replace(ref, new)
    codes = {el.get("id") for el in root.iter(MODEL + "*")}
    for el in root.iter(MODEL + "errorEventDefinition"):  # Camunda and Activiti
        code = el.get("errorRef")
        if code and local(code) not in codes:
            codes.add(code)
            etree.SubElement(root, MODEL + "error", id=code, errorCode=code)
    return root


def tag(el: Element) -> str:
    """Return the name of a BPMN element, empty for others."""
    return el.tag[len(MODEL) :] if isinstance(el.tag, str) and el.tag.startswith(MODEL) else ""


def ident(el: Element) -> str:
    return el.get("id") or ""


def line_of(el: Element) -> int:
    line: Any = el.sourceline
    return int(line or 1)


def children(el: Element, *names: str) -> list[Element]:
    return [c for c in el if tag(c) in names]


def nodes(scope: Element) -> list[Element]:
    return [c for c in scope if tag(c) in NODES]


def text(el: Element, name: str) -> str:
    """Return the text of the first child of that name, empty when there is none."""
    found = children(el, name)
    return (found[0].text or "").strip() if found else ""


def local(qname: str | None) -> str:
    """References are QNames in the schema; modellers write ids, sometimes with a prefix."""
    return (qname or "").strip().split(":")[-1]


def kinds(event: Element) -> list[str]:
    """Return the kinds of an event's definitions: message, timer, ..."""
    return [tag(d)[: -len("EventDefinition")] for d in event if tag(d).endswith("EventDefinition")]


def vendor(el: Element, name: str) -> str:
    """Return an attribute that Camunda, Activiti or Flowable write, empty when absent."""
    return next((v.strip() for ns in VENDORS if (v := el.get(ns + name)) is not None), "")


def sun(el: Element, name: str) -> list[Element]:
    """Return the extension elements of our namespace of that name."""
    return [e for x in children(el, "extensionElements") for e in x if e.tag == SUN + name]


def processes(root: Element) -> list[Element]:
    """Return the executable processes; the first is the flow, the others can be called by it.

    A process that does not say whether it is executable counts as executable, behind those that say so.
    """
    found = children(root, "process")
    said = {p: XSD_BOOLEAN.get(v, v) for p in found for v in [(p.get("isExecutable") or "").strip()]}
    called = {local(c.get("calledElement")) for p in found for c in p.iter(MODEL + "callActivity")}
    return sorted((p for p in found if said[p] in ("true", "")), key=lambda p: (said[p] == "", ident(p) in called))


def running(root: Element) -> list[Element]:
    """Return the executable processes and those that they call; all, where none is executable.

    The other pools of a collaboration are drawn for people: black boxes, and processes that say they are not executed.
    """
    found = children(root, "process")
    taken = processes(root)
    for p in taken:  # grows
        called = {local(c.get("calledElement")) for c in p.iter(MODEL + "callActivity")}
        taken += [q for q in found if ident(q) in called and q not in taken]
    return [p for p in found if p in taken] or found


def scopes(process: Element) -> Iterator[Element]:
    """Yield the process and the sub-processes in it."""
    yield from process.iter(*(MODEL + s for s in SCOPES))


def words(el: Element) -> tuple[str, ...]:
    """Return what a script or service task asks of the host."""
    if tag(el) == "scriptTask":
        return tuple(text(el, "script").split())
    named = (vendor(el, a) for a in ("expression", "class", "delegateExpression", "topic", "type"))
    own = el.get("implementation") or ""
    return tuple(w for w in [next((n for n in named if n), "" if own.startswith("##") else own)] if w)
