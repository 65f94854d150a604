"""The staffing of an item in an organ: who may take which step, without whom it fails, what mends it, what if."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands import definitions
from engine.commands.staffing import lacking
from engine.db import tables as t
from engine.db.store import begin
from engine.errors import EngineFault
from tests import county
from tests.commands import offices
from tests.commands.offices import TODAY
from tests.staffing import township
from tests.staffing.township import ALL, deploy, item
from tests.webui.conftest import MONDAY
from tests.webui.desk_town import block
from webui import staffing as page_of
from webui.app import create_app
from webui.security import limiter

PAGE = "/items/small/staffing"
ONE_PAIR = '<sun:separate steps="accept review" rule="SOD-03"/>'


@pytest.fixture
def real(monkeypatch):
    """Ask what a definition lacks; elsewhere small counties deploy what they have no officers for."""
    monkeypatch.setattr(definitions, "lacking", lacking)


@pytest.fixture
def found(database_url):
    with clock.at(MONDAY):
        yield township.found


@pytest.fixture
def app(found):
    made = create_app()
    made.testing = True
    limiter.reset()
    return made


def people(*logins: str):
    return dict.fromkeys(logins, (ALL, "shimen"))


pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_three_officers_do_three_steps_and_the_page_says_without_whom_it_fails(found, visit):
    deploy(found(people("ding", "luo", "bai")), item())
    page = visit("ding").page(PAGE)

    assert "少了Ding、Luo、Bai就办不成" in page
    assert 'class="say warn"' in page
    assert len(re.findall(r'title="Ding能办', page)) == 3
    assert "1 条路径都按它办得成" in page


def test_two_cannot_and_the_page_says_why_in_both_languages(found, visit):
    deploy(found(people("ding", "luo")), item())

    page = visit("ding").page(PAGE)
    assert "现在就办不成" in page
    assert "「审查」（审查岗）需要 1 人，只有Ding、Luo" in page
    english = visit("ding").page(f"{PAGE}?lang=en")
    assert "Cannot be done now" in english
    assert "Review and Decide by different persons" in english
    assert "Accept</div>" in english


def test_four_survive_any_one_absence_and_pairs_are_named_with_the_advice(found, visit):
    deploy(found(people("ding", "luo", "bai", "tan")), item())

    assert "任何一人外出都办得成" in visit("ding").page(PAGE)
    advice = visit("ding").page(f"{PAGE}/advice?organ=shimen")
    assert "Ding + Luo" in advice


def test_what_if_somebody_is_away_is_worked_out_and_can_be_taken_back(found, visit):
    deploy(found(people("ding", "luo", "bai")), item())
    page = visit("ding").page(f"{PAGE}?organ=shimen&without=luo")

    assert "这样办不成" in page
    assert "Luo外出，不能办「审查」" in page
    back = re.search(r'href="([^"]+)" aria-label="不再假设Luo外出"', page)
    assert back is not None
    assert "少了" in visit("ding").page(back.group(1).replace("&amp;", "&"))
    assert "Luo外出" not in block(visit("ding").page(PAGE), "<main", "</main>")


def test_whom_a_rule_bars_stands_in_the_table_with_the_rule_and_in_the_legend(found, visit):
    town = found(people("ding", "luo") | {"bai": (ALL, "shimen")})
    deploy(town, item())
    with begin(town.lu) as ctx:
        ctx.conn.execute(sa.update(t.person).where(t.person.c.name == "Bai").values(status="helper"))

    page = visit("ding").page(PAGE)
    assert re.search(r'<span class="mk t-over" title="Bai不得办「决定」：SOD-29 [^"]+">', page)
    assert re.search(r'<span class="mono">SOD-29</span>', page)


def test_where_one_person_is_left_for_a_step_the_page_says_so(found, visit):
    town = found(people("ding", "luo") | {"bai": ("decider", "shimen"), "yu": ("acceptance reviewer", "shimen")})
    deploy(town, item(kept=ONE_PAIR))
    assert "只剩一个人能办" not in visit("ding").page(PAGE)
    offices.do(town, commands.propose_absence, officer=offices.person(town, "ding"), **away())
    page = visit("luo").page(f"{PAGE}?without=luo")

    assert "只剩一个人能办" in page
    assert "决定：Bai" in page
    assert "只剩 1 人" in page


def away(last=TODAY) -> dict[str, object]:
    return {"from_on": TODAY, "to_on": last, "kind": "leave"}


def test_an_administrator_gets_the_form_to_grant_what_would_help_filled_in(found, visit):
    town = found(people("ding", "luo") | {"zhou": ("", "shimen")})
    deploy(town, item())
    page = visit("lu").page(f"{PAGE}/advice?organ=shimen")
    (address,) = re.findall(r'<li><a href="([^"]+)">授予Zhou：石门乡“审查岗”', page)

    form = visit("lu").page(address.replace("&amp;", "&"))
    assert re.search(r'<option value="reviewer" selected', form)
    assert re.search(r"checked[^>]*> *(<[^>]*>)* *石门乡", form)
    assert "去提议" not in visit("ding").page(f"{PAGE}/advice?organ=shimen")
    assert "去提议" not in visit("ma").page(f"{PAGE}/advice?organ=shimen")


def test_every_officer_sees_it_administrators_too_and_nobody_else(found, visit):
    deploy(found(people("ding", "luo", "bai")), item())

    for who in ("ding", "ma", "lu", "jin"):
        assert visit(who).get(PAGE).status_code == 200
    assert visit().get(PAGE).status_code == 303
    assert visit().get(f"{PAGE}/advice").status_code == 303


@pytest.mark.parametrize("asked", ["?organ=nowhere", "?organ=centre", "?without=nobody", "/advice?organ=nowhere"])
def test_what_does_not_exist_is_not_found(found, visit, asked):
    deploy(found(people("ding", "luo", "bai")), item())

    assert visit("ding").get(f"{PAGE}{asked}").status_code == 404


def test_an_item_that_nobody_offers_or_applies_for_is_not_found(found, visit):
    deploy(found({}), item())

    assert visit("ma").get(PAGE).status_code == 404
    assert visit("ma").get("/items/efficacy_card/staffing").status_code == 404


def test_an_item_with_too_many_ways_is_said_to_have_them(found, visit, monkeypatch):
    deploy(found(people("ding", "luo", "bai")), item())

    def refuse(*_, **__):
        raise EngineFault(why="too many")

    monkeypatch.setattr(page_of, "table", refuse)
    assert "路径太多" in visit("ding").page(PAGE)


def test_it_is_linked_from_the_matrix_and_the_list_of_items(found, visit):
    deploy(found(people("ding", "luo", "bai")), item())

    for page, who in (("/items", "ding"), ("/items/small/separation", "ding"), ("/office/moves/small/1", "ma")):
        assert f'href="{PAGE}"' in visit(who).page(page)


def propose(town: county.Town) -> int:
    with begin(town.ma) as ctx:
        return commands.propose_definition(ctx, item())


def test_a_proposed_definition_is_shown_with_the_organs_that_could_not_do_it(found, visit, real):
    town = found(people("ding", "luo") | {"li": (ALL, "yl"), "zhou": ("", "shimen")})
    proposal = propose(town)
    address = f"/office/proposals/{proposal}/staffing"
    assert f'hx-get="{address}"' in visit("feng").page(f"/office/proposals/{proposal}")

    told = visit("feng").page(address)
    assert "有 2 个单位办不成" in told
    assert "「受理」（窗口受理岗）需要 1 人，只有Ding、Luo" in block(told, "石门乡", "</div>")
    assert "把石门乡的审查岗授予" in told
    assert "去提议" not in told
    assert re.search(r'<a href="/office/people/\d+/posts/new[^"]+">授予Zhou：石门乡“审查岗”', visit("lu").page(address))
    assert "2 organisations cannot do it" in visit("feng").page(f"{address}?lang=en")
    assert visit("ding").get(address).status_code == 404


def test_approving_it_is_refused_with_the_organ_and_the_conflict_in_the_reader_s_language(found, visit, real):
    proposal = propose(found(people("ding", "luo")))
    approve = f"/office/proposals/{proposal}/approve"

    answer = visit("feng").post(approve)
    assert answer.status_code == 403
    said = block(answer.text, 'class="say over" role="alert"', "</div>")
    assert "“small”在石门乡办不下去：「受理」（窗口受理岗）需要 1 人，只有Ding、Luo" in said
    english = visit("feng").post(f"{approve}?lang=en").text
    assert "Review (Reviewer) needs one of Ding, Luo" in english


def test_a_proposed_definition_that_can_be_staffed_is_said_to_be(found, visit, real):
    proposal = propose(found(people("ding", "luo", "bai")))

    assert "都排得开" in visit("feng").page(f"/office/proposals/{proposal}/staffing")
    assert visit("feng").get("/office/proposals/1/staffing").status_code == 404  # no definition
    visit("feng").post(f"/office/proposals/{proposal}/approve")
    assert f"/office/proposals/{proposal}/staffing" not in visit("feng").page(f"/office/proposals/{proposal}")


def test_a_proposed_definition_with_too_many_ways_is_said_to_have_them(found, visit, real, monkeypatch):
    proposal = propose(found(people("ding", "luo", "bai")))

    def refuse(*_):
        raise EngineFault(why="too many")

    monkeypatch.setattr(page_of, "short_of", refuse)
    assert "路径太多" in visit("feng").page(f"/office/proposals/{proposal}/staffing")


def test_a_day_ahead_is_worked_out_with_the_leave_on_record(found, visit):
    town = found(people("ding", "luo", "bai"))
    deploy(town, item())
    days = {"from_on": TODAY + timedelta(days=3), "to_on": TODAY + timedelta(days=3), "kind": "leave"}
    offices.do(town, commands.propose_absence, officer=offices.person(town, "luo"), **days)
    ding = visit("ding")

    assert "少了Ding、Luo、Bai就办不成" in ding.page(PAGE)
    later = ding.page(f"{PAGE}?on=2026-03-05")
    assert "这样办不成" in later
    assert "按3月5日 周四的人员" in later
    assert 'name="on" min="2026-03-02" value="2026-03-05"' in later
    assert "advice?organ=shimen&amp;on=2026-03-05" in later
    assert "去提议" in visit("lu").page(f"{PAGE}/advice?organ=shimen&on=2026-03-05")
    assert "去提议" not in visit("ding").page(f"{PAGE}/advice?organ=shimen&on=2026-03-05")
    for other in ("2026-03-06", "2026-03-01", "x", "9999-12-31"):
        assert "少了Ding、Luo、Bai就办不成" in ding.page(f"{PAGE}?on={other}")
