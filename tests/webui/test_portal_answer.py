"""The applicant answers the notice of what to supplement from the portal, in plain words, on a phone."""

from __future__ import annotations

import io
import json
import re

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.settings import settings
from tests import county
from tests.county import at, claim, open_paths

STEP, AGAIN = "intake/supplement", "intake/accept_again"
PDF = b"%PDF-1.7 a plan"
LINES = ["缺平面布局图", "申请书未签名"]


@pytest.fixture
def filed(town):
    made = county.file(town)
    county.do(town, "li", made.case, "intake/accept", "supplement")
    return made


@pytest.fixture
def visitor(visit, filed):
    made = visit()
    assert made.post("/progress", {"number": filed.number, "code": filed.code}).status_code == 303
    return made


def sent(case: int, *said: str, **more):
    return {
        "step": county.step(case, STEP).id,
        "outcome": "supplied",
        "supplied_line": LINES,
        "supplied": list(said or ("画好了", "签了名")),
    } | more


def upload(name: str = "plan.pdf", content: bytes = PDF):
    return (io.BytesIO(content), name)


def kept_bodies() -> list[str]:
    folder = settings().data_dir / "files"
    return [path.name for path in folder.iterdir()] if folder.exists() else []


def supplied() -> list[str]:
    with reading() as conn:
        body = conn.scalar(sa.select(t.form.c.body_json).where(t.form.c.path == STEP))
    return list(json.loads(str(body))["form"]["supplied"])


def test_the_page_says_what_to_supplement_how_until_when_and_whose_limit_that_is(visitor):
    page = visitor.page("/progress/answer")

    assert all(line in page for line in LINES)
    assert "图按比例画；申请书在第 2 页签名。" in page
    assert re.search(r"请在 <b>.*3月30日.*</b> 前交", page)
    assert "本县定的，不是法律规定的" in page
    assert "还没有开始算" in page


def test_an_answer_is_taken_and_the_window_examines_it(visit, visitor, filed):
    answer = visitor.post("/progress/answer", sent(filed.case))

    assert (answer.status_code, answer.headers["Location"]) == (303, "/progress")
    assert open_paths(filed.case) == [AGAIN]
    assert supplied() == ["缺平面布局图：画好了", "申请书未签名：签了名"]
    page = visitor.page("/progress")
    assert "收到了" in page
    assert "您本人（网上）" in page
    assert "现在去补正" not in page
    assert "申请人（网上）" in visit("li").page(f"/desk/cases/{filed.case}")


def test_a_file_answers_for_a_line_and_the_officer_can_open_it(visit, visitor, filed):
    answer = visitor.post("/progress/answer", sent(filed.case, "", "签了名", file_0=[upload(), upload("b.pdf")]))

    assert answer.status_code == 303
    assert supplied() == ["缺平面布局图：附 plan.pdf、b.pdf", "申请书未签名：签了名"]
    assert "文件 2 份" in visitor.page("/progress")
    page = visit("li").page(f"/desk/cases/{filed.case}")
    assert "补交的材料" in page
    (first, *_) = re.findall(r'href="(/desk/files/\d+)"', page)
    given = visit("li").get(first)
    assert given.data == PDF
    given.close()


def test_each_thing_asked_for_wants_a_word_or_a_file_and_what_was_typed_stays(visitor, filed):
    answer = visitor.post("/progress/answer", sent(filed.case, "画好了", " ", file_0=[upload()]))

    assert answer.status_code == 422
    assert "这一项要写一句，或者传文件" in answer.text
    assert ">画好了</textarea>" in answer.text
    assert open_paths(filed.case) == [STEP]
    assert kept_bodies() == []


@pytest.mark.parametrize("content", [b"", b"MZ a programme", b"<html>"])
def test_only_papers_are_taken_and_nothing_is_left_of_the_rest(visitor, filed, content):
    given = sent(filed.case, file_0=[upload(), upload("plan.pdf", content)])

    answer = visitor.post("/progress/answer", given)

    assert answer.status_code == 422
    assert "只收 PDF、PNG、JPEG" in answer.text
    assert ">画好了</textarea>" in answer.text
    assert kept_bodies() == []


def test_too_many_files_are_refused(visitor, filed):
    answer = visitor.post("/progress/answer", sent(filed.case, file_0=[upload() for _ in range(11)]))

    assert answer.status_code == 422
    assert "一次最多传 10 份文件" in answer.text


def test_more_than_the_server_takes_is_refused_in_words_for_an_applicant(visitor, filed):
    visitor.app.config["MAX_CONTENT_LENGTH"] = 10_000
    answer = visitor.post("/progress/answer", sent(filed.case, file_0=[upload("a.pdf", PDF * 1000)]))

    assert answer.status_code == 413
    assert "少传几份" in answer.text
    assert "草稿" not in answer.text
    assert open_paths(filed.case) == [STEP]


def test_nobody_answers_without_the_code(visit, filed):
    answer = visit().post("/progress/answer", sent(filed.case))

    assert answer.status_code == 403
    assert open_paths(filed.case) == [STEP]
    assert visit().get("/progress/answer").status_code == 303


def test_after_15_minutes_nothing_is_taken_and_what_was_typed_is_given_back(visitor, filed):
    visitor.page("/progress/answer")

    with clock.at(at("2026-03-02 10:16")):
        answer = visitor.post("/progress/answer", sent(filed.case))

    assert answer.status_code == 403
    assert "没有交出去" in answer.text
    assert "画好了" in answer.text
    assert open_paths(filed.case) == [STEP]


