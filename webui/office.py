"""Pages of those who manage: what waits for a second person, and cases whose flow could not go on."""

from __future__ import annotations

import json
import math

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.commands.approving import KINDS
from engine.commands.repairing import PROPOSERS, How
from engine.db import store
from engine.db.read import faulted, proposals
from engine.db.read.case import kept_from
from engine.db.read.proposals import PAGE, Only, Row, Whole
from engine.db.store import Connection
from engine.errors import (
    EngineFault,
    Invalid,
    NotFound,
    NotYourRole,
    OwnMatter,
    Refused,
    SameProposer,
    Stale,
    SunlitError,
)
from engine.rules.book import Book
from webui import definitions, outcomes, proposed, words
from webui import staffing as staffing_page
from webui import stuck as stuck_page
from webui.clocks import LAMPS
from webui.errors import status_of
from webui.language import gettext, pick
from webui.messages import message
from webui.people import history
from webui.roles import ADMIN, OFFICERS, current_actor, current_officer, role

bp = Blueprint("office", __name__, url_prefix="/office")
MOST_PAGES = 100_000
LONGEST = 2000  # characters of a reason
OF_OFFICES = frozenset({"founding", *proposed.MODELS}) - {"correction"}  # kinds without what stands in a case


@bp.get("/proposals", endpoint="proposals")
@role(*OFFICERS)
def listed() -> ResponseReturnValue:
    """List the proposals: those that wait first, the newest on top. Others than managers see what concerns them."""
    page = min(max(1, request.args.get("page", 1, int)), MOST_PAGES)
    only = None if ADMIN in g.audiences else Only(kinds=_decided(), by=current_officer().person)
    with store.reading() as conn:
        found, (total, waiting) = proposals.listed(conn, page, only), proposals.size(conn, only)
        whom = history.whom(conn, found)
    return render_template(
        "admin/proposals.html",
        found=found,
        waiting=waiting,
        words=words,
        page=page,
        pages=math.ceil(total / PAGE),
        page_url=lambda number: url_for("office.proposals", page=number),
        me=current_officer().person,
        may_open=_may_open,
        whom=whom,
    )


@bp.get("/proposals/<int:proposal>")
@role(*OFFICERS)
def proposal(proposal: int) -> ResponseReturnValue:
    """Show what exactly is proposed, and the buttons to decide; to managers, who proposes it and who decides it."""
    return _proposal(proposal)


@bp.get("/proposals/<int:proposal>/staffing")
@role(*OFFICERS)
def staffing(proposal: int) -> ResponseReturnValue:
    """Show which organs could not staff a proposed definition, and why; it takes longer than the rest of its page."""
    with store.reading() as conn:
        found = proposals.one(conn, proposal)
        if not _may_open(found) or found.kind != "definition":
            raise NotFound(what="proposal", key=str(proposal))
        source = commands.proposed_definition(conn, found.body_json).source
        shown = staffing_page.proposed(conn, source)
    whole = "" if request.headers.get("HX-Request") else "_page"
    return render_template(f"staffing/proposed{whole}.html", nav_here="office.proposals", key=proposal, **shown)


@bp.get("/proposals/<int:proposal>/stuck", endpoint="stuck")
@role(*OFFICERS)
def stuck(proposal: int) -> ResponseReturnValue:
    """List the open cases that nobody could finish once this is approved; it takes longer than the rest of its page."""
    with store.reading() as conn:
        found = proposals.one(conn, proposal)
        if not _may_open(found) or not stuck_page.address(found):
            raise NotFound(what="proposal", key=str(proposal))
        shown = stuck_page.proposed(conn, found)
    whole = "" if request.headers.get("HX-Request") else "_page"
    return render_template(f"stuck/proposed{whole}.html", nav_here="office.proposals", key=proposal, **shown)


@bp.post("/proposals/<int:proposal>/approve")
@role(*OFFICERS)
def approve(proposal: int) -> ResponseReturnValue:
    """Approve what somebody else proposed; it is carried out at once. A one-time password is shown here, once."""
    try:
        with store.begin(current_actor()) as ctx:
            done = commands.approve(ctx, proposal)
    except (Refused, Stale, Invalid) as error:
        return _refused(proposal, error, _told(error))
    if done.secret:
        return _secret(proposal, done.secret)
    flash(gettext("第 %(number)d 号提议已批准并执行。", number=proposal))
    return redirect(url_for("office.proposal", proposal=proposal), 303)


@bp.post("/proposals/<int:proposal>/decline")
@role(*OFFICERS)
def decline(proposal: int) -> ResponseReturnValue:
    """Decline what somebody else proposed, or take one's own proposal back."""
    reason = request.form.get("reason", "")[:LONGEST]
    try:
        with store.begin(current_actor()) as ctx:
            commands.decline(ctx, proposal, reason=reason)
    except Invalid as error:
        return _refused(proposal, error, missing=gettext("请写一句为什么。"))
    except (Refused, Stale) as error:
        return _refused(proposal, error, _told(error))
    flash(gettext("第 %(number)d 号提议不再办理。", number=proposal))
    return redirect(url_for("office.proposals"), 303)


@bp.get("/faults")
@role(ADMIN)
def faults() -> ResponseReturnValue:
    """List the cases whose flow could not go on, the first to turn red on top."""
    with store.reading() as conn:
        found = faulted.listed(conn, clock.local_date(clock.now()))
        rows = [(each, proposed.fault_words(conn, each)) for each in found]
    return render_template("admin/faults.html", rows=rows, lamps=LAMPS)


@bp.get("/faults/<number>")
@role(ADMIN)
def fault(number: str) -> ResponseReturnValue:
    """Show why the flow of a case could not go on, with the form to propose a repair."""
    return _fault(number)


