"""Days of a proposal: given as dates, kept as text in its body, moved up when the approval comes late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from engine.commands.proposing import wrong


def written(from_on: date, to_on: date | None) -> dict[str, str | None]:
    """Return a period as a body keeps it."""
    return {"from_on": from_on.isoformat(), "to_on": to_on.isoformat() if to_on else None}


def ahead(from_on: date, to_on: date | None, today: date) -> None:
    """Make sure that a period begins today or later and does not end before it begins.

    Raises:
        Invalid: it does not.
    """
    if from_on < today:
        raise wrong("from_on", f"it begins today, {today}, or later; nothing is granted backwards")
    if to_on is not None and to_on < from_on:
        raise wrong("to_on", "it ends before it begins")


def effective(body: Mapping[str, Any], today: date) -> tuple[date, date | None]:
    """Return the period of a body as an approval of today puts it in force: never before today.

    Raises:
        Invalid: its last day has passed.
    """
    first = max(date.fromisoformat(body["from_on"]), today)
    last = date.fromisoformat(body["to_on"]) if body["to_on"] else None
    if last is not None and last < first:
        raise wrong("to_on", f"its last day, {last}, has passed; propose it anew")
    return first, last


def last_day(to_on: date, today: date) -> date:
    """Return the last day of something that ends: `to_on`, but never further back than yesterday ("at once")."""
    return max(to_on, today - timedelta(days=1))
