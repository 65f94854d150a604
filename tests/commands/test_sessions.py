"""Sign-in, sessions, query codes; and what too many wrong tries lead to."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands.sessions import hasher, key_hash
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import NotFound, TooManyTries, WrongCode, WrongPassword
from engine.model import Actor
from tests import county
from tests.county import at, events, file

NOW = at("2026-03-02 10:00")
ANYBODY = Actor(person=0, channel="cli")
ADDRESS = "192.0.2.1"


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        town = county.found()
        with begin(ANYBODY) as ctx:
            ctx.conn.execute(sa.update(t.account).values(password_hash=hasher.hash("right")))
        yield town


def sign_in(login: str, password: str, address: str = ADDRESS) -> str:
    with begin(ANYBODY) as ctx:
        return commands.sign_in(ctx, login, password, address)


def open_sessions() -> set[str]:
    with reading() as conn:
        return set(conn.scalars(sa.select(t.session.c.key_hash).where(t.session.c.closed_at.is_(None))))


def test_signing_in_opens_a_session_of_which_only_a_hash_is_kept(town):
    key = sign_in(" li ", "right")

    assert open_sessions() == {key_hash(key)}
    assert key not in open_sessions()
    assert events("organ:1")[-1]["type"] == "session.opened"


def test_signing_out_closes_this_session_once(town):
    here, there = sign_in("li", "right"), sign_in("li", "right")

    with begin(town.li) as ctx:
        commands.sign_out(ctx, here)
        commands.sign_out(ctx, here)

    assert open_sessions() == {key_hash(there)}


def test_an_officer_revokes_all_own_sessions_and_no_other(town):
    for _ in range(2):
        sign_in("li", "right")
    other = sign_in("wang", "right")

    with begin(town.li) as ctx:
        closed = commands.revoke_sessions(ctx, town.li.account)
    with pytest.raises(NotFound), begin(town.li) as ctx:
        commands.revoke_sessions(ctx, town.wang.account)

    assert closed == 2
    assert open_sessions() == {key_hash(other)}


def test_a_session_in_use_is_noted(town):
    key = sign_in("li", "right")

    with clock.at(NOW + timedelta(minutes=5)), begin(town.li) as ctx:
        commands.touch(ctx, key)

    with reading() as conn:
        assert conn.scalar(sa.select(t.session.c.seen_at)) == NOW + timedelta(minutes=5)


@pytest.mark.parametrize("login", ["li", "nobody"])
def test_five_wrong_passwords_lock_an_account_known_or_not_and_no_other(town, login):
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in(login, "wrong")

    with pytest.raises(TooManyTries):
        sign_in(login, "right")
    assert sign_in("wang", "right")  # from the same address


def test_wrong_passwords_are_forgotten_after_fifteen_minutes(town):
    for _ in range(5):
        with pytest.raises(WrongPassword):
            sign_in("li", "wrong")

    with clock.at(NOW + timedelta(minutes=15) - timedelta(seconds=1)), pytest.raises(TooManyTries):
        sign_in("li", "right")
    with clock.at(NOW + timedelta(minutes=15)):
        assert sign_in("li", "right")


def test_a_closed_account_answers_like_a_wrong_password(town):
    with begin(ANYBODY) as ctx:
        ctx.conn.execute(sa.update(t.account).where(t.account.c.login == "li").values(active=False))

    with pytest.raises(WrongPassword):
        sign_in("li", "right")


def test_the_query_code_opens_its_case_however_it_is_typed(town):
    filed = file(town)
    code = filed.code.lower()

    with begin(ANYBODY) as ctx:
        found = commands.open_case_by_code(ctx, filed.number.lower(), f"{code[:5]}-{code[5:]}", ADDRESS)

    assert found == filed.case


def test_a_reissued_code_replaces_the_old_one(town):
    filed = file(town)

    with begin(town.li) as ctx:
        code = commands.reissue_code(ctx, filed.case)

    with pytest.raises(WrongCode), begin(ANYBODY) as ctx:
        commands.open_case_by_code(ctx, filed.number, filed.code, ADDRESS)
    with begin(ANYBODY) as ctx:
        assert commands.open_case_by_code(ctx, filed.number, code, ADDRESS) == filed.case


def test_an_unknown_number_answers_like_a_wrong_code_and_five_are_enough(town):
    for _ in range(5):
        with pytest.raises(WrongCode), begin(ANYBODY) as ctx:
            commands.open_case_by_code(ctx, "2026-YL-999999", "0000000000", ADDRESS)

    with pytest.raises(TooManyTries), begin(ANYBODY) as ctx:
        commands.open_case_by_code(ctx, "2026-YL-999999", "0000000000", ADDRESS)
