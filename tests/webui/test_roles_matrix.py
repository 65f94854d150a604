"""Every address of the app, asked for by an officer of each audience and by nobody: who may see it, sees it."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from engine import commands
from engine.db import store
from engine.db.store import begin
from tests import county
from webui import staffing
from webui.app import create_app
from webui.roles import AUDIENCES, PUBLIC

OFFICERS = {"desk": "li", "monitor": "qian", "audit": "sun", "admin": "ma"}
NOBODY = ("", "zhou")  # not signed in; an account without a post
LEAVING = ("signin.leave", "account.close_all")  # who is gone cannot ask on


def walk(app: Flask, number: str) -> list[tuple[str, str, str, frozenset[str]]]:
    """Return endpoint, method, address and audiences of every route."""
    found = []
    values = {"number": number, "chain": number, "item": county.ITEM}
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        address = adapter.build(rule.endpoint, {name: _value(rule, name, values) for name in rule.arguments})
        audiences: frozenset[str] = app.view_functions[rule.endpoint].audiences  # type: ignore[attr-defined]
        found += [(rule.endpoint, method, address, audiences) for method in sorted({"GET", "POST"} & set(rule.methods))]
    return found


def _value(rule: Rule, name: str, values: dict[str, str]) -> object:
    return values.get(name, 1 if isinstance(rule._converters[name], IntegerConverter) else "x")


@pytest.fixture(autouse=True)
def no_advice(monkeypatch):
    """Which posts would mend a staffing takes long to find, and nobody is let in or kept out by it."""
    monkeypatch.setattr(staffing, "openings", lambda *_, **__: ())


@pytest.fixture
def filed(town):
    made = county.file(town)
    county.claim(town, "li", made.case, "intake/accept")
    return made


def test_the_cast_has_an_officer_of_each_audience(town):
    posts = store.book().posts
    held = {login: county.CAST[login][0] for login in OFFICERS.values()}

    assert {posts[post].audience for post in held.values()} == set(OFFICERS)
    assert set(OFFICERS) | {PUBLIC} == AUDIENCES


@pytest.fixture
def watcher(town):
    """Zhou, who holds no post, is the audit administrator: proposed by one administrator, approved by another."""
    with begin(town.lu) as ctx:
        made = commands.propose_post(
            ctx,
            officer=town.zhou.person,
            post="audit_administrator",
            organ=1,
            from_on=ctx.today,
            writing="任〔2026〕1 号",
        )
    with begin(town.jin) as ctx:
        commands.approve(ctx, made)


@pytest.mark.parametrize("login", [*OFFICERS.values(), *NOBODY])
def test_only_the_audiences_of_a_page_are_let_in(app, visit, filed, login):
    own = {audience for audience, officer in OFFICERS.items() if officer == login}

    assert wrong(app, visit(login), filed.number, own, login) == []


@pytest.mark.parametrize("login", ["lu", "jin", "zhou"])
def test_the_three_administrators_are_let_into_no_page_of_cases(app, visit, filed, watcher, login):
    """SOD-26, through every route: they may open what the audience `admin` may, and nothing of that tells of a case."""
    visitor, told = visit(login), []

    assert wrong(app, visitor, filed.number, {"admin"}, login) == []
    for endpoint, method, address, audiences in walk(app, filed.number):
        if method == "GET" and endpoint not in LEAVING and PUBLIC not in audiences:
            text = visitor.get(address).text
            told += [(endpoint, word) for word in ("椒香里", "罗雨平", "罗*平", "999001198806140017") if word in text]

    assert told == []


def test_only_the_audit_administrator_reads_what_administrators_did(visit, watcher):
    assert visit("zhou").get("/office/people/watch").status_code == 200
    assert visit("lu").get("/office/people/watch").status_code == 403
    assert visit("jin").get("/office/people/watch").status_code == 403


def wrong(app, visitor, number, own, login):
    """Return the routes that let a visitor in who may not see them, or keep one out who may."""
    found = []
    for endpoint, method, address, audiences in walk(app, number):
        if endpoint in LEAVING:
            continue
        answer = visitor.get(address) if method == "GET" else visitor.post(address)
        answer.close()
        to_sign_in = answer.headers.get("Location", "").startswith("/signin")
        if PUBLIC in audiences:
            right = answer.status_code < 500
        elif not login:
            right = answer.status_code == 303 and to_sign_in
        elif own & audiences:
            right = answer.status_code < 500 and not to_sign_in
        else:
            right = answer.status_code in (403, 404)
        if not right:
            found.append((endpoint, method, address, answer.status_code))
    return found


@pytest.mark.parametrize("login", list(OFFICERS.values()))
def test_pages_open_to_their_audience(app, visit, filed, login):
    """A refusal of the own pages would hide behind the test above."""
    own = {audience for audience, officer in OFFICERS.items() if officer == login}
    visitor = visit(login)

    for endpoint, method, address, audiences in walk(app, filed.number):
        if method == "GET" and own & audiences and not app.view_functions[endpoint].posts:  # type: ignore[attr-defined]
            answer = visitor.get(address)
            answer.close()
            assert answer.status_code in (200, 303, 404), (endpoint, address)


def test_every_route_names_its_audiences():
    assert all(view.audiences <= AUDIENCES for view in create_app().view_functions.values())  # type: ignore[attr-defined]