def test_opening_the_form_gives_15_minutes_again(visitor, filed):
    with clock.at(at("2026-03-02 10:14")):
        visitor.page("/progress/answer")
    with clock.at(at("2026-03-02 10:28")):
        assert visitor.post("/progress/answer", sent(filed.case)).status_code == 303


def test_the_code_of_one_case_answers_no_other(town, visitor, filed):
    other = county.file(town)
    county.do(town, "li", other.case, "intake/accept", "supplement")

    answer = visitor.post("/progress/answer", sent(other.case))

    assert answer.status_code == 303
    assert open_paths(other.case) == [STEP]
    assert "这一步已经办过，或者现在不用办" in visitor.page("/progress")


def test_a_form_without_its_token_is_refused(visitor, filed):
    assert visitor.client.post("/progress/answer", data=sent(filed.case)).status_code == 400
    assert open_paths(filed.case) == [STEP]


def test_answers_are_counted(visitor, filed):
    codes = [visitor.post("/progress/answer", sent(filed.case, "", "")).status_code for _ in range(11)]

    assert codes == [422] * 10 + [429]


def test_while_an_officer_holds_the_step_the_page_says_whom_to_call(town, visitor, filed):
    claim(town, "li", filed.case, STEP)

    page = visitor.page("/progress/answer")
    answer = visitor.post("/progress/answer", sent(filed.case, file_0=[upload()]))

    assert "Li正在窗口替您办这一步" in page
    assert "交出去</button>" not in page
    assert answer.status_code == 403
    assert kept_bodies() == []
    assert open_paths(filed.case) == [STEP]


def test_an_answer_sent_twice_leads_back_to_the_progress(visitor, filed):
    given = sent(filed.case)
    visitor.post("/progress/answer", given)

    assert visitor.post("/progress/answer", given).headers["Location"] == "/progress"
    assert open_paths(filed.case) == [AGAIN]


def test_a_withdrawn_case_asks_nothing(visitor, filed):
    given = sent(filed.case)
    visitor.post("/progress/withdraw", {"reason": "不办了"})

    assert visitor.get("/progress/answer").status_code == 303
    assert visitor.post("/progress/answer", given).status_code == 303


def test_past_the_countys_day_the_page_still_takes_the_answer(visit, filed):
    with clock.at(at("2026-04-20 10:00")):
        late = visit()
        late.post("/progress", {"number": filed.number, "code": filed.code})
        assert "等您补正</h1>" in late.page("/progress")
        assert "现在还可以交" in late.page("/progress/answer")
        assert late.post("/progress/answer", sent(filed.case)).status_code == 303


def test_asked_again_the_page_asks_only_about_what_came(town, visitor, filed):
    visitor.post("/progress/answer", sent(filed.case))
    step = claim(town, "li", filed.case, AGAIN)
    form = {"defects": ["缺平面布局图：没有标比例"], "cure": "标比例。"}
    with begin(town.li) as ctx:
        commands.complete(ctx, step, outcome="supplement_again", form=form, opinion="")

    page = visitor.page("/progress/answer")

    assert "缺平面布局图：没有标比例" in page
    assert "申请书未签名" not in page


def test_the_officer_is_asked_about_each_thing_that_came(town, visit, visitor, filed):
    visitor.post("/progress/answer", sent(filed.case))
    step = claim(town, "li", filed.case, AGAIN)
    clerk = visit("li")

    page = clerk.page(f"/desk/steps/{step}")
    given = {"outcome": "supplement_again", "cure": "签全名", "defects_line": LINES, "defects": ["", "只签了姓"]}
    answer = clerk.post(f"/desk/steps/{step}/complete", given)

    assert page.count('name="defects_line"') == 2
    assert "六十日内申请行政复议" in page
    assert answer.status_code == 303
    assert open_paths(filed.case) == [STEP]


def test_the_officer_is_told_that_a_second_notice_is_refused(town, visit, visitor, filed):
    visitor.post("/progress/answer", sent(filed.case))
    step = claim(town, "li", filed.case, AGAIN)

    given = {"outcome": "supplement_again", "cure": "重交", "defects": "营业执照：不清楚"}
    answer = visit("li").post(f"/desk/steps/{step}/complete", given)

    assert answer.status_code == 403
    assert "再次告知只能针对其后补来的材料" in answer.text
    assert "营业执照：不清楚" in answer.text


def test_the_window_answers_line_by_line(town, visit, filed):
    step = claim(town, "li", filed.case, STEP)
    clerk = visit("li")
    page = clerk.page(f"/desk/steps/{step}")

    given = {"outcome": "supplied", "supplied_line": LINES, "supplied": ["收到图纸一张", "当面签了"]}
    answer = clerk.post(f"/desk/steps/{step}/complete", given)

    assert page.count('name="supplied_line"') == 2
    assert answer.status_code == 303
    assert supplied() == ["缺平面布局图：收到图纸一张", "申请书未签名：当面签了"]


def test_the_trace_says_that_it_came_from_the_portal(visit, visitor, filed):
    visitor.post("/progress/answer", sent(filed.case))

    page = visit("sun").page(f"/audit/trace/{filed.number}")

    assert "办出“接收补正材料”：已补正（网上）" in page
    assert "罗*平" in page


def test_the_page_speaks_english(visitor):
    page = visitor.page("/progress/answer?lang=en")

    ours = page.split("<main")[1].split("<form")[0].replace("图按比例画；申请书在第 2 页签名。", "")

    assert "Supplement what is missing" in ours
    assert not re.search(r"[\u4e00-\u9fff]", ours)
