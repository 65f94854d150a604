"""Who keeps out of a case keeps out of office acts on it too: a new code, a withdrawal, corrections, repairs, moves."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.store import begin
from engine.errors import OwnCase, RecusalPending, Recused, TieFound
from tests import county, faulty, recusals
from tests.commands import mended, office, versions
from tests.county import at, events, file

KEPT_OUT = {"upheld": Recused, "pending": RecusalPending, "tie": TieFound}
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def keep_out(town, case: int, who: str, how: str) -> None:
    """Let an officer keep out of a case: by a decision, while it is waited for, or for a registered tie."""
    if how == "tie":
        recusals.tie(town, who, county.row(case).applicant, "spouse")
        return
    row = {
        "case_": case, "officer": town.people[who].person, "organ": 1, "source": "self", "kind": "collateral",
        "reason": "亲属", "raised_by": town.people[who].person, "raised_at": at("2026-03-02 09:00"),
    }  # fmt: skip
    decided = {"decided_by": town.qin.person, "decided_at": at("2026-03-02 09:30"), "upheld": True, "decision": "是"}
    office.change(sa.insert(t.recusal).values(row | (decided if how == "upheld" else {})))


def refused(filed) -> dict[str, str]:
    return {key: events(filed.number)[-1]["facts"][key] for key in ("error", "verb")} | {
        "rule": events(filed.number)[-1]["rule"]
    }


@pytest.mark.parametrize("how", KEPT_OUT)
def test_no_new_code_is_given_out_by_who_keeps_out(town, filed, how):
    keep_out(town, filed.case, "li", how)
    before = county.row(filed.case).query_hash

    with pytest.raises(KEPT_OUT[how]), begin(town.li) as ctx:
        commands.reissue_code(ctx, filed.case)

    assert county.row(filed.case).query_hash == before
    assert refused(filed) == {"error": KEPT_OUT[how].__name__, "verb": "reissue_code", "rule": "SOD-08"}
    with begin(town.mei) as ctx:
        assert commands.reissue_code(ctx, filed.case)


@pytest.mark.parametrize("how", KEPT_OUT)
def test_nothing_is_withdrawn_at_the_window_by_who_keeps_out(town, filed, how):
    keep_out(town, filed.case, "li", how)

    with pytest.raises(KEPT_OUT[how]), begin(town.li) as ctx:
        commands.withdraw(ctx, filed.case, reason="不办了")

    assert county.row(filed.case).state == "open"
    assert refused(filed) == {"error": KEPT_OUT[how].__name__, "verb": "withdraw", "rule": "SOD-08"}


def test_the_applicant_withdraws_himself_whoever_keeps_out(town, filed):
    keep_out(town, filed.case, "li", "upheld")

    with begin(recusals.applicant(filed.case)) as ctx:
        commands.withdraw(ctx, filed.case, reason="不办了")

    assert county.row(filed.case).state == "withdrawn"


@SQLITE
@pytest.mark.parametrize("column", ["applicant", "agent"])
def test_an_officer_does_neither_for_an_own_case(town, filed, column):
    recusals.write(sa.update(t.case_).where(t.case_.c.id == filed.case).values({column: town.li.person}))

    with pytest.raises(OwnCase), begin(town.li) as ctx:
        commands.reissue_code(ctx, filed.case)
    if column == "agent":
        with pytest.raises(OwnCase), begin(town.li) as ctx:
            commands.withdraw(ctx, filed.case, reason="不办了")


def stands_in(town, who: str = "li", holder: str = "mei") -> None:
    """Let an officer whose own post lies at the second window stand in for a holder at the first, who is away."""
    own = t.assignment.c.person == town.people[who].person
    elsewhere = sa.select(t.organ.c.id).where(t.organ.c.code == "shimen").scalar_subquery()
    office.change(sa.update(t.assignment).where(own).values(organ=elsewhere))
    post = sa.select(t.assignment.c.id).where(t.assignment.c.person == town.people[holder].person).scalar_subquery()
    row = {"assignment": post, "person": town.people[who].person, "from_on": date(2026, 1, 1), "proposal": 1}
    office.change(sa.insert(t.stand_in).values(row))
    office.away(town.people[holder], date(2026, 3, 2))


@SQLITE
def test_a_stand_in_gives_the_code_out_in_the_name_of_the_holder(town, filed):
    stands_in(town)

    with begin(town.li) as ctx:
        commands.reissue_code(ctx, filed.case)

    told = events(filed.number)[-1]
    with begin(town.mei) as ctx:
        mei = ctx.pseudonym
    assert (told["type"], told["post"], told["on_behalf"]) == ("case.code_reissued", "acceptance", mei)


@SQLITE
@pytest.mark.parametrize("how", KEPT_OUT)
def test_a_stand_in_gives_none_out_while_the_holder_keeps_out(town, filed, how):
    stands_in(town)
    keep_out(town, filed.case, "mei", how)

    with pytest.raises(KEPT_OUT[how]), begin(town.li) as ctx:
        commands.reissue_code(ctx, filed.case)


@pytest.mark.parametrize("how", KEPT_OUT)
def test_who_keeps_out_neither_proposes_a_correction_nor_approves_one(town, filed, how):
    what = {"mark": "received", "on": date(2026, 2, 27)}
    keep_out(town, filed.case, "li", how)
    with pytest.raises(KEPT_OUT[how]):
        mended.propose(town.li, filed.case, **what)

    key = mended.propose(town.mei, filed.case, **what)
    keep_out(town, filed.case, "qin", how)
    with pytest.raises(KEPT_OUT[how]):
        mended.approve(town.qin, key)
    assert "mark.corrected" not in county.types(filed.number)


@SQLITE
@pytest.mark.parametrize("how", KEPT_OUT)
def test_who_keeps_out_neither_proposes_a_repair_nor_approves_one(database_url, tmp_path, how):
    with faulty.found() as town:
        filed = faulty.broken(town)
        key = faulty.propose(town, filed.case)
        keep_out(town, filed.case, "feng", how)
        keep_out(town, filed.case, "ma", how)

        with pytest.raises(KEPT_OUT[how]):
            faulty.propose(town, filed.case)
        with pytest.raises(KEPT_OUT[how]):
            faulty.approve(town, key)

    assert county.row(filed.case).state == "fault"


@SQLITE
@pytest.mark.parametrize("how", KEPT_OUT)
def test_who_keeps_out_of_one_case_neither_proposes_a_move_of_it_nor_approves_one(town, filed, tmp_path, how):
    other = file(town)
    versions.Files(tmp_path).edit(*versions.RENAMED).deploy(town)
    key = versions.propose(town, filed.number, other.number)
    keep_out(town, filed.case, "ma", how)
    keep_out(town, filed.case, "feng", how)

    with pytest.raises(KEPT_OUT[how]):
        versions.propose(town, filed.number, other.number)
    with pytest.raises(KEPT_OUT[how]):
        versions.approve(town, key)

    assert refused(filed)["error"] == KEPT_OUT[how].__name__
    assert "case.moved" not in county.types(filed.number) + county.types(other.number)
