"""Two approvals at once: each asks again under the lock, so what together would be refused is refused to one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from engine import clock, commands
from engine.db.store import begin
from engine.errors import AlreadyDecided, PostsExclude, WrongSecondFactor
from engine.model import Actor
from tests import county
from tests.commands.offices import do, held, last, person, post, posts, propose, rows
from tests.commands.test_races import race
from tests.commands.test_second_factor import code
from tests.county import PASSWORD, at

NOW = at("2026-03-02 10:00")


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        yield county.found()


def approving(who: Actor, proposal: int) -> Callable[[], commands.Approved]:
    def run() -> commands.Approved:
        with begin(who) as ctx:
            return commands.approve(ctx, proposal)

    return run


def won(results: list[object]) -> list[object]:
    return [each for each in results if isinstance(each, commands.Approved)]


def test_two_posts_that_exclude_each_other_are_not_granted_at_once(town):
    first, second = post(town, "zhou", "monitor"), post(town, "zhou", "reviewer")

    results = race(approving(town.jin, first), approving(town.gao, second))

    assert len(won(results)) == 1
    assert [type(each) for each in results if each not in won(results)] == [PostsExclude]
    assert len(posts(town, "zhou")) == 1


def test_nor_to_two_who_stand_in_for_one_another(town):
    """Each approval knows of the other's person by the registration alone."""
    do(town, commands.propose_end_of_post, held(town, "li", "acceptance"), to_on=date(2026, 4, 1), reason="调岗")
    do(
        town,
        commands.propose_stand_in,
        assignment=held(town, "li", "acceptance"),
        officer=person(town, "zhou"),
        from_on=date(2026, 3, 2),
        to_on=date(2026, 4, 1),
    )
    first = post(town, "zhou", "legal_reviewer", to_on=date(2026, 3, 31))
    assert won(race(approving(town.jin, first)))
    with pytest.raises(PostsExclude):
        post(town, "li", "monitor", to_on=date(2026, 3, 31))


def test_one_proposal_is_carried_out_once(town):
    proposal = post(town, "zhou", "reviewer")

    results = race(*[approving(who, proposal) for who in (town.jin, town.gao)] * 2)

    assert len(won(results)) == 1
    assert {type(each) for each in results if each not in won(results)} == {AlreadyDecided}
    assert len([row for row in rows("assignment") if row.person == person(town, "zhou")]) == 1


def test_one_code_signs_in_once(town, monkeypatch):
    monkeypatch.setattr(clock, "real", lambda: NOW)
    with begin(town.zhao) as ctx:
        secret = commands.enrol_second_factor(ctx).secret
    with begin(town.zhao) as ctx:
        commands.confirm_second_factor(ctx, code(secret, NOW, steps=-1))

    def sign_in() -> str:
        with begin(Actor(person=0, channel="cli")) as ctx:
            return commands.sign_in(ctx, "zhao", PASSWORD, "192.0.2.1", code(secret, NOW))

    results = race(*[sign_in] * 3)

    assert len([each for each in results if isinstance(each, str)]) == 1
    assert [type(each) for each in results if not isinstance(each, str)] == [WrongSecondFactor] * 2


def test_the_rules_are_adopted_one_after_the_other(town, monkeypatch, tmp_path):
    from engine.db import rulebook

    files = rulebook.on_disk()
    for name in ("lamps.toml", "cards.toml"):
        changed = files | {name: files[name] + "\n# 改\n"}
        monkeypatch.setattr(rulebook, "on_disk", lambda changed=changed: changed)
        propose(town, commands.propose_rules, by="ma")
    first, second = [row.id for row in rows("proposal") if row.kind == "rules"]

    results = race(approving(town.feng, first), approving(town.jin, second))

    assert len(won(results)) == 1
    assert len(rows("rulebook")) == 2
    assert last(kind="rules.adopted")["facts"]["digest"] == rows("rulebook")[-1].sha256
