"""`sunlit staff`: the JSON as promised, words for people, exit codes, clear errors."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine import clock
from engine.__main__ import main
from tests.county import at
from tests.staffing.township import ALL, deploy, found, item

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def today(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield


def people(*logins: str) -> dict[str, Any]:
    return dict.fromkeys(logins, (ALL, "shimen"))


def told(capsys: Any, *words: str) -> tuple[int, dict[str, Any]]:
    code = main(["staff", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_of_one_organ_the_json_is_exactly_this(capsys):
    deploy(found(people("ding", "luo", "bai")), item())

    code, said = told(capsys, "small")
    assert code == 0
    assert set(said) == {"paths", "breaks_without", "advice"}
    (path,) = said["paths"]
    roster = path.pop("roster")
    assert path == {"steps": ["accept", "review", "decide"], "possible": True, "conflict": None}
    assert sorted(roster) == ["accept", "decide", "review"]
    assert sorted(who for (who,) in roster.values()) == ["bai", "ding", "luo"]
    assert said["breaks_without"] == [["ding"], ["luo"], ["bai"]]


def test_a_township_with_two_officers_cannot_and_is_told_why_and_what_helps(capsys):
    deploy(found(people("ding", "luo")), item())

    code, said = told(capsys, "small", "--organ", "shimen")
    assert code == 1
    (path,) = said["paths"]
    assert (path["possible"], path["roster"]) == (False, {})
    assert "「审查」（审查岗）需要 1 人，只有Ding、Luo" in path["conflict"]
    assert "SOD-03: Accept and Review by different persons" in path["conflict"]
    assert said["breaks_without"] == []
    assert any("审查岗" in each and "grant the post Reviewer in Shimen to" in each for each in said["advice"])


def test_who_is_said_to_be_absent_is_away(capsys):
    deploy(found(people("ding", "luo", "bai", "tan")), item())

    assert told(capsys, "small", "--absent", "ding")[0] == 0
    code, said = told(capsys, "small", "--absent", "ding", "--absent", "tan")
    assert code == 1
    assert "luo" not in json.dumps(said["paths"][0]["roster"])


def test_of_several_organs_each_has_its_own_answer_beside_the_whole(capsys):
    deploy(found(people("ding", "luo", "bai") | {"li": ("acceptance", "w1")}), item())

    code, said = told(capsys, "small")
    assert code == 1
    assert [(path["organ"], path["possible"]) for path in said["paths"]] == [("centre", False), ("shimen", True)]
    assert said["breaks_without"] == [["bai"], ["ding"], ["luo"]]
    assert said["advice"] == [each for organ in said["organs"].values() for each in organ["advice"]]
    assert said["organs"]["shimen"] == told(capsys, "small", "--organ", "shimen")[1]


def test_people_read_who_would_do_it_or_why_nobody_can(capsys):
    deploy(found(people("ding", "luo", "bai") | {"li": ("acceptance", "w1")}), item())

    assert main(["staff", "small"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "县政务服务中心 (centre): 0 of 1 paths can be staffed"
    assert said[1] == "  no   「受理」 → 「审查」 → 「决定」 (1 paths)"
    shimen = said[said.index("石门乡 (shimen): 1 of 1 paths can be staffed") :]
    assert shimen[1].startswith("  yes  「受理」 ")
    assert shimen[2:5] == [f"  fails without {name} ({name.lower()})" for name in ("Ding", "Luo", "Bai")]


def test_that_any_one_may_be_away_is_said(capsys):
    deploy(found(people("ding", "luo", "bai", "tan")), item())

    assert main(["staff", "small"]) == 0
    assert "  survives any one absence" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nothing"], "There is no item 'nothing'."),
        (["small", "--organ", "nowhere"], "There is no organ 'nowhere'."),
        (["small", "--absent", "nobody"], "There is no officer 'nobody'."),
    ],
)
def test_a_wrong_item_organ_or_login_is_named(capsys, words, said):
    deploy(found(people("ding", "luo", "bai")), item())

    assert main(["staff", *words]) == 1
    assert capsys.readouterr().err == f"sunlit: {said}\n"
