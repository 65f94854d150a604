"""Who would leave nobody for what comes later is told so, with who could take the step instead; and who is the last."""

from __future__ import annotations

import pytest

from engine import clock, commands
from engine.commands.staffing import guard
from tests import county
from tests.staffing import left
from tests.webui.conftest import MONDAY
from tests.webui.desk_town import block


@pytest.fixture
def town(sqlite_url):
    with clock.at(MONDAY):
        yield left.found()


@pytest.fixture
def case(town) -> int:
    return left.file(town).case


def who(page: str) -> str:
    return block(page, 'id="who"', "</ul>")


def test_who_would_leave_nobody_is_struck_out_with_the_reason(visit, town, case):
    page = visit("luo").page(f"/desk/steps/{left.step(case)}")

    struck = block(who(page), '<li class="no">', "</li>")
    assert f"<b>Ding</b> 由其办，后面就没有人可办了：{left.WHY[:-1]}（SOD-03）" in struck
    assert "<b>Luo</b> <span" in who(page)


def test_the_reader_is_told_beside_the_button_who_could_take_it_instead(visit, town, case):
    chinese, english = (visit("ding").page(f"/desk/steps/{left.step(case)}?lang={lang}") for lang in ("zh", "en"))

    told = f"这样办，后面就没有人可办了：{left.WHY}可由Luo来办（SOD-03）。"
    assert told in block(chinese, 'id="why"', "</span>")
    assert 'id="why"' not in visit("luo").page(f"/desk/steps/{left.step(case)}")
    assert "Accept (held by Ding) and Review by different persons" in block(english, 'id="why"', "</span>")
    assert "Luo can take it (SOD-03)." in block(english, 'id="why"', "</span>")


def test_a_claim_that_is_refused_names_who_could_take_it_instead(visit, town, case):
    answer = visit("ding").post(f"/desk/steps/{left.step(case)}/claim", {})

    assert answer.status_code == 403
    assert f"{left.WHY}可由Luo来办（SOD-03）。" in answer.text
    assert county.step(case, "accept").claimed_by is None
    assert visit("luo").post(f"/desk/steps/{left.step(case)}/claim", {}).status_code == 303


def test_of_several_claimed_at_once_each_says_why_not(visit, town, case):
    other = left.file(town).case
    steps = [left.step(case), left.step(other)]
    answer = visit("ding").post("/desk/batch/claim", {"step": steps})

    assert answer.text.count("可由Luo来办") == 2


def test_a_step_is_not_handed_to_who_would_leave_nobody(visit, town, case):
    step = county.claim(town, "luo", case, "accept")
    visitor = visit("luo")
    page = visitor.page(f"/desk/steps/{step}")
    answer = visitor.post(f"/desk/steps/{step}/ways/transfer", {"to": town.ding.person, "reason": "外出"})

    assert "没有别人能接手这一步" in page
    assert "<b>Ding</b> 由其办，后面就没有人可办了" in who(page)
    assert answer.status_code == 403
    assert "这样办，后面就没有人可办了" in answer.text
    assert county.step(case, "accept").claimed_by == town.luo.person


def test_the_steps_for_which_one_person_is_left_are_named_once_the_page_is_there(visit, town, case):
    visitor, step = visit("luo"), left.step(case)
    address = f"/desk/steps/{step}/left"

    assert f'hx-get="{address}"' in visitor.page(f"/desk/steps/{step}")
    assert "「决定」只剩Zhao一人可办。" in visitor.page(address)
    assert "Only Zhao can still do: Decide." in visitor.page(f"{address}?lang=en")


def test_where_everybody_has_somebody_beside_them_nothing_is_said(visit, town, case):
    left.do(town, case, "luo:accept", "ding:review", "zhao:decide")

    assert "hx-get" not in block(visit("luo").page(f"/desk/cases/{case}"), "<aside", "</aside>")


def test_what_is_left_of_a_case_is_told_to_nobody_who_may_not_see_it(visit, town, case):
    assert visit("lu").get(f"/desk/steps/{left.step(case)}/left").status_code == 403


def test_every_page_on_which_somebody_gets_a_part_has_it_proven_before(visit, town, case, monkeypatch):
    """So that nobody waits behind the case's lock meanwhile; what is refused then matters to no page."""
    asked: list[commands.Share] = []
    monkeypatch.setattr(commands, "foresee", asked.append)
    luo, step, other = visit("luo"), left.step(case), left.step(left.file(town).case)
    to, who = {"to": town.zhao.person, "reason": "外出"}, {"officer": town.ding.person, "reason": "会商"}

    luo.post(f"/desk/steps/{step}/claim")
    luo.post("/desk/batch/claim", {"step": [other]})
    for code, sent in {"transfer": to, "take-over": to, "ask": who | {"kind": "before"}, "delegate": who}.items():
        luo.post(f"/desk/steps/{step}/ways/{code}", sent)
    luo.post(f"/desk/steps/{step}/ways/vote", {"outcome": "pass"})

    me, ding = town.luo.person, town.ding.person
    assert asked == [
        commands.Share(step, me),
        commands.Share(other, me),
        commands.Share(step, town.zhao.person),
        commands.Share(step, me),
        commands.Share(step, ding, commands.Role.ASKED),
        commands.Share(step, ding, commands.Role.ASKED),
        commands.Share(step, me, commands.Role.VOTE),
    ]


def test_what_was_foreseen_is_not_proven_again_in_the_transaction(town, case, monkeypatch):
    commands.foresee(commands.Share(left.step(case), town.luo.person))
    monkeypatch.setattr(guard, "future", None)

    county.claim(town, "luo", case, "accept")

    assert county.step(case, "accept").claimed_by == town.luo.person
