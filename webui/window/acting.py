"""The routes of office actions: one address for those of a step, one for those of a case."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import Invalid, Refused, Stale
from webui.errors import status_of
from webui.messages import message
from webui.roles import DESK, MONITOR, role
from webui.window import steps
from webui.window.actions import OF_CASE, OF_STEP, Done, Form
from webui.window.blueprint import bp
from webui.window.ways import Tried


@bp.post("/steps/<int:step_id>/ways/<code>")
@role(DESK, MONITOR)
def act(step_id: int, code: str) -> ResponseReturnValue:
    """Do an office action on a step; refused, its form is there again with what was typed and the reason beside it."""
    return _do(OF_STEP, code, step_id, lambda tried: steps.page(step_id, tried=tried), "step")


@bp.post("/cases/<int:case_id>/ways/<code>")
@role(DESK, MONITOR)
def act_on_case(case_id: int, code: str) -> ResponseReturnValue:
    """Do an office action on a case; refused, as with a step."""
    return _do(OF_CASE, code, case_id, lambda tried: steps.case_page(case_id, tried=tried), "case")


def _do(
    ways: Mapping[str, Callable[[int, Form], Done]], code: str, key: int, again: Callable[[Tried], str], what: str
) -> ResponseReturnValue:
    if code not in ways:
        abort(404)
    try:
        done = ways[code](key, request.form)
    except Invalid as error:
        lacking = frozenset(each.where for each in error.findings)
        return again(Tried(code=code, typed=request.form, lacking=lacking)), status_of(error)
    except (Refused, Stale) as error:
        traced = isinstance(error, Refused)
        return again(Tried(code=code, typed=request.form, why=message(error), traced=traced)), status_of(error)
    flash(done.said)
    if done.case is not None:
        return redirect(url_for("window.case", case_id=done.case), 303)
    return redirect(url_for("window.step", step_id=key) if what == "step" else url_for("window.case", case_id=key), 303)
