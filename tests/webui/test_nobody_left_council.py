"""A member whose vote would leave nobody for what comes later is told so, and stays a member."""

from __future__ import annotations

import pytest

from engine import clock
from tests.staffing import left, township
from tests.webui.conftest import MONDAY
from tests.webui.desk_town import block

MEMBERS = dict.fromkeys(("bai", "ding"), ("council_member", "shimen"))
PEOPLE = MEMBERS | {
    "wu": ("council_member issuer", "shimen"),
    "luo": ("acceptance", "shimen"),
    "tie": ("chief", "yl"),
}
STEPS = (
    township.step("accept", "acceptance", name="受理"),
    township.step(
        "decide", "council_member", '<sun:collective chair="chief" quorum="2/3" majority="1/2"/>', name="决定"
    ),
    township.step("issue", "issuer", name="制证"),
)
APART = '<sun:separate steps="decide issue" rule="SOD-03"/>'


@pytest.fixture
def town(sqlite_url):
    with clock.at(MONDAY):
        town = township.found(PEOPLE)
        drawn = "s>accept accept>decide decide>issue issue>e"
        township.deploy(town, township.item(*STEPS, kept=APART, drawn=drawn))
        yield town


def test_only_who_issues_may_not_vote(visit, town):
    case = left.file(town).case
    left.do(town, case, "luo:accept")
    address = f"/desk/steps/{left.step(case, 'decide')}"

    page = visit("wu").page(address)
    answer = visit("wu").post(f"{address}/ways/vote", {"outcome": "pass", "opinion": "同意"})

    assert "成员 3 人，到会须 2 人" in page
    assert "只有Wu；SOD-03：" in block(page, 'id="why"', "</span>")
    assert 'name="outcome"' not in page
    assert answer.status_code == 403
    assert "请由其他成员表决" in answer.text
    assert 'name="outcome"' in visit("bai").page(address)
