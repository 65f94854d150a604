"""Drafts and materials: kept for their author, used up by the filing."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.commands import drafts
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import AlreadyFiled, Invalid, NotFound
from tests import county
from tests.county import at, claim, do, file
from tests.samples import FORMS

PDF = b"%PDF-1.7 a plan of the kitchen"


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield county.found()


def save(town, who: str = "li", **given) -> int:
    with begin(town.people[who]) as ctx:
        return commands.save_draft(ctx, **{"item": county.ITEM, "step": None, "body": {"name": "a"}} | given)


def attach(town, draft: int, content: bytes = PDF, who: str = "li") -> int:
    with begin(town.people[who]) as ctx:
        return commands.attach(
            ctx, draft=draft, material="plan", name="C:/../plan.pdf", kept=commands.keep_file(content)
        )


def rows(table: sa.Table) -> list[sa.Row]:
    with reading() as conn:
        return list(conn.execute(sa.select(table).order_by(table.c.id)))


def test_saving_a_draft_again_overwrites_it(town):
    first = save(town)

    again = save(town, draft=first, body={"name": "b"})

    assert [(row.id, row.item, row.body_json) for row in rows(t.draft)] == [(first, county.ITEM, '{"name":"b"}')]
    assert again == first


def test_a_step_has_one_draft_a_person_and_loses_it_when_it_is_done(town):
    step = claim(town, "li", file(town).case, "intake/accept")

    first, again = save(town, item=None, step=step), save(town, item=None, step=step, body={"name": "b"})
    kept = [row.body_json for row in rows(t.draft)]
    with begin(town.li) as ctx:
        commands.complete(ctx, step, outcome="accept", form=FORMS.get("intake/accept", {}), opinion="同意")

    assert (again, kept) == (first, ['{"name":"b"}'])
    assert rows(t.draft) == []


def test_the_first_signatory_loses_only_the_own_draft(town):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    step = claim(town, "chen", filed.case, "site_inspection/inspect")
    save(town, "chen", item=None, step=step)
    other = save(town, "liu", item=None, step=step)

    do(town, "chen", filed.case, "site_inspection/inspect", "pass")

    assert [row.id for row in rows(t.draft)] == [other]


def test_a_draft_is_for_its_author_alone(town):
    draft = save(town)
    file_id = attach(town, draft)

    with pytest.raises(NotFound):
        save(town, "wang", draft=draft)
    with pytest.raises(NotFound), begin(town.wang) as ctx:
        commands.discard_draft(ctx, draft)
    with pytest.raises(NotFound), begin(town.wang) as ctx:
        commands.detach(ctx, file_id)

    assert len(rows(t.draft)) == len(rows(t.file)) == 1


def test_an_attached_file_lies_on_disk_under_a_random_name(town):
    attach(town, save(town))

    (row,) = rows(t.file)
    assert (row.name, row.type, row.size) == ("plan.pdf", "application/pdf", len(PDF))
    assert row.sha256 == hashlib.sha256(PDF).hexdigest()
    assert drafts.path(row.stored).read_bytes() == PDF


def test_only_known_types_are_attached(town):
    with pytest.raises(Invalid, match="PDF, PNG and JPEG"):
        attach(town, save(town), b"MZ")

    assert rows(t.file) == []


def test_a_file_can_be_taken_out_and_a_draft_be_thrown_away(town):
    draft = save(town)
    first = attach(town, draft)
    attach(town, draft)

    with begin(town.li) as ctx:
        commands.detach(ctx, first)
    left = [row.id for row in rows(t.file)]
    with begin(town.li) as ctx:
        commands.discard_draft(ctx, draft)

    assert first not in left
    assert len(left) == 1
    assert (rows(t.draft), rows(t.file)) == ([], [])


def test_filing_takes_the_files_over_and_uses_the_draft_up(town):
    draft = save(town)
    attach(town, draft)

    with begin(town.li) as ctx:
        filed = file_from(ctx, draft)
    with pytest.raises(AlreadyFiled), begin(town.li) as ctx:
        file_from(ctx, draft)

    assert [(row.case_, row.draft) for row in rows(t.file)] == [(filed.case, None)]
    assert rows(t.draft) == []


def file_from(ctx, draft: int) -> commands.Filed:
    return commands.file_case(
        ctx, item=county.ITEM, applicant=county.applicant(), form=FORMS["case"], materials=(), draft=draft
    )
