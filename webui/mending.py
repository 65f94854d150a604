"""The pages of a correction: what it would do is shown before it is handed in, and again to the one who approves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.db import store
from engine.db.read import case as read_case
from engine.db.read import casefile
from engine.db.read.casefile import CaseFile
from engine.db.read.proposals import Whole
from engine.db.store import Connection
from engine.errors import Invalid, NoHand, NotFound, OwnCase, Refused, Stale, SunlitError
from engine.model import Clock, ClockKind, Item, Source
from engine.rules.cards import ITEM
from engine.rules.mending import Planned
from engine.rules.permission import held
from webui import definitions, forms, words
from webui.clocks import kind_name
from webui.errors import status_of
from webui.forms import Fault
from webui.language import gettext, pick
from webui.messages import message
from webui.roles import DESK, current_actor, current_officer, role

bp = Blueprint("mending", __name__, url_prefix="/desk/cases/<int:case_id>/correct")
MOST = 500  # characters of a reason
FILING = "case"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A clock whose days change: its name, last day before and after; `note`: what follows for an overrun."""

    name: str
    before: date
    after: date
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Changed:
    """A field with its former and its new value in words."""

    title: str
    before: str
    after: str


@bp.get("")
@role(DESK)
def choose(case_id: int) -> ResponseReturnValue:
    """Show what can be corrected; with a mark and a day, what that would do; with a form's path, its fields."""
    return _page(case_id)


@bp.post("/mark")
@role(DESK)
def propose_mark(case_id: int) -> ResponseReturnValue:
    """Propose to correct the day of a mark."""
    on = _day(request.form.get("on", ""))
    return _propose(case_id, {"mark": request.form.get("mark", ""), "on": on})


@bp.post("/entry")
@role(DESK)
def propose_entry(case_id: int) -> ResponseReturnValue:
    """Propose to correct fields of a form that was handed in."""
    path = request.form.get("path", "")
    with store.reading() as conn:
        found = _case(conn, case_id)
        source = definitions.source(conn, found.definition, found.sha256)
    filled = _newest(found, path)
    schema = _open_fields(source, path)
    values = forms.values(schema, forms.raw(schema, request.form))
    wanted = {name: values.get(name) for name in schema["properties"] if values.get(name) != filled.get(name)}
    whole = {name: value for name, value in (filled | wanted).items() if value is not None}
    if faults := forms.faults(definitions.form_schema(source, path), whole, _outcome(found, path)):
        return _page(case_id, faults=faults), 422
    return _propose(case_id, {"path": path, "fields": wanted or filled})


