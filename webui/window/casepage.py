"""What the page of a case or step draws: head with clocks, diagram, facts, materials, form, side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from engine.db import store
from engine.db.read import cards, documents, people
from engine.db.read import intake as drafts
from engine.db.read.casefile import CaseFile, StepFact
from engine.db.read.people import Officer
from engine.db.store import Connection
from engine.errors import CaseInFault
from engine.model import Clock, ClockKind, Item, Source, Step
from engine.rules.correcting import DEFECTS, Written, came, newest
from engine.rules.halting import halting
from engine.rules.signatures import has_signed
from webui import cardlines, cardpage, definitions, forms, mending, proposed, stops, words
from webui.clocks import Face, face, kind_name
from webui.forms import Fault, Form
from webui.language import gettext, pick
from webui.masks import masked_value
from webui.messages import message
from webui.outcomes import FORBIDDING
from webui.window import filing, raising, timeline

KINDS = {ClockKind.STEP: 0, ClockKind.PROMISE: 1, ClockKind.STATUTE: 2}
MOST_CLOCKS = 3


@dataclass(frozen=True, kw_only=True)
class Fact:
    title: str
    value: str
    hidden: bool


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A diagram to draw. `others`: (name, address of the page showing it) of the flows beside it."""

    url: str
    label: str
    marks: Mapping[str, Mapping[str, Any]]
    centre: str
    name: str
    others: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Button:
    """An outcome as a button. `plain`: not the first, ordinary way."""

    code: str
    title: str
    first: bool
    forbids: bool


def facts(source: Source, case: CaseFile, whole: bool) -> list[tuple[str, list[Fact]]]:
    """Return what was filled in: (title of the group, facts). Personal fields are masked unless `whole`."""
    schema, filed = definitions.form_schema(source, "case") or {}, case.filing
    if filed is None:
        return []
    groups = schema.get("x-groups", {})
    found: dict[str, list[Fact]] = {}
    for name, rule in schema.get("properties", {}).items():
        if name in filed.form:
            group = rule.get("x-group", "")
            title = pick(groups[group].get("title", ""), groups[group].get("title_en")) if group in groups else ""
            found.setdefault(title, []).append(_fact(name, rule, filed.form[name], whole))
    return list(found.items())


def findings(source: Source, item: Item, case: CaseFile, whole: bool) -> list[tuple[str, list[Fact]]]:
    """Return what earlier steps filled in: (step and officer, facts)."""
    found = []
    for filled in case.filled:
        rules = (definitions.form_schema(source, filled.path) or {}).get("properties", {})
        shown = [_fact(n, rule, filled.form[n], whole) for n, rule in rules.items() if n in filled.form]
        if filled.path != "case" and shown:
            name = timeline.who_acted(case, filled.person)
            found.append((f"{definitions.step_name(item, filled.path)} · {name}", shown))
    return found


def to_answer(case: CaseFile, item: Item) -> dict[str, Sequence[str]]:
    """Return the lines that a form can ask about one by one: what the newest notice asked for, and what came since."""
    written = [Written(path=f.path, at=f.at, form=f.form) for f in case.filled]
    notice = newest(written, item.steps)
    return {"asked": notice.form[DEFECTS] if notice else (), "supplied": came(written, item.steps)}


def _fact(name: str, rule: Mapping[str, Any], value: Any, whole: bool) -> Fact:
    hidden = bool(rule.get("x-personal")) and not whole
    title = pick(rule.get("title", name), rule.get("title_en"))
    return Fact(title=title, value=masked_value(value) if hidden else forms.shown(rule, value), hidden=hidden)


def clocks(conn: Connection, case: CaseFile, item: Item, step: StepFact | None, today: date) -> list[Face]:
    """Return the faces of the step's own clock, the promise and the statutes: running ones first."""
    book, calendar = store.book(), store.calendar(conn)

    def shows(c: Clock) -> bool:
        return c.step is None or (step is not None and c.step == step.id)

    def name(c: Clock) -> str:
        if c.kind is ClockKind.STEP and step is not None:
            return f"{kind_name(c.kind)} · {definitions.step_name(item, step.path)}"
        rule = book.limits.get(c.rule)
        if c.kind is ClockKind.STATUTE and rule:
            return f"{kind_name(c.kind)} · {pick(rule.name, rule.name_en)}"
        return kind_name(c.kind)

    chosen = sorted(filter(shows, case.clocks), key=lambda c: (c.ended_on is not None, KINDS[c.kind], c.due_on))
    return [
        face(clock, halting(clock, case.stops, book.limits), calendar, book.thresholds, today, name(clock))
        for clock in chosen[:MOST_CLOCKS]
    ]


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


