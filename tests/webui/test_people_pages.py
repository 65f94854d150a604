"""The pages of people: who holds what, and the forms by which an administrator proposes each change."""

from __future__ import annotations

import shutil
from datetime import date

import pytest

from engine.settings import settings
from tests import county
from tests.webui.officers import NUMBER, PAPER, approve, post_of, propose, waiting

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)
GRANT = {"post": "reviewer", "organ": "1", "from_on": "2026-03-02", "writing": PAPER, "pool": "false"}
OFFICER = {
    "login": "tang", "name": "唐新竹", "name_en": "Tang Xinzhu", "id_number": NUMBER, "status": "trainee", "phone": "",
}  # fmt: skip


def test_officers_are_found_by_name_login_and_organ(visit, town):
    visitor = visit("lu")

    assert "19 人" in visitor.page("/office/people")
    assert "Wang" in visitor.page("/office/people?text=wan")
    assert "1 人" in visitor.page("/office/people?text=wan")
    township = visitor.page("/office/people?organ=4")
    assert "Hua" in township
    assert "Wang" not in township
    assert "没有查到" in visitor.page("/office/people?text=nobody")


def test_the_list_says_who_is_away_and_which_account_is_closed(visit, town):
    approve(town, propose(town, "absence", officer=town.he.person, from_on=MONDAY, to_on=FRIDAY, kind="sick"))
    approve(town, propose(town, "account", officer=town.liu.person, what="closed"))
    visitor = visit("lu")

    assert "今天外出" in visitor.page("/office/people?text=he")
    assert "停用" in visitor.page("/office/people?text=liu")
    assert "今天外出" not in visitor.page("/office/people?text=liu")


def test_an_officers_page_tells_posts_stand_ins_absences_and_history_but_no_case(visit, town):
    approve(town, propose(town, "stand_in", assignment=post_of(town, "wang"), officer=town.he.person, from_on=MONDAY))
    approve(town, propose(town, "absence", officer=town.wang.person, from_on=FRIDAY, to_on=FRIDAY, kind="travel"))
    filed = county.file(town)
    county.do(town, "li", filed.case, "intake/accept", "accept")
    county.claim(town, "wang", filed.case, "review")

    page = visit("lu").page(f"/office/people/{town.wang.person}")

    assert "审查岗" in page
    assert "He 代 Wang" in page
    assert "3月6日 周五" in page
    assert "出差" in page
    assert "代岗登记" in page
    assert "1 步" in page
    for word in (filed.number, "椒香里", "罗"):
        assert word not in page
    assert "He 代 Wang" in visit("lu").page(f"/office/people/{town.he.person}")


def test_the_identity_number_is_shown_on_no_page(visit, town):
    made = propose(town, "officer", **OFFICER | {"status": "official", "phone": "13800001111"})
    visitor = visit("jin")
    pages = visitor.page(f"/office/proposals/{made}")
    approve(town, made)
    found = visitor.page("/office/people?text=tang")
    pages += found + visitor.page(f"/office/people/{max(a.person for a in county.people().values())}")

    assert "唐新竹" in pages
    assert NUMBER not in pages
    assert "13800001111" not in pages


def test_posts_that_exclude_one_held_are_named_with_the_reason_and_not_offered(visit, town):
    page = visit("lu").page(f"/office/people/{town.wang.person}/posts/new")

    assert '<option value="decider"' in page
    assert '<option value="auditor"' not in page
    assert "与“审查岗”不得兼任（SOD-01）" in page
    assert "excluded by “Reviewer” (SOD-01)" in visit("lu").page(f"/office/people/{town.wang.person}/posts/new?lang=en")


def test_the_posts_of_whom_one_stands_in_for_bind_too(visit, town):
    approve(town, propose(town, "stand_in", assignment=post_of(town, "wang"), officer=town.zhou.person, from_on=MONDAY))

    page = visit("lu").page(f"/office/people/{town.zhou.person}/posts/new")

    assert '<option value="auditor"' not in page


