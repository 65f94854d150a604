"""Give an officer a post, and end it: from a day on, by two persons, never for oneself and never backwards."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from engine.commands.forms import text
from engine.commands.people import eligible, handing
from engine.commands.people.period import ahead, effective, last_day, written
from engine.commands.proposing import Kind, propose, proposer, wrong
from engine.db import definitions, granting, organs, record
from engine.db.context import Connection, Context
from engine.db.granting import Held, Officer
from engine.db.proposals import Proposal
from engine.db.record import Entry
from engine.errors import AlreadyHeld
from engine.model import Event, OrganLevel

POST, END = "post", "end_of_post"


def propose_post(
    ctx: Context,
    *,
    officer: int,
    post: str,
    organ: int,
    item: str | None = None,
    tier: str | None = None,
    from_on: date,
    to_on: date | None = None,
    writing: str = "",
    pool: bool = False,
) -> int:
    """Propose that an officer (person id) holds a post in an organ, first to last day; return the proposal's id.

    `item` limits it to one item, `tier` to amounts. `writing`: number of the paper that grants it (SOD-17). `pool`: it
    lies in the county pool. An approval after `from_on` gives the post from the day of the approval.

    Raises:
        NotYourRole, OwnMatter: not by this actor.
        StatusForbids, ReservedPost, PostsExclude, NotInWriting, AlreadyHeld: the officer may not hold it.
        NotFound: there is no such officer.
        Invalid: an unknown post, organ, item or tier; a pool below the county; days that have passed.
    """
    ctx.subject.verb = "propose_post"
    body = {
        "officer": officer,
        "post": post,
        "organ": organ,
        "item": item or None,
        "tier": tier or None,
        "writing": writing.strip(),
        "pool": pool,
        **written(from_on, to_on),
    }
    by = proposer(ctx, GRANTING, body)
    ahead(from_on, to_on, ctx.today)
    _grantable(ctx, body, from_on, to_on)
    return propose(ctx, POST, text(body), by)


def propose_end_of_post(ctx: Context, assignment: int, *, to_on: date, reason: str) -> int:
    """Propose that a granted post ends with the day `to_on`; return the proposal's id.

    Yesterday ends it at once. A post that would only begin later never does.

    Raises:
        NotYourRole, OwnMatter: not by this actor.
        NotFound: there is no such granted post.
        Invalid: it has ended, ends earlier, or no reason is given.
    """
    ctx.subject.verb = "propose_end_of_post"
    body = {"assignment": assignment, "to_on": to_on.isoformat(), "reason": reason.strip()}
    by = proposer(ctx, ENDING, body)
    if not reason.strip():
        raise wrong("reason", "say why")
    if to_on < ctx.today - timedelta(days=1):
        raise wrong("to_on", f"it ends at once with {ctx.today - timedelta(days=1)}; nothing ends further back")
    _endable(granting.assignment(ctx.conn, assignment), to_on)
    return propose(ctx, END, text(body), by)


def _granted(ctx: Context, proposal: Proposal) -> str:
    body = json.loads(proposal.body_json)
    first, last = effective(body, ctx.today)
    officer = _grantable(ctx, body, first, last)
    columns = {name: body[name] for name in ("post", "organ", "item", "tier", "pool")}
    row = columns | {"person": officer.id, "from_on": first, "to_on": last, "writing": body["writing"] or None}
    new = granting.grant(ctx.conn, row | {"proposal": proposal.id})
    facts = {
        "proposal": proposal.id,
        "granted": new,
        "officer": officer.pseudonym,
        "post": body["post"],
        "organ": organs.by_id(ctx.conn)[body["organ"]].code,
        "item": body["item"],
        "tier": body["tier"],
        "from": first.isoformat(),
        "to": last.isoformat() if last else None,
    }
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.POST_GRANTED, facts=facts)])
    return f"granted {new}"


def _ended(ctx: Context, proposal: Proposal) -> str:
    body = json.loads(proposal.body_json)
    last = last_day(date.fromisoformat(body["to_on"]), ctx.today)
    whose = granting.assignment(ctx.conn, body["assignment"]).person
    officer = granting.officers(ctx.conn, [whose])[whose]
    post = granting.assignment(ctx.conn, body["assignment"])
    _endable(post, last)
    end(ctx, proposal.id, officer, [post], last)
    freed = handing.free(ctx, officer.id) if last < ctx.today else []
    return ", ".join([f"ended {post.id}", *freed])


def end(ctx: Context, proposal: int, officer: Officer, posts: Collection[Held], last: date) -> None:
    """Let posts of an officer end, and their stand-ins, and trace it."""
    granting.end(ctx.conn, [post.id for post in posts], last)
    entries = [
        Entry(
            type=Event.POST_ENDED,
            facts={"proposal": proposal, "ended": post.id, "officer": officer.pseudonym, "to": last.isoformat()},
        )
        for post in posts
    ]
    record.append(ctx, record.organ_chain(ctx), entries)


def _grantable(ctx: Context, body: Mapping[str, Any], first: date, last: date | None) -> Officer:
    """Return the officer, locked with all who count as one person with him, who may hold the post in these days."""
    tied = granting.stand_ins(ctx.conn, [body["officer"]], first, last)
    persons = {body["officer"], *(each.holder for each in tied), *(each.person for each in tied)}
    officer = granting.officers(ctx.conn, persons)[body["officer"]]
    organ = organs.by_id(ctx.conn).get(body["organ"])
    post = ctx.book.posts.get(body["post"])
    if post is None:
        raise wrong("post", f"there is no post '{body['post']}'")
    if organ is None:
        raise wrong("organ", "there is no such organ")
    if body["pool"] and organ.level != OrganLevel.COUNTY:
        raise wrong("pool", "the pool lies in the county; name an organ of that level")
    if body["item"] and definitions.last(ctx.conn, body["item"]) is None:
        raise wrong("item", f"there is no item '{body['item']}'")
    if body["tier"] and body["tier"] not in ctx.book.tiers.by_code:
        raise wrong("tier", f"one of: {', '.join(ctx.book.tiers.by_code)}")
    eligible.holds(ctx, officer, post, first, last, writing=body["writing"])
    for other in granting.held(ctx.conn, [officer.id], first, last):
        if (other.post, other.organ, other.item) == (body["post"], body["organ"], body["item"]):
            raise AlreadyHeld(post=post.name)
    return officer


def _endable(post: Held, last: date) -> None:
    if post.to_on is not None and post.to_on <= last:
        raise wrong("to_on", f"this post ends with {post.to_on} already")


def _holder(conn: Connection, body: Mapping[str, Any]) -> Collection[int]:
    return (granting.assignment(conn, body["assignment"]).person,)


PROPOSERS, APPROVERS = ("administrator",), ("security_administrator",)
GRANTING = Kind(
    proposers=PROPOSERS,
    posts=APPROVERS,
    carry_out=_granted,
    concerned=lambda _, body: (body["officer"],),
)
ENDING = Kind(proposers=PROPOSERS, posts=APPROVERS, carry_out=_ended, concerned=_holder)
KINDS = {POST: GRANTING, END: ENDING}
