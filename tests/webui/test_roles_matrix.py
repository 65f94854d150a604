"""Every address of the app, asked for by an officer of each audience and by nobody: who may see it, sees it."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

from engine.db import store
from tests import county
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


@pytest.fixture
def filed(town):
    made = county.file(town)
    county.claim(town, "li", made.case, "intake/accept")
    return made


def test_the_cast_has_an_officer_of_each_audience():
    posts = store.book().posts
    held = {login: county.CAST[login][0] for login in OFFICERS.values()}

    assert {posts[post].audience for post in held.values()} == set(OFFICERS)
    assert set(OFFICERS) | {PUBLIC} == AUDIENCES


@pytest.mark.parametrize("login", [*OFFICERS.values(), *NOBODY])
def test_only_the_audiences_of_a_page_are_let_in(app, visit, filed, login):
    own = {audience for audience, officer in OFFICERS.items() if officer == login}
    visitor = visit(login)
    wrong = []

    for endpoint, method, address, audiences in walk(app, filed.number):
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
            wrong.append((endpoint, method, address, answer.status_code))

    assert wrong == []


@pytest.mark.parametrize("login", list(OFFICERS.values()))
def test_pages_open_to_their_audience(app, visit, filed, login):
    """A refusal of the own pages would hide behind the test above."""
    own = {audience for audience, officer in OFFICERS.items() if officer == login}
    visitor = visit(login)

    for endpoint, method, address, audiences in walk(app, filed.number):
        if method == "GET" and own & audiences:
            answer = visitor.get(address)
            answer.close()
            assert answer.status_code in (200, 303, 404), (endpoint, address)


def test_every_route_names_its_audiences():
    assert all(view.audiences <= AUDIENCES for view in create_app().view_functions.values())  # type: ignore[attr-defined]