def buttons(source: Source, step: Step) -> list[Button]:
    """Return the outcomes of a step as buttons; the first one is the ordinary way."""
    codes = step.outcomes or ("done",)
    return [
        Button(
            code=code,
            title=definitions.outcome_name(source, step.path, code),
            first=i == 0,
            forbids=code in FORBIDDING,
        )
        for i, code in enumerate(codes)
    ]


def model(
    conn: Connection,
    officer: Officer,
    case: CaseFile,
    step: StepFact | None,
    today: date,
    wanted: str,
    typed: Mapping[str, Any] | None = None,
    faults: tuple[Fault, ...] = (),
) -> dict[str, Any]:
    """Return everything that the template asks for. `typed`: what was just sent; else the draft is shown."""
    book = store.book()
    item = definitions.item(conn, case.definition, case.sha256)
    source = definitions.source(conn, case.definition, case.sha256)
    live = step is not None and step.closed_at is None and case.closed_at is None
    mine = live and step is not None and step.claimed_by == officer.person
    refusal = timeline.refusal(case, item, book, step, officer) if live and step else None
    bar = CaseInFault() if case.fault else refusal
    posts = {s.post for s in case.steps if s.closed_at is None} | {s.post for s in timeline.following(case, item)}
    posts |= {case.card.post} if case.card else set()
    holders = people.holders(conn, posts, today)
    every = people.assignments(conn, {h.person for h in holders}, today)
    kept = drafts.step_draft(conn, officer.person, step.id) if mine and step else None
    shown = typed if typed is not None else kept.body if kept else {}
    form: Form | None = None
    if step is not None and mine:
        schema = definitions.form_schema(source, step.path)
        form = forms.form(schema, shown.get("form", {}), faults, to_answer(case, item))
    declared = item.steps.get(step.path) if step else None
    holder = case.people.get(step.claimed_by) if step and step.claimed_by else None
    asking = cardlines.asking(officer)
    return {
        "case": case,
        "step": step,
        "item": item,
        "item_name": definitions.item_name(item),
        "step_name": definitions.step_name(item, step.path) if step else "",
        "end_name": definitions.end_name(item, case.result),
        "declared": declared,
        "documents": documents.of_case(conn, case.id),
        "risk": _risk(declared),
        "clocks": clocks(conn, case, item, step, today),
        "flow": flow(case, item, source, step, wanted),
        "facts": facts(source, case, mine),
        "findings": findings(source, item, case, mine),
        "materials": filing.materials(source, case.filing.materials if case.filing else (), case.files),
        "moments": timeline.moments(case, item, source, book, holders, every, officer.person, today),
        "live": live,
        "mine": mine,
        "bar": message(bar) if bar else "",
        "fault": proposed.fault_words(conn, case) if case.fault else None,
        "signed": live and not case.fault and step is not None and has_signed(officer.person, case.acts, step.id),
        "holder": pick(holder.name, holder.name_en) if holder else "",
        "form": form,
        "faults": {f.name: f.message for f in reversed(faults)},
        "buttons": buttons(source, declared) if declared else [],
        "opinion": shown.get("opinion", officer.phrase if mine else ""),
        "saved_at": kept.saved_at if kept else None,
        "outcome_of": lambda code: definitions.outcome_name(source, step.path if step else "", code),
        "organ": pick(case.organs[case.organ].name, case.organs[case.organ].name_en),
        "requests": raising.requests(conn, officer, case, item, today),
        "standstills": stops.running(case.stops, book, today) if case.closed_at is None else [],
        "may_withdraw": case.closed_at is None and "decided" not in case.marks and _accepts(officer),
        "may_correct": mending.offered(case),
        "may_reissue": _accepts(officer),
        "marked": cards.badges(conn, asking, [case.id]).get(case.id, []),
        "shown": cardpage.model(conn, asking, case.number, today) if case.item_id == cardlines.ITEM else None,
        "words": words,
    }


def _risk(declared: Step | None) -> str:
    """Return the gravest level of the step's risks, in words."""
    levels = {r.level for r in declared.risks} if declared else set()
    words = {"high": gettext("高"), "medium": gettext("中"), "low": gettext("低")}
    return next((word for level, word in words.items() if level in levels), "")


def _accepts(officer: Officer) -> bool:
    return any(a.post == "acceptance" for a in officer.assignments)
