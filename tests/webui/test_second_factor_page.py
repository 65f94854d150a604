"""The second factor: set up with a picture and a first code, asked for at sign-in, counted like a wrong password."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from engine import clock
from engine.settings import settings
from tests.webui.officers import approve, propose

NOON = datetime(2026, 3, 2, 4, 0, 10, tzinfo=UTC)


@pytest.fixture
def watch(monkeypatch):
    """The machine's own time, which telephones know; it stands still until it is moved."""
    moved = [NOON]
    monkeypatch.setattr(clock, "real", lambda: moved[0])
    return moved


def code(secret: str, at: datetime) -> str:
    key = base64.b32decode(secret.replace(" ", ""))
    return TOTP(key, 6, SHA1(), 30).generate(int(at.timestamp())).decode()


def enrolled(visitor, watch) -> str:
    """Set up a second factor in the page; return its secret."""
    page = visitor.post("/account/second-factor").text
    secret = re.search(r'translate="no">([A-Z2-7 ]+)<', page)
    assert secret
    answer = visitor.post("/account/second-factor/confirm", {"code": code(secret[1], watch[0])})
    assert answer.status_code == 303, answer.text
    watch[0] += timedelta(seconds=30)
    return secret[1]


def test_the_secret_is_shown_as_a_picture_and_in_groups_once(visit, watch):
    visitor = visit("zhao")

    answer = visitor.post("/account/second-factor")

    assert 'src="data:image/svg+xml' in answer.text
    assert re.search(r">([A-Z2-7]{4} ){7}[A-Z2-7]{4}<", answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "data:image" not in visitor.page("/account")
    assert "开通动态口令" in visitor.page("/account")  # it counts only once it is confirmed


def test_a_wrong_first_code_is_told_beside_the_field(visit, watch):
    visitor = visit("zhao")
    visitor.post("/account/second-factor")

    answer = visitor.post("/account/second-factor/confirm", {"code": "000 000"})

    assert answer.status_code == 403
    assert 'aria-invalid="true"' in answer.text
    assert visit().sign_in("zhao").status_code == 303


def test_signing_in_asks_for_the_code(visit, watch):
    secret = enrolled(visit("zhao"), watch)
    visitor = visit()

    without = visitor.sign_in("zhao")
    right = visitor.sign_in("zhao", code=code(secret, watch[0]))
    again = visit().sign_in("zhao", code=code(secret, watch[0]))

    assert without.status_code == 422
    assert "动态口令" in without.text
    assert 'value="zhao"' in without.text
    assert right.status_code == 303
    assert "已开通" in visitor.page("/account")
    assert again.status_code == 403  # a code counts once


def test_a_wrong_code_is_counted_like_a_wrong_password(visit, watch):
    secret = enrolled(visit("zhao"), watch)
    visitor = visit()
    for _ in range(5):
        assert visitor.sign_in("zhao", code="000000").status_code == 403

    assert visitor.sign_in("zhao", code=code(secret, watch[0])).status_code == 429


def test_a_second_one_is_refused_and_a_lost_one_is_taken_back_by_two(visit, town, watch):
    visitor = visit("zhao")
    enrolled(visitor, watch)

    refused = visitor.post("/account/second-factor")
    approve(town, propose(town, "account", officer=town.zhao.person, what="second_factor"))

    assert refused.status_code == 403
    assert "data:image" not in refused.text
    assert visit().sign_in("zhao").status_code == 303


def test_who_may_not_act_without_one_is_told_on_every_page(visit, monkeypatch):
    monkeypatch.setenv("SUNLIT_SECOND_FACTOR", "required")
    settings.cache_clear()

    assert "“决定岗”要有动态口令才能办" in visit("zhao").page("/desk/")
    assert "要有动态口令才能办" not in visit("wang").page("/desk/")
