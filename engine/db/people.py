"""Natural and legal persons: found again by a keyed hash of the identity number; masked names."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from engine.db import sealed
from engine.db import tables as t
from engine.db.upsert import upsert
from engine.errors import Finding, Invalid

ID_TYPES = {"identity_card": re.compile(r"\d{17}[\dX]"), "credit_code": re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")}


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """Who applies. `kind`: natural | legal; `id_type`: identity_card | credit_code."""

    kind: str
    name: str
    id_type: str
    id_number: str
    phone: str
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Known:
    """A person as the trace knows it."""

    id: int
    pseudonym: str


def applicant(conn: Connection, given: Applicant) -> Known:
    """Return id and pseudonym of the applicant's person, known before or new.

    The telephone is brought up to date, and so is the address where one is given.

    Raises:
        Invalid: a field is empty or malformed.
    """
    number = given.id_number.strip().upper()
    _check(given, number)
    row = {
        "pseudonym": secrets.token_hex(8),
        "kind": given.kind,
        "name": given.name.strip(),
        "id_type": given.id_type,
        "id_hash": sealed.keyed_hash("identity", number),
        "id_cipher": sealed.seal(number),
        "phone": given.phone.strip(),
    }
    newest = {"phone": row["phone"]}
    if address := " ".join(given.address.split()):
        newest["address"] = address
    known = conn.execute(
        sa.select(t.person.c.id, t.person.c.pseudonym).where(t.person.c.id_hash == row["id_hash"])
    ).one_or_none()
    if known is not None:
        conn.execute(sa.update(t.person).where(t.person.c.id == known.id).values(newest))
        return Known(id=known.id, pseudonym=known.pseudonym)
    (new,) = upsert(
        conn,
        t.person,
        [row | newest],
        key=("id_hash",),
        changed=tuple(newest),
        returning=(t.person.c.id, t.person.c.pseudonym),
    )
    return Known(id=new.id, pseudonym=new.pseudonym)


def named(conn: Connection, given: Applicant) -> Known:
    """Return the person of an identity number or credit code, known before or new; nothing known is changed.

    Raises:
        Invalid: a field is empty or malformed; the telephone does not matter.
    """
    number = given.id_number.strip().upper()
    _check(given, number, phone=False)
    row = {
        "pseudonym": secrets.token_hex(8),
        "kind": given.kind,
        "name": given.name.strip(),
        "id_type": given.id_type,
        "id_hash": sealed.keyed_hash("identity", number),
        "id_cipher": sealed.seal(number),
    }
    (found,) = upsert(
        conn, t.person, [row], key=("id_hash",), changed=("id_hash",), returning=(t.person.c.id, t.person.c.pseudonym)
    )
    return Known(id=found.id, pseudonym=found.pseudonym)


def _check(given: Applicant, number: str, *, phone: bool = True) -> None:
    faults = []
    if given.kind not in ("natural", "legal"):
        faults.append(("kind", "say whether it is a natural or a legal person"))
    if not 2 <= len(given.name.strip()) <= 100:
        faults.append(("name", "a name has 2 to 100 characters"))
    pattern = ID_TYPES.get(given.id_type)
    if pattern is None or not pattern.fullmatch(number):
        faults.append(
            ("id_number", "an identity number has 17 digits and a digit or X; a credit code has 18 characters")
        )
    if phone and not re.fullmatch(r"[\d +()-]{7,20}", given.phone.strip()):
        faults.append(("phone", "a telephone number has 7 to 20 digits"))
    if faults:
        raise Invalid(
            findings=tuple(
                Finding(file="applicant", line=0, level="form", rule="applicant", message=message, where=where)
                for where, message in faults
            )
        )


def masked(kind: str, name: str) -> str:
    """Return a natural person's name with its middle hidden: 罗*平; a legal person's name as it is."""
    if kind != "natural" or len(name) < 2:
        return name
    return name[0] + "*" + (name[-1] if len(name) > 2 else "")


def count(conn: Connection, name: str) -> int:
    """Return the next number of a series; the row stays locked until commit, so there are no gaps."""
    series = t.counter
    insert = (postgresql if conn.dialect.name == "postgresql" else sqlite).insert
    first = insert(series).values(name=name, value=1)
    following = first.on_conflict_do_update(index_elements=["name"], set_={"value": series.c.value + 1})
    return int(conn.execute(following.returning(series.c.value)).scalar_one())
