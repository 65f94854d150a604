"""The second factor: a time-based code (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds). Each code counts once.

Its time is the machine's own, never the demo county's: the officer's telephone knows no other.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from engine import clock
from engine.commands.tries import counted
from engine.db import accounts, record, sealed
from engine.db.context import Context
from engine.db.record import Entry
from engine.errors import NotFound, SecondFactorSet, WrongSecondFactor
from engine.model import Event

STEP, DIGITS, DRIFT = 30, 6, 1  # seconds; of a code; steps that a telephone may be early or late
ISSUER = "Sunlit"


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """A new secret, shown once: as base32, and as otpauth:// address for a QR code."""

    secret: str
    uri: str


def enrol_second_factor(ctx: Context) -> Enrolment:
    """Give the actor's account a new secret; it counts once a code of it is confirmed.

    Raises:
        NotFound: the actor has no account.
        SecondFactorSet: one is confirmed already.
    """
    ctx.subject.verb = "enrol_second_factor"
    account = _own(ctx)
    if account.totp_at is not None:
        raise SecondFactorSet()
    key = secrets.token_bytes(20)
    text = base64.b32encode(key).decode()
    accounts.change(ctx.conn, [account.id], totp_cipher=sealed.seal(text))
    return Enrolment(secret=text, uri=_totp(key).get_provisioning_uri(account.login, ISSUER))


def confirm_second_factor(ctx: Context, code: str) -> int:
    """Confirm the new secret by a code; from now on signing in asks for one. Return the account's id.

    Raises:
        NotFound: there is no new secret.
        SecondFactorSet: it is confirmed already.
        WrongSecondFactor: the code is wrong; TooManyTries, AccountLocked: too often.
    """
    ctx.subject.verb = "confirm_second_factor"
    account = _own(ctx)
    if account.totp_at is not None:
        raise SecondFactorSet()
    if account.totp_cipher is None:
        raise NotFound(what="new second factor", key=account.login)
    take(ctx, account.id, account.totp_cipher, code, counted(ctx, "sign_in", account.login.lower()))
    facts = {"proposal": None, "officer": ctx.pseudonym, "what": "second_factor"}
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.ACCOUNT_CHANGED, facts=facts)])
    return account.id


def take(ctx: Context, account: int, cipher: bytes, code: str, tries: tuple[tuple[str, str], ...]) -> None:
    """Take a code of an account, once. `tries`: what a wrong one is counted under.

    Raises:
        WrongSecondFactor: it is wrong, or it or a later one was taken before.
    """
    totp = _totp(base64.b32decode(sealed.unseal(cipher)))
    typed = "".join(code.split())
    now = int(clock.real().timestamp()) // STEP
    fits = [step for step in range(now - DRIFT, now + DRIFT + 1) if _same(totp.generate(step * STEP), typed)]
    if not fits or not accounts.take_code(ctx.conn, account, max(fits)):
        raise WrongSecondFactor(tries=tries)


def _same(code: bytes, typed: str) -> bool:
    return hmac.compare_digest(code, typed.encode())


def _totp(key: bytes) -> TOTP:
    return TOTP(key, DIGITS, SHA1(), STEP)  # noqa: S303 - what authenticators know; HMAC-SHA-1 is not broken


def _own(ctx: Context) -> accounts.Account:
    if ctx.actor.account is None:
        raise NotFound(what="account", key="")
    return accounts.locked(ctx.conn, ctx.actor.account)
