"""My steps, my unit's pool, what I did."""

from __future__ import annotations

import math
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock
from engine.db import store
from engine.db.read import desk as read
from engine.db.read import signers
from engine.db.read.people import Officer
from engine.db.store import Connection
from webui import definitions
from webui.roles import DESK, MONITOR, current_officer, role
from webui.window.blueprint import bp
from webui.window.lines import counts, grouped, lines

MOST_PAGES = 100_000


@bp.get("/")
@role(DESK, MONITOR)
def desk() -> ResponseReturnValue:
    """List the steps I hold, by the day on which they are due."""
    officer, today = current_officer(), clock.local_date(clock.now())
    with store.reading() as conn:
        every = lines(conn, read.mine(conn, officer.person), today)
        waiting = read.pool_size(conn, officer)
        back = lines(conn, read.returned(conn, officer), today, officer)
        presided = lines(conn, read.named(conn, officer, _presided(conn, officer)), today)
        asks = {question.step: question for question in signers.asked_of(conn, officer.person)}
        opinions = lines(conn, read.asked(conn, officer.person), today) if asks else []
    wanted, item = request.args.get("lamp", ""), request.args.get("item", "")
    chosen = [line for line in every if wanted in ("", line.lamp) and item in ("", line.row.item_id)]
    return render_template(
        "window/desk.html",
        every=every,
        counts=counts(every),
        groups=grouped(chosen, today),
        back=back,
        asks=asks,
        opinions=opinions,
        presided=presided,
        items={line.row.item_id: line.item for line in every},
        wanted=wanted,
        item=item,
        waiting=waiting,
        first=next((line for line in every if line.lamp != "stop" and not line.row.in_fault), None),
        due_today=sum(line.due_on == today for line in every if line.lamp != "stop"),
        overdue=sum(line.lamp == "over" for line in every),
    )


@bp.get("/pool")
@role(DESK, MONITOR)
def pool() -> ResponseReturnValue:
    """List what waits for my posts; what I may not take is grey, with the reason."""
    officer, today, page = current_officer(), clock.local_date(clock.now()), page_asked()
    with store.reading() as conn:
        total = read.pool_size(conn, officer)
        found = lines(conn, read.pool(conn, officer, page), today, officer)
        held = len(read.mine(conn, officer.person))
    free = [line for line in found if not line.why and not line.together]
    only_free = bool(request.args.get("free"))
    return render_template(
        "window/pool.html",
        found=found,
        chosen=free if only_free else found,
        only_free=only_free,
        free=free,
        total=total,
        held=held,
        **_paging(page, total, "pool", free=1 if only_free else None),
    )


@bp.get("/done")
@role(DESK, MONITOR)
def done() -> ResponseReturnValue:
    """List what I completed or signed, the last one first."""
    officer, today, page = current_officer(), clock.local_date(clock.now()), page_asked()
    with store.reading() as conn:
        total = read.done_size(conn, officer.person)
        found = lines(conn, read.done(conn, officer.person, page), today)
        waiting, held = read.pool_size(conn, officer), len(read.mine(conn, officer.person))
    return render_template(
        "window/done.html", found=found, total=total, waiting=waiting, held=held, **_paging(page, total, "done")
    )


def _presided(conn: Connection, officer: Officer) -> list[int]:
    """Return the open steps that are decided by vote and that one of the officer's own posts presides over."""
    own = {a.post for a in officer.assignments if a.on_behalf is None}
    places = [
        (definition, step.path)
        for definition, sha256 in signers.running(conn)
        for step in definitions.item(conn, definition, sha256).steps.values()
        if step.collective and step.collective.chair in own
    ]
    return [waiting.step for waiting in signers.at_places(conn, places)] if places else []


def page_asked() -> int:
    """Return the number of the page asked for; nonsense is the first or the last that can be."""
    return min(max(1, request.args.get("page", 1, int)), MOST_PAGES)


def _paging(page: int, total: int, endpoint: str, **more: Any) -> dict[str, Any]:
    return {
        "page": page,
        "pages": math.ceil(total / read.PAGE),
        "page_url": lambda number: url_for(f"window.{endpoint}", page=number, **more),
    }
