"""Pages of yellow and red cards: the supervisors' workbench, an office's own cards, one card whole, scores."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock
from engine.db import store
from engine.db.read import cards, choices, scores
from engine.db.read.cardrights import Reader
from engine.db.read.cards import PAGE, Filter
from engine.db.read.people import Officer
from engine.db.store import Connection
from engine.errors import NotFound
from webui import cardacts, cardlines, cardpage, definitions, words
from webui.cardlines import asking
from webui.roles import AUDIT, DESK, MONITOR, current_officer, role

bp = Blueprint("cards", __name__)
LEVELS = ("yellow", "red")
MONTHS = 12  # that can be chosen


@bp.get("/monitor/cards")
@role(MONITOR, AUDIT)
def workbench() -> ResponseReturnValue:
    """List the cards by what waits, with the chosen one beside the list."""
    officer, today, wanted = current_officer(), _today(), _filter(request.args)
    who = asking(officer)
    with store.reading() as conn:
        rows = cards.rows(conn, who, wanted, today)
        lines = cardlines.lines(conn, rows, today)
        chosen = request.args.get("card", "") or (rows[0].number if rows else "")
        shown = _shown(conn, officer, chosen, today) if chosen else None
        total, counted = cards.listed(conn, who, wanted, today), cards.counts(conn, who, today)
        month = cards.month(conn, who, today.replace(day=1), today)
        rate = _rate(conn, who)
        tabs = _tabs(conn, counted)
        organs = choices.organs(conn)
    return render_template(
        "cards/workbench.html",
        wanted=wanted,
        lines=lines,
        shown=shown,
        chosen=chosen,
        total=total,
        pages=math.ceil(total / PAGE),
        counts=counted,
        tabs=tabs,
        month=month,
        rate=rate,
        first=next((line for line in lines if line.mine), None),
        organs=organs,
        link=_link,
        page_link=lambda page: _link(wanted, page=page),
        **_words(),
    )


@bp.get("/cards")
@role(DESK, MONITOR)
def own() -> ResponseReturnValue:
    """List the cards of the officer's own offices: what to answer until when, and what they cost."""
    officer, today = current_officer(), _today()
    who, page = asking(officer, own=True), _number(request.args.get("page", "")) or 1
    with store.reading() as conn:
        open_cards = cardlines.lines(conn, cards.rows(conn, who, Filter(page=page), today), today)
        ended = cardlines.lines(conn, cards.rows(conn, who, Filter(closed=True, page=page), today), today)
        counted = cards.counts(conn, who, today)
        first, last = _span(today)
        sums, rate = scores.sums(conn, who, first, last), _rate(conn, who)
    return render_template(
        "cards/own.html",
        open_cards=open_cards,
        ended=ended,
        counts=counted,
        pages=math.ceil(max(counted.running, counted.closed) / PAGE),
        page=page,
        page_link=lambda number: url_for("cards.own", page=number),
        points=sum(each.points for each in sums),
        rate=rate,
        **_words(),
    )


@bp.get("/cards/<number>")
@role(DESK, MONITOR, AUDIT)
def one(number: str) -> ResponseReturnValue:
    """Show one card whole."""
    officer = current_officer()
    with store.reading() as conn:
        shown = _shown(conn, officer, number, _today())
    if shown is None:
        raise NotFound(what="card", key=number)
    return render_template("cards/one.html", shown=shown, **_words())


@bp.get("/monitor/scores")
@role(MONITOR, AUDIT)
def points() -> ResponseReturnValue:
    """Show what cards cost each office in a month, and how many cards are rescinded."""
    who, today = asking(current_officer()), _today()
    month, page = _month(request.args.get("month", ""), today), _number(request.args.get("page", "")) or 1
    first, last = _span(month)
    with store.reading() as conn:
        sums, lines = scores.sums(conn, who, first, last), scores.lines(conn, who, first, last, page)
        rates = [scores.by_unit(conn, who), scores.by_issuer(conn, who), scores.by_reviewer(conn, who)]
    return render_template(
        "cards/scores.html",
        month=month,
        months=_months(today),
        sums=sums,
        lines=lines,
        page=page,
        more=len(lines) == scores.PAGE,
        rates=rates,
        share=_share,
        **_words(),
    )


def _shown(conn: Connection, officer: Officer, number: str, today: date) -> dict[str, Any] | None:
    shown = cardpage.model(conn, asking(officer), number, today)
    return {**shown, "acts": cardacts.acts(conn, officer, shown["card"].row)} if shown else None


def _words() -> dict[str, Any]:
    return {"words": words, "book": store.book(), "plates": cardlines.PLATES, "definitions": definitions}


@bp.before_app_request
def count() -> None:
    """Count for the header the cards that wait for the officer. A poll does not redraw the header."""
    if (
        g.officer
        and {DESK, MONITOR} & g.audiences
        and request.method == "GET"
        and not request.headers.get("HX-Request")
    ):
        with store.reading() as conn:
            g.cards_waiting = cards.waiting(conn, asking(g.officer))


def _today() -> date:
    return clock.local_date(clock.now())


def _filter(given: Mapping[str, str]) -> Filter:
    """Read the filter from an address; what makes no sense is left out."""
    level = given.get("level", "")
    return Filter(
        level=level if level in LEVELS else "",
        step=given.get("step", "")[:100],
        organ=_number(given.get("organ", "")),
        post=given.get("post", "")[:100],
        mine=given.get("mine") == "1",
        late=given.get("late") == "1",
        closed=given.get("closed") == "1",
        q=given.get("q", "").strip()[:100],
        page=_number(given.get("page", "")) or 1,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 10 and int(text) else None


def _link(wanted: Filter, **changes: object) -> str:
    """Return the workbench's address under the filter with some of its parts changed; the page starts anew."""
    parts: dict[str, Any] = {
        "level": wanted.level or None,
        "step": wanted.step or None,
        "organ": wanted.organ,
        "post": wanted.post or None,
        "mine": 1 if wanted.mine else None,
        "late": 1 if wanted.late else None,
        "closed": 1 if wanted.closed else None,
        "q": wanted.q or None,
    }
    return url_for("cards.workbench", **{k: v for k, v in (parts | changes).items() if v is not None})


def _tabs(conn: Connection, counted: cards.Counts) -> list[tuple[str, str, int]]:
    """Return the steps that cards wait in: path, name, number of cards; in the order of the flow."""
    found = []
    for waiting in counted.steps:
        of = definitions.item(conn, waiting.definition, waiting.sha256)
        place = list(of.steps).index(waiting.path) if waiting.path in of.steps else len(of.steps)
        found.append((place, waiting.path, definitions.step_name(of, waiting.path), waiting.cards))
    return [(path, name, number) for _, path, name, number in sorted(found)]


def _span(month: date) -> tuple[date, date]:
    """Return the first and the last day of the month of a day."""
    first = month.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _month(text: str, today: date) -> date:
    chosen = next((each for each in _months(today) if f"{each:%Y-%m}" == text), None)
    return chosen or today.replace(day=1)


def _months(today: date) -> list[date]:
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def _rate(conn: Connection, who: Reader) -> str:
    """Return which share of the served cards that the reader may see was rescinded."""
    units = scores.by_unit(conn, who)
    return _share(sum(each.rescinded for each in units), sum(each.cards for each in units))


def _share(part: int, whole: int) -> str:
    """Return a share as `7.7%`, or a dash of nothing."""
    return f"{100 * part / whole:.1f}%" if whole else "—"
