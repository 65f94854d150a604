"""Headers, roles, hosts and error pages of the whole application."""

from __future__ import annotations

import pytest
from flask import Flask

from engine import errors
from engine.errors import NotEligible, NotYourRole, Refused, SamePerson, Stale, StepClosed, SunlitError
from tests.webui.visitor import Visitor
from webui import messages, roles
from webui.app import create_app
from webui.errors import status_of
from webui.roles import NoRole
from webui.security import CONTENT_SECURITY_POLICY, HSTS, is_own_host


@pytest.mark.parametrize(("path", "code"), [("/signin", 200), ("/nowhere", 404), ("/desk/", 303), ("/signout", 405)])
def test_every_answer_carries_the_security_headers(visit, path, code):
    answer = visit().get(path)

    assert answer.status_code == code
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_program_error_is_a_page_with_headers_that_tells_nothing(app):
    @roles.role(roles.PUBLIC)
    def broken() -> str:
        raise RuntimeError("secret detail")

    app.add_url_rule("/broken", view_func=broken)
    app.testing = False
    answer = Visitor(app).get("/broken")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "程序出错了" in answer.text
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY


def test_pages_of_signed_in_people_are_kept_nowhere(visit):
    assert visit("li").get("/desk/").headers["Cache-Control"] == "no-store"


def test_hsts_is_sent_over_https_only(visit):
    visitor = visit()

    assert "Strict-Transport-Security" not in visitor.get("/signin").headers
    assert visitor.get("/signin", base_url="https://localhost").headers["Strict-Transport-Security"] == HSTS


def test_a_route_without_a_role_keeps_the_app_from_starting(town):
    app = Flask("bare")
    app.add_url_rule("/open", "open", lambda: "")

    with pytest.raises(NoRole, match="open"):
        roles.install(app)


def test_every_route_names_known_audiences(app):
    marked = {name: view.audiences for name, view in app.view_functions.items()}

    assert all(audiences and audiences <= roles.AUDIENCES for audiences in marked.values())
    window = {name: audiences for name, audiences in marked.items() if name.startswith("window.")}
    assert [name for name, audiences in window.items() if not {"desk"} <= audiences <= {"desk", "monitor"}] == []
    assert [name for name in ("window.intake", "window.search", "window.receipt") if window[name] != {"desk"}] == []


def test_an_unknown_audience_is_refused():
    with pytest.raises(NoRole):
        roles.role("everybody")


@pytest.mark.parametrize(
    ("login", "path"),
    [("qian", "/desk/intake"), ("sun", "/desk/pool"), ("ma", "/desk/pool"), ("zhou", "/desk/pool")],
)
def test_other_audiences_do_not_see_the_desk(visit, login, path):
    answer = visit(login).get(path)

    assert answer.status_code == 403
    assert "您的岗位看不到这一页" in answer.text


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1:8000", True),
        ("10.2.3.4", True),
        ("[::1]:8000", True),
        ("localhost:5000", True),
        ("evil.example", False),
        ("localhost.evil.example:80", False),
    ],
)
def test_own_hosts_are_addresses_and_own_names(host, own):
    assert is_own_host(host) is own


def test_a_foreign_host_is_refused(visit):
    answer = visit().get("/signin", base_url="http://evil.example")

    assert answer.status_code == 400
    assert "evil.example" in answer.text


def test_behind_a_proxy_the_address_and_scheme_are_taken_from_it(town, configure, monkeypatch):
    monkeypatch.setenv("SUNLIT_TRUSTED_PROXIES", "1")
    from engine.settings import settings

    settings.cache_clear()
    headers = {"X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "approvals.example"}
    answer = Visitor(create_app()).get("/signin", headers=headers)

    assert answer.status_code == 200
    assert answer.headers["Strict-Transport-Security"] == HSTS
    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_post_without_a_token_is_refused(visit):
    answer = visit("li").client.post("/desk/intake", data={"item": "food_operation_licence"})

    assert answer.status_code == 400
    assert "页面可能开得太久" in answer.text


def test_health_is_public(visit):
    answer = visit().get("/healthz")

    assert answer.status_code == 200
    assert answer.json["database"] == "ok"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SamePerson(step="a", other="b"), 403),
        (StepClosed(), 409),
        (errors.NotFound(what="case", key="1"), 404),
        (errors.Invalid(), 422),
        (errors.TooManyTries(), 429),
        (errors.AccountLocked(), 429),
        (errors.BadSetting(name="x", why="y"), 500),
    ],
)
def test_engine_errors_have_codes(error, code):
    assert status_of(error) == code


def kinds(of: type[SunlitError] = SunlitError) -> list[type[SunlitError]]:
    return [of, *(kind for below in of.__subclasses__() for kind in kinds(below))]


def test_every_error_has_a_chinese_message_whose_places_it_can_fill():
    declared = [kind for kind in kinds() if kind.__module__.startswith("engine.errors.")]
    unfilled = []
    for kind in declared:
        fields = dict.fromkeys(getattr(kind, "__dataclass_fields__", {}), "x")
        try:
            messages.CHINESE[kind.__name__].format(**fields)
        except KeyError as missing:
            unfilled.append((kind.__name__, str(missing)))

    assert len(declared) > 20
    assert unfilled == []


def test_a_message_ends_with_the_basis_in_either_language(app):
    refusal = SamePerson(step="复核", other="审查", basis="SOD-03")
    with app.test_request_context("/?lang=zh"):
        chinese = messages.message(refusal)
    with app.test_request_context("/?lang=en"):
        english = messages.message(refusal)

    assert chinese == "您不能办“复核”：本件的“审查”是您办的。请由没有办过它的人来办（SOD-03）。"
    assert english == "You may not handle '复核': you handled '审查' in this case (SOD-03)."


def test_why_somebody_else_cannot_be_given_a_step_is_said_of_him_in_either_language(app):
    cause = SamePerson(step="决定", other="审查", basis="SOD-03")
    refusal = NotEligible(officer="王审查", cause=cause, basis="SOD-03")
    with app.test_request_context("/?lang=zh"):
        chinese = messages.message(refusal)
    with app.test_request_context("/?lang=en"):
        english = messages.message(refusal)

    assert chinese == "不能交给王审查：不能办“决定”：本件的“审查”是其办的（SOD-03）。"
    assert english == "王审查 cannot be given this: may not handle '决定': handled '审查' in this case (SOD-03)."


def test_a_refusal_is_a_page_and_says_that_it_is_traced(app):
    @roles.role(roles.PUBLIC)
    def refused() -> str:
        raise NotYourRole(posts="审查岗", basis="SOD-01")

    app.add_url_rule("/refused", view_func=refused)
    page, part = Visitor(app).get("/refused"), Visitor(app).get("/refused", headers={"HX-Request": "true"})

    assert (page.status_code, part.status_code) == (403, 403)
    assert "这次尝试已留痕" in page.text
    assert "<html" in page.text
    assert "<html" not in part.text
    assert issubclass(NotYourRole, Refused)
    assert not issubclass(NotYourRole, Stale)
