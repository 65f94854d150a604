"""The officer's own account: posts, absences and ties, password and second factor, and where it is signed in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.db import store
from engine.db.read import account as read
from engine.db.read import officers, posts, proposals
from engine.db.read.proposals import Only
from engine.errors import Invalid, NotFound, Refused
from webui import words
from webui.errors import headers_of, status_of
from webui.language import gettext
from webui.messages import message
from webui.people.absences import absence_schema, ending
from webui.people.findings import told
from webui.people.proposing import Act, choice, day, done, of, proposed, shown, text
from webui.roles import OFFICERS, current_actor, current_officer, role
from webui.security import limiter

bp = Blueprint("account", __name__, url_prefix="/account")
ID_TYPES = {"natural": "identity_card", "legal": "credit_code"}


@bp.get("")
@role(*OFFICERS)
def own() -> ResponseReturnValue:
    """Show what is registered about the officer, and open sign-ins."""
    officer, today = current_officer(), clock.local_date(clock.now())
    with store.reading() as conn:
        mine = officers.one(conn, officer.person, today)
        return render_template(
            "account.html",
            sessions=read.sessions(conn, officer.account, _here()),
            mine=mine,
            account=next(each for each in mine.accounts if each.id == officer.account),
            held=[each for each in mine.posts if not each.is_over(today)],
            stand_ins=[each for each in posts.stand_ins(conn, officer.person) if not each.is_over(today)],
            ties=read.ties(conn, officer.person),
            proposed=[each for each in proposals.listed(conn, 1, Only(kinds=(), by=officer.person)) if each.waits],
            words=words,
            book=store.book(),
        )


@bp.get("/password")
@role(*OFFICERS)
def password() -> ResponseReturnValue:
    """Ask for the old and a new password; whose password others have set comes here before anything else."""
    return _password()


@bp.post("/password")
@role(*OFFICERS)
@limiter.limit("30 per minute")
def change_password() -> ResponseReturnValue:
    """Change the password; the account's other sign-ins end."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _password(faults={"again": gettext("两次输入的新口令不一样。")}), 422
    try:
        with store.begin(current_actor()) as ctx:
            commands.change_password(ctx, old, new, keep=_here())
    except Invalid as error:
        return _password(faults={each.where: told(each) for each in error.findings}), status_of(error)
    except Refused as error:
        return _password(faults={"old": message(error)}), status_of(error), headers_of(error)
    flash(gettext("口令已改，别处的登录已全部退出。"))
    return redirect(url_for("signin.home" if current_officer().must_change else "account.own"), 303)


@bp.post("/second-factor")
@role(*OFFICERS)
def enrol() -> ResponseReturnValue:
    """Make a new secret and show it, once: as a picture to scan and in groups to type."""
    try:
        with store.begin(current_actor()) as ctx:
            enrolment = commands.enrol_second_factor(ctx)
    except Refused as error:
        return _second_factor(notice=message(error)), status_of(error)
    return _second_factor(enrolment.secret, enrolment.uri)


@bp.post("/second-factor/confirm")
@role(*OFFICERS)
@limiter.limit("30 per minute")
def confirm() -> ResponseReturnValue:
    """Take the first code of a new second factor; from then on one is asked for at each sign-in."""
    code = "".join(request.form.get("code", "").split())[:10]
    try:
        with store.begin(current_actor()) as ctx:
            commands.confirm_second_factor(ctx, code)
    except Invalid as error:
        return _second_factor(wrong=told(error.findings[0])), status_of(error)
    except Refused as error:
        return _second_factor(wrong=message(error)), status_of(error), headers_of(error)
    flash(gettext("动态口令已开通，下次登录起要输。"))
    return redirect(url_for("account.own"), 303)


@bp.get("/absence")
@role(*OFFICERS)
def absence() -> ResponseReturnValue:
    """Ask from when to when the officer is away."""
    return shown(_absence())


@bp.post("/absence")
@role(*OFFICERS)
def propose_absence() -> ResponseReturnValue:
    """Propose the officer's own absence; another person approves."""
    officer = current_officer().person
    return proposed(_absence(), lambda ctx, given: commands.propose_absence(ctx, officer=officer, **given))


@bp.get("/absences/<int:absence>/end")
@role(*OFFICERS)
def absence_end(absence: int) -> ResponseReturnValue:
    """Ask for the new last day of one of the officer's own absences."""
    return shown(_absence_end(absence))


@bp.post("/absences/<int:absence>/end")
@role(*OFFICERS)
def propose_absence_end(absence: int) -> ResponseReturnValue:
    """Propose to end one of the officer's own absences early; another person approves."""
    return proposed(_absence_end(absence), lambda ctx, given: commands.propose_end_of_absence(ctx, absence, **given))


