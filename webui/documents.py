"""Legal documents to open: for an officer who may see the case, and for the applicant who has opened it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, g, send_file
from flask.typing import ResponseReturnValue

from engine.db import store
from engine.db.read import documents
from engine.db.read.documents import Paper
from webui import portal
from webui.roles import DESK, MONITOR, PUBLIC, current_officer, role

bp = Blueprint("documents", __name__)


@bp.get("/documents/<int:document_id>")
@role(DESK, MONITOR)
def officer(document_id: int) -> ResponseReturnValue:
    """Hand out a document to an officer; a monitor sees every case, an auditor no applicant's name."""
    with store.reading() as conn:
        found = documents.seen(conn, current_officer(), document_id, every=MONITOR in g.audiences)
    return _sent(found)


@bp.get("/progress/documents/<int:document_id>")
@role(PUBLIC)
def applicant(document_id: int) -> ResponseReturnValue:
    """Hand out a document of the case that was opened in this session with its query code."""
    case = portal.opened_case()
    if case is None:
        abort(404)
    with store.reading() as conn:
        found = documents.own(conn, case, document_id)
    return _sent(found)


def _sent(paper: Paper) -> Response:
    """Return the paper as a download; like every page it is kept by nobody in between (webui/security.py)."""
    if paper.path is None or not paper.path.is_file():
        abort(404)
    kind, ending = ("application/pdf", "pdf") if paper.is_pdf else ("text/html", "html")
    name = f"{paper.name} {paper.number}.{ending}"
    answer: Response = send_file(paper.path, mimetype=kind, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
