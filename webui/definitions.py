"""The definitions that pages draw names, forms and diagrams from; read once a process by the commands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands import cases
from engine.db.store import Connection
from engine.model import Item, Source
from engine.rules.separation import FILING
from webui.language import gettext, pick
from webui.outcomes import outcome


def item(conn: Connection, definition: int, sha256: str) -> Item:
    """Return what a definition declares."""
    return cases.definition(conn, definition, sha256).program.item


def source(conn: Connection, definition: int, sha256: str) -> Source:
    """Return the files of a definition."""
    return cases.definition(conn, definition, sha256).source


def step_name(of: Item, path: str) -> str:
    """Return a step's name in the page's language; the path when the definition does not know it."""
    step = of.steps.get(path)
    return pick(step.name, step.name_en) if step else path


def act_names(of: Item) -> dict[str, str]:
    """Return the names of what can be done in a case, by path: its steps, and the filing."""
    return {FILING: gettext("收件"), **{path: step_name(of, path) for path in of.steps}}


def element_name(conn: Connection, definition: int, sha256: str, path: str) -> str:
    """Return the name of an element of any kind in the page's language; its path where it has none."""
    return pick(*cases.element(conn, definition, sha256, path)) or path if path else ""


def item_name(of: Item) -> str:
    """Return the item's name in the page's language."""
    return pick(of.name, of.name_en)


def end_name(of: Item, end: str | None) -> str:
    """Return the name of the end that a case reached."""
    return pick(of.ends.get(end or "", ""), of.ends_en.get(end or ""))


def form_schema(of: Source, path: str) -> Mapping[str, Any] | None:
    """Return the schema of a form: `case`, or a step's path; forms of called flows stand under `<call>/<step>`."""
    found: Mapping[str, Any] | None = of.forms.get(path)
    return found


def outcome_name(of: Source, path: str, code: str | None) -> str:
    """Return what a form calls an outcome of its step, else the common word for it."""
    named = (form_schema(of, path) or {}).get("x-outcomes", {}).get(code or "", {})
    return pick(named.get("title", ""), named.get("title_en")) or outcome(code)


def materials(of: Source) -> list[Mapping[str, Any]]:
    """Return the item's materials: code, name, name_en, source (applicant | shared), required."""
    return list(of.facts.get("material", ()))


def flow_xml(of: Source, flow: str) -> bytes | None:
    """Return the BPMN file of the item itself (`flow` is its id) or of a flow that it calls."""
    if flow == of.item:
        return of.xml
    for called in of.called.values():
        if (xml := flow_xml(called, flow)) is not None:
            return xml
    return None
