"""What a case has come to, as the trace and the database have it: marks, clocks."""

from __future__ import annotations

from engine.db import find
from engine.db.store import reading
from engine.model import Clock
from tests import county


def marks(case: int) -> dict[str, str]:
    events = county.events(county.row(case).number)
    return {e["facts"]["mark"]: e["facts"]["on"] for e in events if e["type"] == "mark.reached"}


def clocks(case: int) -> dict[str, Clock]:
    with reading() as conn:
        return find.time_of(conn, case).clocks


def statute(case: int) -> Clock:
    return clocks(case)["statute:L03"]
