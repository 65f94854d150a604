"""Cards are worked off from a list, answered by the office, seen whole by who may, and never by anybody else."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import engines
from engine.db import tables as t
from engine.db.store import reading
from engine.settings import settings
from tests import cardcast, county
from tests.county import at

THURSDAY = at("2026-03-05 10:00")


@pytest.fixture
def town(town):
    return cardcast.introduce(town)


@pytest.fixture
def late(town):
    """Filed on Monday, held by Li at the window beyond Tuesday: a yellow card, drafted on Thursday morning."""
    filed = county.file(town)
    county.claim(town, "li", filed.case, "intake/accept")
    with clock.at(THURSDAY):
        commands.catch_up()
        yield filed


def card(level: str = "yellow") -> tuple[int, str]:
    """Return the card's own case and its number: of the newest card of this level."""
    with reading() as conn:
        query = sa.select(t.card.c.case_, t.case_.c.number).join(t.case_, t.case_.c.id == t.card.c.case_)
        row = conn.execute(query.where(t.card.c.level == level).order_by(t.card.c.id.desc()).limit(1)).one()
    return row.case_, row.number


def explain(town, text="窗口当天停电，系统记录可查。") -> tuple[int, str]:
    case, number = card()
    cardcast.do(town, "li", case, "explain", explanation=text)
    return case, number


def rescind(town, case: int) -> None:
    cardcast.do(
        town, "kong", case, "review", "rescind", finding="停电属实，供电局有证明。", ground="system_fault",
        ground_reason="供电局证明，3 月 3 日全天停电。",
    )  # fmt: skip


def red(town, filed) -> tuple[int, str]:
    """A red card by hand, confirmed by a second monitor."""
    issued = cardcast.by_hand(town, "qian", filed.case, "intake/accept")
    cardcast.do(town, "yu", issued.case, "confirm", "confirm")
    return issued.case, issued.number


def test_an_overrun_step_is_on_the_workbench_with_its_evidence(visit, late):
    _, number = card()
    page = visit("yu").page("/monitor/cards")

    assert number in page
    assert "步骤“受理审查”超期" in page
    assert "2/1" in page  # the day too much
    assert "账与留痕一致" in page
    assert "还没有扣分" in page
    assert re.search(r"待说明情况.*?<b>1</b>", page)
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


ROLES = {  # login: workbench, own cards, the card, scores
    "qian": (200, 200, 200, 200),
    "kong": (200, 200, 200, 200),
    "tang": (200, 200, 200, 200),
    "dong": (200, 200, 200, 200),  # chief of the county
    "sun": (200, 403, 200, 200),
    "li": (403, 200, 200, 403),  # the office, and the person
    "hua": (403, 200, 404, 403),  # the same post elsewhere
    "wang": (403, 200, 404, 403),
    "ma": (403, 403, 403, 403),
    "zhou": (403, 403, 403, 403),
    "": (303, 303, 303, 303),
}


@pytest.mark.parametrize("login", list(ROLES))
def test_who_may_see_what(visit, late, login):
    visitor, number = visit(login), card()[1]

    paths = ("/monitor/cards", "/cards", f"/cards/{number}", "/monitor/scores")

    assert tuple(visitor.get(path).status_code for path in paths) == ROLES[login]


def test_a_chief_sees_the_cards_of_the_own_unit_alone(visit, town, late):
    cardcast.join("bai", "chief", "shimen")

    assert visit("bai").get(f"/cards/{card()[1]}").status_code == 404
    assert card()[1] not in visit("bai").page("/monitor/cards")
    assert "没有这样的牌" in visit("bai").page("/monitor/cards")


def test_an_office_sees_no_draft_and_no_card_of_others(visit, town, late):
    issued = cardcast.by_hand(town, "qian", late.case, "intake/accept")

    assert visit("li").get(f"/cards/{issued.number}").status_code == 404
    assert issued.number not in visit("li").page("/cards")
    assert "草稿，没有送达" in visit("yu").page(f"/cards/{issued.number}")
    assert visit("hua").page("/cards").count("data-row") == 0


def test_the_applicant_sees_nothing_of_it(visit, late):
    visitor = visit()

    page = visitor.post("/progress", {"number": late.number, "code": late.code})

    assert page.status_code in (200, 303)
    told = visitor.get("/progress", follow_redirects=True).text
    assert "黄牌" not in page.text + told
    assert "红牌" not in page.text + told


def test_an_unknown_card_and_a_case_that_is_no_card_are_not_found(visit, late):
    assert visit("qian").get("/cards/2026-YLP-999999").status_code == 404
    assert visit("qian").get(f"/cards/{late.number}").status_code == 404


