"""Adopt the files of processes/_rules: two persons, of whom neither alone changes a rule. An edited file is a draft.

What the rules name is never dropped, only changed or added to: the trace, running cases and granted posts name it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.commands.forms import text
from engine.commands.proposing import Kind, propose, proposer, wrong
from engine.db import definitions, record, rulebook
from engine.db.context import Connection, Context
from engine.db.proposals import Proposal
from engine.db.record import Entry
from engine.errors import Finding, Invalid
from engine.model import Event
from engine.rules.book import Book

NAME = "rules"
NAMED = ("limits", "posts", "constraints", "stops", "marks")


@dataclass(frozen=True, kw_only=True)
class RuleFile:
    """A file of the rules that differs: `before` in force, `after` on disk or as proposed; None: there is none."""

    name: str
    before: str | None
    after: str | None


def propose_rules(ctx: Context) -> int:
    """Propose that the files of processes/_rules on disk come into force; return the proposal's id.

    Raises:
        NotYourRole: the actor manages neither flows nor the list.
        Invalid: the files do not parse, drop something that is named elsewhere, or differ in nothing.
    """
    ctx.subject.verb = "propose_rules"
    by = proposer(ctx, RULES, {})
    files, current = rulebook.on_disk(), rulebook.current(ctx.conn)
    body = {"files": files, "before": current.sha256 if current else None}
    _adoptable(ctx, body)
    return propose(ctx, NAME, text(body), by)


def rules_differing(conn: Connection) -> tuple[RuleFile, ...]:
    """Return the files on disk that differ from those in force; empty when none do, or none are adopted yet."""
    current = rulebook.current(conn)
    return _differing(current.files, rulebook.on_disk()) if current else ()


def proposed_rules(conn: Connection, body_json: str) -> tuple[RuleFile, ...]:
    """Return the files that a proposal would change, against those that were in force when it was made."""
    body = json.loads(body_json)
    before = rulebook.of_digest(conn, body["before"])
    return _differing(before.files if before else {}, body["files"])


def _carry_out(ctx: Context, proposal: Proposal) -> str:
    definitions.one_at_a_time(ctx.conn)
    body = json.loads(proposal.body_json)
    _adoptable(ctx, body)
    sha256 = rulebook.adopt(ctx.conn, body["files"], proposal=proposal.id, at=ctx.now)
    facts = {"proposal": proposal.id, "digest": sha256}
    record.append(ctx, record.organ_chain(ctx), [Entry(type=Event.RULES_ADOPTED, facts=facts)])
    return f"rules {sha256[:12]}"


def _adoptable(ctx: Context, body: Mapping[str, Any]) -> None:
    """Make sure that the files parse, that they still follow what is in force, change it, and drop nothing."""
    book = rulebook.parsed(body["files"])
    current = rulebook.current(ctx.conn)
    if body["before"] != (current.sha256 if current else None):
        raise wrong("before", "other rules have been adopted since this was proposed; propose it anew")
    if current is not None and current.sha256 == rulebook.digest(body["files"]):
        raise wrong("files", "the files on disk are the ones in force; nothing would change")
    if dropped := list(_dropped(ctx.book, book)):
        message = "it may change, but not vanish: the trace, cases or granted posts name it"
        raise Invalid(
            findings=tuple(
                Finding(file="_rules", line=0, level="item", rule="rules", message=message, where=name)
                for name in dropped
            )
        )


def _dropped(old: Book, new: Book) -> Iterator[str]:
    for kind in NAMED:
        yield from sorted(getattr(old, kind).keys() - getattr(new, kind).keys())
    yield from sorted(old.tiers.by_code.keys() - new.tiers.by_code.keys())


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[RuleFile, ...]:
    names = sorted(before.keys() | after.keys())
    pairs = [RuleFile(name=name, before=before.get(name), after=after.get(name)) for name in names]
    return tuple(pair for pair in pairs if pair.before != pair.after)


RULES = Kind(
    proposers=("list_manager", "flow_manager"),
    posts=("list_manager", "flow_manager", "security_administrator"),
    carry_out=_carry_out,
)
KINDS = {NAME: RULES}
