"""Open an account for an officer: a person known by the identity number gets a second account, not a second person."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from engine.commands.forms import text
from engine.commands.people import passwords
from engine.commands.people.posts import APPROVERS, PROPOSERS
from engine.commands.proposing import Carried, Kind, propose, proposer, wrong
from engine.db import accounts, record, sealed
from engine.db.context import Connection, Context
from engine.db.people import ID_TYPES
from engine.db.proposals import Proposal
from engine.db.record import Entry
from engine.model import Event

NAME = "officer"
STATUSES = ("official", "temporary", "trainee", "helper")


def propose_officer(
    ctx: Context,
    *,
    login: str,
    name: str,
    name_en: str = "",
    id_number: str,
    status: str = "official",
    phone: str = "",
    address: str = "",
    certificate: str = "",
) -> int:
    """Propose an account for an officer; return the proposal's id.

    `id_number` of the identity card is sealed at once: the proposal shows its last four characters. `status`: official
    | temporary | trainee | helper. `certificate`: number of the certificate of law enforcement. The approver is shown
    a password for the first sign-in, once.

    Raises:
        NotYourRole, OwnMatter: not by this actor.
        Invalid: a field is empty, malformed or taken; all of them.
    """
    ctx.subject.verb = "propose_officer"
    number = id_number.strip().upper()
    body = {
        "login": login.strip(),
        "name": name.strip(),
        "name_en": name_en.strip(),
        "number": base64.b64encode(sealed.seal(number)).decode(),
        "number_ends": number[-4:],
        "status": status,
        "phone": phone.strip(),
        "address": address.strip(),
        "certificate": certificate.strip(),
    }
    by = proposer(ctx, OFFICER, body)
    _sound(ctx.conn, body, number)
    return propose(ctx, NAME, text(body), by)


def _opened(ctx: Context, proposal: Proposal) -> Carried:
    body = json.loads(proposal.body_json)
    number = _number(body)
    _sound(ctx.conn, body, number)
    given = {name: body[name] for name in ("phone", "address", "certificate") if body[name]}
    given["status"] = body["status"]
    known = accounts.person_of(ctx.conn, sealed.keyed_hash("identity", number))
    if known is None:
        named = {"name": body["name"], "name_en": body["name_en"] or None}
        known = accounts.add_person(ctx.conn, named | given, number)
    else:
        accounts.change_person(ctx.conn, known.id, given)
    secret = passwords.one_time()
    row = {"person": known.id, "login": body["login"], "password_hash": passwords.hashed(secret), "must_change": True}
    new = accounts.add(ctx.conn, row)
    facts = {"proposal": proposal.id, "officer": known.pseudonym, "what": "opened"}
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.ACCOUNT_CHANGED, facts=facts)])
    return Carried(result=f"account {new}", secret=secret)


def _sound(conn: Connection, body: Mapping[str, Any], number: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_.-]{1,31}", body["login"]):
        raise wrong("login", "a login has 2 to 32 small letters, digits, _ . - and begins with a letter")
    if accounts.is_taken(conn, body["login"]):
        raise wrong("login", "this login is taken")
    if not 2 <= len(body["name"]) <= 100:
        raise wrong("name", "a name has 2 to 100 characters")
    if not ID_TYPES["identity_card"].fullmatch(number):
        raise wrong("id_number", "an identity number has 17 digits and a digit or X")
    if body["status"] not in STATUSES:
        raise wrong("status", f"one of: {', '.join(STATUSES)}")
    if body["phone"] and not re.fullmatch(r"[\d +()-]{7,20}", body["phone"]):
        raise wrong("phone", "a telephone number has 7 to 20 digits")


def _number(body: Mapping[str, Any]) -> str:
    return sealed.unseal(base64.b64decode(body["number"]))


def _concerned(conn: Connection, body: Mapping[str, Any]) -> Collection[int]:
    known = accounts.person_of(conn, sealed.keyed_hash("identity", _number(body)))
    return (known.id,) if known else ()


OFFICER = Kind(proposers=PROPOSERS, posts=APPROVERS, carry_out=_opened, concerned=_concerned)
KINDS = {NAME: OFFICER}
