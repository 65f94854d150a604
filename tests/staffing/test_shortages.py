"""Which items an organ cannot do on the days ahead: from leave, posts and stand-ins on record, and on no other day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, combinations

import pytest

from engine import clock, commands
from engine.commands.staffing import cover as covers
from engine.commands.staffing import days_ahead, offered, shortages
from engine.db.store import reading
from engine.errors import NotFound
from engine.staffing.answers import Staffing
from tests import county
from tests.commands import offices, small
from tests.commands.offices import TODAY, held, person
from tests.county import Town, at
from tests.staffing import township
from tests.staffing.township import THREE, deploy, found, item, step

ONE_EACH = {"ding": ("acceptance", "shimen"), "luo": ("reviewer", "shimen"), "bai": ("decider", "shimen")}
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def day(number: int) -> date:
    """Return a day so many days from today."""
    return TODAY + timedelta(days=number)


@pytest.fixture(autouse=True)
def today(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield


@pytest.fixture
def town(today) -> Town:
    made = found(ONE_EACH | {"yu": ("", "yl")})
    deploy(made, item())
    return made


def leave(town: Town, who: str, first: int, last: int) -> None:
    days = {"from_on": day(first), "to_on": day(last)}
    offices.do(town, commands.propose_absence, officer=person(town, who), kind="leave", **days)


def stand_in(town: Town, who: str, code: str, by: str, first: int = 0, last: int | None = None) -> None:
    terms = {"assignment": held(town, who, code), "officer": person(town, by)}
    days = {"from_on": day(first), "to_on": None if last is None else day(last)}
    offices.do(town, commands.propose_stand_in, **terms, **days)


def ahead(**asked: str) -> days_ahead.DaysAhead:
    with reading() as conn:
        return shortages(conn, clock.local_date(clock.now()), **asked)


def told(**asked: str) -> list[tuple[str, int, int, bool]]:
    """Return organ, first and last day from today, and whether it ends."""
    return [
        (each.organ.code, (each.first - TODAY).days, (each.last - TODAY).days, each.ends)
        for each in ahead(**asked).shortages
    ]


def test_with_nobody_away_there_is_no_shortage(town):
    assert ahead() == days_ahead.DaysAhead(on=TODAY, until=day(30), shortages=())


def test_the_only_reviewers_leave_is_one_from_its_first_to_its_last_day(town):
    leave(town, "luo", 7, 11)

    (seen,) = ahead().shortages
    assert (seen.item, seen.organ.code, seen.first, seen.last, seen.ends) == ("small", "shimen", day(7), day(11), True)
    conflict = "「审查」没有人可办：石门乡的审查岗无人在岗（Luo外出）。"
    assert seen.conflict.zh == conflict == township.outlook(on=day(7)).routes[0].conflict.zh
    assert [officer.login for officer in seen.away] == ["luo"]
    assert seen.said.zh.endswith(f"自 2026-03-09 起在石门乡不能办，到 2026-03-13 为止：{conflict}")
    assert "cannot be done in Shimen from 2026-03-09 until 2026-03-13: Review has nobody" in seen.said.en


@SQLITE
@pytest.mark.parametrize(("first", "last"), [(0, 0), (7, 7), (30, 30)])
def test_leave_of_one_day_is_seen_from_today_to_the_horizon(town, first, last):
    leave(town, "luo", first, last)

    assert told() == [("shimen", first, last, first < 30)]


@SQLITE
def test_what_begins_after_the_horizon_is_not_seen_yet(town):
    leave(town, "luo", 31, 40)

    assert told() == []


@SQLITE
def test_what_lasts_beyond_the_horizon_is_still_so_on_its_last_day(town):
    leave(town, "luo", 29, 40)

    assert told() == [("shimen", 29, 30, False)]
    assert "到 2026-04-01 还是这样" in ahead().shortages[0].said.zh


@SQLITE
def test_leave_that_follows_leave_is_one_and_a_day_between_makes_two(town):
    leave(town, "luo", 3, 4)
    leave(town, "bai", 5, 6)
    leave(town, "ding", 8, 8)

    assert told() == [("shimen", 3, 6, True), ("shimen", 8, 8, True)]


@SQLITE
def test_a_stand_in_makes_it_possible_on_the_days_on_which_he_is_there_himself(town):
    leave(town, "luo", 3, 9)
    stand_in(town, "luo", "reviewer", "yu", 5)
    leave(town, "yu", 8, 12)

    assert told() == [("shimen", 3, 4, True), ("shimen", 8, 9, True)]


@SQLITE
def test_a_stand_in_whose_days_end_helps_no_longer(town):
    leave(town, "luo", 3, 9)
    stand_in(town, "luo", "reviewer", "yu", 0, 6)

    assert told() == [("shimen", 7, 9, True)]


@SQLITE
def test_leave_that_ended_early_counts_no_longer(town):
    leave(town, "luo", 0, 9)
    with reading() as conn:
        absence = conn.exec_driver_sql("select max(id) from absence").scalar_one()
    offices.do(town, commands.propose_end_of_absence, absence, to_on=day(4))

    assert told() == [("shimen", 0, 4, True)]


def test_a_post_that_ends_is_a_shortage_from_the_day_after(town):
    terms = {"to_on": day(10), "reason": "轮岗"}
    offices.do(town, commands.propose_end_of_post, held(town, "luo", "reviewer"), **terms)

    assert told() == [("shimen", 11, 30, False)]


@SQLITE
def test_a_post_that_begins_ends_it(town):
    leave(town, "luo", 0, 20)
    offices.approve(town, offices.post(town, "yu", "reviewer", "shimen", from_on=day(5)))

    assert told() == [("shimen", 0, 4, True)]


@SQLITE
def test_an_organ_that_is_left_by_who_files_there_is_one_although_nobody_offers_it_any_more(town):
    terms = {"to_on": day(10), "reason": "轮岗"}
    offices.do(town, commands.propose_end_of_post, held(town, "ding", "acceptance"), **terms)

    assert told() == [("shimen", 11, 30, False)]
    assert not township.outlook(on=day(11)).possible


@SQLITE
def test_an_organ_that_will_offer_it_without_officers_is_one_from_that_day(town):
    offices.approve(town, offices.post(town, "yu", "acceptance", "w1", from_on=day(5)))

    assert told() == [("centre", 5, 30, False)]


@SQLITE
def test_two_organs_are_told_apart():
    both = {f"{login}2": (post, "centre") for login, (post, _) in ONE_EACH.items()}
    town = found(ONE_EACH | both)
    deploy(town, item())
    leave(town, "luo", 3, 3)
    leave(town, "bai2", 4, 5)

    assert told() == [("shimen", 3, 3, True), ("centre", 4, 5, True)]
    assert told(organ="centre") == [("centre", 4, 5, True)]


@SQLITE
def test_an_item_nobody_offers_is_never_short():
    deploy(found({}), item())

    assert told() == []


@SQLITE
def test_an_item_with_too_many_ways_is_named(town, monkeypatch):
    monkeypatch.setattr(offered, "_runs", {})
    monkeypatch.setattr("engine.bpmn.runs.MAX_RUNS", 0)

    assert ahead().too_many == ("small",)


@SQLITE
@pytest.mark.parametrize("asked", [{"item": "nothing"}, {"item": "efficacy_card"}, {"organ": "nowhere"}])
def test_an_item_or_organ_that_does_not_exist_is_refused(town, asked):
    with pytest.raises(NotFound):
        ahead(**asked)


@SQLITE
def test_steps_for_several_persons_are_counted(today):
    town = found(ONE_EACH | {"yu": ("reviewer", "shimen")})
    deploy(town, item(THREE[0], step("review", "reviewer", '<sun:persons min="2"/>'), THREE[2]))
    leave(town, "yu", 3, 3)

    assert told() == [("shimen", 3, 3, True)]


@SQLITE
def test_offices_that_are_alike_are_asked_about_once(town, monkeypatch):
    asked: list[date] = []
    monkeypatch.setattr(
        days_ahead, "cover", lambda office, *more: asked.append(office.staff.on) or covers.cover(office, *more)
    )
    leave(town, "yu", 2, 3)
    leave(town, "luo", 5, 6)
    leave(town, "luo", 9, 9)

    assert told() == [("shimen", 5, 6, True), ("shimen", 9, 9, True)]
    assert asked == [TODAY, day(5)]


def alike(town: Town, *names: str) -> Iterator[tuple[bool, int]]:
    """Yield, with whichever two of these away, whether all ways are possible, and how many a cover asks about.

    Raises:
        AssertionError: the ways of the cover say otherwise than all.
    """
    with reading() as conn:
        known = offered.offered(conn, county.ITEM)
    (base,) = known.offices("centre")
    several = [person(town, who) for who in names]
    for gone in chain.from_iterable(combinations(several, number) for number in range(3)):
        office = replace(base, away=frozenset(gone))
        few = covers.cover(office, known.runs, "x")
        answers = [
            Staffing([path.way for path in paths], office.away).possible for paths in (office.paths(known.runs), few)
        ]
        assert answers[0] == answers[1]
        yield answers[0], len(few)


@SQLITE
def test_a_few_ways_stand_for_all_and_more_where_somebody_stands_in(today):
    town = county.found()
    stand_in(town, "wang", "reviewer", "zhou")
    stand_in(town, "he", "rechecker", "zhou")

    seen = list(alike(town, "wang", "chen"))
    assert {possible for possible, _ in seen} == {True, False}
    assert seen[0][1] < 10 < max(number for _, number in seen)


@SQLITE
def test_a_cover_is_found_anew_under_another_book(today):
    town = found(ONE_EACH)
    money = {"type": "integer", "title": "金额", "title_en": "Amount", "x-amount": True, "minimum": 0, "maximum": 9}
    tiered = step("decide", "decider", "<sun:tier/>", name="决定")
    deploy(town, item(*THREE[:2], tiered, forms={"case": small.form(money=money)}))
    with reading() as conn:
        known = offered.offered(conn, "small")
    (office,) = known.offices()
    tiers = office.book.tiers
    fewer = replace(tiers, by_code=dict([*tiers.by_code.items()][:2]))

    for book in (office.book, replace(office.book, tiers=fewer)):
        paths = covers.cover(replace(office, book=book), known.runs, "tiered")
        assert [path.tier for path in paths] == list(book.tiers.by_code)
