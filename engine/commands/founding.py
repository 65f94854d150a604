"""Found a county in an empty database: organs, people, posts and the calendar, by two founding officers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from engine import calendars
from engine.commands import forms
from engine.db import founding, proposals, record, rulebook
from engine.db.context import Context
from engine.db.founding import Grant, OfficerRow, OrganRow
from engine.db.people import ID_TYPES
from engine.db.record import Entry
from engine.errors import ExcludedPosts, Invalid, NotEmpty
from engine.model import Event
from engine.rules.granting import Wanted, refusal
from engine.rules.separation import excluded


@dataclass(frozen=True, kw_only=True)
class County:
    """`founders`: logins of the two officers who answer for the rest. `writing`: number of the paper that says so."""

    name: str
    organs: Sequence[OrganRow]
    officers: Sequence[OfficerRow]
    founders: tuple[str, str]
    since: date
    writing: str | None = None


def found(ctx: Context, county: County) -> None:
    """Record the county, and adopt the files of processes/_rules; only an empty database takes one.

    Raises:
        NotEmpty: there are organs already.
        ExcludedPosts: an officer would hold posts that exclude each other.
        StatusForbids: a helper, trainee or temporary officer would hold a deciding post.
        Invalid: a post or organ is unknown, or there are not two founders.
    """
    ctx.subject.verb = "found"
    if founding.is_founded(ctx.conn):
        raise NotEmpty()
    _sound(ctx, county)
    founding.adopt_calendar(ctx.conn, calendars.days())
    organs = founding.add_organs(ctx.conn, county.organs)
    people = {officer.login: founding.add_officer(ctx.conn, officer) for officer in county.officers}
    first, second = (people[login] for login in county.founders)
    proposal = proposals.add(ctx.conn, "founding", _body(county), by=first.id, at=ctx.now, approved_by=second.id)
    granted = [
        Grant(
            person=people[officer.login].id,
            post=post,
            organ=organs[organ],
            from_on=county.since,
            proposal=proposal,
            **{"writing": county.writing} | dict(officer.terms.get(post, {})),
        )
        for officer in county.officers
        for post, organ in officer.posts
    ]
    founding.grant(ctx.conn, granted)
    rules = rulebook.adopt(ctx.conn, rulebook.on_disk(), proposal=proposal, at=ctx.now)
    top = record.chain_of(ctx.conn, f"organ:{organs[county.organs[0].code]}", county.organs[0].code)
    entries = [
        Entry(type=Event.COUNTY_FOUNDED, facts={"name": county.name}),
        Entry(type=Event.RULES_ADOPTED, facts={"proposal": proposal, "digest": rules}),
    ]
    record.append(replace(ctx, pseudonym=first.pseudonym), top, entries)


def _sound(ctx: Context, county: County) -> None:
    faults = []
    codes = {organ.code for organ in county.organs}
    for officer in county.officers:
        for post, organ in officer.posts:
            if post not in ctx.book.posts or ctx.book.posts[post].reserved:
                faults.append((officer.login, f"there is no post '{post}'"))
            elif why := refusal(
                officer.status, (), Wanted(post=post, from_on=county.since, writing="founding"), ctx.book
            ):
                raise why
            if organ not in codes:
                faults.append((officer.login, f"there is no organ '{organ}'"))
        if officer.id_number is not None and not ID_TYPES["identity_card"].fullmatch(officer.id_number):
            faults.append((officer.login, "an identity number has 17 digits and a digit or X"))
        if clash := excluded(_posts_of(county, officer), ctx.book.exclusions):
            raise ExcludedPosts(one=clash[1], two=clash[2], basis=clash[0].rule)
    logins = [officer.login for officer in county.officers]
    founders = {o.id_number or o.login for o in county.officers if o.login in county.founders}
    if len(founders) != 2 or not set(county.founders) <= set(logins):
        faults.append(("founders", "two different officers found a county"))
    if len(set(logins)) != len(logins):
        faults.append(("officers", "a login is used twice"))
    if faults:
        raise Invalid(findings=tuple(forms.finding("county", where, why, "county") for where, why in faults))


def _posts_of(county: County, officer: OfficerRow) -> list[str]:
    """Return the posts that the person of an account would hold, by all accounts."""
    own = [o for o in county.officers if o is officer or (o.id_number and o.id_number == officer.id_number)]
    return [post for each in own for post, _ in each.posts]


def _body(county: County) -> str:
    """Return what the founders propose, and approve in the same act."""
    organs = [asdict(organ) for organ in county.organs]
    posts = {officer.login: [list(post) for post in officer.posts] for officer in county.officers}
    return forms.text({"name": county.name, "organs": organs, "posts": posts})
