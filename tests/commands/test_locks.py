"""How long too many wrong tries keep a login closed, to the second, whether there is such a login or not."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest

from engine import clock, commands
from engine.db.store import begin
from engine.errors import AccountLocked, TooManyTries, WrongPassword
from engine.model import SYSTEM, Actor
from tests import county
from tests.county import PASSWORD

NOW = county.at("2026-03-02 10:00")


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        yield county.found()


def sign_in(login: str, password: str, address: str = "") -> str:
    with begin(Actor(person=SYSTEM, channel="portal")) as ctx:
        return commands.sign_in(ctx, login, password, address)


def five_wrong(login: str, hours: int) -> None:
    """Try five wrong passwords, one a second."""
    for second in range(5):
        with clock.at(NOW + timedelta(hours=hours, seconds=second)), pytest.raises(WrongPassword):
            sign_in(login, "wrong")


@pytest.mark.parametrize("login", ["li", "nobody-of-this-name"])
def test_after_five_the_next_try_waits_until_the_first_of_them_is_fifteen_minutes_old(town, login):
    five_wrong(login, 0)

    with clock.at(NOW + timedelta(minutes=5, seconds=3.5)), pytest.raises(TooManyTries) as soon:
        sign_in(login, PASSWORD)

    assert soon.value.seconds == 10 * 60 - 3  # rounded up


@pytest.mark.parametrize("login", ["li", "nobody-of-this-name"])
def test_after_ten_it_waits_until_the_first_of_them_is_a_day_old(town, login):
    five_wrong(login, 0)
    five_wrong(login, 1)

    for hours, seconds in ((3, 21 * 3600), (23.5, 1800)):
        with clock.at(NOW + timedelta(hours=hours)), pytest.raises(AccountLocked) as locked:
            sign_in(login, PASSWORD)
        assert locked.value.seconds == seconds
    opens = NOW + timedelta(hours=24)
    with clock.at(opens - timedelta(seconds=1)), pytest.raises(AccountLocked) as locked:
        sign_in(login, PASSWORD)
    assert locked.value.seconds == 1
    with clock.at(opens), nullcontext() if login == "li" else pytest.raises(WrongPassword):
        sign_in(login, PASSWORD)


def test_an_office_behind_one_address_waits_for_its_own_limit(town):
    for second in range(20):
        with clock.at(NOW + timedelta(seconds=second)), pytest.raises(WrongPassword):
            sign_in(f"somebody{second}", "wrong", "192.0.2.9")

    with clock.at(NOW + timedelta(minutes=1)), pytest.raises(TooManyTries) as soon:
        sign_in("li", PASSWORD, "192.0.2.9")

    assert soon.value.seconds == 14 * 60
    with clock.at(NOW + timedelta(minutes=1)):
        assert sign_in("li", PASSWORD, "192.0.2.10")
