"""Propose to grant a post, to end one, to register a stand-in, and to end that."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.db import store
from engine.db.read import moves, officers
from engine.db.read import posts as held
from engine.db.read.officers import Officer
from webui import words
from webui.language import gettext, pick
from webui.people.blueprint import bp
from webui.people.facts import after_post, barred, bound, organ_of, tier_name
from webui.people.proposing import Act, Barred, choice, day, lacking, of, proposed, shown, text
from webui.roles import ADMIN, role


@bp.get("/<int:person>/posts/new")
@role(ADMIN)
def post_form(person: int) -> ResponseReturnValue:
    """Ask which post the officer is to hold; posts that exclude one held already are named with the reason.

    What the address says stands in the form already: `post`, `organ`, `tier`.
    """
    return shown(_grant(person), request.args)


@bp.post("/<int:person>/posts/new")
@role(ADMIN)
def propose_post(person: int) -> ResponseReturnValue:
    """Propose to grant a post."""
    return proposed(
        _grant(person),
        lambda ctx, given: commands.propose_post(
            ctx, officer=person, **given | {"organ": int(given["organ"]), "pool": given.get("pool", False)}
        ),
    )


@bp.get("/posts/<int:assignment>/end")
@role(ADMIN)
def end_form(assignment: int) -> ResponseReturnValue:
    """Ask for the last day of a post and the reason, and say what follows."""
    return shown(_end(assignment))


@bp.post("/posts/<int:assignment>/end")
@role(ADMIN)
def propose_end(assignment: int) -> ResponseReturnValue:
    """Propose to end a post."""
    return proposed(_end(assignment), lambda ctx, given: commands.propose_end_of_post(ctx, assignment, **given))


@bp.get("/posts/<int:assignment>/stand-in")
@role(ADMIN)
def stand_in_form(assignment: int) -> ResponseReturnValue:
    """Ask who stands in for the holder of a post."""
    return shown(_stand_in(assignment))


@bp.post("/posts/<int:assignment>/stand-in")
@role(ADMIN)
def propose_stand_in(assignment: int) -> ResponseReturnValue:
    """Propose to register a stand-in."""
    return proposed(
        _stand_in(assignment),
        lambda ctx, given: commands.propose_stand_in(
            ctx, assignment=assignment, **{"to_on": None} | given | {"officer": int(given["officer"])}
        ),
    )


@bp.get("/stand-ins/<int:stand_in>/end")
@role(ADMIN)
def stand_in_end_form(stand_in: int) -> ResponseReturnValue:
    """Ask for the last day of a registered stand-in."""
    return shown(_stand_in_end(stand_in))


@bp.post("/stand-ins/<int:stand_in>/end")
@role(ADMIN)
def propose_stand_in_end(stand_in: int) -> ResponseReturnValue:
    """Propose to end a registered stand-in."""
    return proposed(
        _stand_in_end(stand_in), lambda ctx, given: commands.propose_end_of_stand_in(ctx, stand_in, **given)
    )


def above(officer: Officer, last: str) -> tuple[tuple[str, str], ...]:
    """Return the links that lead to a form about an officer."""
    name = pick(officer.name.name, officer.name.name_en)
    return (
        (gettext("人员"), url_for("people.officers")),
        (name, url_for("people.one", person=officer.person)),
        (last, ""),
    )


def _grant(person: int) -> Act:
    today, book = clock.local_date(clock.now()), store.book()
    with store.reading() as conn:
        officer = officers.one(conn, person, today)
        organs = [(key, pick(name.name, name.name_en)) for key, name in officers.organs(conn)]
        items = {each.item: pick(each.name.name, each.name.name_en) for each in moves.versions(conn)}
        have = bound(conn, officer, today)
    why = {code: barred(officer.status, have, code, book) for code, post in book.posts.items() if not post.reserved}
    tiers = [("", tier_name(None, book)), *((code, tier_name(code, book)) for code in book.tiers.by_code)]
    return Act(
        title=gettext("授予一个岗位"),
        lead=gettext("由系统管理员提出，安全管理员批准；本人不能提出，也不能批准"),
        above=above(officer, gettext("授予一个岗位")),
        schema=of(
            ("post", "organ", "from_on", "writing"),
            post=choice(gettext("岗位"), [(code, words.post(code, book)) for code, bar in why.items() if not bar]),
            organ=choice(gettext("单位"), organs),
            writing=text(gettext("任职文件号"), description=gettext("授权须有书面文件（SOD-17）")),
            from_on=day(gettext("第一天"), default="@today"),
            to_on=day(gettext("最后一天"), description=gettext("不填就是没有期限")),
            item=choice(gettext("只办这个事项"), [("", gettext("全部事项")), *items.items()]),
            tier=choice(gettext("金额档次"), tiers),
            pool={
                "type": "boolean",
                "title": gettext("列入县级借岗池"),
                "description": gettext("人手不足的单位可以把步骤借给池里的人办"),
                "default": "false",
            },
        ),
        button=gettext("提出授予"),
        barred=tuple(Barred(name=words.post(code, book), why=bar) for code, bar in why.items() if bar),
        bar=lacking("post", person),
    )


def _end(assignment: int) -> Act:
    today, book = clock.local_date(clock.now()), store.book()
    with store.reading() as conn:
        post = held.post(conn, assignment)
        officer = officers.one(conn, post.person, today)
        follows = tuple(after_post(conn, post, book))
    return Act(
        title=gettext("收回“%(post)s · %(organ)s”", post=words.post(post.post, book), organ=organ_of(post)),
        lead=gettext("由系统管理员提出，安全管理员批准；已经办过的照样算数"),
        above=above(officer, gettext("收回这个岗位")),
        schema=of(
            ("to_on", "reason"),
            to_on=day(gettext("最后一天"), default="@today", description=gettext("填昨天就是立即收回")),
            reason=text(gettext("理由"), **{"x-widget": "textarea", "maxLength": 2000}),
        ),
        button=gettext("提出收回"),
        follows=follows,
        bar=lacking("end_of_post", post.person),
    )


def _stand_in(assignment: int) -> Act:
    today, book = clock.local_date(clock.now()), store.book()
    with store.reading() as conn:
        post = held.post(conn, assignment)
        officer = officers.one(conn, post.person, today)
        others = [(key, pick(name.name, name.name_en)) for key, name in officers.everybody(conn) if key != post.person]
    return Act(
        title=gettext("登记代岗人：“%(post)s · %(organ)s”", post=words.post(post.post, book), organ=organ_of(post)),
        lead=gettext("本人外出时由登记的人代办；代办的按两个人算，两个人的限制都要守（SOD-16）"),
        above=above(officer, gettext("登记代岗人")),
        schema=of(
            ("officer", "from_on"),
            officer=choice(gettext("谁来代"), others),
            from_on=day(gettext("第一天"), default="@today"),
            to_on=day(gettext("最后一天"), description=gettext("不填就是没有期限")),
        ),
        button=gettext("提出登记"),
        follows=(gettext("只在本人登记了外出、代岗人自己在岗的日子起作用。"),),
        bar=lacking("stand_in", post.person),
    )


def _stand_in_end(key: int) -> Act:
    today, book = clock.local_date(clock.now()), store.book()
    with store.reading() as conn:
        found = held.one_stand_in(conn, key)
        officer = officers.one(conn, found.holder, today)
    return Act(
        title=gettext(
            "结束代岗：%(name)s代“%(post)s”",
            name=pick(found.name.name, found.name.name_en),
            post=words.post(found.post, book),
        ),
        lead=gettext("由系统管理员提出，安全管理员批准"),
        above=above(officer, gettext("结束代岗")),
        schema=of(("to_on",), to_on=day(gettext("最后一天"), default="@today")),
        button=gettext("提出结束"),
        bar=lacking("end_of_stand_in", found.holder),
    )
