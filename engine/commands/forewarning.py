"""Tells the monitors which items cannot be done today or on days ahead, each shortage once while it lasts.

What has been told is kept as long as it is so: a shortage that is gone and comes back is told again, and so is one with
another first day. One that has begun keeps the day with which it was told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.commands.staffing import DaysAhead, Shortage
from engine.commands.warning import tell
from engine.db import memos, warned
from engine.db.context import Connection, Context
from engine.db.memos import MemoKind


@dataclass(frozen=True, kw_only=True)
class News:
    """What nobody has been told, and what was told and is so no longer."""

    new: tuple[Shortage, ...]
    gone: frozenset[warned.Key]

    def __bool__(self) -> bool:
        return bool(self.new or self.gone)


def news(conn: Connection, item: str, found: DaysAhead) -> News:
    """Return what has changed of an item since the monitors were told."""
    if item in found.too_many:
        return News(new=(), gone=frozenset())
    told = {key for key in warned.of(conn, warned.STAFFING) if _parts(key)[0] == item}
    same = [{key for key in told if _is_told(key, each, found.on)} for each in found.shortages]
    return News(
        new=tuple(each for each, keys in zip(found.shortages, same, strict=True) if not keys),
        gone=frozenset(told.difference(*same)),
    )


def forewarn(ctx: Context, found: News) -> int:
    """Tell every monitor of today what is new, and forget what is gone; return how many things were new.

    Where nobody is monitor it waits for one.
    """
    warned.forget(ctx, warned.STAFFING, found.gone)
    return tell(ctx, MemoKind.SHORTAGE, [(_key(each), _text(each)) for each in found.new])


def _key(found: Shortage) -> warned.Key:
    return warned.STAFFING, f"{found.item}:{found.organ.id}:{found.first}"


def _parts(key: warned.Key) -> tuple[str, int, date]:
    item, organ, first = key[1].rsplit(":", 2)
    return item, int(organ), date.fromisoformat(first)


def _is_told(key: warned.Key, found: Shortage, today: date) -> bool:
    """Return whether this was told: with this first day, or before today of what has lasted until today."""
    _, organ, first = _parts(key)
    return organ == found.organ.id and (first == found.first or (first < today == found.first))


def _text(found: Shortage) -> str:
    text = str(found.said)
    return text if len(text) <= memos.MOST else f"{text[: memos.MOST - 1]}…"
