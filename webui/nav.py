"""The pages that a header leads to: those of the audience that exist in this app."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app, g, url_for
from flask_babel import lazy_gettext

from engine.db import store
from webui import roles
from webui.language import gettext, pick

PAGES = {
    "desk": (
        ("window.desk", lazy_gettext("我的办件")),
        ("window.pool", lazy_gettext("本单位待领")),
        ("window.intake", lazy_gettext("收件")),
        ("window.search", lazy_gettext("办件查询")),
        ("cards.own", lazy_gettext("黄牌红牌")),
        ("recusal.waiting", lazy_gettext("回避")),
        ("inbox.listed", lazy_gettext("消息")),
    ),
    "monitor": (
        ("monitor.board", lazy_gettext("监察大屏")),
        ("window.desk", lazy_gettext("我的办件")),
        ("window.pool", lazy_gettext("本单位待领")),
        ("cards.workbench", lazy_gettext("黄牌红牌")),
        ("cards.points", lazy_gettext("效能评分")),
        ("audit.trail", lazy_gettext("办件留痕")),
        ("rotation.counted", lazy_gettext("轮岗")),
        ("recusal.waiting", lazy_gettext("回避")),
        ("inbox.listed", lazy_gettext("消息")),
    ),
    "audit": (
        ("audit.trail", lazy_gettext("办件留痕")),
        ("audit.checks", lazy_gettext("核验与导出")),
        ("matrix.items", lazy_gettext("岗位分离")),
        ("cards.workbench", lazy_gettext("黄牌红牌")),
        ("cards.points", lazy_gettext("效能评分")),
        ("inbox.listed", lazy_gettext("消息")),
    ),
    "admin": (
        ("office.proposals", lazy_gettext("待批事项")),
        ("office.faults", lazy_gettext("流程出错")),
        ("moves.items", lazy_gettext("版本")),
        ("people.officers", lazy_gettext("人员")),
        ("people.rules", lazy_gettext("规则")),
        ("matrix.items", lazy_gettext("分离")),
        ("people.watch", lazy_gettext("管理行为")),
        ("inbox.listed", lazy_gettext("消息")),
    ),
    "public": (("portal.progress", lazy_gettext("进度查询")),),
}
NAMES = {
    "desk": lazy_gettext("窗口工作台"),
    "monitor": lazy_gettext("电子监察"),
    "audit": lazy_gettext("审计"),
    "admin": lazy_gettext("管理"),
    "public": lazy_gettext("公开"),
}
ORDER = ("desk", "monitor", "audit", "admin")


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link of a header. `count`: what waits behind it, 0 where nothing does or nothing is counted."""

    endpoint: str
    title: str
    url: str
    count: int = 0


def links(audience: str) -> list[Link]:
    """Return the links of an audience's header. An officer of several audiences gets the pages of all of them.

    None while the password is to be changed first.
    """
    if g.get("officer") and g.officer.must_change:
        return []
    own = [a for a in ORDER if a in g.get("audiences", ())]
    shown = [audience, *(a for a in own if a != audience)] if audience in own else [audience]
    found = {endpoint: title for name in shown for endpoint, title in PAGES[name]}
    return [
        Link(endpoint=endpoint, title=str(title), url=url_for(endpoint), count=_count(endpoint))
        for endpoint, title in found.items()
        if is_open(endpoint)
    ]


def is_open(endpoint: str) -> bool:
    """Return whether a page exists in this app and is for the officer's posts."""
    view = current_app.view_functions.get(endpoint)
    return view is not None and roles.may_open(view)


def _count(endpoint: str) -> int:
    if endpoint == "inbox.listed":
        return int(g.get("inbox_new", 0))
    return int(g.get("cards_waiting", 0)) if endpoint in ("cards.own", "cards.workbench") else 0


def home() -> str | None:
    """Return the endpoint of the signed-in officer's first page, or None when there is none."""
    for audience in ORDER:
        if audience in g.get("audiences", ()):
            for endpoint, _ in PAGES[audience]:
                if is_open(endpoint):
                    return endpoint
    return None


def default_audience() -> str:
    """Return the first audience of the signed-in officer, or `public`."""
    return next((a for a in ORDER if a in g.get("audiences", ())), "public")


def my_posts() -> str:
    """Return the officer's posts with their organs: `复核岗 · 行政审批局`."""
    posts = store.book().posts
    names = {
        f"{pick(posts[a.post].name, posts[a.post].name_en)} · {pick(a.organ_name, g.officer.organs_en[a.organ])}": None
        for a in g.officer.assignments
        if a.post in posts
    }
    first, *others = list(names) or [""]
    return first if not others else gettext("%(first)s 等 %(n)s 岗", first=first, n=len(names))