def facts(conn: Connection, found: Whole, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a proposal of this kind shows to the one who decides: what approval would do now."""
    case = read_case.by_id(conn, body["case"])
    if case is None:
        raise NotFound(what="case", key=str(body["case"]))
    item = definitions.item(conn, case.definition, case.sha256)
    shown: dict[str, Any] = {"case": case, "item_name": definitions.item_name(item), "trouble": "", "moved": []}
    if body["what"] == "entry":
        rules = definitions.form_schema(definitions.source(conn, case.definition, case.sha256), body["path"]) or {}
        return shown | {"form_name": _form_name(item, body["path"]), "fields": _fields(rules, body)}
    before, after = date.fromisoformat(body["from"]), date.fromisoformat(body["to"])
    shown |= {"mark": words.mark(body["mark"], store.book()), "before": before, "after": after}
    if found.waits:
        try:
            planned = _planned(conn, case.id, body["mark"], after)
            shown |= {"moved": _moved(planned), "others": _others(planned, body["mark"])}
        except SunlitError as error:
            shown |= {"trouble": message(error)}
    else:
        shown |= {"moved": [_told(each) for each in body["clocks"]]}
    return shown


def offered(case: CaseFile) -> bool:
    """Return whether the case page leads here for the officer."""
    return DESK in g.audiences and case.item_id != ITEM and not _bar(case)


def _propose(case_id: int, what: Mapping[str, Any]) -> ResponseReturnValue:
    given: dict[str, Any] = {name: request.form.get(name, "").strip()[:MOST] for name in ("reason", "evidence")}
    try:
        with store.begin(current_actor()) as ctx:
            made = commands.propose_correction(ctx, case_id, **what, **given)
    except Invalid as error:
        faults = tuple(Fault(name=f.where, message=gettext("请写上。")) for f in error.findings)
        return _page(case_id, faults=faults), status_of(error)
    except (Refused, Stale) as error:
        return _page(case_id, notice=message(error)), status_of(error)
    flash(gettext("更正提议已记下，第 %(number)d 号；由单位负责人批准后生效。", number=made))
    return redirect(url_for("window.case", case_id=case_id), 303)


def _page(case_id: int, faults: tuple[Fault, ...] = (), notice: str = "") -> str:
    asked, today = request.values, clock.local_date(clock.now())
    mark, path, on = asked.get("mark", ""), asked.get("path", ""), _day(asked.get("on", ""))
    planned: Planned | None = None
    with store.reading() as conn:
        found = _case(conn, case_id)
        item = definitions.item(conn, found.definition, found.sha256)
        source = definitions.source(conn, found.definition, found.sha256)
        bar = _bar(found)
        if mark and on and not bar and not notice:
            try:
                planned = _planned(conn, case_id, mark, on)
            except SunlitError as error:
                notice = message(error)
    book, filled = store.book(), _newest(found, path)
    schema = _open_fields(source, path)
    typed = forms.raw(schema, request.form) if request.method == "POST" else filled
    marks = sorted(found.marks.items(), key=lambda each: each[1])
    return render_template(
        "mending/correct.html",
        case=found,
        item_name=definitions.item_name(item),
        bar=bar,
        notice=notice,
        marks=[(code, words.mark(code, book), on_) for code, on_ in marks],
        mark=mark,
        mark_name=words.mark(mark, book),
        was=found.marks.get(mark),
        on=on,
        planned=planned,
        moved=_moved(planned) if planned else [],
        others=_others(planned, mark) if planned else [],
        paths=[(each, _form_name(item, each)) for each in _paths(found, item)],
        path=path if filled else "",
        form_name=_form_name(item, path),
        form=forms.form(schema, typed, faults) if filled and not bar else None,
        outcome_of=lambda code: definitions.outcome_name(source, path, code),
        faults={fault.name: fault.message for fault in reversed(faults)},
        typed={name: asked.get(name, "") for name in ("reason", "evidence")},
        today=today,
    )


def _case(conn: Connection, case_id: int) -> CaseFile:
    found = casefile.of_case(conn, current_officer(), case_id)
    if found.item_id == ITEM:
        raise NotFound(what="application", key=found.number)
    return found


def _bar(case: CaseFile) -> str:
    """Return why the officer may not propose a correction here, else empty; the command has the last word."""
    me = current_officer()
    if me.person in (case.applicant, case.agent):
        return message(OwnCase(basis="SOD-31"))
    acted = any(me.person in (act.person, act.on_behalf) for act in case.acts)
    holds = any(step.claimed_by == me.person and not step.closed_at for step in case.steps)
    if acted or holds or held(me.assignments, "acceptance", case.organ, case.item_id):
        return ""
    return message(NoHand())


def _planned(conn: Connection, case_id: int, mark: str, on: date) -> Planned:
    today = clock.local_date(clock.now())
    return commands.plan_correction(
        conn, case_id, mark=mark, on=on, book=store.book(), calendar=store.calendar(conn), today=today
    )


def _moved(planned: Planned) -> list[Moved]:
    """Return the clocks that change, with what it means for an overrun."""
    notes = dict.fromkeys(planned.late, gettext("按更正后的日期已超期，批准时记录"))
    notes |= dict.fromkeys(planned.void, gettext("原来记的超期不再成立；已发的牌由收牌人申请撤销"))
    return [
        Moved(name=_name(new), before=old.due_on, after=new.due_on, note=notes.get(new.key, ""))
        for old, new in planned.clocks
        if old.due_on != new.due_on or new.key in notes
    ]


def _others(planned: Planned, mark: str) -> list[tuple[str, date, date]]:
    book = store.book()
    return [(words.mark(name, book), *days) for name, days in planned.marks.items() if name != mark]


def _told(clock_: Mapping[str, str]) -> Moved:
    kind, _, rule = clock_["key"].partition(":")
    before, after = date.fromisoformat(clock_["from"]), date.fromisoformat(clock_["to"])
    return Moved(name=_named(ClockKind(kind), rule), before=before, after=after)


def _name(of: Clock) -> str:
    return _named(of.kind, of.key.partition(":")[2])


def _named(kind: ClockKind, rule: str) -> str:
    found = store.book().limits.get(rule)
    return f"{kind_name(kind)} · {pick(found.name, found.name_en) if found else rule}"


def _newest(case: CaseFile, path: str) -> dict[str, Any]:
    return dict(next((f.form for f in reversed(case.filled) if f.path == path), {}))


def _outcome(case: CaseFile, path: str) -> str | None:
    return next((step.outcome for step in reversed(case.steps) if step.path == path and step.closed_at), None)


def _open_fields(source: Source, path: str) -> dict[str, Any]:
    """Return the schema of a form without what has moved the flow: that is not corrected but done anew."""
    schema = dict(definitions.form_schema(source, path) or {})
    fields = {name: rule for name, rule in schema.get("properties", {}).items() if not rule.get("x-decides")}
    return schema | {"properties": fields}


def _paths(case: CaseFile, item: Item) -> list[str]:
    """Return the paths of the forms that hold something, in order."""
    return list(dict.fromkeys(f.path for f in case.filled if f.form and (f.path == FILING or f.path in item.steps)))


def _form_name(item: Item, path: str) -> str:
    return gettext("申请内容") if path == FILING else definitions.step_name(item, path)


def _fields(rules: Mapping[str, Any], body: Mapping[str, Any]) -> list[Changed]:
    properties = rules.get("properties", {})

    def said(name: str, value: Any) -> str:
        return gettext("（空）") if value in (None, "", []) else forms.shown(properties.get(name, {}), value)

    return [
        Changed(
            title=pick(properties.get(name, {}).get("title", name), properties.get(name, {}).get("title_en")),
            before=said(name, body["before"].get(name)),
            after=said(name, value),
        )
        for name, value in body["after"].items()
    ]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
