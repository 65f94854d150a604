"""Cards are worked off from a list, answered by the office, seen whole by who may, and never by anybody else."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import engines, rulebook
from engine.db.read import card as read
from engine.db.read.cardrights import Reader
from engine.db.store import reading
from engine.settings import settings
from tests import cardcast, county
from tests.cardcast import card, explain, red, rescind
from tests.county import at
from webui import cardpage


@pytest.fixture
def town(town):
    return cardcast.introduce(town)


@pytest.fixture
def late(town):
    """Filed on Monday, held by Li at the window beyond Tuesday: a yellow card, drafted on Thursday morning."""
    with cardcast.late(town) as filed:
        yield filed


def test_an_overrun_step_is_on_the_workbench_with_its_evidence(visit, late):
    _, number = card()
    page = visit("yu").page("/monitor/cards")

    assert number in page
    assert "步骤“受理审查”超期" in page
    assert "2/1" in page  # the day too much
    assert "账与留痕一致" in page
    assert "还没有扣分" in page
    assert re.search(r">说明情况<b>1</b>", page)
    assert "本月黄牌 1、红牌 0" in page
    assert "窗口受理岗" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", True),
        ("?level=yellow", True),
        ("?level=red", False),
        ("?step=explain", True),
        ("?step=review", False),
        ("?organ=2", True),
        ("?organ=4", False),
        ("?mine=1", False),
        ("?late=1", False),
        ("?closed=1", False),
        ("?q=2026-yl-000001", True),
        ("?q=nothing", False),
        ("?level=pink&organ=x&page=-1&step=&post=", True),  # nonsense is left out
    ],
)
def test_filters_narrow_the_workbench(visit, late, query, shown):
    assert (card()[1] in visit("yu").page(f"/monitor/cards{query}")) is shown


def test_a_card_of_which_the_trace_does_not_tell_is_not_called_proved(app, late):
    supervisor = Reader(person=0, every=True)
    with reading() as conn:
        found = read.whole(conn, supervisor, card()[1], (), date(2026, 3, 5))
    assert found is not None
    bare = replace(found, evidence=replace(found.evidence, proofs=()))
    moved = replace(found, row=replace(found.row, on=date(2026, 3, 3)))
    by_hand = replace(found, evidence=replace(found.evidence, clock=None))

    assert [cardpage.proved(each) for each in (found, bare, moved, by_hand)] == [True, False, False, None]


def test_a_late_answer_is_counted_and_its_lamp_is_over(visit, late):
    with clock.at(at("2026-03-11 10:00")):  # 3 working days for the explanation ended on Tuesday the 10th
        page = visit("yu").page("/monitor/cards?late=1")

    assert card()[1] in page
    assert "超 1 日" in page


def test_the_office_sees_what_to_answer_until_when_and_what_it_costs(visit, town, late):
    clerk = visit("li")
    page = clerk.page("/cards")

    assert card()[1] in page
    assert "说明情况" in page
    assert "3月10日" in page  # third working day after Thursday
    assert "本月没有扣分" in page
    assert 'class="waits">1<' in page
    case, _ = explain(town)
    cardcast.do(town, "kong", case, "review", "uphold", finding="停电不影响手工受理，说明不成立。")
    page = clerk.page("/cards")
    assert "本月计分" in page
    assert "-5" in page
    assert "是否申诉" in page


def test_the_badge_is_on_the_board_and_on_the_case_and_goes_with_the_rescission(visit, town, late):
    monitor = visit("yu")
    marked = f'href="/cards/{card()[1]}"'

    assert marked in monitor.page("/monitor")
    assert marked in monitor.page(f"/cases/{late.number}")
    assert marked in visit("li").page(f"/cases/{late.number}")
    case, _ = explain(town)
    rescind(town, case)
    assert marked not in monitor.page("/monitor")
    assert marked not in monitor.page(f"/cases/{late.number}")


def test_a_rescinded_card_stays_with_its_ground_and_counts_in_the_rates(visit, town, late):
    case, number = explain(town)
    rescind(town, case)
    auditor = visit("sun")

    page = auditor.page(f"/cards/{number}")
    assert "系统或日历故障" in page
    assert "供电局证明" in page
    assert "窗口当天停电" in page
    assert "不扣分" in page
    rates = auditor.page("/monitor/scores")
    assert rates.count("100.0%") == 3  # of the unit, of the system that issued it, of Kong who reviewed it
    assert "Kong" in rates
    assert "撤销率 100.0%" in auditor.page("/monitor/cards?closed=1")


def test_scores_are_listed_and_summed_and_given_back(visit, town, late):
    case, number = red(town, late)
    monitor = visit("qian")
    assert "-10" in monitor.page("/monitor/scores")
    cardcast.do(town, "li", case, "answer", explanation="清单没有贴出来。", plan="三日内贴出清单。")
    rescind(town, case)

    page = monitor.page("/monitor/scores")

    assert "-10" in page
    assert "+10" in page
    assert number in page
    assert "发牌扣分" in page
    assert "撤销返还" in page
    assert number not in monitor.page("/monitor/scores?month=2026-02")
    assert number in monitor.page("/monitor/scores?month=nonsense")


def test_three_cards_of_one_office_make_a_red_one_that_names_them(visit, town, late):
    for number in range(2):
        with clock.at(at("2026-03-02 10:00")):
            filed = county.file(town, shop_name=f"第 {number} 家")
            county.claim(town, "li", filed.case, "intake/accept")
    commands.catch_up()

    page = visit("yu").page(f"/cards/{card('red')[1]}")

    assert "屡次黄牌" in page
    assert len(set(re.findall(r'href="/cards/(2026-YLP-\d+)"', page))) == 3


def test_the_pages_speak_english(visit, late):
    monitor = visit("yu")

    for path in ("/monitor/cards", "/monitor/scores", f"/cards/{card()[1]}", f"/monitor/cards/new?case={late.number}"):
        page = monitor.page(f"{path}{'&' if '?' in path else '?'}lang=en")
        shown = re.sub(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", " ", page, flags=re.S).replace("中文", "")
        named = re.sub(r"云岭审.〔\d+〕\d+号", "", shown.replace("椒香里火锅店", ""))
        assert re.findall(r"[\u4e00-\u9fff]+", named) == [], path


def test_more_cards_cost_no_more_statements(visit, town, late, monkeypatch):
    monkeypatch.setattr(rulebook, "RECENT", 600.0)  # seconds: on a slow machine the rules would be read anew meanwhile
    asked: list[str] = []
    monitor, clerk = visit("yu"), visit("li")
    engine = engines.engine(settings().database_url)
    sa.event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    number = card()[1]

    def ask() -> Counter[str]:
        asked.clear()
        for path in ("/monitor/cards", f"/cards/{number}", "/monitor/scores", "/monitor"):
            monitor.page(path)
        clerk.page("/cards")
        return Counter(re.sub(r"\(\?[?, ]*\)", "(...)", statement) for statement in asked)

    def issue(number: int) -> None:
        for _ in range(number):
            cardcast.by_hand(town, "qian", late.case, "intake/accept", "yellow")

    issue(2)
    ask()
    few = ask()
    issue(5)

    assert len(few) > 10
    assert not ask() - few
