"""The life of an account: closed, reopened, a forgotten password, a lost second factor; always by two persons."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.commands.forms import text
from engine.commands.people import passwords
from engine.commands.people.posts import APPROVERS, PROPOSERS
from engine.commands.proposing import Carried, Kind, propose, proposer, wrong
from engine.commands.tries import of_subject
from engine.db import accounts, granting, record, sessions
from engine.db.accounts import Account
from engine.db.context import Context
from engine.db.proposals import Proposal
from engine.db.record import Entry
from engine.model import Event

NAME = "account"
CHANGES = ("closed", "reopened", "password", "second_factor")


def propose_account(ctx: Context, *, officer: int, what: str, login: str | None = None) -> int:
    """Propose to change an account of an officer (person id); return the proposal's id.

    `what`: closed; reopened, also after too many wrong tries; password: the approver is shown a new one, once;
    second_factor: it is taken back. `login`: which account, needed only for an officer with several.

    Raises:
        NotYourRole, OwnMatter: not by this actor.
        NotFound: there is no such officer.
        Invalid: the officer has several accounts, or the change would change nothing.
    """
    ctx.subject.verb = "propose_account"
    body = {"officer": officer, "what": what, "login": login or None}
    by = proposer(ctx, ACCOUNT, body)
    account = _changeable(ctx, body)
    return propose(ctx, NAME, text(body | {"login": account.login}), by)


def _changed(ctx: Context, proposal: Proposal) -> Carried:
    body = json.loads(proposal.body_json)
    officer = granting.officers(ctx.conn, [body["officer"]])[body["officer"]]
    account = _changeable(ctx, body)
    secret = ""
    if body["what"] in ("closed", "reopened"):
        accounts.change(ctx.conn, [account.id], active=body["what"] == "reopened")
    elif body["what"] == "password":
        secret = passwords.one_time()
        accounts.change(ctx.conn, [account.id], password_hash=passwords.hashed(secret), must_change=True)
    else:
        accounts.change(ctx.conn, [account.id], totp_cipher=None, totp_at=None)
    if body["what"] in ("reopened", "password"):
        accounts.forget_tries(ctx.conn, of_subject(account.login.lower()))
    sessions.close_all(ctx, account.id)
    facts = {"proposal": proposal.id, "officer": officer.pseudonym, "what": body["what"]}
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.ACCOUNT_CHANGED, facts=facts)])
    return Carried(result=f"account {account.id} {body['what']}", secret=secret)


def _changeable(ctx: Context, body: Mapping[str, Any]) -> Account:
    if body["what"] not in CHANGES:
        raise wrong("what", f"one of: {', '.join(CHANGES)}")
    account = accounts.locked(ctx.conn, _which(ctx, body["officer"], body["login"]).id)
    if body["what"] == "closed" and not account.active:
        raise wrong("what", "the account is closed already")
    if body["what"] in ("password", "second_factor") and not account.active:
        raise wrong("what", "the account is closed; reopen it first")
    if body["what"] == "second_factor" and account.totp_cipher is None:
        raise wrong("what", "the account has no second factor")
    return account


def _which(ctx: Context, officer: int, login: str | None) -> Account:
    granting.officers(ctx.conn, [officer])
    known = accounts.of_person(ctx.conn, officer)
    found = [account for account in known if login in (None, account.login)]
    if not found:
        raise wrong("login", "this officer has no such account")
    if len(found) > 1:
        raise wrong("login", f"say which account: {', '.join(account.login for account in found)}")
    return found[0]


ACCOUNT = Kind(
    proposers=PROPOSERS,
    posts=APPROVERS,
    carry_out=_changed,
    concerned=lambda _, body: (body["officer"],),
)
KINDS = {NAME: ACCOUNT}
