"""sunlit move: the plan first, then a proposal; another person approves."""

from __future__ import annotations

import json

import pytest

from engine import clock
from engine.__main__ import main
from tests import county
from tests.commands.versions import SECOND_LOOK, Files
from tests.county import ITEM, at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url, configure, tmp_path):
    """Two cases of version 1: one before acceptance, one accepted, whose open step differs in version 2."""
    configure(SUNLIT_TOKEN=county.PASSWORD)
    with clock.at(at("2026-03-02 10:00")):
        town = county.found()
        for _ in range(2):
            county.file(town)
        county.do(town, "li", 2, "intake/accept", "accept")
        files = Files(tmp_path).edit(*SECOND_LOOK)
        files.form("review", remark={"type": "string", "title": "备注", "title_en": "Remark"}).deploy(town)
        yield town


def test_the_plan_names_each_case_and_proposes_nothing(town, capsys):
    told = len(county.events("organ:1"))

    assert main(["move", ITEM, "--to", "2", "--plan"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "2026-YL-000001  intake/accept  1 -> 2  can move",
        "  - The new version puts 'look' ahead of this case.",
        "2026-YL-000002  review, site_inspection/inspect  1 -> 2  cannot move",
        "  ! 'review' is open and has another form in the new version; a draft might not fit.",
        "  - The new version puts 'look' ahead of this case.",
        "  - The clock 'promise:L03' runs on as it was started.",
        "1 can move, 1 cannot",
    ]
    assert len(county.events("organ:1")) == told


def test_who_can_move_is_proposed_and_another_approves(town, capsys):
    assert main(["move", ITEM, "--to", "2", "--as", "ma"]) == 0
    proposal = capsys.readouterr().out.splitlines()[-1].split()[1].rstrip(";")

    assert main(["approve", proposal, "--as", "ma"]) == 1
    assert main(["approve", proposal, "--as", "feng"]) == 0

    assert "moved 1, left 0" in capsys.readouterr().out
    assert county.types("2026-YL-000001")[-1] == "case.moved"
    assert "case.moved" not in county.types("2026-YL-000002")


def test_a_named_case_that_cannot_move_is_refused_with_the_reason(town, capsys):
    assert main(["move", ITEM, "--to", "2", "--case", "2026-YL-000002", "--as", "ma"]) == 1

    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("2026-YL-000002:")
    assert "a draft might not fit" in last


def test_the_first_that_can_move_are_a_part(town, capsys):
    county.file(town)

    assert main(["move", ITEM, "--to", "2", "--first", "1", "--as", "ma"]) == 0

    assert "2026-YL-000001" in (said := capsys.readouterr().out)
    assert "2026-YL-000003" not in said


def test_the_plan_as_json(town, capsys):
    assert main(["move", ITEM, "--to", "2", "--plan", "--json"]) == 0

    first, second = json.loads(capsys.readouterr().out)
    assert (first["number"], first["from"], first["to"], first["can_move"]) == ("2026-YL-000001", 1, 2, True)
    assert (second["can_move"], second["faults"][0]["code"], second["faults"][0]["at"]) == (False, "form", "review")


def test_without_a_proposer_there_is_only_a_plan(town, capsys):
    with pytest.raises(SystemExit) as left:
        main(["move", ITEM, "--to", "2"])

    assert left.value.code == 2
    assert "--as LOGIN" in capsys.readouterr().err


def test_an_unknown_version_is_said_in_one_line(town, capsys):
    assert main(["move", ITEM, "--to", "9", "--plan"]) == 1
    assert capsys.readouterr().err == f"sunlit: There is no version '{ITEM}@9'.\n"
