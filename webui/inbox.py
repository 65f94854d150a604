"""The inbox of an officer: who was told what by whom, and what waits for an answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from engine import clock, commands
from engine.commands.approving import KINDS
from engine.db import store
from engine.db.read import inbox as read
from engine.db.read import recusals
from engine.db.read.inbox import About, Asker, Line, Waiting
from engine.db.read.people import Officer
from engine.db.read.recusals import Recusal
from engine.db.store import Connection
from webui import definitions, words
from webui.language import gettext, ngettext, pick
from webui.roles import AUDIT, DESK, MONITOR, OFFICERS, current_actor, current_officer, role

bp = Blueprint("inbox", __name__, url_prefix="/inbox")
MOST_PAGES = 100_000
HEAD = "chief"
MEMOS = {
    "urge": lazy_gettext("催办"),
    "copy": lazy_gettext("抄送"),
    "return": lazy_gettext("退回"),
    "withdraw": lazy_gettext("撤回办理"),
    "transfer": lazy_gettext("转办"),
    "signer": lazy_gettext("加签"),
    "recusal": lazy_gettext("回避"),
    "proposal": lazy_gettext("提议"),
    "correction": lazy_gettext("更正"),
    "counted": lazy_gettext("轮岗"),
    "shortage": lazy_gettext("缺人"),
}
PAGES = {  # of memos that are about no case
    "proposal": "office.proposals",
    "counted": "rotation.counted",
    "shortage": "ahead.listed",
}
ASKED = {
    "card": lazy_gettext("等您办理"),
    "proposal": lazy_gettext("等您批准"),
    "signer": lazy_gettext("等您的意见"),
    "recusal": lazy_gettext("等您决定是否回避"),
}
KINDS_OF = {"proposal": words.PROPOSALS, "signer": words.SIGNERS}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A line of the page. `word`: what it is; `url`: where it leads, if anywhere; `step`: the step's name.

    `at`: when it was told; None where there are several.
    """

    word: str
    who: str
    at: datetime | None
    text: str
    title: str
    number: str
    step: str
    url: str | None
    is_new: bool = False


@bp.get("")
@role(*OFFICERS)
def listed() -> ResponseReturnValue:
    """List what waits for the officer, then the memos: new ones, earlier ones."""
    officer = current_officer()
    page = min(max(1, request.args.get("page", 1, int)), MOST_PAGES)
    with store.reading() as conn:
        total = read.size(conn, officer.person)
        memos = read.lines(conn, officer.person, page)
        found = [_memo(conn, line) for line in memos]
        waits = _waits(conn, officer) if page == 1 else []
    return render_template(
        "inbox/inbox.html",
        waits=waits,
        fresh=[line for line in found if line.is_new],
        earlier=[line for line in found if not line.is_new],
        upto=max((line.id for line in memos), default=0),
        total=total,
        page=page,
        pages=math.ceil(total / read.PAGE),
        page_url=lambda number: url_for("inbox.listed", page=number),
    )


@bp.get("/<int:memo>")
@role(*OFFICERS)
def opened(memo: int) -> ResponseReturnValue:
    """Lead to what a memo is about; it is read from now on."""
    with store.begin(current_actor()) as ctx:
        commands.read_memo(ctx, memo)
    with store.reading() as conn:
        kind, about = read.told(conn, memo)
    return redirect(_leads(kind, about) or url_for("inbox.listed"), 303)


@bp.post("/read")
@role(*OFFICERS)
def read_all() -> ResponseReturnValue:
    """Mark read all memos up to the newest that the page showed; what came since stays new."""
    with store.begin(current_actor()) as ctx:
        marked = commands.read_all_memos(ctx, request.form.get("upto", 0, int))
    flash(ngettext("%(num)d 条已读。", "%(num)d 条已读。", marked))
    return redirect(url_for("inbox.listed"), 303)


@bp.before_app_request
def count() -> None:
    """Count for the header what is new. A poll does not redraw the header."""
    if g.officer and g.audiences and request.method == "GET" and not request.headers.get("HX-Request"):
        with store.reading() as conn:
            g.inbox_new = read.new(conn, asker(g.officer))


