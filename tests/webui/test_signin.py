"""Signing in and out, sessions, and where one is led."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from engine import clock, commands
from engine.db.store import begin
from tests.webui.conftest import MONDAY
from tests.webui.visitor import Visitor
from webui.app import create_app
from webui.signin import inside


def test_an_officer_signs_in_and_sees_the_desk(visit):
    visitor = visit()
    answer = visitor.sign_in("li")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "窗口受理岗 · 1 号窗口" in visitor.page("/")


def test_a_wrong_password_is_told_and_the_account_stays_typed(visit):
    answer = visit().sign_in("li", "wrong")

    assert answer.status_code == 403
    assert "工号或口令不对" in answer.text
    assert 'value="li"' in answer.text


def test_too_many_wrong_tries_lock(visit):
    visitor = visit()
    for _ in range(5):
        visitor.sign_in("li", "wrong")

    answer = visitor.sign_in("li")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "15 分钟" in answer.text


@pytest.mark.parametrize("login", ["li", "nobody"])
@pytest.mark.parametrize(
    ("language", "words"), [("zh", "今天输错次数太多，账号已锁"), ("en", "Too many wrong tries today")]
)
def test_a_login_locked_for_the_day_answers_429_and_says_how_long_whether_it_exists_or_not(
    visit, login, language, words
):
    visitor = visit()
    visitor.get(f"/signin?lang={language}")
    for hours in range(2):
        with clock.at(MONDAY + timedelta(hours=hours)):
            for _ in range(5):
                assert visitor.sign_in(login, "wrong").status_code == 403

    with clock.at(MONDAY + timedelta(hours=3, seconds=0.5)):
        answer = visitor.sign_in(login, "wrong")

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == str(21 * 3600)
    assert words in answer.text


def test_nobody_signed_in_is_led_to_the_form_and_back(visit):
    visitor = visit()
    away = visitor.get("/desk/pool?page=2")

    assert (away.status_code, away.headers["Location"]) == (303, "/signin?next=/desk/pool?page%3D2")
    assert visitor.sign_in("li", next="/desk/pool?page=2").headers["Location"] == "/desk/pool?page=2"


def test_htmx_is_led_by_its_own_header(visit):
    answer = visit().get("/desk/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/signin")


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", ""])
def test_nobody_is_led_elsewhere(address):
    assert inside(address) == ""


def test_signing_out_closes_the_session(visit):
    visitor = visit("li")
    with visitor.client.session_transaction() as session:
        key = session["key"]

    assert visitor.post("/signout").headers["Location"] == "/signin"
    with visitor.client.session_transaction() as session:
        session["key"] = key  # a kept cookie is of no use
    assert visitor.get("/desk/").status_code == 303


def test_a_revoked_session_is_signed_out_at_once(visit, town):
    visitor = visit("li")
    assert visitor.get("/desk/").status_code == 200

    with begin(town.li) as ctx:
        commands.revoke_sessions(ctx, town.li.account)

    assert visitor.get("/desk/").status_code == 303


def test_a_session_lasts_twelve_hours_at_most(visit):
    visitor = visit("li")

    with clock.at(MONDAY + timedelta(hours=11, minutes=59)):
        assert visitor.get("/desk/").status_code == 200
    with clock.at(MONDAY + timedelta(hours=12, minutes=1)):
        assert visitor.get("/desk/").status_code == 303


def test_an_answer_brings_no_older_cookie_back(visit):
    """An answer that comes late would else take away what a newer one has put in: the query code, a message."""
    visitor = visit("li")

    assert "Set-Cookie" in visitor.get("/desk/").headers  # the officer is at work: noted once
    assert "Set-Cookie" not in visitor.get("/desk/").headers


def test_half_an_hour_without_a_request_signs_out(visit, monkeypatch):
    visitor = visit("li")
    began = clock.real()

    for minute, status in ((4, 200), (24, 200), (53, 200), (84, 303)):
        later = began + timedelta(minutes=minute)
        monkeypatch.setattr(clock, "real", lambda later=later: later)
        monkeypatch.setattr(time, "time", later.timestamp)  # the cookie's own
        assert visitor.get("/desk/").status_code == status, minute


def test_who_holds_no_post_is_told_so(visit):
    assert "您现在没有岗位" in visit("zhou").page("/")


def test_the_form_shows_the_working_days_of_the_month(visit):
    assert "本月有 22 个工作日" in visit().page("/signin")  # March 2026


def test_the_demo_banner_moves_the_clock_and_does_what_is_due(visit, town, monkeypatch):
    from engine.settings import settings

    monkeypatch.setenv("SUNLIT_DEMO", "1")
    settings.cache_clear()
    visitor = visit("li")
    page = visitor.page("/desk/")
    answer = visitor.post("/demo/advance", {"back": "/desk/pool"})

    assert "往前走一天" in page
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/pool")
    assert "演示时间到了" in visitor.page("/desk/pool")


def test_only_the_demo_county_can_move_the_clock(visit):
    assert visit("li").post("/demo/advance").status_code == 404


def test_nobody_is_kept_out_when_redis_is_gone(town, monkeypatch):
    from engine.settings import settings

    monkeypatch.setenv("SUNLIT_REDIS_URL", "redis://127.0.0.1:1/0")
    settings.cache_clear()

    assert Visitor(create_app()).sign_in("li").status_code == 303


def test_more_than_thirty_tries_a_minute_are_too_many(visit):
    visitor = visit()
    codes = [visitor.sign_in(f"nobody{number}", "x").status_code for number in range(31)]

    assert codes[-1] == 429
    assert 403 in codes
