"""Wrong tries at a secret: how many are too many, and what one more is counted under."""

from __future__ import annotations

from datetime import timedelta

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
    """
    here = of_subject(subject)
    limits = {here: PER_SUBJECT}
    if address:
        limits[sealed.keyed_hash("attempt", f"address:{address}")] = PER_ADDRESS if kind == "sign_in" else PER_SUBJECT
    recent = sessions.tries(ctx.conn, kind, limits, ctx.now - WINDOW)
    if any(number >= limits[what] for what, number in recent.items()):
        raise TooManyTries()
    if kind == "sign_in" and sessions.tries(ctx.conn, kind, [here], ctx.now - DAY).get(here, 0) >= PER_DAY:
        raise AccountLocked()
    return tuple((kind, what) for what in limits)


def of_subject(subject: str) -> str:
    """Return what tries at a login or receipt number are counted under."""
    return sealed.keyed_hash("attempt", f"subject:{subject}")
