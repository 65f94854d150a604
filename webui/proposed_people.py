"""A proposal about people, for the person who decides: who, what, before and after, and what follows; one function a
kind. Dates and names as the page writes them, and of cases only how many steps are open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine import clock, commands
from engine.db import store
from engine.db.read import moves, officers
from engine.db.read import posts as held
from engine.db.read.facts import Named
from engine.db.read.posts import Post
from engine.db.read.proposals import Whole
from engine.db.store import Connection
from webui import stuck, words
from webui.language import day, gettext, pick
from webui.masks import masked_phone
from webui.people import rule_changes
from webui.people.facts import after_leaving, after_post, after_return, barred, bound, cautioned, post_name, tier_name

TEMPLATE = "people/_proposal.html"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of what is proposed: what it is called, how it is now (empty: not at all), how it would be."""

    name: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is proposed. `person`: whose page it leads to, None for who has none yet; `warns`: it would be refused."""

    who: str
    person: int | None
    lines: tuple[Line, ...]
    follows: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()


def people(conn: Connection, found: Whole, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template asks for: `told`, its own name, and where it is listed which cases it leaves stuck."""
    return {"template": TEMPLATE, "told": TELLERS[found.kind](conn, found, body), "stuck_url": stuck.address(found)}


def rules(conn: Connection, found: Whole, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template asks for: `changes` in words, `texts`, and whether there was a rule book before."""
    differing = commands.proposed_rules(conn, found.body_json)
    return {
        "template": "people/_proposal_rules.html",
        "is_first": body["before"] is None,
        "files": sorted(body["files"]),
        "changes": rule_changes.in_words(differing),
        "texts": rule_changes.as_text(differing),
    }


def _name(of: Named) -> str:
    return pick(of.name, of.name_en)


def _on(text: str | None) -> str:
    return day(date.fromisoformat(text)) if text else gettext("没有期限")


def _period(body: Mapping[str, Any]) -> tuple[Line, Line]:
    return (
        Line(name=gettext("第一天"), after=_on(body["from_on"])),
        Line(name=gettext("最后一天"), after=_on(body["to_on"])),
    )


def _today() -> date:
    return clock.local_date(clock.now())


def _post(conn: Connection, found: Whole, body: Mapping[str, Any]) -> Told:
    book, officer = store.book(), officers.one(conn, body["officer"], _today())
    organs = dict(officers.organs(conn))
    items = {each.item: _name(each.name) for each in moves.versions(conn)}
    have = officer.held(_today())
    binding = bound(conn, officer, _today())
    refused, warned = barred(officer.status, binding, body["post"], book), cautioned(binding, body["post"], book)
    before = words.joined(post_name(each, book) for each in have if each.proposal != found.id)
    return Told(
        who=_name(officer.name),
        person=officer.person,
        lines=(
            Line(name=gettext("今天的岗位"), before=before or gettext("没有岗位")),
            Line(name=gettext("岗位"), after=words.post(body["post"], book)),
            Line(name=gettext("单位"), after=_name(organs[body["organ"]]) if body["organ"] in organs else ""),
            Line(name=gettext("只办这个事项"), after=items.get(body["item"], body["item"]) or gettext("全部事项")),
            Line(name=gettext("金额档次"), after=tier_name(body["tier"], book)),
            *_period(body),
            Line(name=gettext("任职文件号"), after=body["writing"] or "—"),
            Line(name=gettext("列入县级借岗池"), after=gettext("是") if body["pool"] else gettext("否")),
        ),
        follows=(
            gettext("已在办的件照原来的人办；新领、新办的都按这个岗位核对分离规则。"),
            *([warned] if warned else []),
        ),
        warns=(refused,) if refused and found.waits else (),
    )


def _end_of_post(conn: Connection, found: Whole, body: Mapping[str, Any]) -> Told:
    book, post = store.book(), held.post(conn, body["assignment"])
    officer = officers.one(conn, post.person, _today())
    return Told(
        who=_name(officer.name),
        person=officer.person,
        lines=(
            Line(name=gettext("岗位"), after=post_name(post, book)),
            Line(name=gettext("最后一天"), before=_until(post, found), after=_on(body["to_on"])),
            Line(name=gettext("理由"), after=body["reason"]),
        ),
        follows=tuple(after_post(conn, post, book)) if found.waits else (),
    )


def _until(post: Post, found: Whole) -> str:
    """Return how long a post was to last before; once this is approved nothing tells it any more."""
    return _on(post.to_on.isoformat() if post.to_on else None) if found.waits else ""


def _stand_in(conn: Connection, _: Whole, body: Mapping[str, Any]) -> Told:
    book, post = store.book(), held.post(conn, body["assignment"])
    holder = officers.one(conn, post.person, _today())
    other = officers.one(conn, body["officer"], _today())
    return Told(
        who=_name(holder.name),
        person=holder.person,
        lines=(
            Line(name=gettext("岗位"), after=post_name(post, book)),
            Line(name=gettext("谁来代"), after=_name(other.name)),
            *_period(body),
        ),
        follows=(
            gettext("本人外出而代岗人在岗的日子，由代岗人按这个岗位办。"),
            gettext("代岗人办的按两个人算：本人不能办的，代岗人也不能办（SOD-16）。"),
        ),
    )


def _end_of_stand_in(conn: Connection, _: Whole, body: Mapping[str, Any]) -> Told:
    found = held.one_stand_in(conn, body["stand_in"])
    name = gettext("%(post)s · %(organ)s", post=words.post(found.post, store.book()), organ=_name(found.organ_name))
    return Told(
        who=_name(found.holder_name),
        person=found.holder,
        lines=(
            Line(name=gettext("岗位"), after=name),
            Line(name=gettext("谁来代"), after=_name(found.name)),
            Line(name=gettext("最后一天"), after=_on(body["to_on"])),
        ),
        follows=(gettext("代岗人按这个岗位领着的步骤放回待领。"),),
    )


def _absence(conn: Connection, found: Whole, body: Mapping[str, Any]) -> Told:
    book, officer = store.book(), officers.one(conn, body["officer"], _today())
    stand_ins = {each.assignment: each for each in held.stand_ins(conn, officer.person) if not each.is_over(_today())}
    follows = [
        gettext("“%(post)s”外出期间由%(name)s代。", post=post_name(each, book), name=_name(stand_ins[each.id].name))
        if each.id in stand_ins
        else gettext("“%(post)s”没有登记代岗人。", post=post_name(each, book))
        for each in officer.held(_today())
    ]
    lines = (Line(name=gettext("原因"), after=words.known(words.ABSENCES, body["kind"])), *_period(body))
    return Told(
        who=_name(officer.name), person=officer.person, lines=lines, follows=tuple(follows) if found.waits else ()
    )


def _end_of_absence(conn: Connection, found: Whole, body: Mapping[str, Any]) -> Told:
    officer, away = officers.one(conn, body["officer"], _today()), officers.one_absence(conn, body["absence"])
    return Told(
        who=_name(officer.name),
        person=officer.person,
        lines=(
            Line(name=gettext("原因"), after=words.known(words.ABSENCES, away.kind)),
            Line(name=gettext("第一天"), after=_on(away.from_on.isoformat())),
            Line(
                name=gettext("最后一天"),
                before=_on(away.to_on.isoformat()) if found.waits else "",
                after=_on(body["to_on"]),
            ),
        ),
        follows=tuple(after_return(away, _today())) if found.waits else (),
    )


def _officer(_: Connection, found: Whole, body: Mapping[str, Any]) -> Told:
    return Told(
        who=pick(body["name"], body["name_en"]),
        person=None,
        lines=(
            Line(name=gettext("工号"), after=body["login"]),
            Line(name=gettext("身份证号"), after="**************" + body["number_ends"]),
            Line(name=gettext("身份"), after=words.known(words.STATUSES, body["status"])),
            Line(name=gettext("执法证号"), after=body["certificate"] or "—"),
            Line(name=gettext("电话"), after=masked_phone(body["phone"]) or "—"),
        ),
        follows=(
            gettext("批准后给您显示一次性口令，只显示一次；请当面交给本人。"),
            gettext("身份证号已有人登记的，给同一个人再开一个账号，各岗位按一个人核对。"),
        )
        if found.waits
        else (),
    )


def _account(conn: Connection, found: Whole, body: Mapping[str, Any]) -> Told:
    officer = officers.one(conn, body["officer"], _today())
    follows = {
        "password": (
            gettext("现有的登录全部退出，旧口令作废。"),
            gettext("批准后给您显示一次性口令，只显示一次；请当面交给本人。"),
        ),
        "closed": (gettext("现有的登录全部退出，不能再登录；岗位和手上的步骤不变。"),),
        "reopened": (gettext("可以再登录。"),),
        "second_factor": (gettext("登录不再问动态口令，本人须重新开通。"),),
    }
    return Told(
        who=_name(officer.name),
        person=officer.person,
        lines=(
            Line(name=gettext("账号"), after=body["login"] or words.joined(each.login for each in officer.accounts)),
            Line(name=gettext("怎么变"), after=words.known(words.ACCOUNT_ACTS, body["what"])),
        ),
        follows=follows.get(body["what"], ()) if found.waits else (),
    )


def _leaving(conn: Connection, found: Whole, body: Mapping[str, Any]) -> Told:
    book, officer = store.book(), officers.one(conn, body["officer"], _today())
    posts = words.joined(post_name(each, book) for each in officer.held(_today()))
    return Told(
        who=_name(officer.name),
        person=officer.person,
        lines=(
            Line(name=gettext("岗位"), before=posts, after=gettext("全部收回")),
            Line(name=gettext("账号"), after=gettext("停用")),
            Line(name=gettext("最后一天"), after=_on(body["to_on"])),
        ),
        follows=tuple(after_leaving(conn, officer, book)) if found.waits else (),
    )


TELLERS: Mapping[str, Callable[[Connection, Whole, Mapping[str, Any]], Told]] = {
    "post": _post,
    "end_of_post": _end_of_post,
    "stand_in": _stand_in,
    "end_of_stand_in": _end_of_stand_in,
    "absence": _absence,
    "end_of_absence": _end_of_absence,
    "officer": _officer,
    "account": _account,
    "leaving": _leaving,
}
