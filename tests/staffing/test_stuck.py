"""Open cases that nobody could finish once a post ends, somebody is away or leaves; and those stuck as things are."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.__main__ import main
from engine.commands.staffing import changes
from engine.db import tables as t
from engine.db.store import reading
from tests.commands import lawful, offices
from tests.commands.offices import TODAY, person
from tests.commands.test_nobody_left import do, ended, file
from tests.commands.together import claim
from tests.county import at
from tests.staffing.changed import DAY, OFFICE, asked, away, ends, found, now, numbers, proposed

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield found


def test_the_post_of_the_only_reviewer_ends_and_his_case_is_listed_and_no_other(town):
    there = town(OFFICE)
    mine, reviewed = file(there, "hua"), file(there, "hua")
    do(there, "hua", mine.case, "accept")
    do(there, "hua", reviewed.case, "accept")
    do(there, "chen", reviewed.case, "review")
    claim(there, "chen", mine.case, "review")

    told = asked(ends(there, "chen", "reviewer"))

    (only,) = told.cases
    assert (only.number, only.organ.name, only.item.zh) == (mine.number, "石门乡", "small")
    assert [step.zh for step in only.steps] == ["「审查」"]
    assert only.why.zh == "「审查」没有人可办：石门乡的审查岗无人在岗。"
    assert "Review has nobody" in only.why.en
    assert [each.login for each in only.holders] == ["chen"]
    assert (told.on, told.unseen, numbers(now())) == (TODAY, 0, [])


def test_once_it_is_approved_the_case_is_stuck_now(town):
    there = town(OFFICE)
    case = file(there, "hua")

    offices.approve(there, ends(there, "chen", "reviewer")["key"])

    assert numbers(now()) == [case.number]


def test_with_a_second_reviewer_there_is_nothing_to_list(town):
    there = town({**OFFICE, "liu": ("reviewer", "shimen")})
    do(there, "hua", file(there, "hua").case, "accept")

    assert asked(ends(there, "chen", "reviewer")).cases == ()


@sqlite
def test_a_second_reviewer_who_has_accepted_the_case_may_not_review_it_and_the_rule_is_named(town):
    there = town({**OFFICE, "hua": ("acceptance reviewer", "shimen"), "dan": ("acceptance", "shimen")})
    by_hua, by_dan = file(there, "dan"), file(there, "dan")
    do(there, "hua", by_hua.case, "accept")
    do(there, "dan", by_dan.case, "accept")

    (only,) = asked(ends(there, "chen", "reviewer")).cases

    assert only.number == by_hua.number
    assert "「审查」（审查岗）需要 1 人，只有Hua" in only.why.zh
    assert "SOD-03：「受理」（Hua办的）和「审查」由不同的人办" in only.why.zh
    assert "Accept (done by Hua) and Review by different persons" in only.why.en


@sqlite
def test_a_post_that_ends_later_is_asked_about_on_the_day_after(town):
    there = town({**OFFICE, "liu": ("reviewer", "shimen")})
    case = file(there, "hua")
    offices.approve(there, ends(there, "liu", "reviewer", TODAY + 3 * DAY)["key"])

    sooner = asked(ends(there, "chen", "reviewer", TODAY + DAY))
    later = asked(ends(there, "chen", "reviewer", TODAY + 4 * DAY))

    assert (sooner.on, sooner.cases) == (TODAY + 2 * DAY, ())
    assert (later.on, numbers(later)) == (TODAY + 5 * DAY, [case.number])


@sqlite
def test_a_case_that_nobody_could_finish_before_is_not_what_the_change_does(town):
    there = town(OFFICE)
    case = file(there, "hua")
    ended("zhao", "decider")

    assert asked(ends(there, "chen", "reviewer")).cases == ()
    assert numbers(now()) == [case.number]


@sqlite
def test_while_the_only_reviewer_is_away_his_cases_cannot_be_finished(town):
    there = town(OFFICE)
    case = file(there, "hua")

    (only,) = asked(away(there, "chen")).cases

    assert only.number == case.number
    assert "（Chen外出）" in only.why.zh
    offices.approve(there, away(there, "chen")["key"])
    assert now().cases == ()  # who is away comes back


@sqlite
def test_a_stand_in_does_the_cases_of_who_is_away_but_not_what_he_must_not(town):
    there = town({**OFFICE, "dan": ("acceptance", "shimen")})
    by_hua, by_dan = file(there, "dan"), file(there, "dan")
    do(there, "hua", by_hua.case, "accept")
    do(there, "dan", by_dan.case, "accept")
    claim(there, "chen", by_dan.case, "review")
    post = offices.held(there, "chen", "reviewer")
    offices.do(there, commands.propose_stand_in, assignment=post, officer=person(there, "hua"), from_on=TODAY)

    assert numbers(asked(away(there, "chen"))) == [by_hua.number]


@sqlite
def test_a_stand_in_who_is_away_himself_does_not_help(town):
    there = town({**OFFICE, "dan": ("acceptance", "shimen")})
    case = file(there, "dan")
    post = offices.held(there, "chen", "reviewer")
    offices.do(there, commands.propose_stand_in, assignment=post, officer=person(there, "hua"), from_on=TODAY)
    offices.approve(there, away(there, "hua", last=TODAY + DAY)["key"])

    assert numbers(asked(away(there, "chen"))) == [case.number]
    assert asked(away(there, "chen", TODAY + 2 * DAY, TODAY + 2 * DAY)).cases == ()


@sqlite
def test_the_end_of_a_stand_in_is_missed_on_the_days_on_which_the_holder_is_away(town):
    there = town({**OFFICE, "dan": ("acceptance", "shimen")})
    case = file(there, "dan")
    post = offices.held(there, "chen", "reviewer")
    done = offices.do(there, commands.propose_stand_in, assignment=post, officer=person(there, "hua"), from_on=TODAY)
    key = int(done.result.removeprefix("stand-in "))
    ending = proposed(there, commands.propose_end_of_stand_in, key, to_on=TODAY)
    before = asked(ending)
    offices.approve(there, away(there, "chen", TODAY + 2 * DAY, TODAY + 3 * DAY)["key"])

    assert before.cases == ()
    assert (asked(ending).on, numbers(asked(ending))) == (TODAY + 2 * DAY, [case.number])


@sqlite
def test_who_leaves_leaves_all_posts_and_the_posts_in_which_he_was_stood_in_for(town):
    there = town({**OFFICE, "dan": ("acceptance reviewer", "shimen")})
    first, second = file(there, "dan"), file(there, "dan")
    do(there, "dan", first.case, "accept")
    do(there, "hua", second.case, "accept")

    (only,) = asked(proposed(there, commands.propose_leaving, officer=person(there, "chen"), to_on=TODAY)).cases

    assert only.number == first.number
    assert [each.login for each in only.holders] == []


@sqlite
def test_what_a_stand_in_has_claimed_for_who_leaves_is_his_no_more(town):
    there = town({**OFFICE, "dan": ("acceptance", "shimen")})
    case = file(there, "dan")
    do(there, "dan", case.case, "accept")
    post = offices.held(there, "chen", "reviewer")
    offices.do(there, commands.propose_stand_in, assignment=post, officer=person(there, "hua"), from_on=TODAY)
    offices.approve(there, away(there, "chen")["key"])
    claim(there, "hua", case.case, "review")

    (only,) = asked(proposed(there, commands.propose_leaving, officer=person(there, "chen"), to_on=TODAY)).cases

    assert (only.number, [each.login for each in only.holders]) == (case.number, ["hua"])


@sqlite
def test_closing_the_only_account_of_the_only_reviewer_takes_his_cases_too(town):
    there = town(OFFICE)
    case = file(there, "hua")

    closing = proposed(there, commands.propose_account, officer=person(there, "chen"), what="closed", login="chen")
    reopened = {**closing, "body": {**closing["body"], "what": "password"}}

    assert numbers(asked(closing)) == [case.number]
    with reading() as conn:
        assert changes.change(conn, reopened["kind"], reopened["body"], TODAY) is None
    second = {"person": person(there, "chen"), "login": "chen2", "password_hash": "-"}
    second |= {"active": True, "language": "zh"}
    lawful.write(sa.insert(t.account).values(second))
    with reading() as conn:
        assert changes.change(conn, closing["kind"], closing["body"], TODAY) is None


@sqlite
def test_the_command_line_tells_what_is_stuck_now_and_answers_one(town, capsys):
    there = town(OFFICE)
    case = file(there, "hua")
    before, _ = main(["staff", "--stuck"]), capsys.readouterr()
    offices.approve(there, ends(there, "chen", "reviewer")["key"])

    after, said = main(["staff", "--stuck", "--json"]), json.loads(capsys.readouterr().out)
    plain, text = main(["staff", "--stuck"]), capsys.readouterr().out

    assert (before, after, plain) == (0, 1, 1)
    (only,) = said["stuck"]
    assert (only["number"], only["organ"], only["holders"]) == (case.number, "shimen", [])
    assert only["steps"] == ["「审查」 / Review"]
    assert "1 open cases that nobody can finish" in text
    assert case.number in text
    with pytest.raises(SystemExit):
        main(["staff", "small", "--stuck"])
