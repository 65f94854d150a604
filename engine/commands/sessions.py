"""Sign in and out; open one's own case with receipt number and query code. Wrong tries are counted."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import replace

from engine.commands.noting import by
from engine.commands.people import second_factor
from engine.commands.people.passwords import hasher, matches
from engine.commands.permit import by_post_of
from engine.commands.tries import counted
from engine.db import find, record, sealed, sessions
from engine.db.context import Context
from engine.db.record import Change, Entry
from engine.errors import CodeNeeded, NotFound, PasswordFirst, WrongCode, WrongPassword
from engine.model import RUNNING, Actor, Event
from engine.rules.cards import ITEM

NOBODY = hasher.hash(secrets.token_hex(16))  # so that an unknown account takes as long as a wrong password


def sign_in(ctx: Context, login: str, password: str, address: str, code: str = "") -> str:
    """Return the key of a new session of the account. `code`: of its second factor, where it has one.

    Raises:
        WrongPassword: account or password is wrong, or the account is closed; one answer for all three.
        CodeNeeded: the password is right, and the second factor is missing.
        WrongSecondFactor: its code is wrong.
        TooManyTries: too many wrong ones in the last 15 minutes; AccountLocked: in the last day.
    """
    account = _account(ctx, login, password, address, code)
    key = secrets.token_urlsafe(32)
    sessions.add(ctx, key_hash(key), account.id, address)
    _trace(ctx, account.pseudonym, Event.SIGNED_IN)
    return key


def authenticate(
    ctx: Context, login: str, password: str, address: str, code: str = "", *, changing: bool = False
) -> Actor:
    """Return the officer with this account and password, for one act without a session (the command line).

    `changing`: the act is to change the password.

    Raises:
        WrongPassword, CodeNeeded, WrongSecondFactor, TooManyTries, AccountLocked: as above.
        PasswordFirst: others have set the password, and it must be changed first.
    """
    account = _account(ctx, login, password, address, code)
    if account.must_change and not changing:
        raise PasswordFirst()
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
    tries = counted(ctx, "query", number, address)
    receipt = sessions.receipt(ctx.conn, number)
    given = sealed.keyed_hash("query", f"{number}:{sealed.normal_code(code)}")
    if not hmac.compare_digest(given, receipt.query_hash if receipt else "0" * 64) or receipt is None:
        raise WrongCode(tries=tries)
    return receipt.case


def reissue_code(ctx: Context, case_id: int) -> str:
    """Replace the query code of a case whose receipt was lost; return the new one, shown once.

    Raises:
        NotYourRole, NotYourPost: the actor does not hold the acceptance post where it was filed.
        OwnCase, Recused, RecusalPending, TieFound: the actor, or whom he stands in for, keeps out of the case.
    """
    case = find.case(ctx, case_id, "reissue_code", RUNNING)
    if case.item == ITEM:
        raise NotFound(what="application", key=case.number)
    post = by_post_of(ctx, case, "acceptance")
    code = sealed.new_code()
    change = Change(
        case={"query_hash": sealed.keyed_hash("query", f"{case.number}:{code}")},
        entries=[Entry(type=Event.CODE_REISSUED, **by(post))],
    )
    record.save(ctx, case.id, case.version, case.head, change)
    return code


def key_hash(key: str) -> str:
    """Return what the table keeps of a session's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def _account(ctx: Context, login: str, password: str, address: str, code: str) -> sessions.Account:
    ctx.subject.verb = "sign_in"
    tries = counted(ctx, "sign_in", login.strip().lower(), address)
    account = sessions.account(ctx.conn, login.strip())
    if not matches(account.password_hash if account else NOBODY, password) or account is None or not account.active:
        raise WrongPassword(tries=tries)
    if account.totp_at is not None and account.totp_cipher is not None:
        if not code.strip():
            raise CodeNeeded()
        second_factor.take(ctx, account.id, account.totp_cipher, code, tries)
    return account


def _trace(ctx: Context, pseudonym: str | None, event: Event) -> None:
    who = replace(ctx, pseudonym=pseudonym)
    record.append(who, record.organ_chain(ctx), [Entry(type=event, facts={"channel": ctx.actor.channel})])
