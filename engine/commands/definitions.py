"""Deploy a definition: one person proposes, another approves; called flows are pinned to their versions."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.bpmn.check import check
from engine.bpmn.read import read
from engine.commands import forms
from engine.commands.permit import by_post
from engine.commands.proposing import propose
from engine.commands.staffing import Words, lacking
from engine.db import definitions
from engine.db.context import Connection, Context
from engine.db.definitions import NewVersion
from engine.db.proposals import Proposal
from engine.errors import Invalid, NotStaffed
from engine.model import Item, Source
from engine.rules.book import Book

KIND = "definition"
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
    return propose(ctx, KIND, body, post, about=source.item)


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """What a proposal of a definition would put in force. `before`: the files in force now, None for a new item."""

    source: Source
    item: Item
    sha256: str
    version: int
    before: Source | None


def proposed(conn: Connection, body_json: str) -> Proposed:
    """Return what is proposed; `version` is the one that it would become now, or is already."""
    source = _unpack(json.loads(body_json))
    sha256 = digest(source)
    last = definitions.last(conn, source.item)
    version = 1 if last is None else last.version + (last.sha256 != sha256)
    before = definitions.source(conn, last.id) if last else None
    return Proposed(source=source, item=read(source).item, sha256=sha256, version=version, before=before)


def unstaffed(conn: Connection, source: Source, book: Book, on: date) -> Mapping[str, Words]:
    """Return the organs that offer an item and cannot do it by the posts held on a day, by name, each with the reason.

    An item that nobody can file yet has none.
    """
    return lacking(conn, read(source), book, on)


def deploy(ctx: Context, proposal: Proposal) -> str:
    """Put the proposed files in force; return `item#definition`.

    Raises:
        NotStaffed: an organ offers the item and cannot do it, whatever way it takes, with the officers it has.
    """
    definitions.one_at_a_time(ctx.conn)
    source = _unpack(json.loads(proposal.body_json))
    for organ, why in unstaffed(ctx.conn, source, ctx.book, ctx.today).items():
        raise NotStaffed(item=source.item, organ=organ, why=why.en, zh=why.zh)
    return f"{source.item}#{_deploy(ctx, source, proposal.id, 'item')}"


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
