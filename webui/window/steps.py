"""The page of a step and of a case; claim, release, complete, draft, withdraw."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from engine import clock, commands
from engine.db import store
from engine.db.read import casefile, desk
from engine.errors import CaseFaulted, Invalid, OutcomeDiffers, Refused, Stale
from webui import definitions, forms
from webui.errors import status_of
from webui.forms import Fault
from webui.language import gettext, hour, pick
from webui.messages import message
from webui.roles import DESK, MONITOR, current_actor, current_officer, role
from webui.taking import taking
from webui.window import casepage
from webui.window.blueprint import bp
from webui.window.ways import Tried


@bp.get("/steps/<int:step_id>")
@role(DESK, MONITOR)
def step(step_id: int) -> ResponseReturnValue:
    """Show a step with its case."""
    return page(step_id)


@bp.get("/steps/<int:step_id>/left")
@role(DESK, MONITOR)
def left(step_id: int) -> ResponseReturnValue:
    """Show for which steps of the case, from this one on, only one person is left; it takes longer than the page."""
    with store.reading() as conn:
        found = casefile.of_step(conn, current_officer(), step_id)
        said = [pick(each.zh, each.en) for each in commands.lasts(conn, step_id)]
    whole = "HX-Request" not in request.headers
    return render_template(
        "window/left_page.html" if whole else "window/left_part.html", said=said, case=found, step=step_id
    )


@bp.get("/cases/<int:case_id>")
@role(DESK, MONITOR)
def case(case_id: int) -> ResponseReturnValue:
    """Show a case."""
    return case_page(case_id)


@bp.post("/steps/<int:step_id>/claim")
@role(DESK, MONITOR)
def claim(step_id: int) -> ResponseReturnValue:
    """Take a step, and open it."""
    actor = current_actor()
    with taking(actor, step_id, actor.person) as ctx:
        commands.claim(ctx, step_id)
    return redirect(url_for("window.step", step_id=step_id), 303)


@bp.post("/steps/<int:step_id>/release")
@role(DESK, MONITOR)
def release(step_id: int) -> ResponseReturnValue:
    """Put a step back into the pool."""
    with store.begin(current_actor()) as ctx:
        commands.release(ctx, step_id)
    flash(gettext("已放回本单位待领。"))
    return redirect(url_for("window.desk"), 303)


@bp.post("/steps/<int:step_id>/signature/take-back")
@role(DESK, MONITOR)
def take_back(step_id: int) -> ResponseReturnValue:
    """Take one's own signature back, to sign anew or to leave it to others."""
    with store.begin(current_actor()) as ctx:
        commands.take_back(ctx, step_id)
    flash(gettext("您的签名已收回；要重签，请再认领。"))
    return redirect(url_for("window.step", step_id=step_id), 303)


@bp.post("/steps/<int:step_id>/draft")
@role(DESK, MONITOR)
def save_step(step_id: int) -> ResponseReturnValue:
    """Keep what was typed on a step; answer when it was saved."""
    typed = _typed(step_id)
    with store.reading() as conn:
        holder = casefile.of_step(conn, current_officer(), step_id).step(step_id).claimed_by
    if holder != current_officer().person:
        return gettext("没有存：这一步已经不在您手上。"), 409
    with store.begin(current_actor()) as ctx:
        commands.save_draft(ctx, item=None, step=step_id, body=typed)
    return gettext("草稿已存 %(time)s", time=hour(clock.now()))


@bp.post("/steps/<int:step_id>/complete")
@role(DESK, MONITOR)
def complete(step_id: int) -> ResponseReturnValue:
    """Do a step; then open the next one of the queue. What was typed stays on the page when it is refused."""
    typed, outcome = _typed(step_id), request.form.get("outcome", "")
    schema = _schema(step_id)
    values = forms.values(schema, typed["form"], outcome)
    if faults := (*forms.faults(schema, values, outcome), *_contradiction(step_id, outcome, typed["opinion"])):
        return page(step_id, typed, faults), 422
    try:
        with store.begin(current_actor()) as ctx:
            done = commands.complete(ctx, step_id, outcome=outcome, form=values, opinion=typed["opinion"].strip())
    except Invalid as error:
        told = forms.from_findings(schema, error.findings) or (Fault(name="", message=message(error)),)
        return page(step_id, typed, told), status_of(error)
    except CaseFaulted as error:
        with store.begin(current_actor()) as ctx:  # so that it is there when the case has been repaired
            commands.save_draft(ctx, item=None, step=step_id, body=typed)
        return page(step_id, typed, (), message(error)), status_of(error)
    except (Refused, Stale) as error:
        return page(step_id, typed, (), _told(step_id, error)), status_of(error)
    return _next(step_id, done)


@bp.post("/cases/<int:case_id>/withdraw")
@role(DESK)
def withdraw(case_id: int) -> ResponseReturnValue:
    """Close a case because the applicant takes the application back."""
    with store.begin(current_actor()) as ctx:
        commands.withdraw(ctx, case_id, reason=request.form.get("reason", ""))
    flash(gettext("本件已按申请人的意思撤回。"))
    return redirect(url_for("window.case", case_id=case_id), 303)


