"""The file of a yearly notice: what it says, and what is refused with line and reason."""

from __future__ import annotations

import json
from datetime import date

import pytest

from engine import calendars
from engine.calendars.notice import days_of, read
from engine.errors import Invalid
from tests.notices import notice, text

GOOD = text(notice())


def refused(told: str | bytes) -> tuple[int, str]:
    with pytest.raises(Invalid) as error:
        read(told if isinstance(told, bytes) else told.encode(), "2027.json")
    (finding,) = error.value.findings
    assert finding.file == "2027.json"
    return finding.line, finding.message


def test_a_notice_is_read_as_it_was_written():
    assert read(GOOD.encode(), "2027.json") == notice()


def test_every_day_of_the_year_is_said():
    days = days_of(notice())

    assert (min(days), max(days), len(days)) == (date(2027, 1, 1), date(2027, 12, 31), 365)
    assert days[date(2027, 1, 4)][:2] == (False, "元旦")
    assert days[date(2027, 1, 5)][:2] == (True, "")
    assert days[date(2027, 1, 9)][:2] == (False, "")
    assert days[date(2027, 1, 16)][:2] == (True, "元旦")


@pytest.mark.parametrize("year", ["2023", "2024", "2025", "2026"])
def test_each_shipped_year_alone_is_a_notice_and_says_the_same(year):
    whole = json.loads((calendars._FILE).read_text(encoding="utf-8"))
    alone = json.dumps({"years": {year: whole["years"][year]}}, ensure_ascii=False)

    assert days_of(read(alone.encode(), "x")) == {d: v for d, v in calendars.days().items() if d.year == int(year)}


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ('"2027-01-02": "元旦"', '"2027-01-01": "春节"', 9, "'2027-01-01' stands here twice"),
        ('"2027-01-16": "元旦"', '"2027-01-02": "元旦"', 9, "2027-01-02 is both a day off and a make-up working day"),
        ('"2027-01-16"', '"2027-01-15"', 16, "2027-01-15 is a weekday, so no make-up working day; leave it out"),
        ('"2027-01-02"', '"2026-12-31"', 9, "2026-12-31 lies outside the year 2027"),
        ('"2027-01-02"', '"2027-02-29"', 9, "'2027-02-29' is no day like 2027-01-01"),
        ('"2027-01-02"', '"20270102"', 9, "'20270102' is no day like 2027-01-01"),
        ('"2027-01-02": "元旦"', '"2027-01-02": ""', 9, "the name of 2027-01-02 must be a text of 1"),
        ('"2027-01-02": "元旦"', '"2027-01-02": true', 9, "the name of 2027-01-02 must be a text of 1"),
        ('"days_off"', '"holidays"', 7, "'holidays' is not known here; known are"),
        ('"makeup_workdays"', '"workdays_in_year"', 3, "'makeup_workdays' is missing in 2027"),
        ('"years"', '"jahre"', 2, "'jahre' is not known here"),
        ('"2027": {', '"27": {', 3, "'27' is no year like 2027"),
        ('"2027": {', '"2028": {}, "2027": {', 2, "name exactly one year"),
        ("{\n", "[\n", 2, "is no JSON"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_line(old, new, line, why):
    assert old in GOOD

    found, message = refused(GOOD.replace(old, new, 1))

    assert why in message
    assert found == line


def test_a_notice_without_a_day_off_is_a_mistake():
    assert "names no day off" in refused(text(notice(off=())))[1]


def test_a_notice_without_its_source_is_refused():
    assert "'notice' must be a list" in refused(GOOD.replace('[\n    "国办发明电〔2026〕00号（虚构）"\n   ]', "[]"))[1]


@pytest.mark.parametrize(
    "told", ["", "null", "[]", "{}", '"2027"', '{"years": []}', '{"years": {"2027": 1}}', "[" * 99999]
)
def test_other_json_is_refused(told):
    refused(told)


def test_what_is_not_utf8_is_refused_at_its_line():
    assert refused(GOOD.encode("gb18030"))[0] == 5


@pytest.mark.parametrize("more", [{"workdays_in_year": 250}, {"days_off_on_weekdays": ["2027-01-01"]}])
def test_sums_that_do_not_agree_with_the_days_are_refused(more):
    assert "does not agree with the days" in refused(text(notice(), **more))[1]


def test_sums_that_agree_are_taken():
    works = sum(working for working, _, _ in days_of(notice()).values())
    weekdays = ["2027-01-01", "2027-01-04", "2027-02-08", "2027-02-09"]

    told = text(notice(), workdays_in_year=works, days_off_on_weekdays=weekdays)

    assert read(told.encode(), "x") == notice()
