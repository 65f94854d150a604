"""Filing: numbers without gaps, forms that fit, drafts used once, identities sealed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import sealed
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.errors import AlreadyFiled, Invalid, NotFound
from engine.settings import settings
from tests import county
from tests.commands.test_races import race
from tests.county import ITEM, applicant, at, file
from tests.samples import FORMS

NOW = at("2026-03-02 10:00")
PDF = b"%PDF-1.7 a plan"


@pytest.fixture
def town(database_url):
    with clock.at(NOW):
        yield county.found()


def count(table) -> int:
    with reading() as conn:
        return conn.scalar(sa.select(sa.func.count()).select_from(table))


def test_numbers_are_given_without_gaps_whoever_files_at_once(town):
    def filing():
        with begin(town.li) as ctx:
            return commands.file_case(ctx, item=ITEM, applicant=applicant(), form=FORMS["case"], materials=())

    results = race(*[filing] * 6)

    assert sorted(filed.number for filed in results) == [f"2026-YL-{n:06d}" for n in range(1, 7)]


def test_a_filing_that_fails_uses_up_no_number(town):
    with pytest.raises(Invalid):
        file(town, area=0)

    assert file(town).number == "2026-YL-000001"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"area": 0}, "area"), ({"kind": "other"}, "kind"), ({"items": []}, "items"), ({"extra": 1}, "")],
)
def test_a_form_that_does_not_fit_is_refused_by_field(town, change, field):
    with pytest.raises(Invalid) as refusal:
        file(town, **change)

    assert field in [finding.where for finding in refusal.value.findings]
    assert count(t.case_) == 0


def test_each_missing_field_is_named(town):
    with pytest.raises(Invalid) as refusal, begin(town.li) as ctx:
        commands.file_case(ctx, item=ITEM, applicant=applicant(), form={"kind": "new"}, materials=())

    assert {"shop_name", "address", "area"} <= {finding.where for finding in refusal.value.findings}


@pytest.mark.parametrize("number", ["12345", "99900119880614001Y", ""])
def test_a_bad_identity_number_is_refused(town, number):
    with pytest.raises(Invalid) as refusal, begin(town.li) as ctx:
        commands.file_case(ctx, item=ITEM, applicant=applicant(number=number), form=FORMS["case"], materials=())

    assert [finding.where for finding in refusal.value.findings] == ["id_number"]


def test_an_unknown_material_is_refused(town):
    with pytest.raises(Invalid, match="unknown material: selfie"), begin(town.li) as ctx:
        commands.file_case(ctx, item=ITEM, applicant=applicant(), form=FORMS["case"], materials=("selfie",))


def test_an_applicant_is_one_person_however_often_they_apply(town):
    first, second = file(town), file(town)

    assert county.row(first.case).applicant == county.row(second.case).applicant


def test_identity_numbers_are_sealed(town):
    file(town)

    with reading() as conn:
        row = conn.execute(sa.select(t.person).where(t.person.c.name == "罗雨平")).one()
    assert b"999001198806140017" not in row.id_cipher
    assert sealed.unseal(row.id_cipher) == "999001198806140017"


def test_a_query_code_is_kept_only_as_a_hash(town):
    filed = file(town)

    assert len(filed.code) == 10
    assert filed.code not in county.row(filed.case).query_hash


def test_a_draft_is_filed_once(town):
    with begin(town.li) as ctx:
        draft = commands.save_draft(ctx, item=ITEM, step=None, body={"form": FORMS["case"]})
        commands.attach(ctx, draft=draft, material="floor_plan", name="../plan.pdf", kept=commands.keep_file(PDF))

    def filing():
        with begin(town.li) as ctx:
            return commands.file_case(
                ctx, item=ITEM, applicant=applicant(), form=FORMS["case"], materials=("floor_plan",), draft=draft
            )

    results = race(filing, filing)

    assert sorted(type(result).__name__ for result in results) == ["AlreadyFiled", "Filed"]
    assert (count(t.case_), count(t.draft)) == (1, 0)
    with reading() as conn:
        kept = conn.execute(sa.select(t.file)).one()
    assert (kept.case_, kept.draft, kept.name, kept.type) == (1, None, "plan.pdf", "application/pdf")
    assert (settings().data_dir / "files" / kept.stored).read_bytes() == PDF


def test_the_draft_of_another_is_not_there(town):
    with begin(town.li) as ctx:
        draft = commands.save_draft(ctx, item=ITEM, step=None, body={})

    with pytest.raises(NotFound), begin(town.hua) as ctx:
        commands.save_draft(ctx, item=ITEM, step=None, body={"form": {}}, draft=draft)
    with pytest.raises(NotFound), begin(town.hua) as ctx:
        commands.attach(ctx, draft=draft, material="floor_plan", name="a.pdf", kept=commands.keep_file(PDF))
    with pytest.raises(AlreadyFiled), begin(town.hua) as ctx:
        commands.file_case(ctx, item=ITEM, applicant=applicant(), form=FORMS["case"], materials=(), draft=draft)


@pytest.mark.parametrize("content", [b"<svg onload='x'/>", b"MZ\x90", b""])
def test_only_harmless_types_are_taken_by_content(town, content):
    with begin(town.li) as ctx:
        draft = commands.save_draft(ctx, item=ITEM, step=None, body={})

    with pytest.raises(Invalid, match="only PDF, PNG and JPEG"), begin(town.li) as ctx:
        commands.attach(ctx, draft=draft, material="floor_plan", name="a.pdf", kept=commands.keep_file(content))


def test_the_trace_is_guarded_below_the_program(town):
    file(town)

    for statement in ("UPDATE event SET type = 'x'", "DELETE FROM event", "DELETE FROM act"):
        with pytest.raises(sa.exc.DBAPIError), engine(settings().database_url).begin() as conn:
            conn.exec_driver_sql(statement)
