"""Intake: drafts, uploads, filing, the receipt; nothing typed is lost."""

from __future__ import annotations

import io
import re

import pytest

from tests import county
from tests.samples import FORMS
from webui.masks import masked, masked_phone, masked_value

APPLICANT = {
    "applicant_kind": "natural",
    "applicant_name": "罗雨平",
    "applicant_id_number": "999001198806140017",
    "applicant_phone": "138 0000 0000",
}
FORM = {name: str(value).lower() if isinstance(value, bool) else value for name, value in FORMS["case"].items()}
PDF = b"%PDF-1.4 a plan"


@pytest.fixture
def clerk(visit):
    return visit("li")


@pytest.fixture
def draft(clerk):
    answer = clerk.post("/desk/intake", {"item": county.ITEM})
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_an_item_opens_a_draft_with_its_form(clerk, draft):
    page = clerk.page(draft)

    assert "食品经营许可（餐饮）" in page
    assert 'name="shop_name"' in page
    assert 'type="checkbox" name="items" value="hot_food"' in page
    assert "经营场所平面布局图" in page
    assert "还差" in page


def test_an_unknown_item_is_not_found(clerk):
    assert clerk.post("/desk/intake", {"item": "no_such_item"}).status_code == 404


def test_every_change_is_saved_and_the_side_panel_comes_back(clerk, draft):
    part = clerk.post(f"{draft}/save", APPLICANT | {"shop_name": "小", "area": "many"}, htmx=True)
    page = clerk.page(draft)

    assert part.status_code == 200
    assert part.text.lstrip().startswith('<div id="side">')
    assert "草稿已存 10:00" in part.text
    assert "至少 2 个字" in part.text
    assert 'value="many"' in page
    assert 'value="罗雨平"' in page


def test_a_material_is_uploaded_with_what_was_typed(clerk, draft):
    answer = clerk.post(f"{draft}/save", APPLICANT | {"file_floor_plan": (io.BytesIO(PDF), "平面图.pdf")})
    page = clerk.page(draft)
    address = re.search(r'href="(/desk/files/\d+)"', page)

    assert answer.status_code == 303
    assert "平面图.pdf" in page
    assert 'value="罗雨平"' in page
    assert address
    got = clerk.get(address.group(1))
    assert got.data == PDF
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Type"] == "application/pdf"
    got.close()


def test_a_file_of_another_type_is_refused_under_its_material(clerk, draft):
    answer = clerk.post(f"{draft}/save", APPLICANT | {"file_floor_plan": (io.BytesIO(b"<html>"), "plan.pdf")})

    assert answer.status_code == 422
    assert "只收 PDF、PNG、JPEG" in answer.text
    assert 'value="罗雨平"' in answer.text


def test_a_file_can_be_taken_out_again(clerk, draft):
    clerk.post(f"{draft}/save", {"file_floor_plan": (io.BytesIO(PDF), "plan.pdf")})
    address = re.search(r'formaction="(/desk/intake/\d+/detach/\d+)"', clerk.page(draft))
    assert address

    assert clerk.post(address.group(1), APPLICANT).status_code == 303
    assert "plan.pdf" not in clerk.page(draft)
    assert 'value="罗雨平"' in clerk.page(draft)


def test_filing_leads_to_a_receipt_that_shows_the_code_once(clerk, draft):
    clerk.post(f"{draft}/save", APPLICANT | {"file_floor_plan": (io.BytesIO(PDF), "plan.pdf")})
    answer = clerk.post(f"{draft}/file", APPLICANT | FORM | {"material": ["business_licence"]})
    first, second = clerk.page(answer.headers["Location"]), clerk.page(answer.headers["Location"])
    code = re.search(r'class="code">([0-9A-Z-]+)<', first)

    assert answer.status_code == 303
    assert "2026-YL-000001" in first
    assert code
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}", code.group(1))
    assert "data:image/svg+xml" in first
    assert "2026年3月11日（周三）" in first  # seven working days after Monday 2 March
    assert "138****0000" in first
    assert "经营场所平面布局图（共 1 份）" in first
    assert code.group(1) not in second
    assert clerk.get(draft).status_code == 404  # the draft is used up


def test_a_lost_code_is_replaced(clerk, draft):
    where = clerk.post(f"{draft}/file", APPLICANT | FORM).headers["Location"]
    old = re.search(r'class="code">([0-9A-Z-]+)<', clerk.page(where))
    answer = clerk.post(where.replace("/receipt", "/code"))
    new = re.search(r'class="code">([0-9A-Z-]+)<', clerk.page(where))

    assert answer.headers["Location"] == where
    assert old
    assert new
    assert old.group(1) != new.group(1)


def test_a_form_with_faults_is_shown_again_with_all_that_was_typed(clerk, draft):
    answer = clerk.post(f"{draft}/file", APPLICANT | FORM | {"area": "0", "shop_name": ""})

    assert answer.status_code == 422
    assert "不能小于 1。" in answer.text
    assert "还没填。" in answer.text
    assert 'value="城关镇文昌路 88 号"' in answer.text
    assert "还有 2 处要改" in answer.text


def test_a_bad_identity_number_is_told_under_its_field(clerk, draft):
    answer = clerk.post(f"{draft}/file", APPLICANT | FORM | {"applicant_id_number": "123"})

    assert answer.status_code == 422
    assert "身份证号 18 位" in answer.text
    assert 'value="123"' in answer.text
    assert 'id="applicant_id_number"' in answer.text


def test_who_may_not_file_is_refused_on_the_page_and_loses_nothing(visit, draft):
    other = visit("wang")
    mine = other.post("/desk/intake", {"item": county.ITEM}).headers["Location"]
    answer = other.post(f"{mine}/file", APPLICANT | FORM)

    assert answer.status_code == 403
    assert "窗口受理岗" in answer.text
    assert 'value="椒香里火锅店"' in answer.text
    assert other.get(draft).status_code == 404  # another officer's draft


def test_a_draft_is_listed_and_can_be_deleted(clerk, draft):
    clerk.post(f"{draft}/save", APPLICANT)
    assert "罗雨平" in clerk.page("/desk/intake")

    assert clerk.post(f"{draft}/discard").status_code == 303
    assert "没有草稿" in clerk.page("/desk/intake")


def test_another_officer_s_files_are_not_handed_out(visit, clerk, draft):
    clerk.post(f"{draft}/save", {"file_floor_plan": (io.BytesIO(PDF), "plan.pdf")})
    address = re.search(r'href="(/desk/files/\d+)"', clerk.page(draft))
    assert address

    assert visit("hua").get(address.group(1)).status_code == 404


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        ("罗*平", masked("罗雨平")),
        ("罗*", masked("罗平")),
        ("*", masked("罗")),
        ("138****6620", masked_phone("138 0877 6620")),
        ("087****0000", masked_value("0877-5550000")),
        ("城*号", masked_value("城关镇新桥街 21 号")),
        ("", masked_phone(None)),
    ],
)
def test_personal_data_is_masked(shown, value):
    assert shown == value
