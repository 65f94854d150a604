"""The board tells what is urgent and stays quiet while nothing changes; a case explains itself; lists cost the same."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import engines, rulebook, store
from engine.errors import SamePerson
from engine.settings import settings
from tests import county
from tests.county import at


@pytest.fixture
def filed(town):
    """Filed and accepted on Monday 2026-03-02 by Li, reviewed by Wang."""
    made = county.file(town)
    county.do(town, "li", made.case, "intake/accept", "accept")
    county.do(town, "wang", made.case, "review", "pass")
    return made


def overrun(town, day: str) -> None:
    """Let the clocks that are over on `day` be recorded."""
    with clock.at(at(f"{day} 10:00")):
        commands.catch_up()


def test_the_board_says_in_one_sentence_how_it_stands(visit, filed):
    page = visit("qian").page("/monitor")

    assert re.search(r"全县在办 <b>1</b> 件，.*<b>0</b> 件超期", page)
    assert "椒香里火锅店" in page
    assert "现场勘验" in page
    assert "剩 7/7" in page


def test_a_case_whose_limit_has_passed_is_red_and_found_by_its_lamp(town, visit, filed):
    with clock.at(at("2026-03-12 10:00")):  # Thursday; the promise of 7 working days ended on the 11th
        visitor = visit("qian")
        page = visitor.page("/monitor?lamp=red")

        assert "<b>1</b> 件超期" in page
        assert "超 1 日" in page
        assert filed.number not in visitor.page("/monitor?lamp=green")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?item=food_operation_licence", True),
        ("?item=other", False),
        ("?q=椒香里", True),
        ("?q=没有", False),
        ("?state=closed", False),
        ("?organ=2", True),
        ("?organ=4", False),
        ("?lamp=pink&organ=x&page=-1&state=odd", True),  # nonsense is left out
    ],
)
def test_filters_narrow_the_board(visit, filed, query, shown):
    assert (filed.number in visit("qian").page(f"/monitor{query}")) is shown


def test_a_poll_is_answered_304_until_something_happens(town, visit, filed):
    visitor = visit("qian")
    tag = visitor.get("/monitor").headers["ETag"]

    quiet = visitor.get("/monitor", headers={"If-None-Match": tag})
    county.claim(town, "chen", filed.case, "site_inspection/inspect")
    moved = visitor.get("/monitor", headers={"If-None-Match": tag})

    assert (quiet.status_code, quiet.data) == (304, b"")
    assert moved.status_code == 200
    assert "Chen" in moved.text


def test_a_new_day_and_another_language_are_other_versions(visit, filed):
    with clock.at(at("2026-03-02 23:58")):
        visitor = visit("qian")
        tag = visitor.get("/monitor").headers["ETag"]
    with clock.at(at("2026-03-03 00:00")):
        tomorrow = visitor.get("/monitor", headers={"If-None-Match": tag})
        today = tomorrow.headers["ETag"]
        english = visitor.get("/monitor?lang=en", headers={"If-None-Match": today})

    assert "Most urgent" in english.text
    assert tomorrow.status_code == 200


@pytest.mark.parametrize(("login", "status"), [("qian", 200), ("sun", 200), ("wang", 403), ("", 303)])
def test_the_board_is_for_monitors_and_auditors(visit, login, status):
    assert visit(login).get("/monitor").status_code == status


def test_a_case_shows_where_it_stands_who_did_what_and_its_trace(visit, filed):
    page = visit("qian").page(f"/cases/{filed.number}")

    assert "罗*平" in page
    assert "罗雨平" not in page
    assert "办出“审查”：通过" in page
    assert "site_inspection" in page  # the diagram's mark
    assert "在这里" in page


def test_a_window_officer_sees_only_cases_the_officer_acted_in(visit, filed):
    assert visit("li").get(f"/cases/{filed.number}").status_code == 200
    assert visit("zhao").get(f"/cases/{filed.number}").status_code == 404
    assert visit("zhao").get(f"/cases/{filed.number}/diagram.bpmn").status_code == 404


def test_the_diagram_is_the_stored_file(visit, filed):
    answer = visit("qian").get(f"/cases/{filed.number}/diagram.bpmn")

    assert answer.mimetype == "application/xml"
    assert answer.data == (settings().processes / county.ITEM / "flow.bpmn").read_bytes()


def test_an_overrun_is_shown_with_its_rule_and_the_event_that_recorded_it(town, visit, filed):
    overrun(town, "2026-03-12")
    with clock.at(at("2026-03-12 10:00")):
        page = visit("qian").page(f"/cases/{filed.number}")

    recorded = [e["seq"] for e in county.events(filed.number) if e["type"] == "clock.overrun"]
    assert "承诺期限超期" in page
    assert "自 3月12日 周四 起超期" in page
    assert "L15" in page
    assert all(f"见留痕第 {seq} 条" in page for seq in recorded)


def test_a_refusal_stands_in_the_same_numbering(town, visit, filed):
    with pytest.raises(SamePerson):
        county.claim(town, "both", *_decided(town, filed))

    page = visit("qian").page(f"/cases/{filed.number}")

    assert re.search(r'class="refused"><td class="mono">\d+</td>', page)
    assert "想认领“决定”——拒绝：本件里与它分离的一步是本人办的（SOD-03）" in page


def _decided(town, filed):
    """Bring the case to the decision, rechecked by `both`."""
    for officer in ("chen", "liu"):
        county.do(town, officer, filed.case, "site_inspection/inspect", "pass")
    county.do(town, "both", filed.case, "recheck", "agree")
    return filed.case, "decide"


def test_the_ledger_has_a_row_for_every_day_and_totals(visit, filed):
    with clock.at(at("2026-03-09 10:00")):
        page = visit("qian").page(f"/cases/{filed.number}/clocks")

    assert page.count('<td class="nowrap">3月') == 29  # 2 March, the start, to 30 March, the statute's last day
    assert "周末" in page
    assert "承诺期限最后一日" in page
    assert re.search(r'截至今天合计</th>.*<td class="run strong">5/7</td>', page, re.S)


@pytest.mark.parametrize(("language", "holiday"), [("zh", "国庆节"), ("en", "National Day")])
def test_the_ledger_counts_the_make_up_sunday_and_no_day_of_the_october_holiday(town, visit, language, holiday):
    """Counted by hand from the notice: 20 September and 10 October are worked, 25 to 27 September and 1 to 7 not."""
    with clock.at(at("2026-09-14 10:00")):  # Monday
        made = county.file(town)
        county.do(town, "li", made.case, "intake/accept", "accept")
    with clock.at(at("2026-10-17 10:00")):
        page = visit("qian").page(f"/cases/{made.number}/clocks?lang={language}")

    zh, en = ("9月20日 周日", "10月10日 周六", "10月16日 周五"), ("Sun 20 Sep", "Sat 10 Oct", "Fri 16 Oct")
    totals = page.partition("<tfoot>")[2]
    assert page.count(f"</svg>{holiday}</span>") == 7
    assert "20/20" in totals
    assert "20/7" in totals
    for on, count in zip(en if language == "en" else zh, ("5/20", "15/20", "20/20"), strict=True):
        assert re.search(rf"{on}</td>.*?>{count}<", page)


def test_the_board_costs_the_same_number_of_statements_for_more_cases(town, visit, monkeypatch):
    monkeypatch.setattr(rulebook, "RECENT", 600.0)  # seconds: on a slow machine the rules would be read anew meanwhile
    visitor = visit("qian")
    county.file(town)
    few = _statements(visitor)
    for number in range(3):
        county.file(town, shop_name=f"第 {number} 家")

    assert _statements(visitor) == few


def _statements(visitor) -> int:
    visitor.page("/monitor")
    asked: list[str] = []
    reader = engines.reader(settings().database_url)
    listen = ("before_cursor_execute", lambda *given: asked.append(given[2]))
    sa.event.listen(reader, *listen)
    visitor.page("/monitor?q=")
    sa.event.remove(reader, *listen)
    return len(asked)


def test_a_closed_case_says_its_result(town, visit, filed):
    with store.begin(town.li) as ctx:
        commands.withdraw(ctx, filed.case, reason="不开了")
    visitor = visit("qian")

    assert filed.number in visitor.page("/monitor?state=withdrawn")
    assert "申请人已撤回" in visitor.page(f"/cases/{filed.number}")
