"""Intake: choose an item, type, attach, file. What was typed is kept at every change and lost by no refusal."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.db import store
from engine.db.read import intake as read
from engine.db.read.intake import Draft
from engine.errors import Invalid, Refused
from engine.model import Source
from webui import definitions, forms
from webui.errors import status_of
from webui.forms import Fault
from webui.language import gettext
from webui.messages import message
from webui.roles import DESK, current_actor, current_officer, role
from webui.window import filing
from webui.window.blueprint import bp

Typed = dict[str, Any]


@bp.get("/intake")
@role(DESK)
def intake() -> ResponseReturnValue:
    """List the items that can be filed for, and what I have begun."""
    with store.reading() as conn:
        items = read.items(conn)
        begun = read.drafts(conn, current_officer().person)
    named = {d.item: d for d in items}
    may_file = any(a.post == "acceptance" for a in current_officer().assignments)
    return render_template(
        "window/items.html",
        items=items,
        may_file=may_file,
        drafts=[(d, named[d.item]) for d in begun if d.item in named],
    )


@bp.post("/intake")
@role(DESK)
def begin_intake() -> ResponseReturnValue:
    """Begin a draft for an item."""
    with store.reading() as conn:
        item = read.item(conn, request.form.get("item", "")).item
    with store.begin(current_actor()) as ctx:
        draft = commands.save_draft(ctx, item=item, step=None, body={"applicant": {}, "form": {}, "materials": []})
    return redirect(url_for("window.draft", draft_id=draft), 303)


@bp.get("/intake/<int:draft_id>")
@role(DESK)
def draft(draft_id: int) -> ResponseReturnValue:
    """Show the form of a draft."""
    with store.reading() as conn:
        kept = read.draft(conn, current_officer().person, draft_id)
    return _page(kept, dict(kept.body))


@bp.post("/intake/<int:draft_id>/save")
@role(DESK)
def save(draft_id: int) -> ResponseReturnValue:
    """Keep what was typed, with new files; htmx gets the side panel, others the page again."""
    source, typed = _typed(draft_id)
    faults = _keep(draft_id, source, typed)
    with store.reading() as conn:
        kept = read.draft(conn, current_officer().person, draft_id)
    if request.headers.get("HX-Request"):
        return render_template("window/intake_side.html", **_facts(kept, typed, ()))
    if faults:
        return _page(kept, typed, faults), 422
    return redirect(url_for("window.draft", draft_id=draft_id, _anchor="materials"), 303)


@bp.post("/intake/<int:draft_id>/file")
@role(DESK)
def file_draft(draft_id: int) -> ResponseReturnValue:
    """File the application; on a refusal show the form again, with everything typed."""
    source, typed = _typed(draft_id)
    faults = _keep(draft_id, source, typed)
    with store.reading() as conn:
        kept = read.draft(conn, current_officer().person, draft_id)
    faults += filing.unnamed(typed["applicant"]) + filing.faults(source, typed["form"])
    if faults:
        return _page(kept, typed, faults), 422
    schema = definitions.form_schema(source, "case")
    given = [m.code for m in filing.materials(source, typed["materials"], kept.files) if m.given]
    try:
        with store.begin(current_actor()) as ctx:
            filed = commands.file_case(
                ctx,
                item=kept.item or "",
                applicant=filing.applicant(typed["applicant"]),
                form=forms.values(schema, typed["form"]),
                materials=given,
                draft=draft_id,
            )
    except (Refused, Invalid) as error:
        return _page(kept, typed, _told(schema, error)), status_of(error)
    session["code"] = [filed.case, filed.code]
    return redirect(url_for("window.receipt", case_id=filed.case), 303)


@bp.post("/intake/<int:draft_id>/detach/<int:file_id>")
@role(DESK)
def detach(draft_id: int, file_id: int) -> ResponseReturnValue:
    """Take a file out of a draft; keep what was typed."""
    source, typed = _typed(draft_id)
    _keep(draft_id, source, typed)
    with store.begin(current_actor()) as ctx:
        commands.detach(ctx, file_id)
    return redirect(url_for("window.draft", draft_id=draft_id, _anchor="materials"), 303)


@bp.post("/intake/<int:draft_id>/discard")
@role(DESK)
def discard(draft_id: int) -> ResponseReturnValue:
    """Forget a draft."""
    with store.begin(current_actor()) as ctx:
        commands.discard_draft(ctx, draft_id)
    flash(gettext("草稿已删去。"))
    return redirect(url_for("window.intake"), 303)


def _typed(draft_id: int) -> tuple[Source, Typed]:
    """Return the item's files and what was sent for it."""
    with store.reading() as conn:
        kept = read.draft(conn, current_officer().person, draft_id)
        found = read.item(conn, kept.item or "")
        source = definitions.source(conn, found.id, found.sha256)
    return source, filing.body(definitions.form_schema(source, "case"), request.form)


