"""File an application: number, query code, first step, first clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.bpmn import run
from engine.commands import cases, documents, forms
from engine.commands.permit import by_post
from engine.commands.settle import settle
from engine.db import definitions, drafts, holding, organs, people, record, sealed
from engine.db.context import Context
from engine.db.people import Applicant
from engine.db.record import Change, Entry, Head, NewCase
from engine.errors import AlreadyFiled, Invalid, NotFound, OwnCase
from engine.model import ActKind, Assignment, CaseState, Event
from engine.rules import trace
from engine.rules.cards import ITEM

POST = "acceptance"  # who files


@dataclass(frozen=True, kw_only=True)
class Filed:
    """The case, its receipt number, and the query code: shown now and never again."""

    case: int
    number: str
    code: str


def file_case(
    ctx: Context,
    *,
    item: str,
    applicant: Applicant,
    form: Mapping[str, Any],
    materials: Sequence[str],
    draft: int | None = None,
) -> Filed:
    """Receive an application at the window.

    `materials`: codes of what was handed in; what is missing is for the acceptance step to say (Licensing Law
    art. 32). A draft is used up by it, so a second press of the button files nothing.

    Raises:
        Refused: the actor holds no acceptance post, or is the applicant.
        Invalid: the form does not fit its schema, a material is unknown, or the identity number is bad.
        AlreadyFiled: the draft is gone.
    """
    ctx.subject.verb = "file"
    post = by_post(ctx, POST, item=item)
    if item == ITEM:
        raise NotFound(what="item", key=item)
    version = definitions.newest(ctx.conn, item)
    deployed = cases.definition(ctx.conn, version.id, version.sha256)
    ctx.subject.definition = version.sha256
    forms.check(deployed.source, "case", form)
    _known_materials(deployed.source.facts, materials, deployed.source.file)
    who = people.applicant(
        ctx.conn, replace(applicant, address=forms.address(deployed.source, form) or applicant.address)
    )
    if who.id == ctx.person:
        raise OwnCase(basis="SOD-31")
    if draft is not None and not drafts.is_own(ctx, draft, locked=True):
        raise AlreadyFiled()
    number = _number(ctx)
    code = sealed.new_code()
    decides = {f"case_{name}": value for name, value in forms.decides(deployed.source, "case", form).items()}
    moved = run.start(deployed.program, decides)
    new = NewCase(
        number=number,
        definition=version.id,
        item=item,
        organ=holding.filed_at(post),
        applicant=who.id,
        title=_title(deployed.source.facts, form, applicant),
        query_hash=sealed.keyed_hash("query", f"{number}:{code}"),
        amount=forms.amount(deployed.source, form),
    )
    case = cases.Case(
        id=record.filed(ctx, new),
        number=number,
        version=0,
        definition=version.id,
        sha256=version.sha256,
        deployed=deployed,
        item=item,
        organ=new.organ,
        applicant=who.id,
        agent=None,
        applicant_name=applicant.name.strip(),
        state=CaseState.OPEN,
        marks={},
        engine_state=b"",
        head=Head(id=number, org=post.organ_code, head=trace.GENESIS, seq=0, last_at=None),
        steps=(),
        acts=(),
    )
    change = _received(ctx, case, post, who.pseudonym, form, materials, version.version)
    settled = settle(ctx, case, moved, change, when=ctx.now, cause=change.entries[0].id, form=form)
    documents.receipt(settled, post.post, materials)
    record.save(ctx, case.id, 0, case.head, change)
    if draft is not None:
        drafts.hand_in(ctx.conn, draft, case.id)
    return Filed(case=case.id, number=number, code=code)


def _received(
    ctx: Context,
    case: cases.Case,
    post: Assignment,
    applicant: str,
    form: Mapping[str, Any],
    materials: Sequence[str],
    version: int,
) -> Change:
    body = forms.text({"form": dict(form), "materials": list(materials)})
    salt, commitment = record.payload(body.encode())
    facts = {
        "item": case.item,
        "item_version": version,
        "channel": ctx.actor.channel,
        "applicant": applicant,
        "materials": len(materials),
    }
    change = Change()
    change.trace(
        Entry(type=Event.CASE_FILED, step="case", post=post.post, assignment=post.id, data=commitment, facts=facts)
    )
    change.acts.append(
        {
            "case_": case.id,
            "step": None,
            "path": "case",
            "person": ctx.person,
            "on_behalf_of": None,
            "assignment": post.id,
            "kind": ActKind.FILE.value,
            "outcome": None,
            "at": ctx.now,
        }
    )
    change.forms.append(
        {
            "case_": case.id,
            "step": None,
            "path": "case",
            "person": ctx.person,
            "body_json": body,
            "salt": salt,
            "at": ctx.now,
        }
    )
    return change


def _known_materials(facts: Mapping[str, Any], materials: Sequence[str], file: str) -> None:
    known = {material["code"] for material in facts.get("material", ())}
    if unknown := [code for code in materials if code not in known]:
        raise Invalid(findings=(forms.finding(file, "materials", f"unknown material: {', '.join(unknown)}"),))


def _number(ctx: Context) -> str:
    """Return the next receipt number of the year, 2026-YL-000123, without gaps."""
    series = f"{ctx.today.year}-{organs.series(ctx.conn)}"
    value = people.count(ctx.conn, f"case:{series}")
    return f"{series}-{value:06d}"


def _title(facts: Mapping[str, Any], form: Mapping[str, Any], applicant: Applicant) -> str:
    return str(form.get(str(facts.get("title_field", "")), "")) or people.masked(applicant.kind, applicant.name)