def asker(officer: Officer) -> Asker:
    """Return the officer as the inbox asks about him: what his own posts decide, and what he heads."""
    own = [a for a in officer.assignments if a.on_behalf is None]
    codes = {a.post for a in own}
    return Asker(
        person=officer.person,
        kinds=tuple(kind for kind, decided in KINDS.items() if codes.intersection(decided.posts)),
        heads=tuple(a.organ for a in own if a.post == HEAD),
    )


def _waits(conn: Connection, officer: Officer) -> list[Shown]:
    """Return what waits for the officer's answer, recusals to decide among it."""
    posts = {a.post for a in officer.assignments if a.on_behalf is None}
    asked = recusals.waiting_for(conn, officer.person, posts, clock.local_date(clock.now()))
    return [
        *_cards(),
        *(_waiting(conn, each) for each in read.waiting(conn, asker(officer))),
        *(_recusal(each) for each in asked),
    ]


def _cards() -> list[Shown]:
    """Return one line for the cards that wait for the officer; the header has counted them (webui/cards.py)."""
    number = int(g.get("cards_waiting", 0))
    if not number:
        return []
    title = ngettext("%(num)d 张黄牌红牌", "%(num)d 张黄牌红牌", number)
    url = url_for("cards.own" if DESK in g.audiences else "cards.workbench")
    return [Shown(word=str(ASKED["card"]), who="", at=None, text="", title=title, number="", step="", url=url)]


def _recusal(found: Recusal) -> Shown:
    return Shown(
        word=str(ASKED["recusal"]),
        who=pick(found.raised_by.name, found.raised_by.name_en),
        at=found.raised_at,
        text=words.known(words.TIES, found.kind),
        title=found.title,
        number=found.number,
        step="",
        url=url_for("recusal.one", recusal_id=found.id),
    )


def _memo(conn: Connection, line: Line) -> Shown:
    word = words.known(MEMOS, line.kind)
    who = pick(line.by.name, line.by.name_en) if line.by else gettext("系统")
    url = url_for("inbox.opened", memo=line.id) if _leads(line.kind, line.about) else None
    return _shown(conn, word, who, line.at, _told(line), line.about, url, line.is_new)


def _told(line: Line) -> str:
    """Return the text of a memo; the system's on a shortage is in both languages, the reader's is shown."""
    text = line.text or ""
    zh, both, en = text.partition(" / ")
    return pick(zh, en) if line.kind == "shortage" and both else text


def _waiting(conn: Connection, found: Waiting) -> Shown:
    word = words.known(ASKED, found.what)
    text = words.known(KINDS_OF[found.what], found.kind)
    url = url_for("office.proposal", proposal=found.key) if found.what == "proposal" else None
    if url is None and found.about:
        url = _where(found.about)
    return _shown(conn, word, pick(found.by.name, found.by.name_en), found.at, text, found.about, url)


def _shown(
    conn: Connection,
    word: str,
    who: str,
    at: datetime,
    text: str,
    about: About | None,
    url: str | None,
    is_new: bool = False,
) -> Shown:
    step = ""
    if about and about.path:
        step = definitions.step_name(definitions.item(conn, about.definition, about.sha256), about.path)
    return Shown(
        word=word,
        who=who,
        at=at,
        text=text,
        title=about.title if about else "",
        number=about.number if about else "",
        step=step,
        url=url,
        is_new=is_new,
    )


def _leads(kind: str, about: About | None) -> str | None:
    """Return the page to which a memo leads, if any."""
    if about:
        return _where(about)
    return url_for(PAGES[kind]) if kind in PAGES else None


def _where(about: About) -> str | None:
    """Return the page of a case, or of its step, that the officer's posts open; None: none of them sees cases."""
    if DESK in g.audiences:
        if about.step:
            return url_for("window.step", step_id=about.step)
        return url_for("window.case", case_id=about.case)
    if g.audiences & {MONITOR, AUDIT}:
        return url_for("monitor.case", number=about.number)
    return None