@bp.get("/ties/new")
@role(*OFFICERS)
def tie() -> ResponseReturnValue:
    """Ask to whom the officer is tied, and how."""
    return shown(_tie())


@bp.post("/ties/new")
@role(*OFFICERS)
def declare_tie() -> ResponseReturnValue:
    """Declare a tie; it holds at once, for it only keeps the officer out of cases."""

    def then(_: int) -> ResponseReturnValue:
        flash(gettext("已申报；涉及这个人的办件，您会被提示回避。"))
        return redirect(url_for("account.own"), 303)

    return done(_tie(), lambda ctx, given: commands.declare_tie(ctx, **_tied(given)), then)


@bp.post("/ties/<int:tie>/end")
@role(*OFFICERS)
def end_tie(tie: int) -> ResponseReturnValue:
    """Record that an own tie ends with today."""
    with store.begin(current_actor()) as ctx:
        commands.end_tie(ctx, tie, to_on=ctx.today)
    flash(gettext("已记下，这项关系到今天为止。"))
    return redirect(url_for("account.own"), 303)


@bp.post("/sessions/close")
@role(*OFFICERS)
def close_all() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    with store.begin(current_actor()) as ctx:
        commands.revoke_sessions(ctx, current_officer().account)
    session.clear()
    return redirect(url_for("signin.form"), 303)


def _here() -> str:
    """Return what the table keeps of the key of this sign-in."""
    return hashlib.sha256(session["key"].encode()).hexdigest()


def _password(faults: dict[str, str] | None = None) -> str:
    return render_template("account_password.html", faults=faults or {}, nav_here="account.own")


def _second_factor(secret: str = "", uri: str = "", wrong: str = "", notice: str = "") -> str:
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    picture = segno.make(uri, error="m").svg_data_uri(scale=5, border=2) if uri else ""
    return render_template("account_second_factor.html", groups=groups, picture=picture, wrong=wrong, notice=notice)


def _tied(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a declaration is made of: kind, who the other is, since when."""
    other = commands.Applicant(
        kind=given["whose"],
        name=given["name"],
        id_type=ID_TYPES[given["whose"]],
        id_number=given["id_number"],
        phone=given.get("phone", ""),
    )
    return {"kind": given["kind"], "other": other, "since": given["since"]}


def _above(last: str) -> tuple[tuple[str, str], ...]:
    return ((gettext("我的账号"), url_for("account.own")), (last, ""))


def _absence() -> Act:
    return Act(
        title=gettext("我要请假或者外出"),
        lead=gettext("安全管理员或者一把手批准后生效；外出期间由登记的代岗人办您的岗位"),
        above=_above(gettext("请假外出")),
        schema=absence_schema(),
        button=gettext("提出"),
        audience="desk",
        nav_here="account.own",
    )


def _absence_end(absence: int) -> Act:
    """Return the form.

    Raises:
        NotFound: the officer has no such absence.
    """
    with store.reading() as conn:
        away = officers.one_absence(conn, absence)
    if away.person != current_officer().person:
        raise NotFound(what="absence", key=str(absence))
    return replace(ending(away, _above(gettext("提前结束外出"))), audience="desk", nav_here="account.own")


def _tie() -> Act:
    kinds = [(kind, str(words.TIES[kind])) for kind in ("spouse", "lineal", "collateral", "in_law", "interest")]
    return Act(
        title=gettext("申报关系"),
        lead=gettext("夫妻、直系血亲、三代以内旁系血亲、近姻亲，以及其他利害关系（《公务员法》第74条、第76条）"),
        above=_above(gettext("申报关系")),
        schema=of(
            ("kind", "whose", "name", "id_number", "since"),
            kind=choice(gettext("什么关系"), kinds),
            whose=choice(gettext("对方是"), [("natural", gettext("个人")), ("legal", gettext("单位"))]),
            name=text(gettext("对方姓名或名称"), minLength=2, maxLength=100),
            id_number=text(
                gettext("身份证号或统一社会信用代码"),
                maxLength=20,
                description=gettext("加密保存，哪一页都不显示；用来认出申请人"),
            ),
            phone=text(gettext("对方电话"), maxLength=20, **{"x-widget": "tel"}),
            since=day(gettext("从哪一天起"), default="@today", description=gettext("血亲填对方的出生日期或者今天")),
        ),
        button=gettext("申报"),
        heading=gettext("申报以后"),
        follows=(gettext("申报立即生效，不用批准。"), gettext("只用来发现您应当回避的办件；涉及这个人的，由别人办。")),
        audience="desk",
        nav_here="account.own",
    )
