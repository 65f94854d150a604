"""What was filled in: the newest form of a step, or the filing form, as commands need it."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from engine.db import tables as t

FILING = "case"  # the path of the filing form
CORRECTS = "corrects"  # in the body of a corrected form: the row of the former one


def newest(conn: Connection, case_id: int, path: str) -> dict[str, Any]:
    """Return the form that was filled in last at `path`, empty when there is none (any more). One statement."""
    found = sa.select(t.form.c.body_json).where(t.form.c.case_ == case_id, t.form.c.path == path)
    body = conn.scalar(found.order_by(t.form.c.id.desc()).limit(1))
    form: dict[str, Any] = json.loads(body or "{}").get("form", {})
    return form
