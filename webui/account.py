"""The officer's own account: posts held, where it is signed in, and signing out everywhere."""

from __future__ import annotations

import hashlib

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from engine import commands
from engine.db import store
from engine.db.read import account as read
from webui.roles import OFFICERS, current_actor, current_officer, role

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
@role(*OFFICERS)
def own() -> ResponseReturnValue:
    """Show posts and open sign-ins."""
    officer = current_officer()
    here = hashlib.sha256(session["key"].encode()).hexdigest()
    with store.reading() as conn:
        sessions = read.sessions(conn, officer.account, here)
    return render_template("account.html", sessions=sessions, posts=store.book().posts)


@bp.post("/sessions/close")
@role(*OFFICERS)
def close_all() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    with store.begin(current_actor()) as ctx:
        commands.revoke_sessions(ctx, current_officer().account)
    session.clear()
    return redirect(url_for("signin.form"), 303)
