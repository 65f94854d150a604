"""Deploy a definition: one person proposes, another approves; called flows are pinned to their versions."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.bpmn.check import check
from engine.bpmn.read import read
from engine.commands import forms
from engine.commands.permit import by_post
from engine.db import record
from engine.db import tables as t
from engine.db.context import Context
from engine.db.record import Entry
from engine.errors import AlreadyDecided, Invalid, NotFound, SameProposer
from engine.model import Event, Source

POSTS = ("flow_manager", "list_manager")


def propose_definition(ctx: Context, source: Source) -> int:
    """Propose an item's files; return the proposal's id.

    Raises:
        NotYourRole: the actor manages neither flows nor the list.
        Invalid: `sunlit check` has findings; all of them.
    """
    ctx.subject.verb = "propose"
    post = by_post(ctx, *POSTS)
    if findings := check(source, level="item", book=ctx.book):
        raise Invalid(findings=tuple(findings))
    body = forms.text(_pack(source))
    return propose(ctx, "definition", body, post.id, post.post)


def propose(ctx: Context, kind: str, body: str, assignment: int | None, post: str | None) -> int:
    """Record a proposal and trace it in the organ's chain."""
    row = {"kind": kind, "body_json": body, "by": ctx.person, "by_at": ctx.now}
    new = int(ctx.conn.execute(sa.insert(t.proposal).values(**row).returning(t.proposal.c.id)).scalar_one())
    facts = {"proposal": new, "kind": kind, "digest": hashlib.sha256(body.encode()).hexdigest()}
    entry = Entry(type=Event.PROPOSED, facts=facts, assignment=assignment, post=post)
    record.append(ctx, record.organ_chain(ctx), [entry])
    return new


def approve(ctx: Context, proposal_id: int) -> int:
    """Approve what somebody else has proposed; return the id of the definition that is in force from now on.

    Raises:
        SameProposer: the actor made the proposal.
        AlreadyDecided: it has been approved before.
    """
    ctx.subject.verb = "approve"
    post = by_post(ctx, *POSTS)
    row = ctx.conn.execute(sa.select(t.proposal).where(t.proposal.c.id == proposal_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(what="proposal", key=str(proposal_id))
    if row.approved_by is not None:
        raise AlreadyDecided()
    if row.by == ctx.person:
        raise SameProposer(basis="SOD-25")
    ctx.conn.execute(
        sa.update(t.proposal).where(t.proposal.c.id == proposal_id).values(approved_by=ctx.person, approved_at=ctx.now)
    )
    source = _unpack(json.loads(row.body_json))
    definition = _deploy(ctx, source, proposal_id, "item")
    facts = {
        "proposal": proposal_id,
        "kind": row.kind,
        "result": f"{source.item}#{definition}",
        "digest": hashlib.sha256(row.body_json.encode()).hexdigest(),
    }
    entry = Entry(type=Event.APPROVED, facts=facts, assignment=post.id, post=post.post)
    record.append(ctx, record.organ_chain(ctx), [entry])
    return definition


def _deploy(ctx: Context, source: Source, proposal: int, kind: str) -> int:
    """Store a version, unless the newest is the same; called flows first."""
    pins = {flow: _deploy(ctx, called, proposal, "flow") for flow, called in sorted(source.called.items())}
    sha256 = digest(source)
    newest = ctx.conn.execute(
        sa.select(t.definition.c.id, t.definition.c.version, t.definition.c.sha256)
        .where(t.definition.c.item == source.item)
        .order_by(t.definition.c.version.desc())
        .limit(1)
    ).one_or_none()
    if newest is not None and newest.sha256 == sha256:
        return int(newest.id)
    item = read(source).item
    folder = {"file": source.file, "forms": dict(source.forms), "facts": dict(source.facts)}
    row = {
        "item": source.item,
        "version": newest.version + 1 if newest else 1,
        "kind": kind,
        "name": item.name,
        "name_en": item.name_en,
        "sha256": sha256,
        "xml": source.xml,
        "item_json": forms.text(folder),
        "pins_json": forms.text(pins),
        "proposal": proposal,
        "approved_at": ctx.now,
    }
    return int(ctx.conn.execute(sa.insert(t.definition).values(**row).returning(t.definition.c.id)).scalar_one())


def digest(source: Source) -> str:
    """Return the SHA-256 of all files of an item, called flows included."""
    return hashlib.sha256(forms.text(_pack(source)).encode()).hexdigest()


def _pack(source: Source) -> dict[str, Any]:
    return {
        "item": source.item,
        "file": source.file,
        "xml": base64.b64encode(source.xml).decode(),
        "forms": dict(source.forms),
        "facts": dict(source.facts),
        "called": {flow: _pack(called) for flow, called in source.called.items()},
    }


def _unpack(body: Mapping[str, Any]) -> Source:
    return Source(
        item=body["item"],
        file=body["file"],
        xml=base64.b64decode(body["xml"]),
        forms=body["forms"],
        facts=body["facts"],
        called={flow: _unpack(called) for flow, called in body["called"].items()},
    )
