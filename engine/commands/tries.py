"""Wrong tries at a secret: how many are too many, and what one more is counted under."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from engine.db import sealed, sessions
from engine.db.context import Context
from engine.errors import AccountLocked, TooManyTries

WINDOW, DAY = timedelta(minutes=15), timedelta(days=1)
PER_SUBJECT, PER_ADDRESS, PER_DAY = 5, 20, 10  # wrong tries in WINDOW, in DAY; an office shares one address

Counted = tuple[tuple[str, str], ...]


def counted(ctx: Context, kind: str, subject: str, address: str = "") -> Counted:
    """Return what a wrong try would be counted under: (kind, keyed hash of the subject).

    `kind`: sign_in | query; `subject`: login or receipt number; `address`: of the network, if one is known.

    Raises:
        TooManyTries: too many wrong ones in the last 15 minutes.
        AccountLocked: too many for a login in the last 24 hours. Two persons reopen it; it is not for ever, because
            anybody who knows a login can mistype its password.

    Asked before anything is looked up, so that logins and numbers which do not exist are answered alike.
    """
    here = of_subject(subject)
    limits = {here: PER_SUBJECT}
    if address:
        limits[sealed.keyed_hash("attempt", f"address:{address}")] = PER_ADDRESS if kind == "sign_in" else PER_SUBJECT
    recent = sessions.tries(ctx.conn, kind, limits, ctx.now - WINDOW)
    if over := [what for what, number in recent.items() if number >= limits[what]]:
        raise TooManyTries(seconds=max(_seconds(ctx, kind, what, limits[what], WINDOW) for what in over))
    if kind == "sign_in" and sessions.tries(ctx.conn, kind, [here], ctx.now - DAY).get(here, 0) >= PER_DAY:
        raise AccountLocked(seconds=_seconds(ctx, kind, here, PER_DAY, DAY))
    return tuple((kind, what) for what in limits)


def _seconds(ctx: Context, kind: str, subject: str, limit: int, window: timedelta) -> int:
    """Return the seconds, rounded up, until fewer tries at a subject than the limit lie in the window."""
    return ceil((sessions.nth_last_try(ctx.conn, kind, subject, limit) + window - ctx.now).total_seconds())


def of_subject(subject: str) -> str:
    """Return what tries at a login or receipt number are counted under."""
    return sealed.keyed_hash("attempt", f"subject:{subject}")
