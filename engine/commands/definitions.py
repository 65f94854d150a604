"""Deploy a definition: one person proposes, another approves; called flows are pinned to their versions."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from engine.bpmn.check import check
from engine.bpmn.read import read
from engine.commands import forms
from engine.commands.permit import by_post
from engine.db import definitions, proposals, record
from engine.db.context import Context
from engine.db.definitions import NewVersion
from engine.db.record import Entry
from engine.errors import AlreadyDecided, Invalid, SameProposer
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
    body = _text(_pack(source))
    return propose(ctx, "definition", body, post.id, post.post)


def propose(ctx: Context, kind: str, body: str, assignment: int | None, post: str | None) -> int:
    """Record a proposal and trace it in the organ's chain."""
    new = proposals.add(ctx.conn, kind, body, by=ctx.person, at=ctx.now)
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
    proposal = proposals.locked(ctx.conn, proposal_id)
    if proposal.approved_by is not None:
        raise AlreadyDecided()
    if proposal.by == ctx.person:
        raise SameProposer(basis="SOD-25")
    definitions.one_at_a_time(ctx.conn)
    proposals.approved(ctx, proposal.id)
    source = _unpack(json.loads(proposal.body_json))
    definition = _deploy(ctx, source, proposal.id, "item")
    facts = {
        "proposal": proposal.id,
        "kind": proposal.kind,
        "result": f"{source.item}#{definition}",
        "digest": hashlib.sha256(proposal.body_json.encode()).hexdigest(),
    }
    entry = Entry(type=Event.APPROVED, facts=facts, assignment=post.id, post=post.post)
    record.append(ctx, record.organ_chain(ctx), [entry])
    return definition


def _deploy(ctx: Context, source: Source, proposal: int, kind: str) -> int:
    """Store a version, unless the newest is the same; called flows first."""
    pins = {flow: _deploy(ctx, called, proposal, "flow") for flow, called in sorted(source.called.items())}
    sha256 = digest(source)
    last = definitions.last(ctx.conn, source.item)
    if last is not None and last.sha256 == sha256:
        return last.id
    item = read(source).item
    folder = {"file": source.file, "forms": dict(source.forms), "facts": dict(source.facts)}
    new = NewVersion(
        item=source.item,
        version=last.version + 1 if last else 1,
        kind=kind,
        name=item.name,
        name_en=item.name_en,
        sha256=sha256,
        xml=source.xml,
        item_json=_text(folder),
        pins_json=forms.text(pins),
        proposal=proposal,
    )
    return definitions.add(ctx, new)


def _text(value: Any) -> str:
    """Return JSON in the author's order: fields are drawn in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(source: Source) -> str:
    """Return the SHA-256 of all files of an item, called flows included."""
    return hashlib.sha256(forms.text(_pack(source)).encode()).hexdigest()


def _pack(source: Source) -> dict[str, Any]:
    return {
        "item": source.item,
        "xml": base64.b64encode(source.xml).decode(),
        "forms": dict(source.forms),
        "facts": dict(source.facts),
        "called": {flow: _pack(called) for flow, called in source.called.items()},
    }


def _unpack(body: Mapping[str, Any]) -> Source:
    return Source(
        item=body["item"],
        file=f"{body['item']}/flow.bpmn",
        xml=base64.b64decode(body["xml"]),
        forms=body["forms"],
        facts=body["facts"],
        called={flow: _unpack(called) for flow, called in body["called"].items()},
    )