def paths(town: county.Town) -> dict[str, tuple[str, dict[str, str]]]:
    """Return a form of each kind that is right: kind -> address, what is typed."""
    wang, zhou = town.wang.person, town.zhou.person
    days = {"from_on": "2026-03-02", "to_on": "2026-03-06"}
    return {
        "post": (f"/office/people/{zhou}/posts/new", GRANT),
        "end_of_post": (f"/office/people/posts/{post_of(town, 'wang')}/end", {"to_on": "2026-03-02", "reason": "调离"}),
        "stand_in": (f"/office/people/posts/{post_of(town, 'wang')}/stand-in", days | {"officer": str(zhou)}),
        "absence": (f"/office/people/{wang}/absence", days | {"kind": "leave"}),
        "officer": ("/office/people/new", OFFICER),
        "account": (f"/office/people/{wang}/account", {"what": "password"}),
        "leaving": (f"/office/people/{wang}/leaving", {"to_on": "2026-03-02"}),
    }


@pytest.mark.parametrize("kind", ["post", "end_of_post", "stand_in", "absence", "officer", "account", "leaving"])
def test_each_form_proposes_and_leads_to_its_proposal(visit, town, kind):
    address, form = paths(town)[kind]
    visitor = visit("lu")
    assert "提出" in visitor.page(address)

    answer = visitor.post(address, form)

    assert answer.status_code == 303, answer.text
    assert waiting()[-1].kind == kind
    assert "等另一个人批准" in visitor.page(answer.headers["Location"])
    assert f"/office/proposals/{waiting()[-1].id}" in visitor.page("/office/proposals")


