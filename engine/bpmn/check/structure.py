"""Model rules on the file as a whole: schema, ids, processes, elements without a meaning for us."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import tree
from engine.bpmn.check.view import NO_MEANING, Found, View
from engine.bpmn.tree import MODEL, children, ident, tag

BASE = "{http://www.w3.org/XML/1998/namespace}base"
SPELT = (
    "conditionExpression", "condition", "loopCondition", "completionCondition", "loopCardinality", "timeDate",
    "timeDuration", "timeCycle", "loopDataInputRef", "activationCondition", "script",
)  # fmt: skip
BESIDE = (
    "sequenceFlow", "dataObject", "dataObjectReference", "dataStoreReference", "association", "group", "textAnnotation",
    "documentation", "extensionElements", "auditing", "monitoring", "property", "laneSet", "ioSpecification",
    "ioBinding", "supports", "resourceRole", "performer", "humanPerformer", "potentialOwner", "correlationSubscription",
    "supportedInterfaceRef", "categoryValueRef", "incoming", "outgoing", "dataInputAssociation",
    "dataOutputAssociation", "standardLoopCharacteristics", "multiInstanceLoopCharacteristics",
)  # fmt: skip


def schema(view: View) -> Iterator[Found]:
    for line, message in tree.schema_errors(view.raw):
        yield line, "schema", f"BPMN 2.0 does not allow this: {message}"


def ids(view: View) -> Iterator[Found]:
    seen: dict[str, int] = {}
    for el in view.raw.iter():
        if tag(el) and el.get("id"):
            if ident(el) in seen:
                yield el, "id.twice", f"The id '{ident(el)}' is used in line {seen[ident(el)]} already; give another."
            seen.setdefault(ident(el), tree.line_of(el))
        elif tag(el) in tree.NODES:
            yield el, "id.missing", f"This {tag(el)} has no id; give it one."


def process(view: View) -> Iterator[Found]:
    if not children(view.root, "process"):
        yield view.root, "process.none", "The file holds no process; draw one."
    elif not tree.processes(view.root):
        yield children(view.root, "process")[0], "process.none", 'No process is executable; set isExecutable="true".'


def meaning(view: View) -> Iterator[Found]:
    """Each element of a flow is one that runs, or that changes nothing."""
    for el in view.root.iter():
        if tag(el) in NO_MEANING:
            yield el, "unsupported", NO_MEANING[tag(el)]
    for scope in view.scopes:
        for el in scope.el:
            if tag(el) and tag(el) not in (*tree.NODES, *BESIDE, *NO_MEANING):
                yield el, "unsupported", f"A {tag(el)} is not executed; draw what it does with tasks and events."


def types(view: View) -> Iterator[Found]:
    """An element is what its name says: xsi:type may only say that an expression is formal."""
    for el in view.raw.iter(MODEL + "*"):
        named = (el.get(tree.XSI + "type") or "").split(":")[-1].strip()
        if named and named not in ("tExpression", "tFormalExpression"):
            yield el, "type", f"xsi:type makes a {named} of this {tag(el)}; write the element itself."
        if el.get(tree.XSI + "nil") is not None or el.get(BASE) is not None:
            yield el, "type", "xsi:nil and xml:base are not read; delete them."


def mixed(view: View) -> Iterator[Found]:
    """An expression is one text: behind an element inside of it, a part would be lost."""
    for el in view.raw.iter(*(MODEL + name for name in SPELT)):
        if any((c.tail or "").strip() for c in el):
            yield el, "expression", f"The text of this {tag(el)} is cut in parts by elements; write it in one."


def languages(view: View) -> Iterator[Found]:
    said = (view.raw.get("expressionLanguage") or "").strip()
    if said and not said.endswith("/XPath") and not _ours(said):  # XPath is the schema's default, and means nothing
        yield view.raw, "expression", f"Expressions in the language '{said}' are not read; see processes/README.md."
    for el in view.raw.iter(*(MODEL + name for name in SPELT)):
        if not _ours(el.get("language") or ""):
            yield (
                el,
                "expression",
                f"An expression in the language '{el.get('language')}' is not read; write it as ours.",
            )


def data(view: View) -> Iterator[Found]:
    """Data associations that calculate, and messages that are told apart by their contents."""
    for scope in view.scopes:
        for el in scope.el.iter(MODEL + "assignment", MODEL + "transformation"):
            yield el, "unsupported", f"An {tag(el)} of data is not executed; decide by form fields and outcomes."
        for el in children(scope.el, "correlationSubscription"):
            yield el, "unsupported", "Messages are correlated by case, not by their contents; delete the subscription."


def _ours(language: str) -> bool:
    return language.strip().lower().rsplit("/", 1)[-1] in ("", "juel", "uel", "el", "sunlit")


RULES = (schema, ids, process, meaning, types, mixed, languages, data)
