"""The own account: the password, absences, declared ties, and what is registered about the officer."""

from __future__ import annotations

import re
from datetime import date

import pytest

from engine.db.read import account as read
from engine.db.store import reading
from tests.county import PASSWORD
from tests.webui.officers import approve, post_of, propose, waiting

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)
NEW = "seven small herons"
TIE = {"kind": "spouse", "whose": "natural", "name": "罗雨平", "id_number": "999001198806140017", "since": "2020-05-01"}


def test_the_page_tells_posts_stand_ins_absences_and_what_waits(visit, town):
    approve(town, propose(town, "stand_in", assignment=post_of(town, "wang"), officer=town.he.person, from_on=MONDAY))
    approve(town, propose(town, "absence", officer=town.wang.person, from_on=FRIDAY, to_on=FRIDAY, kind="travel"))
    made = propose(town, "absence", by="wang", officer=town.wang.person, from_on=MONDAY, to_on=MONDAY, kind="leave")

    page = visit("wang").page("/account")

    for word in ("审查岗", "He 代 Wang", "3月6日 周五", "出差", f"第 {made} 号提议"):
        assert word in page
    assert "He 代 Wang" in visit("he").page("/account")


def test_the_password_is_changed_and_other_sign_ins_end(visit):
    here, there = visit("wang"), visit("wang")

    answer = here.post("/account/password", {"old": PASSWORD, "new": NEW, "again": NEW})

    assert answer.headers["Location"] == "/account"
    assert "口令已改" in here.page("/account")
    assert there.get("/account").headers["Location"].startswith("/signin")
    assert visit().sign_in("wang").status_code == 403
    assert visit().sign_in("wang", NEW).status_code == 303


@pytest.mark.parametrize(
    ("form", "status", "field", "told"),
    [
        ({"old": PASSWORD, "new": NEW, "again": "other"}, 422, "again", "两次输入的新口令不一样"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, 422, "new", "口令是 10 到 200 个字符"),
        ({"old": PASSWORD, "new": "wang-wang-wang", "again": "wang-wang-wang"}, 422, "new", "口令里不能有工号"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, 422, "new", "不能和旧的一样"),
        ({"old": "wrong", "new": NEW, "again": NEW}, 403, "old", "不对"),
    ],
)
def test_what_is_wrong_with_a_password_stands_beside_its_field(visit, form, status, field, told):
    answer = visit("wang").post("/account/password", form)

    assert answer.status_code == status
    assert re.search(rf'id="e_{field}" role="alert">[^<]*{told}', answer.text)
    assert NEW not in answer.text
    assert visit().sign_in("wang").status_code == 303


def test_after_a_one_time_password_only_the_change_opens_and_then_everything(visit, town):
    made = propose(town, "account", officer=town.wang.person, what="password")
    secret = approve(town, made).secret
    visitor = visit()
    visitor.sign_in("wang", secret)

    page = visitor.page("/")
    answer = visitor.post("/account/password", {"old": secret, "new": NEW, "again": NEW})

    assert "先改口令，再办别的" in page
    assert "我的办件" not in page
    assert answer.headers["Location"] == "/"
    assert "我的办件" in visitor.page("/")


def test_a_new_officer_without_a_post_changes_the_password_too(visit, town):
    named = {"login": "tang", "name": "唐新竹", "status": "trainee", "id_number": "999001199001010010"}
    secret = approve(town, propose(town, "officer", **named)).secret
    visitor = visit()
    visitor.sign_in("tang", secret)

    answer = visitor.post("/account/password", {"old": secret, "new": NEW, "again": NEW})

    assert answer.status_code == 303
    assert "您现在没有岗位" in visitor.page("/")


def test_an_officer_proposes_the_own_absence_and_the_chief_approves(visit, town):
    visitor = visit("wang")
    assert "我要请假" in visitor.page("/account/absence")

    answer = visitor.post("/account/absence", {"from_on": "2026-03-03", "to_on": "2026-03-04", "kind": "leave"})
    visit("qin").post(f"{answer.headers['Location']}/approve")

    page = visitor.page("/account")
    assert "3月3日 周二" in page
    assert "休假" in page
    assert waiting() == []


def test_an_absence_that_ends_before_it_begins_is_told_beside_the_field(visit):
    answer = visit("wang").post("/account/absence", {"from_on": "2026-03-04", "to_on": "2026-03-03", "kind": "leave"})

    assert answer.status_code == 422
    assert "最后一天在第一天之前" in answer.text
    assert 'value="2026-03-04"' in answer.text


def test_a_tie_is_declared_listed_with_the_name_masked_and_ended(visit, town):
    visitor = visit("wang")
    assert "申报关系" in visitor.page("/account/ties/new")

    answer = visitor.post("/account/ties/new", TIE)
    page = visitor.page(answer.headers["Location"])
    with reading() as conn:
        key = read.ties(conn, town.wang.person)[0].id
    visitor.post(f"/account/ties/{key}/end")

    assert "罗*平 · 夫妻关系" in page
    assert TIE["id_number"] not in page
    ended = visitor.page("/account")
    assert f"/account/ties/{key}/end" in page
    assert f"/account/ties/{key}/end" not in ended
    assert visit("li").post(f"/account/ties/{key}/end").status_code == 404


def test_a_tie_of_blood_cannot_be_ended(visit, town):
    visitor = visit("wang")

    visitor.post("/account/ties/new", TIE | {"kind": "lineal"})

    assert "/end" not in visitor.page("/account")
    assert visitor.post("/account/ties/1/end").status_code == 422


def test_a_malformed_number_is_told_beside_the_field(visit):
    answer = visit("wang").post("/account/ties/new", TIE | {"id_number": "123"})

    assert answer.status_code == 422
    assert "信用代码是 18 位" in answer.text
    assert 'value="罗雨平"' in answer.text
