"""The monitor's pages: the live board, a case with its steps and diagram, and its ledger of days."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock
from engine.db import store
from engine.db.read import audit as traces
from engine.db.read import board as boards
from engine.db.read import cards, choices
from engine.db.read import case as cases
from engine.db.read import documents as papers
from engine.db.read.board import PAGE, Filter, Row
from engine.db.read.case import Case, CaseStep
from engine.db.store import Connection
from engine.errors import NotFound
from engine.model import RUNNING, CaseState, ClockKind, Item, Lamp
from engine.rules import lamps, limits
from engine.rules.book import Book
from engine.rules.halting import halting
from engine.rules.workdays import WorkCalendar
from webui import definitions, ledger, outcomes, proposed, standing, stops, trail, words
from webui.cardlines import asking
from webui.clocks import LAMPS, Face, face
from webui.language import chosen, gettext
from webui.roles import AUDIT, DESK, MONITOR, current_officer, role

bp = Blueprint("monitor", __name__)
STATES = (CaseState.OPEN, CaseState.FAULT, CaseState.CLOSED, CaseState.WITHDRAWN)


@bp.get("/monitor")
@role(MONITOR, AUDIT)
def board() -> ResponseReturnValue:
    """Show what is open and how urgent it is. An htmx request that has the present version is answered 304."""
    wanted, now = _filter(request.args), clock.now()
    today = clock.local_date(now)
    with store.reading() as conn:
        tag = _tag(boards.version(conn), today.isoformat(), chosen(), request.query_string.decode())
        if tag in request.if_none_match:
            return Response(status=304)
        found = _board(conn, wanted)
    etag = f'"{tag}"'
    response = make_response(
        render_template(
            "monitor/board.html",
            wanted=wanted,
            etag=etag,
            link=_link,
            page_link=lambda page: _link(wanted, lamp=wanted.lamp, page=page),
            lamps=LAMPS,
            definitions=definitions,
            outcomes=outcomes,
            **found,
        )
    )
    response.headers["ETag"] = etag
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def _board(conn: Connection, wanted: Filter) -> dict[str, Any]:
    today = clock.local_date(clock.now())
    total, calendar, book = boards.listed(conn, wanted, today), store.calendar(conn), store.book()
    bars, listed = boards.bars(conn, today), boards.rows(conn, wanted, today)
    return {
        "running": wanted.state in RUNNING,
        "counts": boards.counts(conn, wanted, today),
        "rows": [
            (row, definitions.item(conn, row.definition, row.sha256), _faces(row, calendar, book)) for row in listed
        ],
        "marked": cards.badges(conn, asking(current_officer()), [row.id for row in listed]),
        "total": total,
        "pages": -(-total // PAGE),
        "bars": bars,
        "widest": max((bar.total for bar in bars), default=1),
        "refused": boards.refused_on(conn, today),
        "items": choices.items(conn),
        "organs": choices.organs(conn),
        "states": STATES,
        "book": book,
    }


def _faces(row: Row, calendar: WorkCalendar, book: Book) -> dict[str, Face]:
    """The faces of the promise and the statute that end first."""
    today = clock.local_date(clock.now())
    found: dict[str, Face] = {}
    for running in sorted(row.clocks, key=lambda c: c.due_on):
        if running.within and running.kind is not ClockKind.STEP and running.kind.value not in found:
            stops = halting(running, row.stops, book.limits)
            found[running.kind.value] = face(running, stops, calendar, book.thresholds, today)
    return found


def _filter(given: Mapping[str, str]) -> Filter:
    """Read the filter from an address; what makes no sense is left out."""
    lamp, state, organ, page = (given.get(name, "") for name in ("lamp", "state", "organ", "page"))
    return Filter(
        state=CaseState(state) if state in list(STATES) else CaseState.OPEN,
        lamp=Lamp(lamp) if lamp in list(Lamp) else None,
        item=given.get("item", ""),
        organ=_number(organ),
        own=given.get("own") == "1",
        q=given.get("q", "").strip()[:100],
        page=_number(page) or 1,
        reader=current_officer().person,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 else None


def _link(wanted: Filter, **changes: object) -> str:
    """Return the board's address under the filter with some of its parts changed; the page starts anew."""
    parts: dict[str, Any] = {
        "state": wanted.state.value if wanted.state != CaseState.OPEN else None,
        "lamp": wanted.lamp,
        "item": wanted.item or None,
        "organ": wanted.organ,
        "own": 1 if wanted.own else None,
        "q": wanted.q or None,
    }
    return url_for("monitor.board", **{k: v for k, v in (parts | changes).items() if v is not None})


def _tag(*parts: object) -> str:
    return hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()[:20]


# --- one case -------------------------------------------------------------------------------------------------------


