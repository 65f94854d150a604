"""Signing in, and opening one's own case with receipt number and query code."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import TooManyTries, WrongCode, WrongPassword
from engine.model import SYSTEM, Actor
from tests import county
from tests.county import PASSWORD, at, file

NOW = at("2026-03-02 10:00")
VISITOR = Actor(person=SYSTEM, channel="portal")


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        yield county.found()


def sign_in(login="li", password=PASSWORD, address="127.0.0.1"):
    with begin(Actor(person=SYSTEM, channel="window")) as ctx:
        return commands.sign_in(ctx, login, password, address)


def test_the_right_password_opens_a_session_and_the_key_is_not_kept(town):
    key = sign_in()

    with reading() as conn:
        row = conn.execute(sa.select(t.session)).one()
    assert key not in row.key_hash
    assert row.account == town.li.account
    assert county.events("organ:1")[-1]["type"] == "session.opened"


@pytest.mark.parametrize(("login", "password"), [("li", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_sign_in_is_one_answer_and_is_traced(town, login, password):
    with pytest.raises(WrongPassword, match="Account or password is wrong"):
        sign_in(login, password)

    assert county.events("organ:1")[-1]["type"] == "session.refused"


def test_five_wrong_tries_lock_an_account_for_fifteen_minutes(town):
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in(password="wrong")

    with pytest.raises(TooManyTries):
        sign_in()
    with clock.at(NOW + timedelta(minutes=16)):
        assert sign_in()


def test_signing_out_closes_the_session(town):
    key = sign_in()

    with begin(town.li) as ctx:
        commands.sign_out(ctx, key)

    with reading() as conn:
        assert conn.scalar(sa.select(t.session.c.closed_at)) is not None


def open_case(number, code, address="127.0.0.1"):
    with begin(VISITOR) as ctx:
        return commands.open_case_by_code(ctx, number, code, address)


def test_number_and_code_open_the_case_however_they_are_typed(town):
    filed = file(town)
    typed = f"{filed.code[:4]}-{filed.code[4:]} ".lower()

    assert open_case(filed.number.lower(), typed) == filed.case


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(town):
    filed = file(town)

    with pytest.raises(WrongCode) as wrong:
        open_case(filed.number, "0000000000")
    with pytest.raises(WrongCode) as unknown:
        open_case("2026-YL-999999", filed.code)

    assert str(wrong.value) == str(unknown.value)


def test_five_wrong_codes_close_the_number_for_a_while_even_for_the_right_one(town):
    filed = file(town)
    for n in range(5):
        with pytest.raises(WrongCode):
            open_case(filed.number, "0000000000", f"10.0.0.{n}")

    with pytest.raises(TooManyTries):
        open_case(filed.number, filed.code)
    with clock.at(NOW + timedelta(minutes=16)):
        assert open_case(filed.number, filed.code) == filed.case


def test_a_reissued_code_replaces_the_old_one(town):
    filed = file(town)

    with begin(town.li) as ctx:
        code = commands.reissue_code(ctx, filed.case)

    with pytest.raises(WrongCode):
        open_case(filed.number, filed.code)
    assert open_case(filed.number, code) == filed.case
    assert "case.code_reissued" in county.types(filed.number)
