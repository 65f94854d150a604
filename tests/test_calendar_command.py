"""sunlit calendar: a notice is proposed from a file and approved by another; what is in force is shown."""

from __future__ import annotations

import pytest

from engine import clock
from engine.__main__ import main
from tests import county
from tests.county import at
from tests.notices import MAKEUP, OFF, SOURCE, notice, text

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url, configure):
    configure(SUNLIT_TOKEN=county.PASSWORD)
    with clock.at(at("2026-12-14 10:00")):
        town = county.found()
        county.file(town)
        county.do(town, "li", 1, "intake/accept", "accept")
        yield town


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "2027.json"
    file.write_text(text(notice()), encoding="utf-8")
    return file


def test_a_notice_is_proposed_and_another_approves(town, file, capsys):
    assert main(["calendar", "adopt", str(file), "--as", "feng"]) == 0
    proposal = capsys.readouterr().out.split()[1].rstrip(";")

    assert main(["approve", proposal, "--as", "feng"]) == 1
    assert main(["approve", proposal, "--as", "ma"]) == 0

    assert "calendar 2027: clocks moved 1" in capsys.readouterr().out
    assert county.types("2026-YL-000001")[-1] == "clock.moved"
    assert main(["verify"]) == 0


def test_what_is_in_force_is_shown(town, file, capsys):
    assert main(["calendar", "show"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line[:4] for line in shown] == ["2023", "2024", "2025", "2026", "late"]
    assert "248 working days" in shown[3]
    assert main(["calendar", "show", "2027"]) == 1

    main(["calendar", "adopt", str(file), "--as", "feng"])
    main(["approve", "3", "--as", "ma"])
    capsys.readouterr()
    assert main(["calendar", "show", "2027"]) == 0

    first, *days = capsys.readouterr().out.splitlines()
    assert first.endswith(SOURCE)
    assert [line[:10] for line in days] == sorted([*OFF, *MAKEUP])
    assert "2027-01-16 Sat  working  元旦" in days
    assert "2027-01-04 Mon  off      元旦" in days


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (text(notice()).replace("2027-01-02", "2027-01-01"), ":9: calendar: notice: '2027-01-01' stands here twice"),
        (text(notice(["2026-01-01"], [], 2026)), "2026 is adopted already"),
        (text(notice(["2028-01-01"], [], 2028)), "the next one is 2027"),
    ],
)
def test_a_file_that_cannot_be_adopted_is_refused_with_exit_2(town, file, capsys, told, said):
    file.write_text(told, encoding="utf-8")

    assert main(["calendar", "adopt", str(file), "--as", "feng"]) == 2

    assert said in capsys.readouterr().out


def test_a_file_that_is_not_there_is_said_in_one_line(town, tmp_path, capsys):
    assert main(["calendar", "adopt", str(tmp_path / "none.json"), "--as", "feng"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_without_the_post_nothing_is_proposed(town, file):
    assert main(["calendar", "adopt", str(file), "--as", "li"]) == 1


def test_an_adopted_year_changes_with_amend_only(town, file):
    main(["calendar", "adopt", str(file), "--as", "feng"])
    main(["approve", "3", "--as", "ma"])
    file.write_text(text(notice(makeup=["2027-01-09"])), encoding="utf-8")

    assert main(["calendar", "adopt", str(file), "--as", "feng"]) == 2
    assert main(["calendar", "adopt", str(file), "--amend", "--as", "feng"]) == 0
