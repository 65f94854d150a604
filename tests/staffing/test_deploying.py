"""An item that an organ offers and cannot do does not go live; the advice, followed, lets it."""

from __future__ import annotations

import pytest

from engine import clock, commands
from engine.__main__ import main
from engine.commands import definitions
from engine.commands.staffing import lacking
from engine.db.store import begin
from engine.errors import NotStaffed
from tests.commands import offices
from tests.commands.offices import TODAY
from tests.county import PASSWORD, at, events
from tests.staffing.township import ALL, deploy, found, item, outlook

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(autouse=True)
def real(database_url, monkeypatch):
    """Elsewhere small counties deploy what they have no officers for."""
    monkeypatch.setattr(definitions, "lacking", lacking)
    with clock.at(at("2026-03-02 10:00")):
        yield


def people(*logins: str):
    return dict.fromkeys(logins, (ALL, "shimen"))


def test_a_township_with_two_officers_cannot_deploy_and_the_refusal_names_it():
    town = found(people("ding", "luo"))

    with pytest.raises(NotStaffed) as refused:
        deploy(town, item())
    assert (refused.value.item, refused.value.organ) == ("small", "石门乡")
    assert "Review (Reviewer) needs one of Ding, Luo" in str(refused.value)
    assert "「审查」（审查岗）需要 1 人，只有Ding、Luo" in refused.value.zh


def test_the_trace_keeps_the_refusal_and_nobodys_name():
    town = found(people("ding", "luo"))
    with pytest.raises(NotStaffed):
        deploy(town, item())

    said = events(offices.CHAIN)[-1]
    assert (said["type"], said["facts"]["error"]) == ("refused", "NotStaffed")
    assert "Ding" not in said["facts"]["why"]
    assert "石门乡" in said["facts"]["why"]


def test_with_one_more_officer_the_same_proposal_is_approved():
    town = found(people("ding", "luo") | {"zhou": ("", "shimen")})
    with begin(town.ma) as ctx:
        proposal = commands.propose_definition(ctx, item())
    with pytest.raises(NotStaffed):
        offices.approve(town, proposal, by="feng")

    offices.approve(town, offices.post(town, "zhou", "reviewer", "shimen"))
    offices.approve(town, proposal, by="feng")
    assert outlook().possible


def test_who_is_away_comes_back_and_does_not_keep_an_item_from_going_live():
    town = found(people("ding", "luo", "bai"))
    away = {"from_on": TODAY, "to_on": TODAY, "kind": "leave"}
    offices.do(town, commands.propose_absence, officer=offices.person(town, "bai"), **away)

    deploy(town, item())
    assert not outlook().possible


def test_an_item_that_nobody_can_file_yet_goes_live():
    deploy(found({"ding": ("reviewer", "shimen")}), item())


def test_only_the_organs_that_offer_it_are_asked():
    deploy(found(people("ding", "luo", "bai") | {"tan": ("reviewer", "centre")}), item())


def test_who_proposes_it_on_the_command_line_is_warned(capsys, configure, database_url, tmp_path):
    configure(SUNLIT_DATABASE_URL=database_url, SUNLIT_TOKEN=PASSWORD)
    found(people("ding", "luo"))
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "flow.bpmn").write_bytes(item().xml)

    assert main(["deploy", str(folder), "--as", "ma"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("it would be refused as things stand, for 石门乡: 「受理」")
    assert said[1].startswith("proposal ")
