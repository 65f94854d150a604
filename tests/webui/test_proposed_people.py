"""Proposals about people, for those who decide: in plain words, grey with the reason, by two persons, secrets once."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from engine.db import engines
from engine.db import tables as t
from engine.db.store import reading
from engine.settings import settings
from tests import county
from tests.webui.officers import NUMBER, PAPER, approve, post_of, propose

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)


def proposed(town: county.Town, kind: str) -> int:
    """Propose something of each kind about Wang, Zhou or somebody new."""
    wang, zhou = town.wang.person, town.zhou.person
    match kind:
        case "post":
            granted = {"organ": 1, "from_on": MONDAY, "writing": PAPER, "tier": "section", "pool": True}
            return propose(town, kind, officer=zhou, post="decider", **granted)
        case "end_of_post":
            return propose(town, kind, post_of(town, "wang"), to_on=FRIDAY, reason="调离审查岗位")
        case "stand_in":
            return propose(town, kind, assignment=post_of(town, "wang"), officer=zhou, from_on=MONDAY)
        case "end_of_stand_in":
            approve(town, proposed(town, "stand_in"))
            return propose(town, kind, 1, to_on=FRIDAY)
        case "absence":
            return propose(town, kind, officer=wang, from_on=MONDAY, to_on=FRIDAY, kind="training")
        case "end_of_absence":
            approve(town, proposed(town, "absence"))
            return propose(town, kind, 1, to_on=MONDAY)
        case "officer":
            named = {"login": "tang", "name": "唐新竹", "name_en": "Tang Xinzhu", "status": "helper"}
            return propose(town, kind, **named, id_number=NUMBER, phone="13800001111")
        case "account":
            return propose(town, kind, officer=wang, what="closed")
        case _:
            return propose(town, "leaving", officer=wang, to_on=MONDAY)


TOLD = {
    "post": ("Zhou", "决定岗", "科室与分管副职", PAPER, "3月2日 周一", "没有岗位"),
    "end_of_post": ("Wang", "审查岗 · 云岭县行政审批局", "没有期限", "3月6日 周五", "调离审查岗位", "还有Both"),
    "stand_in": ("Wang", "谁来代", "Zhou", "没有期限", "SOD-16"),
    "end_of_stand_in": ("Wang", "Zhou", "3月6日 周五"),
    "absence": ("Wang", "培训", "3月6日 周五", "没有登记代岗人"),
    "end_of_absence": ("Wang", "培训", "3月6日 周五", "3月2日 周一", "放回待领"),
    "officer": ("唐新竹", "tang", "协办员", "**************0010", "138****1111", "只显示一次"),
    "account": ("Wang", "停用账号", "现有的登录全部退出"),
    "leaving": ("Wang", "全部收回", "停用", "还有Both"),
}


@pytest.mark.parametrize("kind", TOLD)
def test_each_kind_is_told_in_words_and_carried_out_from_its_page(visit, town, kind):
    made = proposed(town, kind)
    visitor = visit("jin")
    page = visitor.page(f"/office/proposals/{made}")
    listed = visitor.page("/office/proposals")

    answer = visitor.post(f"/office/proposals/{made}/approve")

    for word in TOLD[kind]:
        assert word in page
    assert "officer</" not in page  # no field of the body as it is kept
    assert TOLD[kind][0] in listed
    assert answer.status_code in (200, 303)
    assert "已批准" in visitor.page(f"/office/proposals/{made}")


def test_the_page_speaks_english(visit, town):
    page = visit("jin").page(f"/office/proposals/{proposed(town, 'end_of_post')}?lang=en")

    assert "Reviewer" in page
    assert "Fri 6 Mar" in page
    assert "is still held by Both" in page


def test_the_own_proposal_is_grey_and_approving_it_anyway_is_refused_and_traced(visit, town):
    made = proposed(town, "post")
    visitor = visit("lu")

    page = visitor.page(f"/office/proposals/{made}")
    answer = visitor.post(f"/office/proposals/{made}/approve")

    assert f"/office/proposals/{made}/approve" not in page
    assert answer.status_code == 403
    refused = county.events("organ:1")[-1]
    assert (refused["type"], refused["facts"]["verb"]) == ("refused", "approve")


def test_whom_it_is_about_can_neither_approve_nor_decline_it(visit, town):
    made = propose(town, "account", officer=town.jin.person, what="closed")
    visitor = visit("jin")

    page = visitor.page(f"/office/proposals/{made}")
    approved = visitor.post(f"/office/proposals/{made}/approve")
    declined = visitor.post(f"/office/proposals/{made}/decline", {"reason": "不用"})

    assert "SOD-25" in page
    assert f"/office/proposals/{made}/approve" not in page
    assert f"/office/proposals/{made}/decline" not in page
    assert (approved.status_code, declined.status_code) == (403, 403)
    assert [event["facts"]["error"] for event in county.events("organ:1")[-2:]] == ["OwnMatter", "OwnMatter"]


def test_a_post_that_became_excluded_is_warned_of_and_refused(visit, town):
    made = propose(town, "post", officer=town.zhou.person, post="reviewer", organ=1, from_on=MONDAY, writing=PAPER)
    other = propose(town, "post", officer=town.zhou.person, post="auditor", organ=1, from_on=MONDAY, writing=PAPER)
    approve(town, made)
    visitor = visit("jin")

    page = visitor.page(f"/office/proposals/{other}")
    answer = visitor.post(f"/office/proposals/{other}/approve")

    assert "批准会被拒绝" in page
    assert "与“审查岗”不得兼任（SOD-01）" in page
    assert answer.status_code == 403


def test_the_chief_opens_and_approves_absences_and_nothing_else(visit, town):
    away, post = proposed(town, "absence"), proposed(town, "post")
    visitor = visit("qin")

    listed = visitor.page("/office/proposals")
    answer = visitor.post(f"/office/proposals/{away}/approve")

    assert f"/office/proposals/{away}" in listed
    assert f"/office/proposals/{post}" not in listed
    assert visitor.get(f"/office/proposals/{post}").status_code == 404
    assert visitor.post(f"/office/proposals/{post}/approve").status_code == 403
    assert answer.status_code == 303
    assert "已批准" in visitor.page(f"/office/proposals/{away}")
    assert "没有提议" in visit("qian").page("/office/proposals")  # another monitor decides none


def test_an_officer_sees_the_own_absence_and_takes_it_back(visit, town):
    made = propose(town, "absence", by="wang", officer=town.wang.person, from_on=MONDAY, to_on=FRIDAY, kind="sick")
    visitor = visit("wang")

    page = visitor.page(f"/office/proposals/{made}")
    visitor.post(f"/office/proposals/{made}/decline", {"reason": "不去了"})

    assert "收回提议" in page
    assert "病假" in page
    assert visit("li").get(f"/office/proposals/{made}").status_code == 404
    assert "不去了" in visitor.page(f"/office/proposals/{made}")


def test_a_one_time_password_is_shown_once_kept_nowhere_and_opens_only_the_change_of_password(visit, town):
    made = propose(town, "account", officer=town.wang.person, what="password")
    visitor = visit("jin")

    answer = visitor.post(f"/office/proposals/{made}/approve")
    secret = answer.text.split('id="secret" translate="no">')[1].split("<")[0]

    assert answer.status_code == 200
    assert "只显示这一次" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Location" not in answer.headers
    with visitor.client.session_transaction() as session:
        assert secret not in str(dict(session))
    again = visitor.post(f"/office/proposals/{made}/approve")
    assert again.status_code == 409
    for text in (again.text, visitor.page(f"/office/proposals/{made}"), visitor.page("/office/proposals"), kept()):
        assert secret not in text
    officer = visit()
    officer.sign_in("wang", secret)
    for path in ("/desk/", "/account", "/office/proposals"):
        assert officer.get(path).headers["Location"] == "/account/password"
    assert officer.post("/account/absence").headers["Location"] == "/account/password"
    assert "我的办件" not in officer.page("/account/password")


def kept() -> str:
    """Return every text and blob of the database."""
    with reading() as conn:
        rows = [row for table in t.metadata.tables.values() for row in conn.execute(sa.select(table))]
    return " ".join(str(tuple(row)) for row in rows)


def test_a_kind_without_a_page_is_shown_as_a_table(visit, town):
    made = insert(town, "novelty", '{"case": 1, "fields": {"name": "<b>x</b>", "days": [1, 2]}, "open": true}')
    visitor = visit("lu")

    page = visitor.page(f"/office/proposals/{made}")

    assert "Novelty" in visitor.page("/office/proposals")
    for cell in ("fields.name", "&lt;b&gt;x&lt;/b&gt;", "fields.days.2", ">是<"):
        assert cell in page


@pytest.mark.parametrize(("kind", "name"), [("correction", "更正"), ("novelty", "Novelty")])
def test_what_may_hold_a_cases_content_is_opened_by_no_administrator(visit, town, kind, name):
    made = insert(town, kind, '{"fields": {"name": "椒香里火锅店"}}', by="li")

    for login in ("jin", "lu", "ma"):
        visitor = visit(login)
        assert name in visitor.page("/office/proposals")
        assert f"/office/proposals/{made}" not in visitor.page("/office/proposals")
        assert visitor.get(f"/office/proposals/{made}").status_code == 404


def insert(town: county.Town, kind: str, body: str, by: str = "lu") -> int:
    """Add a proposal of a kind that has no command here."""
    row = {"kind": kind, "body_json": body, "by": town.people[by].person, "by_at": datetime(2026, 3, 2, tzinfo=UTC)}
    with engines.writing(settings().database_url) as conn:
        return int(conn.execute(sa.insert(t.proposal).values(row).returning(t.proposal.c.id)).scalar_one())
