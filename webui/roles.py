"""Who may see which page: every route names its audiences; a route that names none keeps the app from starting."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import ParamSpec, TypeVar, cast

from flask import Flask, Response, abort, g, redirect, request, url_for

from engine.db import store
from engine.db.read.people import Officer
from engine.model import Actor
from engine.settings import settings

DESK, MONITOR, AUDIT, ADMIN, PUBLIC = "desk", "monitor", "audit", "admin", "public"
OFFICERS = (DESK, MONITOR, AUDIT, ADMIN)
AUDIENCES = frozenset((*OFFICERS, PUBLIC))
BEFORE_ALL = ("account.password", "account.change_password", "signin.leave")  # while the password is known to others

P = ParamSpec("P")
R = TypeVar("R")


class NoRole(RuntimeError):
    """A route says nobody who may see it."""


def role(*audiences: str, posts: Collection[str] = ()) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Name the audiences of a route; `public` lets everybody in, signed in or not. `posts`: only their holders."""
    if not audiences or not AUDIENCES.issuperset(audiences):
        raise NoRole(f"unknown audience in {audiences}")

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        view.audiences = frozenset(audiences)  # type: ignore[attr-defined]
        view.posts = frozenset(posts)  # type: ignore[attr-defined]
        return view

    return mark


def audiences_of(officer: Officer) -> frozenset[str]:
    """Return the audiences that the officer's posts belong to."""
    posts = store.book().posts
    return frozenset(posts[a.post].audience for a in officer.assignments if a.post in posts)


def may_open(view: object) -> bool:
    """Return whether the signed-in officer holds one of the posts that a route is for, where it names any."""
    posts: frozenset[str] = getattr(view, "posts", frozenset())
    officer = g.get("officer")
    return not posts or (officer is not None and any(each.post in posts for each in officer.assignments))


def unsecured() -> tuple[str, ...]:
    """Return the officer's posts that nobody may act by without a second factor, while there is none."""
    officer, posts = g.get("officer"), store.book().posts
    if officer is None or officer.secured or settings().second_factor != "required":
        return ()
    held = dict.fromkeys(each.post for each in officer.assignments)
    return tuple(post for post in held if post in posts and posts[post].second_factor)


def current_officer() -> Officer:
    """Return the signed-in officer of a page that is not public."""
    return cast(Officer, g.officer)


def current_actor() -> Actor:
    """Return the signed-in officer as the actor of a command."""
    officer = current_officer()
    return Actor(person=officer.person, account=officer.account, channel="window")


def install(app: Flask) -> None:
    """Deny by default: refuse to start with an unmarked route, and check each request.

    Raises:
        NoRole: a route has no `@role`.
    """
    unmarked = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "audiences"))
    if unmarked:
        raise NoRole(f"routes without @role: {', '.join(unmarked)}")

    @app.before_request
    def check() -> Response | None:
        if request.endpoint is None:
            return None  # no such address: 404 follows
        view = app.view_functions[request.endpoint]
        audiences: frozenset[str] = getattr(view, "audiences", frozenset())
        if PUBLIC in audiences:
            return None
        if g.officer is None:
            return _to_sign_in()
        if g.officer.must_change:
            first = cast(Response, redirect(url_for("account.password"), 303))
            return None if request.endpoint in BEFORE_ALL else first
        if not audiences & g.audiences or not may_open(view):
            abort(403)
        return None


def _to_sign_in() -> Response:
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    address = url_for("signin.form", next=back)
    if request.headers.get("HX-Request") and request.method != "GET":
        return Response(status=401)  # leaving the page would lose what was just typed; it says so itself
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("signin.form")})
    return cast(Response, redirect(address, 303))
