"""The rules in force are those that two persons adopted; a file edited on disk changes nothing until then."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.store import begin, book, reading
from engine.errors import Invalid, NotYourRole, PostsExclude, SameProposer
from engine.settings import settings
from tests import county
from tests.commands.offices import approve, last, post, posts, propose, rows
from tests.county import at

NOW = at("2026-03-02 10:00")
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url, configure, tmp_path):
    copy = tmp_path / "processes"
    shutil.copytree(settings().processes, copy, ignore=shutil.ignore_patterns("efficacy_card", "_template"))
    configure(SUNLIT_DATABASE_URL=database_url, SUNLIT_PROCESSES=str(copy))
    with clock.at(NOW):
        yield county.found()


def edit(name: str, before: str, after: str) -> None:
    path: Path = settings().processes / "_rules" / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def loosen() -> None:
    """Let a monitor handle cases: what somebody with the disk alone might try."""
    edit("separations.toml", 'one = ["monitor", "card_reviewer"', 'one = ["card_reviewer"')


def propose_rules(town, by: str = "ma") -> int:
    return propose(town, commands.propose_rules, by=by)


def test_an_edited_file_is_in_force_only_after_two_persons_acted(town):
    loosen()

    with pytest.raises(PostsExclude):
        post(town, "qian", "reviewer")
    proposal = propose_rules(town)
    with pytest.raises(PostsExclude):
        post(town, "qian", "reviewer")
    approve(town, proposal)

    approve(town, post(town, "qian", "reviewer"))
    assert posts(town, "qian") == {("monitor", "yl"), ("reviewer", "yl")}
    assert [row.proposal for row in rows("rulebook")][1:] == [proposal]
    assert last(kind="rules.adopted")["facts"] == {"proposal": proposal, "digest": rows("rulebook")[-1].sha256}
    with reading() as conn:
        assert commands.check(conn).faults == []


@sqlite
def test_the_files_are_adopted_as_the_county_is_founded(town):
    assert [row.proposal for row in rows("rulebook")] == [1]
    assert last(kind="rules.adopted")["facts"]["digest"] == rows("rulebook")[0].sha256
    with reading() as conn:
        assert commands.rules_differing(conn) == ()


@sqlite
def test_a_read_says_what_differs_on_disk(town):
    loosen()

    with reading() as conn:
        (found,) = commands.rules_differing(conn)
    propose_rules(town)
    with reading() as conn:
        assert commands.proposed_rules(conn, rows("proposal")[-1].body_json) == (found,)
    assert found.name == "separations.toml"
    assert found.before.replace('one = ["monitor", "card_reviewer"', 'one = ["card_reviewer"', 1) == found.after


@sqlite
def test_pages_ask_for_the_adopted_rules_too(town):
    edit("posts.toml", 'name = "审查岗"', 'name = "改名岗"')
    assert book().posts["reviewer"].name == "审查岗"

    approve(town, propose_rules(town))

    assert book().posts["reviewer"].name == "改名岗"


@sqlite
def test_the_same_person_does_not_do_both(town):
    loosen()
    proposal = propose_rules(town)

    with pytest.raises(SameProposer):
        approve(town, proposal, by="ma")
    for by in ("lu", "zhao"):
        with pytest.raises(NotYourRole):
            propose_rules(town, by=by)
        with pytest.raises(NotYourRole):
            approve(town, proposal, by=by)
    approve(town, proposal, by="feng")


@sqlite
def test_files_that_do_not_parse_are_refused_with_every_finding(town):
    edit("posts.toml", 'power = "serve"', 'power = "magic"')
    edit("lamps.toml", "blue_percent", "purple_percent")

    with pytest.raises(Invalid) as refused:
        propose_rules(town)

    assert {Path(finding.file).name for finding in refused.value.findings} == {"posts.toml", "lamps.toml"}


@sqlite
def test_nothing_that_the_trace_names_vanishes(town):
    edit("posts.toml", 'code = "publisher"', 'code = "herald"')
    edit("separations.toml", '"hearing_chair", "publisher"', '"hearing_chair", "herald"')
    for path in (settings().processes / "_rules").glob("separations.toml"):
        path.write_text(path.read_text(encoding="utf-8").replace('"publisher"', '"herald"'), encoding="utf-8")

    with pytest.raises(Invalid) as refused:
        propose_rules(town)

    assert [finding.where for finding in refused.value.findings] == ["publisher"]


@sqlite
def test_no_change_is_no_proposal_and_an_overtaken_one_is_not_carried_out(town):
    with pytest.raises(Invalid):
        propose_rules(town)
    loosen()
    first = propose_rules(town)
    edit("posts.toml", 'name = "审查岗"', 'name = "改名岗"')
    second = propose_rules(town, by="feng")
    approve(town, first)

    with pytest.raises(Invalid):
        approve(town, second)
    assert len(rows("rulebook")) == 2


@sqlite
def test_a_database_without_adopted_rules_goes_by_the_files(town):
    with begin(town.lu) as ctx:
        ctx.conn.execute(sa.delete(t.rulebook))
    loosen()

    approve(town, post(town, "qian", "reviewer"))
    with reading() as conn:
        assert commands.rules_differing(conn) == ()


@sqlite
def test_what_was_proposed_is_carried_out_whatever_lies_on_disk_by_then(town):
    loosen()
    proposal = propose_rules(town)
    edit("posts.toml", 'name = "审查岗"', 'name = "改名岗"')

    approve(town, proposal)

    assert book().posts["reviewer"].name == "审查岗"
    with reading() as conn:
        assert [each.name for each in commands.rules_differing(conn)] == ["posts.toml"]
