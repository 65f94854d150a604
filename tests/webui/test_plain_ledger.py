"""The applicant reads in plain words what each day counted for; officers read it day by day with the notice."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest
import sqlalchemy as sa

from engine import clock
from engine.db import record
from engine.db import tables as t
from engine.db.record import Entry
from engine.db.store import begin
from engine.model import Event
from tests import county
from tests.county import at

STATUTE = "法定期限 · 行政许可决定"
SPAN = re.compile(r'<span class="nowrap">([^<]*)</span><span class="text-end">([^<]*)</span>')


@pytest.fixture
def filed(town):
    made = county.file(town)
    county.do(town, "li", made.case, "intake/accept", "accept")
    return made


def opened(visit, filed):
    visitor = visit()
    visitor.post("/progress", {"number": filed.number, "code": filed.code})
    return visitor


def told(page: str, name: str) -> tuple[str, list[tuple[str, str]]]:
    """Return what the page tells of one clock: its summary and its spans."""
    (found,) = [part for part in page.split("<details")[1:] if name in part.split("</summary>")[0]]
    summary = unescape(re.sub(r"<[^>]+>", " ", found.split("</summary>")[0]))
    return summary, [(when, unescape(text)) for when, text in SPAN.findall(found.split("</details>")[0])]


def stopped(town, case: int, first: date, last: date, kind: str = "testing") -> None:
    new = {
        "case_": case, "kind": kind, "from_on": first, "to_on": None, "planned_to_on": last,
        "document": "云食特〔2026〕7 号", "asked_by": town.li.person, "approved_by": town.he.person,
    }  # fmt: skip
    with begin(town.li) as ctx:
        ctx.conn.execute(sa.insert(t.stop).values(**new))


def test_days_alike_are_folded_and_the_sum_is_of_today(visit, filed):
    with clock.at(at("2026-03-10 10:00")):  # Tuesday; accepted on Monday the 2nd
        summary, spans = told(opened(visit, filed).page("/progress"), "承诺期限")

    assert "到今天用了 6 个工作日，还剩 1 个工作日，3月11日 周三 止" in summary
    assert spans == [
        ("3月2日", "受理，当天不算"),
        ("3月3日—3月6日", "算 4 天"),
        ("3月7日—3月8日", "周末，不算"),
        ("3月9日—3月10日", "算 2 天"),
        ("3月11日", "算 1 天（还没到）"),
    ]


def test_a_stop_is_told_with_its_notice_and_until_when(town, visit, filed):
    stopped(town, filed.case, date(2026, 3, 4), date(2026, 3, 6))

    with clock.at(at("2026-03-05 10:00")):
        _, spans = told(opened(visit, filed).page("/progress"), "承诺期限")
        with begin(town.li) as ctx:
            ctx.conn.execute(sa.update(t.step).where(t.step.c.path == "review").values(claimed_by=town.wang.person))
        page = visit("wang").page(f"/cases/{filed.number}/clocks")

    assert spans[2] == ("3月4日—3月5日", "停止计时，不算：凭 云食特〔2026〕7 号，检测，到 3月6日 周五")
    assert "停表（云食特〔2026〕7 号）：检测" in page


def test_a_make_up_day_and_a_holiday_are_named(town, visit):
    with clock.at(at("2026-09-18 10:00")):  # Friday; Sunday the 20th is worked, the 25th to 27th is Mid-Autumn
        made = county.file(town)
        county.do(town, "li", made.case, "intake/accept", "accept")
    with clock.at(at("2026-09-28 10:00")):
        _, spans = told(opened(visit, made).page("/progress"), "承诺期限")

    assert ("9月20日", "调休上班，算 1 天") in spans
    assert ("9月25日—9月27日", "中秋节放假，不算") in spans


def test_an_ended_clock_says_what_it_used(visit, filed):
    summary, _ = told(opened(visit, filed).page("/progress"), "一次性告知补正")

    assert "3月2日 周一 结束，用了 0 个工作日" in summary


def test_past_the_last_day_the_days_over_are_told(visit, filed):
    with clock.at(at("2026-03-13 10:00")):
        summary, spans = told(opened(visit, filed).page("/progress"), "承诺期限")

    assert "3月11日 周三 已经到期，用了 9 个工作日" in summary
    assert spans[-1] == ("3月12日—3月13日", "超期 2 天")


def test_what_may_still_move_is_marked(town, visit):
    with clock.at(at("2026-12-25 10:00")):
        made = county.file(town)
        county.do(town, "li", made.case, "intake/accept", "accept")
        page = opened(visit, made).page("/progress")

    assert "暂定" in told(page, "承诺期限")[0]
    assert "放假安排还没有公布" in page


def test_an_extension_is_told_with_its_notice_on_both_pages(town, visit, filed):
    facts = {"key": "statute:L03", "amount": 10, "unit": "working_day", "document": "云食延〔2026〕1 号"}
    with clock.at(at("2026-03-05 10:00")):
        with begin(town.he) as ctx:
            entry = Entry(type=Event.CLOCK_EXTENDED, facts=facts)
            record.append(ctx, record.case_chain(ctx, filed.number), [entry])
            longer = sa.update(t.clock).where(t.clock.c.case_ == filed.case, t.clock.c.key == "statute:L03")
            ctx.conn.execute(longer.values(extended=10, due_on=date(2026, 4, 14)))
        summary, spans = told(opened(visit, filed).page("/progress"), STATUTE)
        page = visit("qian").page(f"/cases/{filed.number}/clocks")

    assert "20 个工作日，延长 10 个工作日" in summary
    assert any("延长 10 个工作日，凭 云食延〔2026〕1 号" in text for _, text in spans)
    assert "凭 云食延〔2026〕1 号" in page
    assert "20 个工作日，延长 10 个工作日" in page


def test_the_ledger_speaks_english(visit, filed):
    page = opened(visit, filed).page("/progress?lang=en")

    summary, spans = told(page, "Promise")
    assert spans[0] == ("2 Mar", "Accepted; this day is not counted")
    assert "Used up to today" in summary
