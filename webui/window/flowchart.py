"""The diagram of a case page: which flow, what is done, open or to come in it, and the flows beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from engine.db.read.casefile import CaseFile, StepFact
from engine.model import Item, Source
from webui import definitions
from webui.language import gettext, pick


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A diagram to draw. `others`: (name, address of the page showing it) of the flows beside it."""

    url: str
    label: str
    marks: Mapping[str, Mapping[str, Any]]
    centre: str
    name: str
    others: tuple[tuple[str, str], ...]


def flow(case: CaseFile, item: Item, source: Source, step: StepFact | None, wanted: str) -> Flow:
    """Return the diagram that the step lies in, or the one asked for by the path of its call (`-`: the item's)."""
    own = step.path.rpartition("/")[0] if step else ""
    call = "" if wanted == "-" else wanted if wanted in item.calls else own
    called = item.calls.get(call, source.item)
    marks = _marks(case, item, call)
    now = [name for name, mark in marks.items() if mark["mark"] == "now"]
    inside = sorted({s.path.rpartition("/")[0] for s in case.steps} - {""})
    others = [("", pick(item.name, item.name_en))] + [(path, _call_name(item, path)) for path in inside]
    name = dict(others).get(call) or _call_name(item, call)
    where = {"step_id": step.id} if step else {"case_id": case.id}
    endpoint = "window.step" if step else "window.case"
    done = gettext("、").join(definitions.step_name(item, s.path) for s in case.steps if s.closed_at and s.outcome)
    here = gettext("、").join(definitions.step_name(item, s.path) for s in case.steps if not s.closed_at)
    return Flow(
        url=url_for("window.diagram", definition=case.definition, flow=called),
        label=gettext("流程图：已办 %(done)s；当前在 %(here)s", done=done or "—", here=here or "—"),
        marks=marks,
        centre=now[0] if now else "",
        name=name,
        others=tuple((title, url_for(endpoint, **where, flow=path or "-")) for path, title in others if path != call),  # type: ignore[arg-type]
    )


def _call_name(item: Item, path: str) -> str:
    first = next((s for p, s in item.steps.items() if p.startswith(f"{path}/")), None)
    inner = pick(first.name, first.name_en) if first else path
    return gettext("子流程：%(name)s…", name=inner)


def _marks(case: CaseFile, item: Item, call: str) -> dict[str, dict[str, Any]]:
    """Return done, now or wait for each step and call activity of one diagram, by element id."""
    prefix = f"{call}/" if call else ""
    elements: dict[str, list[StepFact]] = {}
    for path in [*item.steps, *item.calls]:
        if path.startswith(prefix):
            elements.setdefault(path.removeprefix(prefix).partition("/")[0], [])
    for step in case.steps:
        if step.path.startswith(prefix):
            elements.setdefault(step.path.removeprefix(prefix).partition("/")[0], []).append(step)
    found = {}
    for element, steps in elements.items():
        if any(step.closed_at is None for step in steps):
            found[element] = {"mark": "now", "badge": gettext("在这里"), "tone": "tok", "at": {"top": -25, "left": 22}}
        else:
            found[element] = {"mark": "done" if steps else "wait"}
    return found