def _next(step_id: int, done: commands.Completed) -> ResponseReturnValue:
    officer = current_officer()
    with store.reading() as conn:
        found = casefile.of_case(conn, officer, done.case)
        queue = desk.mine(conn, officer.person)
        possible = commands.withdrawable(conn, step_id, officer.person) is None
        name = definitions.step_name(definitions.item(conn, found.definition, found.sha256), found.step(step_id).path)
    if done.signed < done.needed:
        signed = f"{done.signed}/{done.needed}"
        flash(gettext("%(title)s“%(step)s”已签 %(n)s，等另一人签。", title=found.title, step=name, n=signed))
    else:
        flash(_taken_out(step_id, gettext("%(title)s“%(step)s”已办出。", title=found.title, step=name), possible))
    if following := next((row.step for row in queue if not row.in_fault), None):
        return redirect(url_for("window.step", step_id=following), 303)
    return redirect(url_for("window.desk"), 303)


def _taken_out(step_id: int, said: str, possible: bool) -> str:
    """Return the line after a step is done, with the way to take it back as long as that is possible."""
    if not possible:
        return said
    link = Markup(' <a href="{}">{}</a>').format(
        url_for("window.step", step_id=step_id, do="withdraw"), gettext("撤回")
    )
    return escape(said) + link


def _contradiction(step_id: int, outcome: str, opinion: str) -> tuple[Fault, ...]:
    """Return a fault when the usual phrase, written for the ordinary outcome, stands beside another one."""
    phrase = current_officer().phrase.strip()
    with store.reading() as conn:
        found = casefile.of_step(conn, current_officer(), step_id)
        of = definitions.item(conn, found.definition, found.sha256)
        source = definitions.source(conn, found.definition, found.sha256)
    path = found.step(step_id).path
    declared = of.steps.get(path)
    if declared is None or outcome not in declared.outcomes[1:] or not phrase or opinion.strip() != phrase:
        return ()
    title = definitions.outcome_name(source, path, outcome)
    return (Fault(name="opinion", message=gettext("意见还是常用语，与“%(outcome)s”不符，请改写。", outcome=title)),)


def _told(step_id: int, error: Refused | Stale) -> str:
    if isinstance(error, OutcomeDiffers):
        with store.reading() as conn:
            found = casefile.of_step(conn, current_officer(), step_id)
            source = definitions.source(conn, found.definition, found.sha256)
        named = definitions.outcome_name(source, found.step(step_id).path, error.first)
        return message(replace(error, first=named))
    return message(error)


def _kept(schema: Any, typed: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what was typed for a step that is no longer the officer's: titles and texts."""
    values = forms.values(schema, typed["form"])
    rules = (schema or {}).get("properties", {})
    found = [
        (pick(r.get("title", n), r.get("title_en")), forms.shown(r, values[n])) for n, r in rules.items() if n in values
    ]
    return [*found, *([(gettext("意见"), typed["opinion"])] if typed["opinion"].strip() else [])]


def _schema(step_id: int) -> Any:
    with store.reading() as conn:
        found = casefile.of_step(conn, current_officer(), step_id)
        source = definitions.source(conn, found.definition, found.sha256)
    return definitions.form_schema(source, found.step(step_id).path)


def _typed(step_id: int) -> dict[str, Any]:
    return {"form": forms.raw(_schema(step_id), request.form), "opinion": request.form.get("opinion", "")}


def _placed(tried: Tried, model: dict[str, Any]) -> bool:
    """Return whether the page still has the form of an action, to say there why it was refused."""
    together = model["several"]
    asked = {"advise": together and together.mine, "vote": together and together.votes and not together.voted}
    return bool(asked.get(tried.code)) or any(tried.at(way) for way in model["ways"])


def case_page(case_id: int, tried: Tried | None = None) -> str:
    """Return the page of a case; `tried`: an office action that was refused just now."""
    today, wanted = clock.local_date(clock.now()), request.args.get("flow", "")
    with store.reading() as conn:
        found = casefile.of_case(conn, current_officer(), case_id)
        model = casepage.model(conn, current_officer(), found, None, today, wanted, tried=tried)
    return render_template("window/step.html", nav_here="window.search", notice="", **model)


def page(
    step_id: int,
    typed: dict[str, Any] | None = None,
    faults: tuple[Fault, ...] = (),
    notice: str = "",
    tried: Tried | None = None,
) -> str:
    """Return the page of a step. `typed` and `faults`: what was just sent to complete it; `tried`: another action."""
    officer, today = current_officer(), clock.local_date(clock.now())
    asked = Tried(code=request.args["do"]) if "do" in request.args else None
    with store.reading() as conn:
        found = casefile.of_step(conn, officer, step_id)
        queue = [row.step for row in desk.mine(conn, officer.person)]
        model = casepage.model(
            conn,
            officer,
            found,
            found.step(step_id),
            today,
            request.args.get("flow", ""),
            typed,
            faults,
            tried or asked,
        )
    place = (queue.index(step_id) + 1, len(queue)) if step_id in queue else None
    following = queue[queue.index(step_id) + 1] if place and place[0] < place[1] else None
    kept = _kept(_schema(step_id), typed) if typed and not model["mine"] else []
    if tried and not _placed(tried, model):
        notice, kept = tried.why, tried.written
    return render_template(
        "window/step.html", nav_here="window.desk", notice=notice, kept=kept, place=place, following=following, **model
    )
