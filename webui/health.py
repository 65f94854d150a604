"""The answer of /healthz: whether the database answers, the worker lives and time is kept. No personal data."""

from __future__ import annotations

import logging
import tomllib
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from engine import clock
from engine.db import due
from engine.db.read import faulted
from engine.db.read import health as read
from engine.db.store import reading
from engine.settings import ROOT, settings

logger = logging.getLogger(__name__)

LATE = timedelta(minutes=10)  # due work should never lie that long


def health() -> tuple[dict[str, Any], int]:
    """Return the facts and the HTTP status: 503 when the database does not answer, else 200.

    `faults`: cases whose flow could not go on, for the flow manager to repair.
    `worker`: seconds since its last heartbeat; `oldest_due`: legal instant of the oldest timer that has not fired.
    Degraded: no database, a silent worker, or work that has been due for too long.
    """
    try:
        with reading() as conn:
            now = clock.now()
            silent, oldest, head = read.silence(conn), due.oldest(conn, now), read.trace_head(conn)
            faults = faulted.count(conn)
    except SQLAlchemyError:
        logger.warning("the database does not answer", exc_info=True)
        nothing = {"database": "unavailable", "worker": None, "oldest_due": None, "trace_head": None, "faults": None}
        return {"status": "degraded", **nothing, "version": _version()}, 503
    alive = silent is not None and silent < timedelta(seconds=30 + 3 * settings().tick_seconds)
    in_time = oldest is None or now - oldest < LATE
    return {
        "status": "ok" if alive and in_time else "degraded",
        "database": "ok",
        "worker": None if silent is None else round(silent.total_seconds()),
        "oldest_due": oldest.isoformat() if oldest else None,
        "trace_head": {"events": head.events, "last_at": head.last_at.isoformat() if head.last_at else None},
        "faults": faults,
        "version": _version(),
    }, 200


@cache
def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])
