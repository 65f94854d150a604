"""Pages tell what must last, what must come early enough, and a limit that begins far ahead as what they are."""

from __future__ import annotations

from datetime import date

import pytest

from engine import clock, commands
from tests.commands import small
from tests.commands.small import begins, day, effect, form, item, mark, step, timer
from tests.county import at
from tests.webui.test_clocks import CALENDAR, THRESHOLDS
from webui.clocks import face

END = '<endEvent id="z"/>'
ALL = item(
    "T05b L09 L12", "s>a a>b b>z silent>b",
    begins(mark("expires", date="expires_on")),
    step("a", mark("notice_posted"), mark("hearing_day", date="hearing_on")),
    step("b", mark("notice_ended"), mark("hearing_notified"), mark("decided")),
    timer("silent", "L12", effect("L12"), at="a"), END,
    forms={"case": form(expires_on=day()), "a": form(hearing_on=day())},
)  # fmt: skip


@pytest.fixture
def filed(town):
    small.deploy(town, ALL)
    filed = small.file(town, expires_on="2026-06-30")
    small.do(town, filed.case, "a", hearing_on="2026-03-20")
    return filed


def faces(case: int, today: date):
    found = {key: small.clock(case, key) for key in ("statute:T05b", "statute:L09", "statute:L12")}
    return {key[8:]: face(each, (), CALENDAR, THRESHOLDS, today) for key, each in found.items()}


def test_the_faces_say_what_each_limit_asks_for(app, filed):
    with app.test_request_context("/?lang=zh"):
        shown = faces(filed.case, date(2026, 3, 3))
        full = faces(filed.case, date(2026, 3, 30))

    assert {key: (f.lamp, f.text, "".join(f.cells)) for key, f in shown.items()} == {
        "T05b": ("ok", "还差 2/3", "ull"),
        "L09": ("ok", "最迟 3月11日 周三", ""),
        "L12": ("ok", "6月30日 周二止", ""),
    }
    assert [shown[key].within for key in ("T05b", "L09", "L12")] == [False, False, True]
    assert (full["T05b"].text, full["T05b"].lamp) == ("已满 3 日", "ok")
    assert full["L09"].lamp == "ok"


def test_on_the_last_day_that_must_pass_it_says_so(app, filed):
    with app.test_request_context("/?lang=zh"):
        assert faces(filed.case, date(2026, 3, 5))["T05b"].text == "今天期满/3"


def test_case_ledger_and_trail_show_them_and_call_nothing_late(visit, filed):
    with clock.at(at("2026-04-10 09:00")):
        commands.catch_up()
        qian = visit("qian")
        page, ledger = qian.page(f"/cases/{filed.number}"), qian.page(f"/cases/{filed.number}/clocks")

    assert "已满" in page
    assert "不少于 3 日" in page
    assert "最迟 3月11日" in page
    assert "提前 7 个工作日" in page
    assert "自 3月20日" in page
    assert "期满之日" in ledger
    assert "最迟之日" in ledger
    assert "自此日倒推" in ledger


def test_an_officer_who_is_too_early_is_told_the_first_day(visit, town, filed):
    small.county.claim(town, "wang", filed.case, "b")
    key = small.county.step(filed.case, "b").id

    answer = visit("wang").post(f"/desk/steps/{key}/complete", {"outcome": "done", "opinion": "同意"})

    assert "最早 2026-03-06 才能办" in answer.text
    assert "公示中标候选人" in answer.text
