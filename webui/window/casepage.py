"""What the page of a case or step draws: head with clocks, diagram, facts, materials, form, side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.db import store
from engine.db.read import cards, documents, people, signers
from engine.db.read import intake as drafts
from engine.db.read.casefile import CaseFile, StepFact
from engine.db.read.people import Officer
from engine.db.store import Connection
from engine.errors import CaseInFault, SunlitError
from engine.model import Clock, ClockKind, Item, Source, Step
from engine.rules.correcting import DEFECTS, Written, came, newest, standing
from engine.rules.halting import halting
from engine.rules.signatures import has_signed
from webui import cardlines, cardpage, definitions, forms, mending, proposed, stops, words
from webui.clocks import Face, face, kind_name
from webui.forms import Fault, Form
from webui.language import pick
from webui.masks import masked_value
from webui.messages import message
from webui.outcomes import FORBIDDING
from webui.window import done, filing, flowchart, raising, timeline, ways
from webui.window.able import Able, able
from webui.window.several import several

KINDS = {ClockKind.STEP: 0, ClockKind.PROMISE: 1, ClockKind.STATUTE: 2}
MOST_CLOCKS = 3


@dataclass(frozen=True, kw_only=True)
class Fact:
    title: str
    value: str
    hidden: bool


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
            name = done.who_acted(case, filled.person)
            found.append((f"{definitions.step_name(item, filled.path)} · {name}", shown))
    return found


def to_answer(case: CaseFile, item: Item) -> dict[str, Sequence[str]]:
    """Return the lines that a form can ask about one by one: what the newest notice asked for, and what came since."""
    written = standing(Written(id=f.id, path=f.path, at=f.at, form=f.form, corrects=f.corrects) for f in case.filled)
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
    tried: ways.Tried | None = None,
) -> dict[str, Any]:
    """Return everything that the template asks for. `typed`: what was just sent; else the draft is shown.

    `tried`: an office action that was refused just now.
    """
    book = store.book()
    item = definitions.item(conn, case.definition, case.sha256)
    source = definitions.source(conn, case.definition, case.sha256)
    case = done.veiled(case, item, officer.person)
    live = step is not None and step.closed_at is None and case.closed_at is None
    declared = item.steps.get(step.path) if step else None
    found = able(conn, case, item, today)
    asks = signers.of_step(conn, step.id) if step else ()
    together = several(case, step, declared, asks, found, officer) if live and step and declared else None
    mine = live and step is not None and step.claimed_by == officer.person
    mine = mine or (together is not None and together.presides)
    bar = _bar(case, item, step, officer, found) if live and step else None
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
    holder = case.people.get(step.claimed_by) if step and step.claimed_by else None
    asking = cardlines.asking(officer)
    here = step.id if step else 0
    return {
        "case": case,
        "step": step,
        "item": item,
        "item_name": definitions.item_name(item),
        "step_name": definitions.step_name(item, step.path) if step else "",
        "end_name": definitions.end_name(item, case.result),
        "declared": declared,
        "documents": documents.of_case(conn, case.id),
        "risk": words.risk(declared),
        "clocks": clocks(conn, case, item, step, today),
        "flow": flowchart.flow(case, item, source, step, wanted),
        "facts": facts(source, case, mine),
        "findings": findings(source, item, case, mine),
        "materials": filing.materials(source, case.filing.materials if case.filing else (), case.files),
        "moments": timeline.moments(case, item, source, book, holders, every, found, officer.person, here, today),
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
        "several": together,
        "ways": _ways(conn, officer, case, item, step, asks, found, today),
        "tried": tried,
    }


def _bar(case: CaseFile, item: Item, step: StepFact, officer: Officer, found: Able) -> SunlitError | None:
    """Return why the officer may not act on an open step, or None."""
    if case.fault:
        return CaseInFault()
    if any(each.person == officer.person for each in found.of(step.id)):
        return found.refusal(step.id, officer.person)
    return timeline.refusal(case, item, store.book(), step, officer)


def _ways(
    conn: Connection,
    officer: Officer,
    case: CaseFile,
    item: Item,
    step: StepFact | None,
    asks: Sequence[signers.Asked],
    found: Able,
    today: date,
) -> list[ways.Way]:
    if step is None:
        return [] if case.card else ways.copying(conn, officer, today)
    return ways.of_step(
        ways.Scene(conn=conn, officer=officer, case=case, step=step, of=item, asks=asks, able=found, today=today)
    )


def _accepts(officer: Officer) -> bool:
    return any(a.post == "acceptance" for a in officer.assignments)
