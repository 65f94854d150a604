"""The receipt of an application: one A5 page with number, query code, QR and dates. The code is shown once."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import segno
from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.db import store
from engine.db.read import casefile, documents
from engine.rules.documents import RECEIPT
from engine.rules.halting import halting
from webui import definitions
from webui.clocks import face
from webui.masks import masked_phone
from webui.roles import DESK, current_actor, current_officer, role
from webui.window import filing
from webui.window.blueprint import bp


@bp.get("/cases/<int:case_id>/receipt")
@role(DESK)
def receipt(case_id: int) -> ResponseReturnValue:
    """Show the receipt; the query code only right after filing or reissuing."""
    officer, today = current_officer(), clock.local_date(clock.now())
    kept = session.pop("code", None)
    code = kept[1] if kept and kept[0] == case_id else ""
    with store.reading() as conn:
        case = casefile.of_case(conn, officer, case_id)
        item = definitions.item(conn, case.definition, case.sha256)
        source = definitions.source(conn, case.definition, case.sha256)
        calendar = store.calendar(conn)
        made = documents.of_case(conn, case_id)
    book = store.book()
    clocks = [
        face(c, halting(c, case.stops, book.limits), calendar, book.thresholds, today)
        for c in case.clocks
        if c.step is None and c.ended_on is None
    ]
    given = case.filing.materials if case.filing else ()
    wanted = filing.materials(source, given, case.files)
    applicant = case.people[case.applicant]
    filed_by = next((case.people[a.person] for a in case.acts if a.path == "case"), None)
    return render_template(
        "window/receipt.html",
        nav_here="window.intake",
        case=case,
        item=item,
        facts=source.facts,
        code=code,
        documents=[each for each in made if each.kind == RECEIPT],
        shown_code="-".join((code[:5], code[5:])) if code else "",
        qr=_qr(case.number, code),
        url=progress_url(),
        applicant=applicant,
        phone=masked_phone(applicant.phone),
        clocks=clocks,
        dues=filing.dues(item, book, calendar, clock.local_date(case.filed_at)),
        handed=[m for m in wanted if m.given and not m.shared],
        shared=[m for m in wanted if m.shared and (m.given or m.required)],
        lacking=[m for m in wanted if m.required and not m.given and not m.shared],
        filed_by=filed_by,
        organ=case.organs[case.organ],
    )


@bp.post("/cases/<int:case_id>/code")
@role(DESK)
def reissue(case_id: int) -> ResponseReturnValue:
    """Give out a new query code; the old one stops working."""
    with store.begin(current_actor()) as ctx:
        code = commands.reissue_code(ctx, case_id)
    session["code"] = [case_id, code]
    return redirect(url_for("window.receipt", case_id=case_id), 303)


def progress_url() -> str:
    """Return the address of the public progress page."""
    return f"{request.url_root}progress"


def _qr(number: str, code: str) -> str:
    """Return the QR code as a data: address. The code stands in the fragment, which no server and no log sees."""
    fragment = f"#number={quote(number)}" + (f"&code={quote(code)}" if code else "")
    made: Any = segno.make(progress_url() + fragment, error="m")
    return str(made.svg_data_uri(border=0, xmldecl=False))
