"""Model rules on the file as a whole: schema, ids, processes, elements without a meaning for us."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import tree
from engine.bpmn.check.view import NO_MEANING, Found, View
from engine.bpmn.tree import children, ident, tag


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
    for el in view.root.iter():
        if tag(el) in NO_MEANING:
            yield el, "unsupported", NO_MEANING[tag(el)]


RULES = (schema, ids, process, meaning)