@bp.post("/faults/<number>")
@role(ADMIN)
def propose_repair(number: str) -> ResponseReturnValue:
    """Propose to repair a case; what was typed stays on the page when it is refused."""
    how, reason = request.form.get("how", ""), request.form.get("reason", "")[:LONGEST]
    at = request.form.get("at", "") if how == How.CONTINUE else ""
    with store.reading() as conn:
        case = faulted.one(conn, number, clock.local_date(clock.now())).id
    try:
        with store.begin(current_actor()) as ctx:
            made = commands.propose_repair(ctx, case, how=how, at=at, reason=reason)
    except Invalid as error:
        return _fault(number, wrong=error.findings[0].where), status_of(error)
    except (Refused, Stale) as error:
        return _fault(number, _told(error)), status_of(error)
    flash(gettext("提议已记下，第 %(number)d 号；等另一个人批准后执行。", number=made))
    return redirect(url_for("office.proposal", proposal=made), 303)


def _told(error: Refused | Stale | Invalid) -> str:
    if isinstance(error, EngineFault):
        return gettext("这样修不行，流程到那里也走不下去：%(why)s。", why=error.why)
    return message(error)


def _refused(key: int, error: SunlitError, notice: str = "", missing: str = "") -> ResponseReturnValue:
    """Return the proposal with what stood in the way; only the error where the officer may not open it at all."""
    with store.reading() as conn:
        if not _may_open(proposals.one(conn, key)):
            raise error
    return _proposal(key, notice, missing), status_of(error)


def _secret(key: int, secret: str) -> str:
    """Return the page that shows a one-time password; it is the answer to the approval, and kept nowhere."""
    with store.reading() as conn:
        found = proposals.one(conn, key)
        shown = proposed.model(conn, found)
    return render_template("admin/secret.html", nav_here="office.proposals", found=found, secret=secret, **shown)


def _proposal(key: int, notice: str = "", missing: str = "") -> str:
    book = store.book()
    with store.reading() as conn:
        found = proposals.one(conn, key)
        if not _may_open(found) or kept_from(conn, found.about or "", current_officer().person):
            raise NotFound(what="proposal", key=str(key))
        shown = proposed.model(conn, found)
        own_matter = _is_about_me(conn, found)
    mine = found.by_id == current_officer().person
    return render_template(
        "admin/proposal.html",
        nav_here="office.proposals",
        found=found,
        notice=notice,
        missing=missing,
        bar=_bar(found, book, own_matter),
        mine=mine,
        may_decide=mine or not (own_matter or _wants(found, book)),
        words=words,
        book=book,
        typed=request.form,
        **shown,
    )


def _decided() -> tuple[str, ...]:
    """Return the kinds of proposals that the officer's posts decide."""
    held = {each.post for each in current_officer().assignments}
    return tuple(name for name, kind in KINDS.items() if held & set(kind.posts))


def _may_open(found: Row) -> bool:
    """Return whether the officer may read a proposal: who proposed it; who decides it; every manager, unless it holds,
    or may hold, a case's content (SOD-26)."""
    manages = ADMIN in g.audiences and found.kind in OF_OFFICES
    return manages or found.by_id == current_officer().person or found.kind in _decided()


def _is_about_me(conn: Connection, found: Whole) -> bool:
    kind = KINDS.get(found.kind)
    return kind is not None and current_officer().person in kind.concerned(conn, json.loads(found.body_json))


def _wants(found: Row, book: Book) -> NotYourRole | None:
    """Return why the officer's posts do not allow to decide a proposal of this kind."""
    posts = KINDS[found.kind].posts if found.kind in KINDS else ()
    return _lacking(posts, book)


def _lacking(posts: tuple[str, ...], book: Book) -> NotYourRole | None:
    if any(a.post in posts for a in current_officer().assignments):
        return None
    return NotYourRole(posts=words.joined(words.post(post, book) for post in posts))


def _bar(found: Row, book: Book, own_matter: bool) -> str:
    """Return why the officer may not approve, else empty; the command has the last word."""
    if found.by_id == current_officer().person:
        return message(SameProposer(basis="SOD-25"))
    if own_matter:
        return message(OwnMatter(basis="SOD-25"))
    lacking = _wants(found, book)
    return message(lacking) if lacking else ""


def _fault(number: str, notice: str = "", wrong: str = "") -> str:
    now, book = clock.now(), store.book()
    with store.reading() as conn:
        case = faulted.one(conn, number, clock.local_date(now))
        item = definitions.item(conn, case.definition, case.sha256)
        places = _places(conn, case)
        late = [
            definitions.element_name(conn, case.definition, case.sha256, path)
            for path in faulted.overdue_timers(conn, case.id, now)
        ]
        told = proposed.fault_words(conn, case)
    lacking = _lacking(PROPOSERS, book)
    return render_template(
        "admin/fault.html",
        nav_here="office.faults",
        case=case,
        item=item,
        told=told,
        places=[(path, definitions.step_name(item, path), words.post(item.steps[path].post, book)) for path in places],
        late=words.joined(late),
        lamps=LAMPS,
        notice=notice,
        wrong=wrong,
        bar=message(lacking) if lacking else "",
        typed=request.form,
        outcomes=outcomes,
        names=words.joined(definitions.step_name(item, path) for path in case.steps),
        item_name=pick(case.item.name, case.item.name_en),
    )


def _places(conn: Connection, case: faulted.Faulted) -> list[str]:
    return commands.repair_places(conn, case.definition, case.sha256, faulted.engine_state(conn, case.id))
