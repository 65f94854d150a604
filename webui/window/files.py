"""Uploaded materials, to download: never shown inside our pages."""

from __future__ import annotations

from flask import Response, abort, send_file
from flask.typing import ResponseReturnValue

from engine.db import store
from engine.db.read import intake as read
from webui.roles import DESK, MONITOR, current_officer, role
from webui.window.blueprint import bp


@bp.get("/files/<int:file_id>")
@role(DESK, MONITOR)
def file(file_id: int) -> ResponseReturnValue:
    """Hand out a file of one's own draft, or of a case that is one's own to see."""
    with store.reading() as conn:
        found = read.file(conn, current_officer(), file_id)
    if not found.path.is_file():
        abort(404)
    answer: Response = send_file(found.path, mimetype=found.type, as_attachment=True, download_name=found.name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
