"""Accounts are opened, closed and reopened by two persons; a person may have two accounts and stays one person."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import (
    AccountLocked,
    Invalid,
    NotFound,
    OwnMatter,
    PasswordFirst,
    SamePerson,
    StatusForbids,
    TooManyTries,
    WrongPassword,
)
from engine.model import Actor
from tests import county
from tests.commands.offices import approve, do, last, person, post, posts, propose, pseudonym, rows
from tests.county import PASSWORD, at, events, file

NOW = at("2026-03-02 10:00")
ANYBODY = Actor(person=0, channel="cli")
NUMBER = "999001199001010019"
NEW = {"login": "bai", "name": "白云舒", "name_en": "Bai Yunshu", "id_number": NUMBER}


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        yield county.found()


sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def sign_in(login: str, password: str, address: str = "192.0.2.1") -> str:
    with begin(ANYBODY) as ctx:
        return commands.sign_in(ctx, login, password, address)


def actor(login: str) -> Actor:
    return county.people()[login]


def open_sessions() -> int:
    return sum(row.closed_at is None for row in rows("session"))


def change(town, who: str, what: str, **named) -> commands.Approved:
    return do(town, commands.propose_account, officer=person(town, who), what=what, **named)


def test_an_officer_is_opened_with_a_password_that_only_the_approver_sees(town):
    proposal = propose(town, commands.propose_officer, status="trainee", certificate="云执 001", **NEW)
    done = approve(town, proposal)

    assert len(done.secret) == 14
    written = " ".join(row.body_json for row in rows("proposal")) + json.dumps(events("organ:1"))
    assert done.secret not in written
    assert NUMBER not in written
    assert "白云舒" not in json.dumps(events("organ:1"), ensure_ascii=False)
    who = next(row for row in rows("person") if row.name == "白云舒")
    assert (who.status, who.certificate, who.id_type) == ("trainee", "云执 001", "identity_card")
    facts = last(kind="account.changed")["facts"]
    assert facts == {"proposal": proposal, "officer": who.pseudonym, "what": "opened"}
    with reading() as conn:
        assert commands.check(conn).faults == []


@sqlite
def test_who_was_given_a_password_holds_no_post_until_it_is_changed(town):
    secret = do(town, commands.propose_officer, **NEW).secret
    bai = actor("bai")
    with begin(town.lu) as ctx:
        proposal = commands.propose_post(
            ctx, officer=bai.person, post="acceptance", organ=4, from_on=date(2026, 3, 2), writing="1"
        )
    approve(town, proposal)

    assert sign_in("bai", secret)
    with pytest.raises(PasswordFirst), begin(ANYBODY) as ctx:
        commands.authenticate(ctx, "bai", secret, "cli")
    with begin(bai) as ctx:
        assert ctx.assignments == ()
        commands.change_password(ctx, secret, "long enough now")
    with begin(bai) as ctx:
        assert [each.post for each in ctx.assignments] == ["acceptance"]
    with pytest.raises(WrongPassword):
        sign_in("bai", secret)
    with begin(ANYBODY) as ctx:
        assert commands.authenticate(ctx, "bai", "long enough now", "cli").person == bai.person


@sqlite
def test_a_second_account_is_the_same_person(town):
    """Who reviews by one account does not decide by the other."""
    do(town, commands.propose_officer, **NEW)
    do(town, commands.propose_officer, **NEW | {"login": "bai2", "name": "别名"})
    one, two = actor("bai"), actor("bai2")

    assert (one.person, one.account) != (two.person, two.account)
    assert one.person == two.person
    assert [row.name for row in rows("person") if row.id == one.person] == ["白云舒"]
    with begin(ANYBODY) as ctx:
        ctx.conn.execute(sa.update(t.account).values(must_change=False))
    for code in ("acceptance", "reviewer"):
        organ = 3 if code == "acceptance" else 1
        with begin(town.lu) as ctx:
            new = commands.propose_post(ctx, officer=one.person, post=code, organ=organ, from_on=date(2026, 3, 2))
        approve(town, new)
    filed = file(town)
    town = county.Town(county.people())
    county.do(town, "bai", filed.case, "intake/accept", "accept")
    with pytest.raises(SamePerson):
        county.claim(town, "bai2", filed.case, "review")


@sqlite
def test_an_applicant_who_becomes_an_officer_is_one_person(town):
    filed = file(town)
    do(town, commands.propose_officer, **NEW | {"id_number": county.applicant().id_number})

    assert actor("bai").person == county.row(filed.case).applicant


@sqlite
def test_an_administrator_opens_himself_no_second_account(town):
    do(town, commands.propose_officer, **NEW)
    bai = actor("bai")
    with begin(ANYBODY) as ctx:
        ctx.conn.execute(sa.update(t.account).values(must_change=False))
    approve(town, propose(town, commands.propose_post, officer=bai.person, post="administrator", organ=1,
                          from_on=date(2026, 3, 2)))  # fmt: skip

    with pytest.raises(OwnMatter), begin(bai) as ctx:
        commands.propose_officer(ctx, **NEW | {"login": "bai2"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"login": "li"},
        {"login": "B"},
        {"name": "白"},
        {"id_number": "123"},
        {"status": "king"},
        {"phone": "12"},
    ],
)
@sqlite
def test_an_officer_that_makes_no_sense_is_not_accepted(town, wrong):
    with pytest.raises(Invalid):
        propose(town, commands.propose_officer, **NEW | wrong)


@sqlite
def test_a_login_taken_meanwhile_is_not_opened_twice(town):
    first, second = (propose(town, commands.propose_officer, **NEW) for _ in range(2))
    approve(town, first)

    with pytest.raises(Invalid):
        approve(town, second)


@sqlite
def test_a_status_forbids_a_deciding_post_whatever_the_account(town):
    do(town, commands.propose_officer, **NEW | {"status": "helper"})

    with pytest.raises(StatusForbids):
        propose(town, commands.propose_post, officer=actor("bai").person, post="decider", organ=1,
                from_on=date(2026, 3, 2), writing="1")  # fmt: skip


def test_a_forgotten_password_is_replaced_by_two_persons(town):
    sign_in("li", PASSWORD)
    done = change(town, "li", "password")

    assert open_sessions() == 0
    with pytest.raises(WrongPassword):
        sign_in("li", PASSWORD)
    assert sign_in("li", done.secret)
    assert posts(town, "li") == set()
    assert last(kind="account.changed")["facts"]["officer"] == pseudonym(town, "li")


@sqlite
def test_a_closed_account_is_signed_out_and_stays_out_until_reopened(town):
    sign_in("li", PASSWORD)
    done = change(town, "li", "closed")

    assert (done.secret, open_sessions()) == ("", 0)
    with pytest.raises(WrongPassword):
        sign_in("li", PASSWORD)
    for what in ("closed", "password", "second_factor"):
        with pytest.raises(Invalid):
            propose(town, commands.propose_account, officer=person(town, "li"), what=what)
    change(town, "li", "reopened")
    assert sign_in("li", PASSWORD)


@sqlite
def test_nobody_changes_the_own_account_by_a_proposal(town):
    with pytest.raises(OwnMatter):
        change(town, "lu", "password")
    proposal = propose(town, commands.propose_account, officer=person(town, "jin"), what="password")
    with pytest.raises(OwnMatter):
        approve(town, proposal, by="jin")
    assert approve(town, proposal, by="gao").secret


@sqlite
def test_of_two_accounts_one_is_named(town):
    do(town, commands.propose_officer, **NEW)
    do(town, commands.propose_officer, **NEW | {"login": "bai2"})
    officer = actor("bai").person

    for login in (None, "li"):
        with pytest.raises(Invalid):
            propose(town, commands.propose_account, officer=officer, what="closed", login=login)
    do(town, commands.propose_account, officer=officer, what="closed", login="bai2")

    assert [row.login for row in rows("account") if not row.active] == ["bai2"]


def test_ten_wrong_tries_in_a_day_lock_the_account_until_two_persons_reopen_it(town):
    for again in range(2):
        with clock.at(NOW + timedelta(hours=again)):
            for _ in range(5):
                with pytest.raises(WrongPassword):
                    sign_in("li", "wrong")
            with pytest.raises(TooManyTries):
                sign_in("li", PASSWORD)

    with clock.at(NOW + timedelta(hours=3)):
        with pytest.raises(AccountLocked):
            sign_in("li", PASSWORD, "192.0.2.9")
        change(town, "li", "reopened")
        assert sign_in("li", PASSWORD)
        assert sign_in("hua", PASSWORD)


@sqlite
def test_a_lock_ends_by_itself_after_a_day(town):
    """Otherwise anybody could lock out every officer for good, those who reopen accounts first."""
    for again in range(2):
        with clock.at(NOW + timedelta(hours=again)):
            for _ in range(5):
                with pytest.raises(WrongPassword):
                    sign_in("li", "wrong")

    with clock.at(NOW + timedelta(hours=26)):
        assert sign_in("li", PASSWORD)


@pytest.mark.parametrize("new", ["short", PASSWORD, "x" * 201, "my login is li!"])
@sqlite
def test_a_password_has_rules(town, new):
    with pytest.raises(Invalid), begin(town.li) as ctx:
        commands.change_password(ctx, PASSWORD, new)

    assert sign_in("li", PASSWORD)


@sqlite
def test_changing_the_password_takes_the_old_one_and_ends_other_sign_ins(town):
    from engine.commands.sessions import key_hash

    here, there = sign_in("li", PASSWORD), sign_in("li", PASSWORD)
    for _ in range(2):
        with pytest.raises(WrongPassword), begin(town.li) as ctx:
            commands.change_password(ctx, "wrong", "long enough now")
    with begin(town.li) as ctx:
        commands.change_password(ctx, PASSWORD, "long enough now", keep=key_hash(here))

    assert [row.key_hash for row in rows("session") if row.closed_at is None] == [key_hash(here)]
    assert key_hash(there) != key_hash(here)
    assert len([row for row in rows("attempt") if row.kind == "sign_in"]) == 2
    with pytest.raises(NotFound), begin(ANYBODY) as ctx:
        commands.change_password(ctx, "a", "b")


@sqlite
def test_a_post_is_of_the_person_and_an_account_only_signs_in(town):
    do(town, commands.propose_officer, **NEW)
    do(town, commands.propose_officer, **NEW | {"login": "bai2"})
    with begin(ANYBODY) as ctx:
        ctx.conn.execute(sa.update(t.account).values(must_change=False))
    town = county.Town(county.people())
    approve(town, post(town, "bai", "acceptance", "w1"))

    assert posts(town, "bai") == posts(town, "bai2") == {("acceptance", "w1")}