def test_who_issued_a_card_sees_the_confirmation_grey_and_is_refused(visit, town, late):
    issued = cardcast.by_hand(town, "qian", late.case, "intake/accept")
    step = county.step(issued.case, "confirm").id
    issuer = visit("qian")

    page = issuer.page(f"/cards/{issued.number}")

    assert 'aria-disabled="true"' in page
    assert "SOD-20" in page
    assert "“收件”是您办的" in page
    refused = issuer.post(f"/desk/steps/{step}/claim")
    assert refused.status_code == 403
    assert "SOD-20" in refused.text
    assert 'aria-disabled="true"' not in visit("yu").page(f"/cards/{issued.number}")


def test_nobody_reviews_a_card_on_himself(visit, town, late):
    explain(town)
    case, number = card()
    step = county.step(case, "review").id
    cardcast.leave("li", "acceptance")  # Li held the late step, and becomes a reviewer since
    cardcast.join("li", "card_reviewer", "yl")
    reviewer = visit("li")

    assert "发给您本人或者您单位的" in reviewer.page(f"/cards/{number}")
    assert 'aria-disabled="true"' in reviewer.page(f"/desk/steps/{step}")
    assert reviewer.post(f"/desk/steps/{step}/claim").status_code == 403


def test_the_step_page_shows_the_card_beside_the_form(visit, town, late):
    explain(town)
    case, _ = card()
    county.claim(town, "kong", case, "review")

    page = visit("kong").page(f"/desk/steps/{county.step(case, 'review').id}")

    assert "窗口当天停电" in page
    assert "账与留痕一致" in page
    assert 'value="rescind"' in page
    assert "申请内容" not in page


def test_an_auditor_reads_and_does_nothing(visit, town, late):
    explain(town)
    case, number = card()
    auditor = visit("sun")

    assert "办理：" not in auditor.page(f"/cards/{number}")
    assert "人工发牌" not in auditor.page("/monitor/cards")
    assert auditor.get(f"/desk/steps/{county.step(case, 'review').id}").status_code == 403


def test_a_monitor_issues_a_card_by_hand(visit, late):
    monitor = visit("qian")
    assert "2 发给谁" not in monitor.page("/monitor/cards/new")
    assert "没有这个办件" in monitor.page("/monitor/cards/new?case=2026-YL-999999")
    page = monitor.page(f"/monitor/cards/new?case={late.number.lower()}")
    step = re.search(r'name="step" value="(\d+)"', page)
    assert step is not None
    typed = {"case": late.number, "step": step[1], "level": "red", "reason": "让申请人跑了三趟", "rule": ""}

    done = monitor.post("/monitor/cards/new", typed)

    assert done.status_code == 303
    assert done.location == f"/cards/{card('red')[1]}"
    page = monitor.page(done.location)
    assert "让申请人跑了三趟" in page
    assert "第二人确认" in page


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"reason": "短"}, 422, "至少 5 个字"),
        ({"step": ""}, 422, "请选一步"),
        ({"step": "999"}, 422, "请选一步"),
        ({"level": "blue"}, 422, "没有办成"),
        ({"case": "2026-YL-999999"}, 404, ""),
    ],
)
def test_a_card_by_hand_that_lacks_something_keeps_what_was_typed(visit, late, change, status, said):
    step = county.step(late.case, "intake/accept").id
    typed = {"case": late.number, "step": step, "level": "red", "reason": "让申请人跑了三趟"} | change

    answer = visit("qian").post("/monitor/cards/new", typed)

    assert answer.status_code == status
    assert said in answer.text
    if status == 422 and "reason" not in change:
        assert "让申请人跑了三趟" in answer.text


def test_only_the_monitors_post_issues_by_hand(visit, late):
    step = county.step(late.case, "intake/accept").id
    reviewer = visit("kong")

    page = reviewer.page(f"/monitor/cards/new?case={late.number}")
    answer = reviewer.post(
        "/monitor/cards/new", {"case": late.number, "step": step, "level": "red", "reason": "让申请人跑了三趟"}
    )

    assert 'aria-disabled="true"' in page
    assert answer.status_code == 403
    assert "效能监督岗" in answer.text


def test_a_card_about_a_card_is_not_offered(visit, late):
    assert "没有这个办件" in visit("qian").page(f"/monitor/cards/new?case={card()[1]}")


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
        assert re.findall(r"[\u4e00-\u9fff]+", shown.replace("椒香里火锅店", "")) == [], path


def test_more_cards_cost_no_more_statements(visit, town, late):
    asked: list[str] = []
    monitor, clerk = visit("yu"), visit("li")
    engine = engines.reader(settings().database_url)
    sa.event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    number = card()[1]

    def ask() -> int:
        asked.clear()
        for path in ("/monitor/cards", f"/cards/{number}", "/monitor/scores", "/monitor"):
            monitor.page(path)
        clerk.page("/cards")
        return len(asked)

    ask()
    few = ask()
    for _ in range(5):
        cardcast.by_hand(town, "qian", late.case, "intake/accept", "yellow")

    assert ask() == few
