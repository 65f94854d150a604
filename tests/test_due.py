"""`sunlit due`: a limit counted and explained without a database, as JSON and as a table, and bad questions refused."""

from __future__ import annotations

import csv
import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from engine import clock
from engine.__main__ import main
from tests.county import at
from tests.rules.values import DATA

SHARED = Path(os.environ.get("SUNLIT_SHARED") or Path(__file__).resolve().parents[2] / "shared")
LIMITS = [DATA / "working_day_limits.json", *sorted((SHARED / "cases/limits").glob("*.json"))]
VECTORS = [DATA / "calendar_vectors.csv", *SHARED.glob("domain/calendar_vectors.csv")]
CASES = [case for file in LIMITS for case in json.loads(file.read_text(encoding="utf-8"))["cases"]]
ROWS = [row for file in VECTORS for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())]
KINDS = {"wd": [], "nat": ["--unit", "calendar_day"], "back": ["--direction", "before"]}
ORDER = ["due_on", "used", "remaining", "overdue", "provisional", "ledger"]


@pytest.fixture(autouse=True)
def no_database(configure, tmp_path):
    """There is no database, and none is made."""
    missing = tmp_path / "none" / "sunlit.db"
    configure(SUNLIT_DATABASE_URL=f"sqlite:///{missing}")
    with clock.at(at("2026-03-25 10:00")):
        yield
    assert not missing.parent.exists()


