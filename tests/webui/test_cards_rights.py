"""Who may see a card, who may do something with it, and who is refused though he posts; cards issued by hand."""

from __future__ import annotations

import re

import pytest

from tests import cardcast, county
from tests.cardcast import card, explain


@pytest.fixture
def town(town):
    return cardcast.introduce(town)


@pytest.fixture
def late(town):
    """Filed on Monday, held by Li at the window beyond Tuesday: a yellow card, drafted on Thursday morning."""
    with cardcast.late(town) as filed:
        yield filed


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
