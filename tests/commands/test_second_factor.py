"""The second factor: enrolled and confirmed by its owner, asked for at each sign-in, each code once."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from engine import clock, commands
from engine.commands.people import second_factor
from engine.db.store import begin
from engine.errors import CodeNeeded, Invalid, NotFound, NotYourPost, SecondFactorSet, TooManyTries, WrongSecondFactor
from engine.model import Actor
from tests import county
from tests.commands.offices import approve, do, last, person, posts, propose, rows
from tests.county import PASSWORD, at, file

NOW = at("2026-03-02 10:00")
REAL = at("2026-11-20 10:00:07")
ANYBODY = Actor(person=0, channel="cli")


@pytest.fixture
def real(monkeypatch):
    """The machine's own time, in a list so that a test may move it."""
    moment = [REAL]
    monkeypatch.setattr(clock, "real", lambda: moment[0])
    return moment


@pytest.fixture
def town(database_url, real):
    with clock.at(NOW):
        yield county.found()


sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sign_in(code: str = "", password: str = PASSWORD) -> str:
    with begin(ANYBODY) as ctx:
        return commands.sign_in(ctx, "zhao", password, "192.0.2.1", code)


def code(secret: str, moment=REAL, *, steps: int = 0) -> str:
    """Return the code as a telephone shows it, by the standard's own library."""
    key = base64.b32decode(secret)
    return TOTP(key, 6, SHA1(), 30).generate(int(moment.timestamp()) + 30 * steps).decode()


def enrol(town, who: str = "zhao") -> str:
    with begin(town.people[who]) as ctx:
        return commands.enrol_second_factor(ctx).secret


def confirm(town, typed: str) -> None:
    with begin(town.zhao) as ctx:
        commands.confirm_second_factor(ctx, typed)


def test_a_second_factor_counts_once_it_is_confirmed_and_each_code_once(town, real):
    secret = enrol(town)
    assert sign_in()
    confirm(town, code(secret))

    with pytest.raises(CodeNeeded):
        sign_in()
    with pytest.raises(WrongSecondFactor):  # the code that confirmed it
        sign_in(code(secret))
    real[0] += timedelta(seconds=30)
    assert sign_in(f" {code(secret, real[0])[:3]} {code(secret, real[0])[3:]} ")
    with pytest.raises(WrongSecondFactor):
        sign_in(code(secret, real[0]))
    assert last(kind="account.changed")["facts"]["what"] == "second_factor"


@sqlite
def test_the_secret_is_sealed_and_the_address_names_the_account(town):
    with begin(town.zhao) as ctx:
        given = commands.enrol_second_factor(ctx)

    account = next(row for row in rows("account") if row.login == "zhao")
    assert given.secret.encode() not in account.totp_cipher
    assert given.uri.startswith("otpauth://totp/Sunlit:zhao?")
    assert f"secret={given.secret}" in given.uri


@pytest.mark.parametrize(("steps", "passes"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
@sqlite
def test_a_telephone_may_be_one_step_early_or_late(town, steps, passes):
    secret = enrol(town)

    if passes:
        confirm(town, code(secret, steps=steps))
    else:
        with pytest.raises(WrongSecondFactor):
            confirm(town, code(secret, steps=steps))


@sqlite
def test_a_code_older_than_the_last_one_taken_is_not_taken(town, real):
    secret = enrol(town)
    confirm(town, code(secret, steps=1))

    for steps in (-1, 0, 1):
        with pytest.raises(WrongSecondFactor):
            sign_in(code(secret, steps=steps))


@sqlite
def test_wrong_codes_are_counted_like_wrong_passwords(town):
    secret = enrol(town)
    confirm(town, code(secret))
    wrong = "000000" if code(secret, steps=1) != "000000" else "111111"

    for _ in range(5):
        with pytest.raises(WrongSecondFactor):
            sign_in(wrong)
    with pytest.raises(TooManyTries):
        sign_in(code(secret, steps=1))


@sqlite
def test_a_confirmed_one_is_replaced_by_two_persons_only(town):
    confirm(town, code(enrol(town)))

    with pytest.raises(SecondFactorSet):
        enrol(town)
    with pytest.raises(SecondFactorSet):
        confirm(town, "123456")
    done = do(town, commands.propose_account, officer=person(town, "zhao"), what="second_factor")
    assert done.secret == ""
    assert sign_in()
    assert enrol(town)
    with pytest.raises(Invalid):
        propose(town, commands.propose_account, officer=person(town, "li"), what="second_factor")


@sqlite
def test_there_is_nothing_to_confirm_before_it_is_enrolled(town):
    with pytest.raises(NotFound):
        confirm(town, "123456")
    with pytest.raises(NotFound), begin(ANYBODY) as ctx:
        commands.enrol_second_factor(ctx)


@sqlite
def test_where_it_is_required_a_decider_signs_in_without_it_and_decides_nothing(town, configure, database_url):
    configure(SUNLIT_SECOND_FACTOR="required", SUNLIT_DATABASE_URL=database_url)

    assert sign_in()
    assert posts(town, "zhao") == set()
    assert posts(town, "both") == {("reviewer", "yl"), ("rechecker", "yl")}
    assert posts(town, "li") == {("acceptance", "w1")}
    confirm(town, code(enrol(town)))
    assert posts(town, "zhao") == {("decider", "yl")}


@sqlite
def test_a_lost_second_factor_takes_the_power_of_deciding_along(town, configure, database_url):
    configure(SUNLIT_SECOND_FACTOR="required", SUNLIT_DATABASE_URL=database_url)
    confirm(town, code(enrol(town)))
    filed = file(town)

    proposal = propose(town, commands.propose_account, officer=person(town, "zhao"), what="second_factor")
    approve(town, proposal)

    assert posts(town, "zhao") == set()
    with pytest.raises(NotYourPost), begin(town.zhao) as ctx:
        commands.claim(ctx, county.step(filed.case, "intake/accept").id)


@sqlite
def test_the_command_line_asks_the_same(town):
    secret = enrol(town)
    confirm(town, code(secret))

    with pytest.raises(CodeNeeded), begin(ANYBODY) as ctx:
        commands.authenticate(ctx, "zhao", PASSWORD, "cli")
    with begin(ANYBODY) as ctx:
        typed = code(secret, steps=1)
        assert commands.authenticate(ctx, "zhao", PASSWORD, "cli", typed).person == person(town, "zhao")


def test_the_known_answers_of_the_standard():
    """RFC 6238, appendix B: SHA-1, the last six digits."""
    totp = second_factor._totp(b"12345678901234567890")

    assert [totp.generate(at) for at in (59, 1111111109, 1234567890)] == [b"287082", b"081804", b"005924"]
