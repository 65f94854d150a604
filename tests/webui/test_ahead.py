"""The shortages ahead: the list of all items, that of one on its staffing page, and what a monitor's memo leads to."""

from __future__ import annotations

import re
from datetime import date

import pytest

from engine import clock, commands
from tests.commands import offices
from tests.commands.office import memos
from tests.staffing import township
from tests.staffing.township import deploy, item
from tests.webui.conftest import MONDAY
from webui.app import create_app
from webui.security import limiter

CAST = {"ding": "acceptance", "luo": "reviewer", "bai": "decider"}


@pytest.fixture
def town(sqlite_url):
    """A township and a centre in which everybody is the only one; Luo of the township is away from 9 to 11 March."""
    with clock.at(MONDAY):
        here = {who: (post, "shimen") for who, post in CAST.items()}
        there = {f"{who}2": (post, "centre") for who, post in CAST.items()}
        made = township.found(here | there | {"qian": ("monitor", "yl")})
        deploy(made, item())
        away(made, "luo", 9, 11)
        yield made


@pytest.fixture
def app(town):
    made = create_app()
    made.testing = True
    limiter.reset()
    return made


def away(town, who: str, first: int, last: int) -> None:
    days = {"from_on": date(2026, 3, first), "to_on": date(2026, 3, last), "kind": "leave"}
    offices.do(town, commands.propose_absence, officer=offices.person(town, who), **days)


def hrefs(page: str, start: str) -> list[str]:
    return [each.replace("&amp;", "&") for each in re.findall(rf'href="({start}[^"]*)"', page)]


def test_the_memo_leads_to_the_list_and_the_list_to_the_staffing_of_that_day(town, visit):
    assert commands.tell_shortages("small") == 1
    qian = visit("qian")

    inbox = qian.page("/inbox")
    assert "自 2026-03-09 起在石门乡不能办，到 2026-03-11 为止" in inbox
    assert qian.get(f"/inbox/{memos()[0].id}").location == "/staffing/ahead"
    page = qian.page("/staffing/ahead")
    assert "3月9日 周一 至 3月11日 周三" in page
    assert "石门乡的审查岗无人在岗（Luo外出）" in page
    assert "县政务服务中心" not in page
    (url,) = hrefs(page, "/items/small")
    assert url == "/items/small/staffing?organ=shimen&on=2026-03-09"
    assert "这样办不成" in qian.page(url)


def test_in_english_it_says_the_same(town, visit):
    page = visit("qian").page("/staffing/ahead?lang=en")

    assert "Mon 9 Mar to Wed 11 Mar" in page
    assert "Review has nobody: in Shimen nobody is there by the post Reviewer (away: Luo)." in page


def test_what_is_so_today_and_goes_on_says_so_and_leads_to_today(town, visit):
    away(town, "ding2", 2, 31)
    away(town, "bai2", 31, 31)
    offices.do(
        town,
        commands.propose_end_of_post,
        offices.held(town, "luo2", "reviewer"),
        to_on=date(2026, 3, 20),
        reason="轮岗",
    )
    page = visit("qian").page("/staffing/ahead")

    assert "今天 3月2日 至 4月1日 周三" in page
    assert "还没完" in page
    assert "/items/small/staffing?organ=centre" in hrefs(page, "/items/small")


def test_the_staffing_page_loads_the_days_of_its_item_and_organ(town, visit):
    ding = visit("ding")
    (url,) = hrefs(ding.page("/items/small/staffing?organ=shimen"), "/staffing/ahead")
    part = ding.get(url, headers={"HX-Request": "true"}).get_data(as_text=True)

    assert "<html" not in part
    assert "3月9日 周一 至 3月11日 周三" in part
    (url,) = hrefs(ding.page("/items/small/staffing?organ=centre"), "/staffing/ahead")
    assert "到4月1日 周三没有" in ding.page(url)


def test_where_nothing_is_short_the_list_says_until_when_it_looked(town, visit):
    with clock.at(MONDAY.replace(day=12)):
        assert "到4月11日 周六没有" in visit("qian").page("/staffing/ahead")


def test_an_item_with_too_many_ways_is_named(town, visit, monkeypatch):
    monkeypatch.setattr("engine.commands.staffing.offered._runs", {})
    monkeypatch.setattr("engine.bpmn.runs.MAX_RUNS", 0)

    assert "的路径太多，没有逐条看。" in visit("qian").page("/staffing/ahead")


def test_an_item_or_organ_that_does_not_exist_is_not_found(town, visit):
    for wrong in ("item=nothing", "organ=nowhere", "item=efficacy_card"):
        assert visit("qian").get(f"/staffing/ahead?{wrong}").status_code == 404


def test_monitors_find_it_beside_what_else_only_warns(town, visit):
    assert "/staffing/ahead" in hrefs(visit("qian").page("/monitor/rotation"), "/")