@pytest.fixture
def due(capsys):
    def ask(text: str, *words: str) -> dict:
        assert main(["due", *text.split(), *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


def test_the_known_answers_are_all_there():
    assert len(CASES) >= 22
    assert len(ROWS) >= 23


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_known_answers_come_out_of_the_command(due, case):
    words = [word for a, b in case.get("suspensions", ()) for word in ("--stop", f"{a}..{b}")]
    words += ["--extend", str(case["extension"])] if "extension" in case else []
    words += ["--as-of", case["as_of"]["date"]] if "as_of" in case else []

    found = due(f"--start {case['start']} --limit {case['limit']} --unit {case['unit']}", *words)

    assert list(found) == ORDER
    assert found["provisional"] == (case["expected_due"] is None)
    assert case["expected_due"] in (found["due_on"], None)
    for key, value in case.get("as_of", {}).items():
        assert key == "date" or found[key] == value


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']} {row['start']} {row['n']}")
def test_rows_of_the_calendar_come_out_of_the_command(due, row):
    found = due(f"--start {row['start']} --limit {row['n']}", *KINDS[row["kind"]])

    assert found["due_on"] == row["holidays"]
    assert found["provisional"] == (row["chinesecalendar"] == "OUT_OF_DATA")


def test_the_answer_is_this(due):
    assert due("--start 2026-02-12 --limit 2 --stop 2026-02-14..2026-02-14 --as-of 2026-02-14") == {
        "due_on": "2026-02-24", "used": 1, "remaining": 1, "overdue": False, "provisional": False,
        "ledger": [
            {"on": on, "kind": kind, "name": name, "counted": counted, "over": False, "provisional": False}
            for on, kind, name, counted in (
                ("2026-02-12", "start", "", 0),
                ("2026-02-13", "counted", "", 1),
                ("2026-02-14", "stopped", "春节", 1),
                *((f"2026-02-{day}", "holiday", "春节", 1) for day in range(15, 24)),
                ("2026-02-24", "counted", "", 2),
            )
        ],
    }  # fmt: skip


def test_each_kind_of_day_has_its_word(due):
    ledger = due("--start 2026-02-27 --limit 3 --stop 2026-03-03..2026-03-03")["ledger"]

    assert [(line["on"][5:], line["kind"], line["counted"]) for line in ledger] == [
        ("02-27", "start", 0), ("02-28", "makeup_workday", 1), ("03-01", "weekend", 1), ("03-02", "counted", 2),
        ("03-03", "stopped", 2), ("03-04", "counted", 3),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "due_on", "used", "remaining", "overdue"),
    [
        ("--start 2026-03-02 --limit 0 --as-of 2026-03-02", "2026-03-02", 0, 0, False),
        ("--start 2026-03-02 --limit 0 --as-of 2026-03-03", "2026-03-02", 1, -1, True),
        ("--start 2026-03-07 --limit 0 --unit calendar_day --as-of 2026-03-08", "2026-03-07", 1, -1, True),  # Saturday
        ("--start 2026-09-29 --limit 3 --unit calendar_day --as-of 2026-10-07", "2026-10-08", 3, 0, False),  # rolls
        ("--start 2026-09-29 --limit 3 --unit calendar_day --as-of 2026-10-09", "2026-10-08", 4, -1, True),
        ("--start 2026-01-31 --limit 1 --unit month --as-of 2026-02-28", "2026-02-28", 1, 0, False),
        ("--start 2026-01-31 --limit 1 --unit month --as-of 2026-03-01", "2026-02-28", 1, 0, True),
        ("--start 2026-01-31 --limit 1 --extend 1 --unit month --as-of 2026-03-01", "2026-03-31", 1, 1, False),
        ("--start 2026-03-02 --limit 4 --as-of 2026-03-07", "2026-03-06", 4, 0, False),  # a Saturday counts nothing
        ("--start 2026-03-02 --limit 4 --as-of 2026-02-01", "2026-03-06", 0, 4, False),
        ("--start 2026-10-15 --limit 7 --direction before --as-of 2026-09-29", "2026-09-30", 8, 1, False),
        ("--start 2026-10-15 --limit 7 --direction before --as-of 2026-10-08", "2026-09-30", 6, -1, True),
        ("--start 2026-03-02 --limit 5 --direction at_least --as-of 2026-03-20", "2026-03-09", 14, -9, False),
        ("--start 2026-03-02 --limit 18", "2026-03-26", 17, 1, False),  # as of today, 25 March
    ],
)
def test_other_units_and_directions(due, text, due_on, used, remaining, overdue):
    found = due(text)

    assert (found["due_on"], found["used"], found["remaining"], found["overdue"]) == (due_on, used, remaining, overdue)
    assert list(found) == ORDER


HOTLINE = "--working-hours 08:30-12:00,14:30-17:30"


@pytest.mark.parametrize(
    ("text", "due_at", "used", "remaining", "overdue"),
    [
        ("--start 2026-03-02T15:00 --limit 24 --as-of 2026-03-03T15:00", "2026-03-03T15:00", 24, 0, False),
        ("--start 2026-03-02T15:00 --limit 24 --as-of 2026-03-03T15:01", "2026-03-03T15:00", 24.02, -0.02, True),
        ("--start 2026-03-06T15:00 --limit 24 --as-of 2026-03-06T15:00", "2026-03-07T15:00", 0, 24, False),
        ("--start 2026-03-02T15:00 --limit 24 --extend 2 --stop 2026-03-03..2026-03-04 --as-of 2026-03-05T01:30",
         "2026-03-05T17:00", 10.5, 15.5, False),
        ("--start 2026-03-02T15:00 --limit 0 --as-of 2026-03-02T23:59", "2026-03-02T23:59", 8.98, -8.98, False),
        ("--start 2026-03-02T15:00 --limit 0 --as-of 2026-03-03T00:00", "2026-03-02T23:59", 9, -9, True),
        (f"--start 2026-03-02T15:00 --limit 4 {HOTLINE} --as-of 2026-03-03T09:30", "2026-03-03T10:00", 3.5, 0.5, False),
        (f"--start 2026-03-06T17:00 --limit 4 {HOTLINE} --as-of 2026-03-09T12:00", "2026-03-09T12:00", 4, 0, False),
        (f"--start 2026-03-06T18:00 --limit 2 {HOTLINE} --as-of 2026-03-09T11:00", "2026-03-09T10:30", 2.5, -0.5, True),
        (f"--start 2026-02-13T17:00 --limit 2 {HOTLINE} --as-of 2026-02-14T10:00", "2026-02-14T10:00", 2, 0, False),
        (f"--start 2026-03-02T12:30 --limit 1 {HOTLINE} --stop 2026-03-02..2026-03-02 --as-of 2026-03-02T16:00",
         "2026-03-03T09:30", 0, 1, False),
        ("--start 2026-03-02T07:00:00Z --limit 1 --as-of 2026-03-02T15:30+08:00", "2026-03-02T16:00", 0.5, 0.5, False),
    ],
)  # fmt: skip
def test_hours_are_local_and_have_a_minute(due, text, due_at, used, remaining, overdue):
    found = due(f"{text} --unit hour")

    assert (found["due_at"], found["due_on"], found["overdue"]) == (due_at, due_at[:10], overdue)
    assert (found["used"], found["remaining"]) == (pytest.approx(used), pytest.approx(remaining))
    assert list(found) == ["due_on", "due_at", *ORDER[1:]]


def test_hours_are_reckoned_to_the_minute_of_now(due):
    with clock.at(at("2026-03-25 15:00") + timedelta(seconds=59)):
        assert not due("--start 2026-03-25T09:00 --limit 6 --unit hour")["overdue"]
    with clock.at(at("2026-03-25 15:01")):
        assert due("--start 2026-03-25T09:00 --limit 6 --unit hour")["overdue"]


@pytest.mark.parametrize(
    ("text", "due_at", "overdue"),
    [
        # papers at 17:31 on a Monday are Tuesday's; the last day ends at 17:30
        ("--start 2026-03-02T17:30 --limit 5 --as-of 2026-03-09T17:30", "2026-03-09T17:30", False),
        ("--start 2026-03-02T17:30 --limit 5 --as-of 2026-03-09T17:31", "2026-03-09T17:30", True),
        ("--start 2026-03-02T17:31 --limit 5 --as-of 2026-03-10", "2026-03-10T17:30", False),
        ("--start 2026-03-06T18:00 --limit 1 --as-of 2026-03-10T09:00", "2026-03-10T17:30", False),
        ("--start 2026-03-07T18:00 --limit 1 --as-of 2026-03-09T09:00", "2026-03-09T17:30", False),  # a Saturday
        ("--start 2026-03-02 --limit 5 --as-of 2026-03-09T18:00", "2026-03-09T17:30", True),
        ("--start 2026-03-02 --limit 4 --as-of 2026-03-07T10:00", "2026-03-06T17:30", True),  # late since Friday 17:31
        ("--start 2026-03-02 --limit 4 --as-of 2026-03-07", "2026-03-06T17:30", True),
        ("--start 2026-03-02 --limit 4 --as-of 2026-03-06", "2026-03-06T17:30", False),
        ("--start 2026-10-15T18:00 --limit 7 --direction before --as-of 2026-09-30T18:00", "2026-09-30T17:30", True),
        ("--start 2026-03-02 --limit 5 --direction at_least --as-of 2026-03-09T18:00", "2026-03-09T17:30", False),
    ],
)
def test_a_window_closes(due, text, due_at, overdue):
    found = due(f"{text} --closes 17:30")

    assert (found["due_at"], found["overdue"]) == (due_at, overdue)


def test_online_a_day_ends_at_midnight(due):
    found = due("--start 2026-03-02T23:59 --limit 5 --closes 24:00 --as-of 2026-03-09T23:59")

    assert (found["due_on"], found["due_at"], found["overdue"]) == ("2026-03-09", "2026-03-10T00:00", False)


def test_beyond_the_calendar_each_line_says_so(due):
    found = due("--start 2026-12-30 --limit 2")

    assert (found["due_on"], found["provisional"]) == ("2027-01-04", True)
    assert [line["provisional"] for line in found["ledger"]] == [False, False, True, True, True, True]
    assert due("--start 2026-12-01 --limit 3 --as-of 2027-02-01")["provisional"]
    assert not due("--start 2026-12-01 --limit 3 --as-of 2026-12-31")["provisional"]
    assert not due("--start 2026-12-31T10:00 --limit 48 --unit hour")["provisional"]
    assert due(f"--start 2026-12-31T10:00 --limit 48 --unit hour {HOTLINE}")["provisional"]


def test_the_table_is_chinese_first(capsys):
    assert main(["due", "--start", "2026-02-12", "--limit", "3", "--extend", "1", "--as-of", "2026-02-26"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == [
        "期限：2026-02-12 起，3 个工作日内，延长 1",
        "到期日：2026-02-25（星期三）",
        "截至 2026-02-26：已用 5，剩余 -1，已超期",
    ]
    assert lines[7].split() == ["2026-02-14", "六", "调休上班，计入（春节）", "2"]
    assert lines[-2].split() == ["2026-02-25", "三", "计入", "4", "到期日"]
    assert lines[-1].split() == ["2026-02-26", "四", "计入", "5", "已过期限"]


def test_the_table_speaks_english(capsys):
    assert main(["due", "--start", "2026-12-30", "--limit", "2", "--as-of", "2027-01-01", "--lang", "en"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "Limit: within 2 working days from 2026-12-30",
        "Due on 2027-01-04 (Mon)",
        "As of 2027-01-01: 1 used, 1 remaining, not overdue",
        "Provisional: some days lie beyond the published calendar; to be reckoned anew when it is published",
    ]
    assert lines[-1].split() == ["2027-01-04", "Mon", "counted", "2", "Due", "on;", "provisional"]
    assert not any(ord(letter) > 0x2E80 for line in lines for letter in line)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("--limit 5", "give --start and --limit"),
        ("--start 2026-03-02", "give --start and --limit"),
        ("--json", "give --start and --limit"),
        ("--start 2026-02-30 --limit 5", "there is no day 2026-02-30"),
        ("--start 2026-3-2 --limit 5", "'2026-3-2' is no date; write 2026-03-02"),
        ("--start tomorrow --limit 5", "'tomorrow' is no date"),
        ("--start 1990-03-02 --limit 5", "write a day from 1992-01-01 to 2199-12-31"),
        ("--start 9999-12-31 --limit 5", "write a day from 1992-01-01 to 2199-12-31"),
        ("--start 2026-03-02 --limit -1", "'-1' is no whole number from 0 to 10000"),
        ("--start 2026-03-02 --limit 1.5", "'1.5' is no whole number"),
        ("--start 2026-03-02 --limit 10001", "'10001' is no whole number from 0 to 10000"),
        ("--start 2026-03-02 --limit 1201 --unit month", "'1201' is no whole number from 0 to 1200"),
        (f"--start 2026-03-02 --limit {'9' * 400}", "is no whole number from 0 to 10000"),
        ("--start 2026-03-02 --limit 5 --extend -3", "--extend: '-3' is no whole number"),
        ("--start 2026-03-02 --limit 5 --unit week", "invalid choice: 'week'"),
        ("--start 2026-03-02 --limit 5 --stop 2026-03-09", "write 2026-03-09..2026-03-20"),
        ("--start 2026-03-02 --limit 5 --stop 2026-03-09..", "'' is no date"),
        ("--start 2026-03-02 --limit 5 --stop 2026-03-09..2026-02-30", "there is no day 2026-02-30"),
        ("--start 2026-03-02 --limit 5 --stop 2026-03-09..2026-03-08", "write the first day first"),
        ("--start 2026-03-02 --limit 5 --stop 2026-03-09T08:00..2026-03-10", "--stop: '2026-03-09T08:00' is no date"),
        ("--start 2026-03-02 --limit 5 --as-of 2026-04-31", "--as-of: there is no day 2026-04-31"),
        ("--start 2026-03-02T15:00 --limit 5", "count whole days; write 2026-03-02, or add --closes"),
        ("--start 2026-03-02 --limit 5 --as-of 2026-03-02T15:00", "--as-of: working_day limits count whole days"),
        ("--start 2026-03-02 --limit 5 --unit hour", "hours need a time of day: --start 2026-03-02T09:00"),
        ("--start 2026-03-02T15:00 --limit 5 --unit hour --as-of 2026-03-03", "--as-of 2026-03-03T09:00"),
        ("--start 2026-03-02T25:00 --limit 5 --unit hour", "'2026-03-02T25:00' does not exist"),
        ("--start 9999-12-31T23:59-12:00 --limit 5 --unit hour", "write a day from 1992-01-01"),
        ("--start 2199-12-31T23:59-12:00 --limit 5 --unit hour", "write a day from 1992-01-01"),
        ("--start 2026-03-02T15:00+99:00 --limit 5 --unit hour", "'2026-03-02T15:00+99:00' does not exist"),
        ("--start 2026-03-02T15:00 --limit 5 --unit hour --closes 17:30", "leave --closes out"),
        ("--start 2026-03-02T15:00 --limit 5 --unit hour --direction before", "no law counts hours backwards"),
        ("--start 2026-03-02T15:00 --limit 5 --unit hour --working-hours 8-12", "'8' is no time of day"),
        ("--start 2026-03-02T15:00 --limit 5 --unit hour --working-hours 12:00-08:30", "is not in order"),
        ("--start 2026-03-02T15:00 --limit 5 --unit hour --working-hours 08:30-12:00,11:00-17:30", "is not in order"),
        ("--start 2026-03-02T15:00 --limit 5 --unit hour --working-hours 08:30-08:40", "less than an hour a day"),
        ("--start 2026-03-02 --limit 5 --working-hours 08:30-12:00", "--working-hours belongs to --unit hour"),
        ("--start 2026-03-02 --limit 5 --closes 25:00", "'25:00' is no time of day"),
        (
            "--start 2026-03-02 --limit 5 --direction before --stop 2026-03-01..2026-03-02",
            "neither stops nor ext",
        ),
        ("--start 2026-03-02 --limit 5 --direction before --extend 1", "neither stops nor ext"),
    ],
)
def test_a_question_without_an_answer_says_what_to_do(capsys, text, told):
    with pytest.raises(SystemExit) as left:
        main(["due", *text.split()])

    assert left.value.code == 2
    captured = capsys.readouterr()
    assert told in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_the_longest_question_is_answered(due):
    found = due("--start 2199-12-31 --limit 1200 --extend 1200 --unit month --stop 1992-01-01..2199-12-31")

    assert date.fromisoformat(found["due_on"]).year == 2399
    assert due(f"--start 2199-12-31T10:00 --limit 10000 --extend 10000 --unit hour {HOTLINE}")["provisional"]
