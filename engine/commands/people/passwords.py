"""Passwords: how they are kept, what they must be, and changing one's own."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.commands.proposing import wrong
from engine.commands.tries import counted
from engine.db import accounts, record, sessions
from engine.db.context import Context
from engine.db.record import Entry
from engine.errors import NotFound, WrongPassword
from engine.model import Event

LEAST, MOST = 10, 200  # characters
hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # argon2id


def change_password(ctx: Context, old: str, new: str, *, keep: str = "") -> int:
    """Replace the password of the actor's own account; return the account's id.

    All its other sign-ins end; `keep` is the hash of the key of the one that stays (sessions.key_hash).

    Raises:
        NotFound: the actor has no account.
        WrongPassword: the old one is wrong; TooManyTries, AccountLocked: too often.
        Invalid: the new one is too short or too long, the login, or the old one.
    """
    ctx.subject.verb = "change_password"
    account = accounts.locked(ctx.conn, _own(ctx))
    tries = counted(ctx, "sign_in", account.login.lower())
    if not matches(account.password_hash, old):
        raise WrongPassword(tries=tries)
    _sound(new, old, account.login)
    accounts.change(ctx.conn, [account.id], password_hash=hashed(new), must_change=False)
    sessions.close_all(ctx, account.id, keep=keep)
    facts = {"proposal": None, "officer": ctx.pseudonym, "what": "password"}
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.ACCOUNT_CHANGED, facts=facts)])
    return account.id


def one_time() -> str:
    """Return a password for a first sign-in: 14 characters that cannot be mistaken for one another (70 bits)."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(14))


def hashed(password: str) -> str:
    """Return what the table keeps of a password."""
    return hasher.hash(password)


def matches(stored: str, password: str) -> bool:
    """Return whether a password is the one that a hash was made of."""
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _sound(new: str, old: str, login: str) -> None:
    if not LEAST <= len(new) <= MOST:
        raise wrong("new", f"a password has {LEAST} to {MOST} characters")
    if login.lower() in new.lower():
        raise wrong("new", "a password does not hold the login")
    if new == old:
        raise wrong("new", "choose another one than the old one")


def _own(ctx: Context) -> int:
    if ctx.actor.account is None:
        raise NotFound(what="account", key="")
    return ctx.actor.account
