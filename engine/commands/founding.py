"""Found a county in an empty database: organs, people, posts and the calendar, by two founding officers."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

import sqlalchemy as sa

from engine import calendars
from engine.commands import forms
from engine.db import record
from engine.db import tables as t
from engine.db.context import Context
from engine.db.record import Entry
from engine.errors import ExcludedPosts, Invalid, NotEmpty
from engine.model import Event
from engine.rules.separation import excluded


@dataclass(frozen=True, kw_only=True)
class OrganRow:
    """An organ; parents stand before their children. The topmost one's `series` heads receipt numbers."""

    code: str
    name: str
    name_en: str
    level: str
    parent: str | None = None
    division: str | None = None
    series: str | None = None
    phone: str | None = None
    address: str | None = None


@dataclass(frozen=True, kw_only=True)
class OfficerRow:
    """An officer with an account; `posts`: (code of the post, code of the organ)."""

    login: str
    name: str
    name_en: str
    posts: tuple[tuple[str, str], ...]
    password_hash: str
    phrase: str | None = None
    language: str = "zh"


@dataclass(frozen=True, kw_only=True)
class County:
    """`founders`: logins of the two officers who answer for the rest."""

    name: str
    organs: Sequence[OrganRow]
    officers: Sequence[OfficerRow]
    founders: tuple[str, str]
    since: date


def found(ctx: Context, county: County) -> None:
    """Record the county; only an empty database takes one.

    Raises:
        NotEmpty: there are organs already.
        ExcludedPosts: an officer would hold posts that exclude each other.
        Invalid: a post or organ is unknown, or there are not two founders.
    """
    ctx.subject.verb = "found"
    if ctx.conn.scalar(sa.select(sa.func.count()).select_from(t.organ)):
        raise NotEmpty()
    _sound(ctx, county)
    _adopt_calendar(ctx)
    organs: dict[str, int] = {}
    for row in county.organs:
        values = asdict(row) | {"parent": organs[row.parent] if row.parent else None}
        organs[row.code] = int(
            ctx.conn.execute(sa.insert(t.organ).values(**values).returning(t.organ.c.id)).scalar_one()
        )
    people = {officer.login: _person(ctx, officer) for officer in county.officers}
    first, second = (people[login] for login in county.founders)
    proposal = _proposal(ctx, county, first[0], second[0])
    granted = [
        {
            "person": people[officer.login][0],
            "post": post,
            "organ": organs[organ],
            "from_on": county.since,
            "proposal": proposal,
        }
        for officer in county.officers
        for post, organ in officer.posts
    ]
    ctx.conn.execute(sa.insert(t.assignment), granted)
    top = record.chain_of(ctx.conn, f"organ:{organs[county.organs[0].code]}", county.organs[0].code)
    record.append(
        replace(ctx, pseudonym=first[1]), top, [Entry(type=Event.COUNTY_FOUNDED, facts={"name": county.name})]
    )


def _sound(ctx: Context, county: County) -> None:
    faults = []
    codes = {organ.code for organ in county.organs}
    for officer in county.officers:
        for post, organ in officer.posts:
            if post not in ctx.book.posts:
                faults.append((officer.login, f"there is no post '{post}'"))
            if organ not in codes:
                faults.append((officer.login, f"there is no organ '{organ}'"))
        if clash := excluded([post for post, _ in officer.posts], ctx.book.exclusions):
            raise ExcludedPosts(one=clash[1], two=clash[2], basis=clash[0].rule)
    logins = [officer.login for officer in county.officers]
    if len(set(county.founders)) != 2 or not set(county.founders) <= set(logins):
        faults.append(("founders", "two different officers found a county"))
    if len(set(logins)) != len(logins):
        faults.append(("officers", "a login is used twice"))
    if faults:
        raise Invalid(findings=tuple(forms.finding("county", where, why, "county") for where, why in faults))


def _adopt_calendar(ctx: Context) -> None:
    rows = [
        {"day": day, "is_working": working, "name": name or None, "source": notice}
        for day, (working, name, notice) in calendars.days().items()
    ]
    ctx.conn.execute(sa.insert(t.calendar_day), rows)


def _person(ctx: Context, officer: OfficerRow) -> tuple[int, str]:
    pseudonym = secrets.token_hex(8)
    values = {"pseudonym": pseudonym, "kind": "natural", "name": officer.name, "name_en": officer.name_en}
    new = int(ctx.conn.execute(sa.insert(t.person).values(**values).returning(t.person.c.id)).scalar_one())
    ctx.conn.execute(
        sa.insert(t.account).values(
            person=new,
            login=officer.login,
            password_hash=officer.password_hash,
            active=True,
            language=officer.language,
            phrase=officer.phrase,
        )
    )
    return new, pseudonym


def _proposal(ctx: Context, county: County, by: int, approved_by: int) -> int:
    organs = [asdict(organ) for organ in county.organs]
    posts = {officer.login: [list(post) for post in officer.posts] for officer in county.officers}
    body = forms.text({"name": county.name, "organs": organs, "posts": posts})
    values = {
        "kind": "founding",
        "body_json": body,
        "by": by,
        "by_at": ctx.now,
        "approved_by": approved_by,
        "approved_at": ctx.now,
    }
    return int(ctx.conn.execute(sa.insert(t.proposal).values(**values).returning(t.proposal.c.id)).scalar_one())
