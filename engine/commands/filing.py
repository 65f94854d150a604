"""File an application: number, query code, first step, first clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.bpmn import run
from engine.commands import cases, forms
from engine.commands.permit import by_post
from engine.commands.settle import settle
from engine.db import find, people, record, sealed
from engine.db import tables as t
from engine.db.context import Context
from engine.db.people import Applicant
from engine.db.record import Change, Entry, Head
from engine.errors import AlreadyFiled, EngineFault, Invalid, OwnCase
from engine.model import ActKind, Assignment, CaseState, Event, OrganLevel
from engine.rules import trace


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
    post = by_post(ctx, "acceptance")
    row = find.newest(ctx.conn, item)
    deployed = cases.definition(ctx.conn, row.id, row.sha256)
    ctx.subject.definition = row.sha256
    forms.check(deployed.source, "case", form)
    _known_materials(deployed.source.facts, materials, deployed.source.file)
    who = people.applicant(ctx.conn, applicant)
    if who.id == ctx.person:
        raise OwnCase(basis="SOD-31")
    if draft is not None:
        _use_up(ctx, draft)
    number = _number(ctx)
    code = sealed.new_code()
    decides = {f"case_{name}": value for name, value in forms.decides(deployed.source, "case", form).items()}
    try:
        moved = run.start(deployed.program, decides)
    except run.Fault as fault:
        raise EngineFault(why=str(fault)) from fault
    organ = _organ(post)
    case_id = _insert(ctx, row.id, item, organ, who.id, number, code, _title(deployed.source.facts, form, applicant))
    case = cases.Case(
        id=case_id,
        number=number,
        version=0,
        definition=row.id,
        sha256=row.sha256,
        deployed=deployed,
        item=item,
        organ=organ,
        applicant=who.id,
        agent=None,
        state=CaseState.OPEN,
        marks={},
        engine_state=b"",
        head=Head(id=number, org=post.organ_code, head=trace.GENESIS, seq=0, last_at=None),
        steps=(),
        acts=(),
    )
    change = _received(ctx, case, post, who.pseudonym, form, materials, row.version)
    settle(ctx, case, moved, change, when=ctx.now, cause=change.entries[0].id)
    record.save(ctx, case_id, 0, case.head, change)
    if draft is not None:
        ctx.conn.execute(sa.update(t.file).where(t.file.c.draft == draft).values(case_=case_id, draft=None))
        ctx.conn.execute(sa.delete(t.draft).where(t.draft.c.id == draft))
    return Filed(case=case_id, number=number, code=code)


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


def _use_up(ctx: Context, draft: int) -> None:
    """Lock the draft so that it is filed once."""
    own = (t.draft.c.id == draft) & (t.draft.c.person == ctx.person)
    if ctx.conn.scalar(sa.select(t.draft.c.id).where(own).with_for_update()) is None:
        raise AlreadyFiled()


def _number(ctx: Context) -> str:
    """Return the next receipt number of the year, 2026-YL-000123, without gaps."""
    top = sa.select(t.organ.c.series).where(t.organ.c.parent.is_(None)).order_by(t.organ.c.id).limit(1)
    series = f"{ctx.today.year}-{ctx.conn.scalar(top)}"
    value = people.count(ctx.conn, f"case:{series}")
    return f"{series}-{value:06d}"


def _organ(post: Assignment) -> int:
    """Return where the case is filed: the centre a window belongs to."""
    if post.level is OrganLevel.WINDOW and post.parent is not None:
        return post.parent
    return post.organ


def _title(facts: Mapping[str, Any], form: Mapping[str, Any], applicant: Applicant) -> str:
    return str(form.get(str(facts.get("title_field", "")), "")) or people.masked(applicant.kind, applicant.name)


def _insert(
    ctx: Context, definition: int, item: str, organ: int, applicant: int, number: str, code: str, title: str
) -> int:
    row = {
        "number": number,
        "definition": definition,
        "item": item,
        "organ": organ,
        "applicant": applicant,
        "title": title,
        "channel": ctx.actor.channel,
        "state": CaseState.OPEN.value,
        "version": 0,
        "engine_state": b"",
        "marks_json": "{}",
        "query_hash": sealed.keyed_hash("query", f"{number}:{code}"),
        "filed_at": ctx.now,
    }
    return int(ctx.conn.execute(sa.insert(t.case_).values(**row).returning(t.case_.c.id)).scalar_one())
