"""Propose to open an officer with an account, to close or reopen one, a new password, and what leaving hands over."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.db import store
from engine.db.read import officers
from webui import words
from webui.language import gettext
from webui.people.blueprint import bp
from webui.people.facts import after_leaving
from webui.people.posts import above
from webui.people.proposing import Act, choice, day, lacking, of, proposed, shown, text
from webui.roles import ADMIN, role


@bp.get("/new")
@role(ADMIN)
def officer_form() -> ResponseReturnValue:
    """Ask who is to have an account."""
    return shown(_officer())


@bp.post("/new")
@role(ADMIN)
def propose_officer() -> ResponseReturnValue:
    """Propose to open an officer with an account."""
    return proposed(_officer(), lambda ctx, given: commands.propose_officer(ctx, **given))


@bp.get("/<int:person>/account")
@role(ADMIN)
def account_form(person: int) -> ResponseReturnValue:
    """Ask what is to happen with an officer's account."""
    return shown(_account(person))


@bp.post("/<int:person>/account")
@role(ADMIN)
def propose_account(person: int) -> ResponseReturnValue:
    """Propose to close or reopen an account, a one-time password, or the end of a second factor."""
    return proposed(_account(person), lambda ctx, given: commands.propose_account(ctx, officer=person, **given))


@bp.get("/<int:person>/leaving")
@role(ADMIN)
def leaving_form(person: int) -> ResponseReturnValue:
    """Ask for an officer's last day, and say what has to be handed over."""
    return shown(_leaving(person))


@bp.post("/<int:person>/leaving")
@role(ADMIN)
def propose_leaving(person: int) -> ResponseReturnValue:
    """Propose that an officer leaves."""
    return proposed(_leaving(person), lambda ctx, given: commands.propose_leaving(ctx, officer=person, **given))


def _officer() -> Act:
    return Act(
        title=gettext("新开人员和账号"),
        lead=gettext("由系统管理员提出，安全管理员批准；岗位另行授予"),
        above=((gettext("人员"), url_for("people.officers")), (gettext("新开"), "")),
        schema=of(
            ("login", "name", "id_number", "status"),
            name=text(gettext("姓名"), minLength=2, maxLength=50),
            name_en=text(gettext("姓名（拉丁字母）"), maxLength=80),
            login=text(gettext("工号"), maxLength=50, description=gettext("登录用，以后不能改")),
            id_number=text(
                gettext("身份证号"),
                pattern=r"^\s*\d{17}[\dXx]\s*$",
                maxLength=20,
                description=gettext("认出同一个人用；加密保存，哪一页都不显示"),
                **{"x-error": gettext("身份证号是 17 位数字加一位数字或 X。")},
            ),
            status=choice(gettext("身份"), [(code, str(name)) for code, name in words.STATUSES.items()]),
            certificate=text(gettext("执法证号"), maxLength=50),
            phone=text(gettext("电话"), maxLength=20, **{"x-widget": "tel"}),
            address=text(gettext("住址"), description=gettext("只用来发现应当回避的情形")),
        ),
        button=gettext("提出开户"),
        follows=(gettext("批准时给批准人显示一次性口令；本人第一次登录须先改。"),),
        bar=lacking("officer"),
    )


def _account(person: int) -> Act:
    today = clock.local_date(clock.now())
    with store.reading() as conn:
        officer = officers.one(conn, person, today)
    logins = [(each.login, each.login) for each in officer.accounts]
    which = {"login": choice(gettext("哪个账号"), logins)} if len(logins) > 1 else {}
    acts = [(what, str(name)) for what, name in words.ACCOUNT_ACTS.items()]
    return Act(
        title=gettext("变更账号"),
        lead=words.joined(login for login, _ in logins),
        above=above(officer, gettext("变更账号")),
        schema=of(("what", *which), **which, what=choice(gettext("怎么变"), acts)),
        button=gettext("提出变动"),
        follows=(
            gettext("换口令、停用、恢复、取消动态口令：现有的登录立即全部退出。"),
            gettext("恢复账号也用于一天里输错太多次、被锁住的账号。"),
            gettext("一次性口令只在批准的那一刻给批准人看一次，由批准人当面交给本人；本人登录后须先改。"),
        ),
        bar=lacking("account", person),
    )


def _leaving(person: int) -> Act:
    today, book = clock.local_date(clock.now()), store.book()
    with store.reading() as conn:
        officer = officers.one(conn, person, today)
        follows = tuple(after_leaving(conn, officer, book))
    return Act(
        title=gettext("离岗"),
        lead=gettext("收回全部岗位和代岗，停用账号，手上开着的步骤全部交接"),
        above=above(officer, gettext("离岗")),
        schema=of(
            ("to_on",), to_on=day(gettext("最后一天"), default="@today", description=gettext("到了这一天才能批准"))
        ),
        button=gettext("提出离岗"),
        follows=follows,
        bar=lacking("leaving", person),
    )