@bp.get("/cases/<number>")
@role(DESK, MONITOR, AUDIT)
def case(number: str) -> ResponseReturnValue:
    """Show where a case stands, who did what, and its trace."""
    today = clock.local_date(clock.now())
    with store.reading() as conn:
        found = _visible(conn, number)
        item, calendar, book = (
            definitions.item(conn, found.definition, found.sha256),
            store.calendar(conn),
            store.book(),
        )
        tally, records = traces.tally(conn, number), traces.of_chain(conn, number)
        source = definitions.source(conn, found.definition, found.sha256)
        told = traces.overruns(conn, number)
        made = papers.of_case(conn, found.id)
        fault = proposed.fault_words(conn, found) if found.fault else None
        marked = cards.badges(conn, asking(current_officer()), [found.id]).get(found.id, [])
    shown = standing.faces(found, item, calendar, book, today)
    running = [each.face for each in shown if each.clock.ended_on is None]
    ended = [each.face for each in shown if each.clock.kind is not ClockKind.STEP]
    return render_template(
        "monitor/case.html",
        case=found,
        item=item,
        definitions=definitions,
        documents=made,
        outcome_of=lambda step: definitions.outcome_name(source, step.path, step.outcome),
        outcomes=outcomes,
        lamp=lamp_of(found),
        fault=fault,
        faces=running or ended,
        marked=marked,
        standstills=stops.running(found.stops, book, today) if found.is_running else [],
        case_steps_text=_in_words(found, item),
        steps=[(step, _used(step, found, calendar)) for step in found.steps],
        overruns=standing.overruns(found, item, told, book, today),
        marks=_marks(found),
        centre=next((_place(step) for step in found.open_steps), ""),
        records=records,
        tally=tally,
        trail=trail,
        words=words,
        book=book,
    )


@bp.get("/cases/<number>/clocks")
@role(DESK, MONITOR, AUDIT)
def clocks(number: str) -> ResponseReturnValue:
    """Show what every day counted for, clock by clock."""
    today, book = clock.local_date(clock.now()), store.book()
    with store.reading() as conn:
        found = _visible(conn, number)
        item, calendar = definitions.item(conn, found.definition, found.sha256), store.calendar(conn)
        last = max((max(c.started_on, c.due_on) for c in found.clocks), default=today)
        names = cases.day_names(conn, clock.local_date(found.filed_at), max(last, today))
        longer = traces.extensions(conn, number)
    account = ledger.Account(
        case=found, item=item, calendar=calendar, book=book, day_names=names, today=today, extensions=longer
    )
    days = ledger.rows(account)
    shown = standing.faces(found, item, calendar, book, today)
    return render_template(
        "monitor/clocks.html",
        case=found,
        running=[each.face for each in shown if each.clock.ended_on is None],
        days=days,
        headings=ledger.headings(account),
        totals=ledger.totals(account, days),
        summary=ledger.summary(account, days) if days else "",
        rules=[book.limits[rule] for rule in dict.fromkeys(c.rule for c in found.clocks) if rule in book.limits],
    )


@bp.get("/cases/<number>/diagram.bpmn")
@role(DESK, MONITOR, AUDIT)
def diagram(number: str) -> ResponseReturnValue:
    """Send the BPMN file of the version that the case runs on."""
    with store.reading() as conn:
        _visible(conn, number)
        xml = cases.diagram(conn, number)
    return Response(xml, mimetype="application/xml")


def _visible(conn: Connection, number: str) -> Case:
    """Return the case: any one for monitor and auditor, for a window officer those the officer acted in.

    Raises:
        NotFound: there is no such case, or it is not the officer's to see.
    """
    found, officer = cases.by_number(conn, number), current_officer()
    if found is None or cases.kept_from(conn, number, officer.person):
        raise NotFound(what="case", key=number)
    if not ({MONITOR, AUDIT} & g.audiences or cases.touched(conn, found.id, officer.person)):
        raise NotFound(what="case", key=number)
    return found


def lamp_of(found: Case) -> str | None:
    """Return the lamp of a case whose time runs as ok, note, warn or over; None once it is closed."""
    if not found.is_running:
        return None
    turns = lamps.Turns(found.blue_on, found.yellow_on, found.red_on)
    return LAMPS[lamps.lamp(turns, clock.local_date(clock.now()))]


def _used(step: CaseStep, found: Case, calendar: WorkCalendar) -> tuple[int, int] | None:
    """Return the days used of a step's limit, and the limit; None where it has none."""
    own = next((c for c in found.clocks if c.step == step.id), None)
    if own is None:
        return None
    on = own.ended_on or clock.local_date(clock.now())
    return limits.used(own.unit, own.started_on, found.stops, calendar, on), own.amount + own.extended


def _place(step: CaseStep) -> str:
    """Return the element of the top diagram that a step lies in."""
    return step.path.partition("/")[0]


def _in_words(found: Case, item: Item) -> str:
    """Return the diagram in words: each step with what became of it."""
    said = []
    for step in found.steps:
        became = outcomes.outcome(step.outcome) if step.closed_at else gettext("在这里")
        said.append(f"{definitions.step_name(item, step.path)} {became}".strip())
    return "; ".join(said)


def _marks(found: Case) -> dict[str, dict[str, str]]:
    """Return the marks of the diagram: what has been passed, and where the tokens are."""
    marks = {_place(step): {"mark": "done"} for step in found.steps if step.closed_at}
    for step in found.open_steps:
        holder = step.holder.name if step.holder else ""
        marks[_place(step)] = {"mark": "now", "badge": holder, "tone": "tok"} if holder else {"mark": "now"}
    return marks
