"""Signing in and out. The password is checked by the command; the cookie holds only the session's random key."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Flask, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.db import store
from engine.db.read import people
from engine.db.read.people import Officer
from engine.errors import CodeNeeded, Refused
from engine.model import SYSTEM, Actor
from engine.settings import settings
from webui import month, nav
from webui.errors import headers_of, status_of
from webui.messages import message
from webui.roles import OFFICERS, PUBLIC, audiences_of, current_actor, role
from webui.security import limiter

IDLE = timedelta(minutes=30)  # counted by the signed cookie, in real time: a demo day that passes signs nobody out
LONGEST = timedelta(hours=12)
STAMPED = timedelta(minutes=5)  # the cookie is not sent anew before: a late answer would bring back an older one

bp = Blueprint("signin", __name__)


def install(app: Flask) -> None:
    """Find the officer before each request."""
    app.config["PERMANENT_SESSION_LIFETIME"] = IDLE
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False

    @app.before_request
    def load() -> None:
        g.officer = None
        g.audiences = frozenset()
        if key := session.get("key"):
            g.officer = _officer(key)
            if g.officer is None:
                session.clear()
            else:
                g.audiences = audiences_of(g.officer)
                _stamp()


def _stamp() -> None:
    """Note that the officer is at work, when the note in the cookie is old."""
    now = int(clock.real().timestamp())
    if now - session.get("seen", 0) > STAMPED.total_seconds():
        session["seen"] = now


def _officer(key: str) -> Officer | None:
    now = clock.now()
    with store.reading() as conn:
        officer = people.session(conn, hashlib.sha256(key.encode()).hexdigest(), now)
    if officer and not settings().demo and now - officer.opened_at > LONGEST:
        return None
    return officer


@bp.get("/")
@role(PUBLIC)
def home() -> ResponseReturnValue:
    """Lead to the first page of the officer's audience."""
    if g.officer is None:
        return redirect(url_for("signin.form"), 303)
    if (first := nav.home()) is None:
        return render_template("no_page.html")
    return redirect(url_for(first), 303)


@bp.get("/signin")
@role(PUBLIC)
def form() -> ResponseReturnValue:
    """Show the form."""
    if g.officer is not None:
        return redirect(url_for("signin.home"), 303)
    return _form()


@bp.post("/signin")
@role(PUBLIC)
@limiter.limit("30 per minute")
def enter() -> ResponseReturnValue:
    """Open a session. Wrong tries are counted by the command."""
    login, password = request.form.get("login", "").strip(), request.form.get("password", "")
    code = "".join(request.form.get("code", "").split())[:10]
    try:
        with store.begin(Actor(person=SYSTEM, channel="portal")) as ctx:
            key = commands.sign_in(ctx, login, password, request.remote_addr or "", code=code)
    except CodeNeeded as needed:
        return _form(login, message(needed)), 422
    except Refused as refusal:
        return _form(login, message(refusal)), status_of(refusal), headers_of(refusal)
    session.clear()
    session.permanent = True
    session["key"] = key
    return redirect(inside(request.form.get("next", "")) or url_for("signin.home"), 303)


@bp.post("/signout")
@role(*OFFICERS)
def leave() -> ResponseReturnValue:
    """Close the session."""
    with store.begin(current_actor()) as ctx:
        commands.sign_out(ctx, session["key"])
    session.clear()
    return redirect(url_for("signin.form"), 303)


def inside(address: str) -> str:
    """Return the address if it lies in this site, else an empty text: nobody is led elsewhere."""
    parts = urlsplit(address)
    local = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if local else ""


def _form(login: str = "", trouble: str = "") -> str:
    today = clock.local_date(clock.now())
    with store.reading() as conn:
        days = month.month_of(today, store.calendar(conn))
    back = inside(request.values.get("next", ""))
    return render_template("signin.html", login=login, trouble=trouble, back=back, month=days, today=today)
