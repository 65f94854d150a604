"""The pages of doing several steps at once: a list of the cases with one opinion, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.db import store
from engine.db.read import casefile, desk
from engine.db.read.desk import Row
from engine.db.store import Connection
from webui import batch, definitions, forms, keys
from webui.forms import Fault
from webui.language import gettext, ngettext
from webui.roles import DESK, MONITOR, current_actor, current_officer, role
from webui.window import casepage, filing
from webui.window.blueprint import bp

MOST = 30  # cases of one batch


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A case of the batch. `why`: why it is not in it."""

    row: Row
    why: str = ""


@bp.get("/batch")
@role(DESK, MONITOR)
def several() -> ResponseReturnValue:
    """Show the chosen steps with one form and one opinion for all."""
    return _page(_asked())


@bp.post("/batch")
@role(DESK, MONITOR)
def complete_several() -> ResponseReturnValue:
    """Do each of the chosen steps; who fails a rule is listed with the reason, the others are done."""
    wanted, outcome = _asked(), request.form.get("outcome", "")
    with store.reading() as conn:
        rows = _rows(conn, wanted)
        able = [each for each in _chosen(conn, rows, wanted) if not each.why]
        schema = _schema(conn, able[0].row) if able else None
    if not able:
        return _page(wanted, notice=gettext("请至少勾选一件。"), status=422)
    typed = forms.raw(schema, request.form)
    values = forms.values(schema, typed, outcome)
    if faults := forms.faults(schema, values, outcome):
        return _page(wanted, typed, faults, status=422)
    opinion = request.form.get("opinion", "").strip()
    found = batch.complete(
        current_actor(), [each.row.step for each in able], outcome=outcome, form=values, opinion=opinion
    )
    return _told(found, rows, gettext("批量办理"))


@bp.post("/batch/claim")
@role(DESK, MONITOR)
def claim_several() -> ResponseReturnValue:
    """Claim each of the chosen steps; those that may not be claimed are listed with the reason."""
    wanted = _asked()
    if not wanted:
        flash(gettext("请至少勾选一件。"))
        return redirect(url_for("window.pool"), 303)
    found = batch.claim(current_actor(), wanted)
    with store.reading() as conn:
        rows = {row.step: row for row in desk.named(conn, current_officer(), wanted)}
    return _told(found, rows, gettext("批量认领"))


def _asked() -> list[int]:
    """Return the ids of the chosen steps, each once; what is no number is nothing."""
    return [each for each in dict.fromkeys(request.values.getlist("step", int)) if 0 < each <= keys.LAST][:MOST]


def _rows(conn: Connection, wanted: Sequence[int]) -> dict[int, Row]:
    held = {row.step: row for row in desk.mine(conn, current_officer().person)}
    return {step: held[step] for step in wanted if step in held}


def _chosen(conn: Connection, rows: Mapping[int, Row], wanted: Sequence[int]) -> list[Chosen]:
    """Return the steps that the officer holds; the first says of which item, version and step all must be."""
    held = [rows[step] for step in wanted if step in rows]
    return [Chosen(row=row, why=_why(conn, row, held[0])) for row in held]


def _why(conn: Connection, row: Row, first: Row) -> str:
    if row.in_fault:
        return gettext("流程出错，正在修复")
    if (row.definition, row.path) != (first.definition, first.path):
        return gettext("不是同一事项、同一步骤，请另办")
    found = casefile.of_step(conn, current_officer(), row.step)
    source = definitions.source(conn, row.definition, row.sha256)
    wanted = filing.materials(source, found.filing.materials if found.filing else (), found.files)
    lacking = sum(each.required and not each.given for each in wanted)
    return ngettext("缺材料 %(num)d 份", "缺材料 %(num)d 份", lacking) if lacking else ""


def _schema(conn: Connection, row: Row) -> Any:
    return definitions.form_schema(definitions.source(conn, row.definition, row.sha256), row.path)


def _page(
    wanted: Sequence[int],
    typed: Mapping[str, Any] | None = None,
    faults: tuple[Fault, ...] = (),
    notice: str = "",
    status: int = 200,
) -> ResponseReturnValue:
    with store.reading() as conn:
        found = _chosen(conn, _rows(conn, wanted), wanted)
        if not found:
            flash(gettext("勾选的都不在您手上了。"))
            return redirect(url_for("window.desk"), 303)
        row = found[0].row
        of = definitions.item(conn, row.definition, row.sha256)
        source = definitions.source(conn, row.definition, row.sha256)
        drawn = forms.form(_schema(conn, row), typed or {}, faults, {})
    page = render_template(
        "window/batch.html",
        nav_here="window.desk",
        chosen=found,
        able=[each for each in found if not each.why],
        item_name=definitions.item_name(of),
        step_name=definitions.step_name(of, row.path),
        form=drawn,
        faults={f.name: f.message for f in reversed(faults)},
        buttons=casepage.buttons(source, of.steps[row.path]),
        opinion=request.form.get("opinion", current_officer().phrase),
        outcome_of=lambda code: definitions.outcome_name(source, row.path, code),
        notice=notice,
    )
    return page, status


def _told(found: Sequence[batch.Result], rows: Mapping[int, Row], title: str) -> ResponseReturnValue:
    done, failed = [each for each in found if not each.why], [each for each in found if each.why]
    said = ngettext("%(num)d 件办成了。", "%(num)d 件办成了。", len(done))
    if not failed:
        flash(said)
        return redirect(url_for("window.desk"), 303)
    return render_template(
        "window/batch_told.html", nav_here="window.desk", title=title, said=said, done=done, failed=failed, rows=rows
    )