def _keep(draft_id: int, source: Source, typed: Typed) -> tuple[Fault, ...]:
    """Save the draft; attach the chosen files, unless htmx saves by itself; return why files were not taken."""
    with store.begin(current_actor()) as ctx:
        commands.save_draft(ctx, item=source.item, step=None, body=typed, draft=draft_id)
    codes = {str(material["code"]) for material in definitions.materials(source)}
    faults = []
    sent = () if request.headers.get("HX-Request") else request.files.items(multi=True)
    for name, upload in sent:
        code = name.removeprefix("file_")
        if code not in codes or not upload.filename:
            continue
        try:
            body = commands.keep_file(upload.stream.read())
            with store.begin(current_actor()) as ctx:
                commands.attach(ctx, draft=draft_id, material=code, name=upload.filename, kept=body)
        except Invalid:
            faults.append(
                Fault(name=f"m_{code}", message=gettext("只收 PDF、PNG、JPEG，每份不超过 20 MB，不能是空的。"))
            )
        except Refused as refusal:
            faults.append(Fault(name=f"m_{code}", message=message(refusal)))
    return tuple(faults)


def _told(schema: Any, error: Refused | Invalid) -> tuple[Fault, ...]:
    """Return a refusal of the command as faults of fields."""
    if isinstance(error, Refused):
        return (Fault(name="", message=message(error)),)
    told = []
    for finding in error.findings:
        if finding.file == "applicant":
            told.append(Fault(name=f"applicant_{finding.where}", message=filing.applicant_words(finding.where)))
        else:
            told += forms.from_findings(schema, (finding,))
    return tuple(told)


def _facts(kept: Draft, typed: Typed, faults: tuple[Fault, ...]) -> dict[str, Any]:
    today = clock.local_date(clock.now())
    with store.reading() as conn:
        found = read.item(conn, kept.item or "")
        item = definitions.item(conn, found.id, found.sha256)
        source = definitions.source(conn, found.id, found.sha256)
        calendar = store.calendar(conn)
    schema = definitions.form_schema(source, "case")
    missing = forms.form(schema, typed.get("form", {}), filing.faults(source, typed.get("form", {})))
    wanted = filing.materials(source, typed.get("materials", ()), kept.files)
    checks = filing.checks(typed.get("applicant", {}), missing, wanted)
    return {
        "draft": kept,
        "item": item,
        "facts": source.facts,
        "applicant": typed.get("applicant", {}),
        "form": forms.form(schema, typed.get("form", {}), faults),
        "faults": {fault.name: fault.message for fault in reversed(faults)},
        "materials": wanted,
        "checks": checks,
        "todo": sum(not check.done for check in checks),
        "dues": filing.dues(item, store.book(), calendar, today),
    }


def _page(kept: Draft, typed: Typed, faults: tuple[Fault, ...] = ()) -> Response | str:
    return render_template("window/intake.html", nav_here="window.intake", **_facts(kept, typed, faults))
