"""Two languages: every text is translated, the compiled catalogue is up to date, days and limits read right."""

from __future__ import annotations

import re
from datetime import date

import pytest

from webui import catalogue, language

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MONDAY = date(2026, 3, 2)


def test_every_text_has_an_english_translation():
    assert catalogue.missing(catalogue.merged()) == []


def test_nothing_translated_is_unused_and_the_files_are_up_to_date():
    merged = catalogue.merged()

    assert catalogue.PO.read_bytes() == catalogue.po(merged)
    assert catalogue.MO.read_bytes() == catalogue.mo(merged)


def test_translations_keep_the_places_of_values():
    place = re.compile(r"%\(\w+\)[sd]")
    wrong = []
    for message in catalogue.kept():
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        for text in message.string if isinstance(message.string, (tuple, list)) else (message.string,):
            if message.id and set(place.findall(text)) != set(place.findall(texts[0])):
                wrong.append(texts[0])

    assert wrong == []


def test_translations_are_not_chinese():
    assert [m.id for m in catalogue.kept() if m.id and CHINESE.search(str(m.string))] == []


@pytest.mark.parametrize(
    ("lang", "left", "words"),
    [
        ("zh", 3, "剩 3/7"),
        ("zh", 0, "今天止 0/7"),
        ("zh", -2, "超 2 日"),
        ("en", 3, "3/7 left"),
        ("en", 0, "Today 0/7"),
        ("en", -1, "1 day over"),
        ("en", -2, "2 days over"),
    ],
)
def test_days_left_read_right(app, lang, left, words):
    with app.test_request_context(f"/?lang={lang}"):
        assert language.days_left(left, 7) == words


def test_days_have_a_weekday_and_a_year_only_when_it_is_another(app):
    with app.test_request_context("/?lang=zh"):
        assert language.day(date(2026, 10, 20), MONDAY) == "10月20日 周二"
        assert language.day(date(2027, 1, 8), MONDAY) == "2027年1月8日 周五"
        assert language.day_or_today(MONDAY, MONDAY) == "今天 3月2日"
        assert language.long_day(MONDAY) == "2026年3月2日（周一）"
    with app.test_request_context("/?lang=en"):
        assert language.day(date(2026, 10, 20), MONDAY) == "Tue 20 Oct"
        assert language.day(date(2027, 1, 8), MONDAY) == "Fri 8 Jan 2027"


def test_the_language_is_asked_for_then_remembered_then_the_browser_s(visit):
    visitor = visit()

    assert "Officers' sign-in" in visitor.get("/signin", headers={"Accept-Language": "en-GB,en"}).text
    assert "工作人员登录" in visitor.get("/signin", headers={"Accept-Language": "fr"}).text
    assert "Officers' sign-in" in visitor.get("/signin?lang=en").text
    assert "Officers' sign-in" in visitor.get("/signin", headers={"Accept-Language": "zh"}).text
    assert 'href="/signin?lang=zh"' in visitor.get("/signin").text


def test_the_desk_in_english_has_no_chinese_but_names(visit):
    visitor = visit("li")
    visitor.get("/desk/?lang=en")
    for path in ("/desk/", "/desk/pool", "/desk/done", "/desk/search", "/desk/intake", "/nowhere"):
        text = re.sub(r"<script.*?</script>|lang=\"zh-CN\"[^>]*>中文", "", visitor.get(path).text, flags=re.S)
        assert CHINESE.findall(text) == [], path
