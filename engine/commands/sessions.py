"""Sign in and out; open one's own case with receipt number and query code. Wrong tries are counted."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import replace
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.commands.permit import by_post_of
from engine.db import find, record, sealed, sessions
from engine.db.context import Context
from engine.db.record import Change, Entry
from engine.errors import NotFound, TooManyTries, WrongCode, WrongPassword
from engine.model import RUNNING, Actor, Event

WINDOW = timedelta(minutes=15)
PER_SUBJECT, PER_ADDRESS = 5, 20  # wrong tries in WINDOW; an office shares one address
hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # argon2id
NOBODY = hasher.hash(secrets.token_hex(16))  # so that an unknown account takes as long as a wrong password


def sign_in(ctx: Context, login: str, password: str, address: str) -> str:
    """Return the key of a new session of the account.

    Raises:
        WrongPassword: account or password is wrong, or the account is closed; one answer for all three.
        TooManyTries: too many wrong ones in the last 15 minutes.
    """
    account = _account(ctx, login, password, address)
    key = secrets.token_urlsafe(32)
    sessions.add(ctx, key_hash(key), account.id, address)
    _trace(ctx, account.pseudonym, Event.SIGNED_IN)
    return key


def authenticate(ctx: Context, login: str, password: str, address: str) -> Actor:
    """Return the officer with this account and password, for one act without a session (the command line)."""
    account = _account(ctx, login, password, address)
    return Actor(person=account.person, account=account.id, channel=ctx.actor.channel)


def sign_out(ctx: Context, key: str) -> None:
    """Close a session; closing it again changes nothing."""
    ctx.subject.verb = "sign_out"
    if sessions.close(ctx, key_hash(key)):
        _trace(ctx, ctx.pseudonym, Event.SIGNED_OUT)


def revoke_sessions(ctx: Context, account: int) -> int:
    """Close all sessions of the actor's own account; return how many."""
    if account != ctx.actor.account:
        raise NotFound(what="account", key=str(account))
    closed = sessions.close_all(ctx, account)
    _trace(ctx, ctx.pseudonym, Event.SIGNED_OUT)
    return closed


def touch(ctx: Context, key: str) -> None:
    """Note that a session is in use (kept to the minute)."""
    sessions.seen(ctx, key_hash(key))


def open_case_by_code(ctx: Context, number: str, code: str, address: str) -> int:
    """Return the id of the case with this receipt number, if the query code is right.

    Raises:
        WrongCode: number or code is wrong; one answer and one time for both.
        TooManyTries: too many wrong ones in the last 15 minutes.
    """
    ctx.subject.verb = "query"
    number = number.strip().upper()
    tries = _tries(ctx, "query", number, address, PER_SUBJECT)
    receipt = sessions.receipt(ctx.conn, number)
    given = sealed.keyed_hash("query", f"{number}:{sealed.normal_code(code)}")
    if not hmac.compare_digest(given, receipt.query_hash if receipt else "0" * 64) or receipt is None:
        raise WrongCode(tries=tries)
    return receipt.case


def reissue_code(ctx: Context, case_id: int) -> str:
    """Replace the query code of a case whose receipt was lost; return the new one, shown once."""
    case = find.case(ctx, case_id, "reissue_code", RUNNING)
    post = by_post_of(ctx, case, "acceptance")
    code = sealed.new_code()
    change = Change(
        case={"query_hash": sealed.keyed_hash("query", f"{case.number}:{code}")},
        entries=[Entry(type=Event.CODE_REISSUED, post=post.post, assignment=post.id)],
    )
    record.save(ctx, case.id, case.version, case.head, change)
    return code


def key_hash(key: str) -> str:
    """Return what the table keeps of a session's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _account(ctx: Context, login: str, password: str, address: str) -> sessions.Account:
    ctx.subject.verb = "sign_in"
    tries = _tries(ctx, "sign_in", login.strip().lower(), address, PER_SUBJECT)
    account = sessions.account(ctx.conn, login.strip())
    if not _matches(account.password_hash if account else NOBODY, password) or account is None or not account.active:
        raise WrongPassword(tries=tries)
    return account


def _matches(stored: str, password: str) -> bool:
    try:
        return hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _tries(ctx: Context, kind: str, subject: str, address: str, per_subject: int) -> tuple[tuple[str, str], ...]:
    """Return what a wrong try would be counted under; refuse when there have been too many."""
    limits = {
        sealed.keyed_hash("attempt", f"subject:{subject}"): per_subject,
        sealed.keyed_hash("attempt", f"address:{address}"): PER_ADDRESS if kind == "sign_in" else PER_SUBJECT,
    }
    counted = sessions.tries(ctx.conn, kind, limits, ctx.now - WINDOW)
    if any(number >= limits[what] for what, number in counted.items()):
        raise TooManyTries()
    return tuple((kind, what) for what in limits)


def _trace(ctx: Context, pseudonym: str | None, event: Event) -> None:
    who = replace(ctx, pseudonym=pseudonym)
    record.append(who, record.organ_chain(ctx), [Entry(type=event, facts={"channel": ctx.actor.channel})])
