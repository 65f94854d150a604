"""The BPMN files that the diagrams are drawn from."""

from __future__ import annotations

from flask import Response, abort
from flask.typing import ResponseReturnValue

from engine.db import store
from engine.db.read import intake as read
from webui import definitions
from webui.roles import DESK, MONITOR, role
from webui.window.blueprint import bp


@bp.get("/definitions/<int:definition>/<flow>.bpmn")
@role(DESK, MONITOR)
def diagram(definition: int, flow: str) -> ResponseReturnValue:
    """Hand out the XML of an item, or of a flow that it calls."""
    with store.reading() as conn:
        found = read.definition(conn, definition)
        source = definitions.source(conn, found.id, found.sha256)
    xml = definitions.flow_xml(source, flow)
    if xml is None:
        abort(404)
    return Response(xml, mimetype="application/xml")