def test_a_registered_stand_in_is_ended_by_proposal_too(visit, town):
    approve(town, propose(town, "stand_in", assignment=post_of(town, "wang"), officer=town.he.person, from_on=MONDAY))

    answer = visit("lu").post("/office/people/stand-ins/1/end", {"to_on": "2026-03-02"})

    assert answer.status_code == 303
    assert waiting()[-1].kind == "end_of_stand_in"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"writing": ""}, "还没填"),
        ({"from_on": "2026-02-31"}, "这不是一个日期"),
        ({"from_on": "2026-03-01"}, "不能倒填"),
        ({"to_on": "2026-03-01"}, "最后一天在第一天之前"),
        ({"post": "auditor-x"}, "请从列出的里面选"),
        ({"pool": "true", "organ": "4"}, "借岗池只在县级单位"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(visit, town, changed, told):
    answer = visit("lu").post(f"/office/people/{town.zhou.person}/posts/new", GRANT | {"tier": "section"} | changed)

    assert answer.status_code == 422
    assert told in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert '<option value="reviewer" selected' in answer.text or "post" in changed
    assert waiting() == []


def test_a_refusal_of_the_command_is_told_above_what_was_typed(visit, town):
    answer = visit("lu").post(
        f"/office/people/posts/{post_of(town, 'wang')}/stand-in", {"officer": str(town.qian.person), **GRANT}
    )

    assert answer.status_code == 403
    assert "SOD-01" in answer.text
    assert 'value="2026-03-02"' in answer.text


@pytest.mark.parametrize("login", ["ma", "jin"])
def test_who_may_not_propose_sees_the_button_grey_and_is_refused(visit, town, login):
    visitor = visit(login)

    page = visitor.page(f"/office/people/{town.zhou.person}/posts/new")
    answer = visitor.post(f"/office/people/{town.zhou.person}/posts/new", GRANT)

    assert 'aria-disabled="true"' in page
    assert "系统管理员" in page
    assert answer.status_code == 403
    assert waiting() == []


def test_an_administrator_who_grants_himself_a_post_is_grey_refused_and_traced(visit, town):
    visitor = visit("lu")

    page = visitor.page(f"/office/people/{town.lu.person}/posts/new")
    answer = visitor.post(f"/office/people/{town.lu.person}/posts/new", GRANT | {"post": "flow_manager"})

    assert 'aria-disabled="true"' in page
    assert "授予一个岗位</a>" not in visitor.page(f"/office/people/{town.lu.person}")
    assert answer.status_code == 403
    assert "SOD-25" in answer.text
    refused = county.events("organ:1")[-1]
    assert (refused["type"], refused["facts"]["error"], refused["rule"]) == ("refused", "OwnMatter", "SOD-25")
    assert waiting() == []


def test_leaving_says_what_is_handed_over_and_which_post_nobody_holds_then(visit, town):
    filed = county.file(town)
    county.claim(town, "li", filed.case, "intake/accept")

    page = visit("lu").page(f"/office/people/{town.li.person}/leaving")

    assert "手上开着 1 步：窗口受理岗" in page
    assert "以后没有人了" in page
    assert filed.number not in page
    assert "还有Both" in visit("lu").page(f"/office/people/{town.wang.person}/leaving")


def test_an_officer_with_two_accounts_is_asked_which(visit, town):
    approve(town, propose(town, "officer", **OFFICER))
    approve(town, propose(town, "officer", **OFFICER | {"login": "tang2"}))
    person = county.people()["tang"].person
    visitor = visit("lu")

    missing = visitor.post(f"/office/people/{person}/account", {"what": "closed"})
    visitor.post(f"/office/people/{person}/account", {"what": "closed", "login": "tang2"})

    assert missing.status_code == 422
    assert '"tang2"' in waiting()[-1].body_json


def test_unknown_officers_posts_and_stand_ins_are_not_found(visit):
    visitor = visit("lu")

    for path in ("999", "999/posts/new", "posts/999/end", "posts/999/stand-in", "stand-ins/999/end", "999/leaving"):
        assert visitor.get(f"/office/people/{path}").status_code == 404


@pytest.fixture
def draft(town, tmp_path, configure):
    """The rules as files of one's own, in which a limit was changed."""
    shutil.copytree(settings().processes, tmp_path / "processes")
    limits = tmp_path / "processes" / "_rules" / "limits.toml"
    text = limits.read_text(encoding="utf-8")
    at = text.index("amount = ", text.index('id = "L03"'))
    limits.write_text(text[:at] + "amount = 19" + text[text.index("\n", at) :], encoding="utf-8")
    configure(SUNLIT_PROCESSES=str(tmp_path / "processes"))


def test_rules_on_disk_are_compared_with_those_in_force_in_words_and_line_by_line(visit, draft):
    page = visit("ma").page("/office/people/rules")

    assert "的数额由 20 改为 19。" in page
    assert "-amount = 20" in page
    assert "+amount = 19" in page
    assert "amount changed from 20 to 19." in visit("ma").page("/office/people/rules?lang=en")


def test_rules_are_proposed_shown_and_approved(visit, town, draft):
    made = visit("ma").post("/office/people/rules")
    second = visit("jin")

    shown = second.page(made.headers["Location"])
    answer = second.post(f"{made.headers['Location']}/approve")

    assert "的数额由 20 改为 19。" in shown
    assert answer.status_code == 303
    assert "没有改动" in second.page("/office/people/rules")
    assert "的数额由 20 改为 19。" in second.page(made.headers["Location"])


def test_rules_that_change_nothing_cannot_be_proposed(visit, town):
    visitor = visit("ma")

    page = visitor.page("/office/people/rules")
    answer = visitor.post("/office/people/rules")

    assert "没有可采用的" in page
    assert answer.status_code == 422


def test_the_audit_administrator_reads_what_administrators_did(visit, town):
    propose(town, "post", officer=town.li.person, post="reviewer", organ=1, from_on=MONDAY, writing=PAPER)
    made = propose(
        town, "post", officer=town.zhou.person, post="audit_administrator", organ=1, from_on=MONDAY, writing=PAPER
    )
    approve(town, made)
    visit("lu").post(f"/office/proposals/{made - 1}/approve")
    visitor = visit("zhou")

    page = visitor.page("/office/people/watch")

    assert "提出岗位授予提议" in page
    assert "批准岗位授予提议" in page
    assert "想批准——拒绝" in page
    assert "管理行为" in page
    assert "想批准" not in visitor.page("/office/people/watch?type=post.granted")
    assert "批准岗位授予提议" not in visitor.page("/office/people/watch?officer=lu")
