"""Findings: one small function per rule, all findings and not only the first, each with its line.

Level `model`: what keeps a file from running as BPMN. Level `item`: what keeps a running file from being an item.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.bpmn import items, tree
from engine.bpmn.check import (
    events,
    extension,
    gateways,
    limits,
    loops,
    references,
    scopes,
    structure,
    tasks,
    vendors,
)
from engine.bpmn.check.view import Found, View
from engine.errors import Finding, Invalid
from engine.model import Source

if TYPE_CHECKING:
    from engine.rules.book import Book

BEFORE_SOUNDNESS = {"start", "flow", "call", "outcome", "gateway", "name"}  # what is proven relies on these rules
MAX_MESSAGE = 600
Rule = Callable[[View], Iterator[Found]]

MODEL: tuple[Rule, ...] = (
    *structure.RULES,
    *references.RULES,
    *scopes.RULES,
    *events.RULES,
    *gateways.RULES,
    *tasks.RULES,
    *loops.RULES,
    *extension.RULES,
    *limits.RULES,
    *vendors.MODEL_RULES,
)


def check(source: Source, *, level: str, book: Book | None = None, host: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return all findings of a source and of the flows it calls, in the order of files and lines.

    `level`: model or item (both). `book`: the rules that level item compares with; without it only what needs no book.
    """
    if level not in ("model", "item"):
        raise ValueError(level)
    if large := limits.extent(source):  # before all rules: they may be quadratic
        return tuple(Finding(file=source.file, line=1, level="model", rule="bounds", message=said) for said in large)
    found: list[Finding] = []
    for view in _views(source, host, found):
        found += _findings(view, "model", MODEL)
    if level == "item":
        found += _item(source, host, book)
        if not any(f.level == "model" or f.rule.split(".")[0] in BEFORE_SOUNDNESS for f in found):
            found += [f for view in _views(source, host, []) for f in _returns(view)]
            found += _sound(source)
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda f: (f.file != source.file, f.file, f.line, f.level != "model", f.rule)))


def _item(source: Source, host: Collection[str], book: Book | None) -> list[Finding]:
    from engine.bpmn.check import forms, item  # after the model rules, which they rely on

    found: list[Finding] = []
    for view in _views(source, host, []):
        if not _readable(view):
            continue  # it, or a flow that it calls, has its findings already
        found += _findings(view, "item", item.FLOW_RULES, book)
        for file, line, rule, message in forms.forms(view):
            found.append(Finding(file=str(file), line=line, level="item", rule=rule, message=message))
    return found


def _returns(view: View) -> Iterator[Finding]:
    from engine.bpmn.check import returns  # draws diagrams

    return _findings(view, "item", returns.RULES)


def _sound(source: Source) -> list[Finding]:
    from engine.bpmn.check.soundness import prove

    return prove(items.flow(source), alone="_shared" in Path(source.file).parts).findings


def _findings(view: View, level: str, rules: Iterable[Rule], book: Book | None = None) -> Iterator[Finding]:
    view.book = book
    for rule in rules:
        for el, name, message in rule(view):
            line = el if isinstance(el, int) else tree.line_of(el)
            where = "" if isinstance(el, int) else _where(el)
            told = message if len(message) <= MAX_MESSAGE else f"{message[:MAX_MESSAGE]} ..."
            yield Finding(file=view.source.file, line=line, level=level, rule=name, message=told, where=where)


def _readable(view: View) -> bool:
    try:
        return bool(view.flow.source.xml)
    except Invalid:
        return False


def _where(el: tree.Element) -> str:
    return next((tree.ident(e) for e in (el, *el.iterancestors()) if e.get("id")), "")


def _views(
    source: Source,
    host: Collection[str],
    found: list[Finding],
    above: tuple[Source, ...] = (),
    seen: set[tuple[str, tuple[str, ...]]] | None = None,
    top: View | None = None,
) -> Iterator[View]:
    """Yield the view of each file, the called flows after their caller; one file once."""
    seen = set() if seen is None else seen
    if (key := (source.file, tuple(source.called))) in seen:
        return
    seen.add(key)
    try:
        view = View(source, above, host, top)
    except Invalid as e:
        found += e.findings
    else:
        top = top or view
        yield view
    for called in source.called.values():
        yield from _views(called, host, found, (*above, source), seen, top)
