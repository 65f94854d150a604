"""People on the command line: found a county, propose, approve, change a password, enrol a second factor."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import pytest

from engine import clock, commands, verifier
from engine.__main__ import main
from engine.db.store import begin, reading
from engine.model import Actor
from engine.settings import settings
from tests import county
from tests.commands.offices import held, posts, rows
from tests.commands.test_second_factor import code
from tests.county import PASSWORD, at

NOW = at("2026-03-02 10:00")
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def type_in(monkeypatch):
    """Answer what is asked for, in this order."""

    def answers(*words: str) -> None:
        left = iter(words)
        monkeypatch.setattr(getpass, "getpass", lambda _: next(left))
        monkeypatch.setattr("builtins.input", lambda _: next(left))

    return answers


@pytest.fixture
def town(database_url, configure):
    configure(SUNLIT_DATABASE_URL=database_url, SUNLIT_TOKEN=PASSWORD)
    with clock.at(NOW):
        yield county.found()


def test_what_a_county_needs_from_its_first_day_on_takes_no_page(town, capsys, type_in, tmp_path: Path):
    type_in("999001199001010019")
    assert main(["propose", "officer", "bai", "--name", "白云舒", "--as", "lu"]) == 0
    officer = rows("proposal")[-1].id
    assert main(["approve", str(officer), "--as", "jin"]) == 0
    assert len(capsys.readouterr().out.splitlines()[-1].split()[-1]) == 14

    day = ["--from", "2026-03-02"]
    assert main(["propose", "post", "bai", "reviewer", "yl", *day, "--as", "lu"]) == 0
    granted = held(town, "li", "acceptance")
    assert main(["propose", "stand-in", "zhou", str(granted), *day, "--as", "lu"]) == 0
    assert main(["propose", "absence", "li", *day, "--to", "2026-03-04", "--as", "li"]) == 0
    assert main(["propose", "end-post", str(granted), "--to", "2026-03-31", "--reason", "调岗", "--as", "lu"]) == 0
    assert main(["propose", "leaving", "he", "--to", "2026-03-02", "--as", "lu"]) == 0
    for kind in ("close-account", "reopen-account", "new-password"):
        assert main(["propose", kind, "wu", "--as", "lu"]) == 0
    for proposal in [row.id for row in rows("proposal") if row.approved_by is None]:
        assert main(["approve", str(proposal), "--as", "jin"]) == 0

    assert posts(town, "he") == set()
    assert posts(town, "zhou") == {("acceptance", "w1")}
    assert main(["export", str(tmp_path / "trace")]) == 0
    assert verifier.check(tmp_path / "trace").count == 0
    absence = str(rows("absence")[0].id)
    assert main(["propose", "end-absence", absence, "--to", "2026-03-03", "--as", "li"]) == 0
    assert main(["approve", str(rows("proposal")[-1].id), "--as", "jin"]) == 0
    capsys.readouterr()
    assert main(["officer", "li"]) == 0
    assert capsys.readouterr().out == (
        f"post {granted}: 窗口受理岗, 1 号窗口, 2026-01-01 to 2026-03-31\n"
        f"stand-in {rows('stand_in')[0].id}: has a stand-in for post {granted}, 2026-03-02 to 2026-03-31\n"
        f"absence {rows('absence')[0].id}: 2026-03-02 to 2026-03-03\n"
    )


def test_refusals_say_why(town, capsys):
    assert main(["propose", "post", "lu", "reviewer", "yl", "--from", "2026-03-02", "--as", "lu"]) == 1
    assert "about yourself" in capsys.readouterr().err
    assert main(["propose", "post", "zhou", "reviewer", "nowhere", "--from", "2026-03-02", "--as", "lu"]) == 1
    assert main(["propose", "rules", "--as", "ma"]) == 1
    assert "nothing would change" in capsys.readouterr().out


def test_an_own_password_and_an_own_second_factor(town, configure, database_url, type_in, monkeypatch):
    type_in("another password", "another password")
    assert main(["password", "--as", "li"]) == 0
    configure(SUNLIT_TOKEN="another password")
    type_in("nothing", "anything")
    assert main(["password", "--as", "li"]) == 2
    shown: list[commands.Enrolment] = []
    enrol = commands.enrol_second_factor
    monkeypatch.setattr("engine.cli.factor.enrol_second_factor", lambda ctx: shown.append(enrol(ctx)) or shown[0])
    monkeypatch.setattr("builtins.input", lambda _: code(shown[0].secret, clock.real()))
    assert main(["factor", "--as", "li"]) == 0

    type_in(code(shown[0].secret, clock.real(), steps=1))
    assert main(["propose", "absence", "li", "--from", "2026-03-02", "--to", "2026-03-02", "--as", "li"]) == 0


def test_the_founders_of_a_real_county_choose_their_passwords(
    database_url, configure, type_in, monkeypatch, capsys, tmp_path: Path
):
    configure(SUNLIT_DATABASE_URL=database_url)
    whole = (settings().processes / "_demo" / "county.toml").read_text(encoding="utf-8")
    small = tmp_path / "county.toml"
    small.write_text(whole[: whole.index("\n[plan]")], encoding="utf-8")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    type_in("short", "of my own one", "differs", "of my own one", "of my own one", "of my own two", "of my own two")

    assert main(["seed", str(small)]) == 0

    printed = capsys.readouterr().out
    assert "of my own" not in printed
    assert [row.login for row in rows("account") if not row.must_change] == ["ma_qianli", "shen_bingzhi"]
    with begin(Actor(person=0, channel="cli")) as ctx:
        assert commands.authenticate(ctx, "ma_qianli", "of my own one", "cli").account
    with reading() as conn:
        assert commands.check(conn).faults == []
