"""The applicant's answer: what the case asks of the applicant now, with a form and files to send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from engine import clock, commands
from engine.db import store
from engine.db.read import portal as read
from engine.db.read.case import Case, CaseStep
from engine.errors import Invalid, Refused, Stale
from engine.model import Actor, Step
from engine.rules.correcting import Written
from webui import definitions, forms
from webui.errors import status_of
from webui.forms import Fault
from webui.language import gettext, moment, ngettext
from webui.messages import message
from webui.outcomes import FORBIDDING
from webui.portal.blueprint import bp
from webui.portal.progress import ask, keep_open, opened, page
from webui.roles import PUBLIC, role
from webui.security import limiter

NAMES = 100  # characters of file names in an answer's text


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A step that waits for the applicant. `lines`: what the notice asks for; `field`: the form's field for it."""

    case: Case
    step: CaseStep
    declared: Step
    name: str
    schema: Mapping[str, Any]
    notice: Written | None
    lines: tuple[str, ...]
    field: str
    outcomes: tuple[tuple[str, str], ...]


@bp.get("/progress/answer")
@role(PUBLIC)
def answer() -> ResponseReturnValue:
    """Show what is asked of the applicant; from here there are 15 minutes again."""
    found = _asked(request.args.get("step", type=int))
    if found is None:
        return redirect(url_for("portal.progress"), 303)
    keep_open(found.case.id)
    return _page(found)


@bp.post("/progress/answer")
@role(PUBLIC)
@limiter.limit("10 per minute")
def send() -> ResponseReturnValue:
    """Take the answer; what was typed stays on the page when it is refused, files must be chosen again."""
    if opened() is None:
        kept = [text for name, text in request.form.items(multi=True) if name not in ("csrf_token", "step", "outcome")]
        trouble = gettext("过了 15 分钟，这件已经收起，没有交出去。请再输一次查询码。")
        return ask("", trouble, [text for text in kept if text.strip()]), 403
    found = _asked(request.form.get("step", type=int))
    if found is None:
        flash(gettext("这一步已经办过，或者现在不用办。"))
        return redirect(url_for("portal.progress"), 303)
    files = _files(found)
    typed = forms.raw(found.schema, request.form)
    outcome = request.form.get("outcome", "")
    form, faults = _filled(found, typed, outcome, files)
    if faults:
        return _page(found, typed, faults), 422
    return _sent(found, typed, outcome, form, [upload for _, upload in files])


def _sent(
    found: Asked, typed: Mapping[str, Any], outcome: str, form: Mapping[str, Any], uploads: Sequence[FileStorage]
) -> ResponseReturnValue:
    papers: list[commands.Paper] = []
    try:
        for upload in uploads:
            kept = commands.keep_file(upload.stream.read())
            papers.append(commands.Paper(material=commands.SUPPLEMENT, name=str(upload.filename), kept=kept))
        with store.begin(Actor(person=found.case.applicant_id, channel="portal")) as ctx:
            commands.answer(ctx, found.case.id, found.step.id, outcome=outcome, form=form, papers=papers)
    except (Invalid, Refused, Stale) as error:
        for paper in papers:
            commands.throw_away(paper.kept)
        return _refused(found, typed, error), status_of(error)
    flash(_confirmed(found, len(papers)))
    return redirect(url_for("portal.progress"), 303)


def _refused(found: Asked, typed: Mapping[str, Any], error: Invalid | Refused | Stale) -> str:
    again = _asked(found.step.id)
    if again is None:
        flash(message(error))
        return page(opened() or found.case)
    said = message(error)
    if isinstance(error, Invalid) and any(fault.file == "file" for fault in error.findings):
        said = gettext("只收 PDF、PNG、JPEG，每份不超过 20 MB，不能是空的。")
    return _page(again, typed, (Fault(name="", message=said),))


def _confirmed(found: Asked, files: int) -> str:
    said = gettext("“%(step)s”收到了，%(at)s。", step=found.name, at=moment(clock.now()))
    if files:
        said += ngettext("文件 %(num)d 份。", "文件 %(num)d 份。", files)
    return said + gettext("窗口会接着办，结果在这一页看。")


def _asked(step_id: int | None) -> Asked | None:
    """Return the step asked for, else the first that waits for the applicant; None when none does."""
    case = opened()
    if case is None:
        return None
    with store.reading() as conn:
        item = definitions.item(conn, case.definition, case.sha256)
        source = definitions.source(conn, case.definition, case.sha256)
        open_now = read.waiting(case, item)
        notice = read.notice(conn, case, item) if open_now else None
    step = next((s for s in open_now if step_id in (None, s.id)), None)
    if step is None:
        return None
    schema = definitions.form_schema(source, step.path) or {}
    declared, lines = item.steps[step.path], read.lines(notice)
    each = [name for name, rule in schema.get("properties", {}).items() if rule.get("x-each") == "asked"]
    return Asked(
        case=case,
        step=step,
        declared=declared,
        name=gettext("补正材料") if each and lines else definitions.step_name(item, step.path),
        schema=schema,
        notice=notice if each else None,
        lines=lines if each else (),
        field=each[0] if each else "",
        outcomes=tuple(
            (code, definitions.outcome_name(source, step.path, code))
            for code in declared.outcomes or ("done",)
            if code not in FORBIDDING
        ),
    )


def _files(found: Asked) -> list[tuple[int, FileStorage]]:
    """Return the files sent, each with the line that it belongs to (0 where there are none)."""
    return [
        (number, upload)
        for number in range(max(1, len(found.lines)))
        for upload in request.files.getlist(f"file_{number}")
        if upload.filename
    ]


def _filled(
    found: Asked, typed: dict[str, Any], outcome: str, files: Iterable[tuple[int, FileStorage]]
) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Return the form and what is wrong with it: each thing asked for wants a word or a file."""
    files = list(files)
    form = forms.values(found.schema, typed, outcome)
    faults: list[Fault] = []
    if len(files) > commands.MAX_PAPERS:
        faults.append(Fault(name="", message=gettext("一次最多传 %(n)d 份文件。", n=commands.MAX_PAPERS)))
    if found.lines:
        form[found.field] = []
        for number, line in enumerate(found.lines):
            text = _said(typed, found, line, [str(upload.filename) for at, upload in files if at == number])
            if text:
                form[found.field].append(forms.about(line, text))
            else:
                faults.append(Fault(name=f"line_{number}", message=gettext("这一项要写一句，或者传文件。")))
    if not faults:
        faults += forms.faults(found.schema, form, outcome)
    return form, tuple(faults)


def _said(typed: Mapping[str, Any], found: Asked, line: str, names: Sequence[str]) -> str:
    start = forms.about(line, "")
    said = next((text.removeprefix(start) for text in typed.get(found.field, ()) if text.startswith(start)), "")
    if not names:
        return said
    attached = "附 " + "、".join(names)[:NAMES]
    return f"{said}（{attached}）" if said else attached


def _page(found: Asked, typed: Mapping[str, Any] | None = None, faults: tuple[Fault, ...] = ()) -> str:
    drawn = forms.form(found.schema, typed or {}, faults, {"asked": found.lines})
    drawn = forms.asked(drawn, [code for code, _ in found.outcomes])
    return render_template(
        "portal/answer.html",
        asked=found,
        case=found.case,
        form=drawn,
        each=next((field for field in drawn.fields if field.name == found.field), None),
        faults={fault.name: fault.message for fault in reversed(faults)},
        most=commands.MAX_PAPERS,
    )
