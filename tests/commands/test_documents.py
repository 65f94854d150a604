"""Documents are made with their step, numbered without gaps, put on paper once, and served only then."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine import clock, commands, notices
from engine.commands import rendering
from engine.db import due, record
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import Invalid, NotFound, NotRendered
from engine.rules.documents import Document, missing, newest, short
from engine.settings import settings
from tests import county
from tests.commands.test_atomicity import everything
from tests.county import at, claim, do, events, file, step, types
from tests.documents.filled import COMMON, OWN
from tests.samples import FORMS

MONDAY = at("2026-03-02 10:00")


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield county.found()


def made(case: int) -> list:
    with reading() as conn:
        return conn.execute(sa.select(t.document).where(t.document.c.case_ == case).order_by(t.document.c.id)).all()


def kinds(case: int) -> list[str]:
    return [row.kind for row in made(case)]


def granted(town) -> commands.Filed:
    filed = file(town, kind="change")
    for who, path, outcome in (
        ("li", "intake/accept", "accept"),
        ("wang", "review", "pass"),
        ("he", "recheck", "agree"),
        ("zhao", "decide", "grant"),
    ):
        do(town, who, filed.case, path, outcome)
    return filed


def test_every_step_that_decides_something_makes_its_document(town):
    filed = granted(town)
    do(town, "wu", filed.case, "issue/make", "done")
    do(town, "wu", filed.case, "issue/deliver", "done")

    assert kinds(filed.case) == ["receipt", "acceptance", "grant", "service_record"]
    grant = json.loads(made(filed.case)[2].facts_json)
    assert (grant["applicant"], grant["handler"], grant["case"]) == ("罗雨平", "Zhao", filed.number)
    assert grant["grant_content"] == FORMS["decide:grant"]["grant_content"]
    served = json.loads(made(filed.case)[3].facts_json)["served"]
    assert served == [{"name": "准予行政许可决定书", "number": made(filed.case)[2].number}]


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [("accept", "acceptance"), ("supplement", "supplement_notice"), ("not_ours", "not_accepted")],
)
def test_the_outcome_chooses_the_document(town, outcome, kind):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", outcome)

    assert kinds(filed.case) == ["receipt", kind]


def test_a_receipt_lists_what_was_handed_in_and_what_runs(town):
    with begin(town.li) as ctx:
        filed = commands.file_case(
            ctx,
            item=county.ITEM,
            applicant=county.applicant(),
            form=FORMS["case"],
            materials=["floor_plan", "business_licence"],
        )
    facts = json.loads(made(filed.case)[0].facts_json)

    assert [(m["name"], m["shared"]) for m in facts["materials"]] == [
        ("主体资格证明（营业执照等）", True),
        ("经营场所平面布局图", False),
    ]
    assert facts["received_at"] == "2026-03-02 10:00"
    assert [(each["due_on"], each["amount"]) for each in facts["limits"]] == [("2026-03-09", 5)]


def test_silence_makes_an_acceptance_that_says_so(town):
    filed = file(town)

    with clock.at(at("2026-03-11 09:00")):  # a Wednesday; the fifth working day was Monday the 9th
        commands.catch_up()

    acceptance = made(filed.case)[1]
    facts = json.loads(acceptance.facts_json)
    assert acceptance.kind == "acceptance"
    assert (facts["deemed"], facts["accepted_on"], facts["on"]) == (True, "2026-03-02", "2026-03-10")
    assert facts["handler"] == "系统依法记录"
    event = next(e for e in events(filed.number) if e["facts"].get("kind") == "acceptance")
    assert event["person"] == "system"


def test_numbers_have_no_gaps_even_after_a_refusal(town):
    first, second = file(town), file(town)
    key = claim(town, "li", first.case, "intake/accept")
    with pytest.raises(Invalid), begin(town.li) as ctx:
        commands.complete(ctx, key, outcome="supplement", form={"defects": ["缺图"]}, opinion="")
    do(town, "li", second.case, "intake/accept", "accept")
    with begin(town.li) as ctx:
        commands.complete(ctx, key, outcome="accept", form={}, opinion="")

    assert [made(case)[0].number for case in (first.case, second.case)] == [
        "云岭审收〔2026〕1号",
        "云岭审收〔2026〕2号",
    ]
    assert [made(case)[1].number for case in (second.case, first.case)] == [
        "云岭审受〔2026〕1号",
        "云岭审受〔2026〕2号",
    ]


def test_the_trace_keeps_the_digest_and_no_name(town):
    filed = granted(town)
    grant = made(filed.case)[2]
    event = next(e for e in events(filed.number) if e["facts"].get("kind") == "grant")
    document = Document(kind=grant.kind, number=grant.number, facts=json.loads(grant.facts_json))

    assert event["facts"] == {
        "document": grant.id, "kind": "grant", "number": grant.number, "digest": document.digest,
    }  # fmt: skip
    assert "罗雨平" not in json.dumps(events(filed.number), ensure_ascii=False)
    assert len(document.facts["salt"]) == 64
    assert document.facts["salt"] != json.loads(made(filed.case)[1].facts_json)["salt"]


def test_a_document_that_would_lack_something_refuses_the_step(town, monkeypatch):
    filed = file(town)
    key = claim(town, "li", filed.case, "intake/accept")
    monkeypatch.setattr("engine.commands.forms.check", lambda *_: None)  # a form that asks for less
    before = everything()

    with pytest.raises(Invalid) as refusal, begin(town.li) as ctx:
        commands.complete(ctx, key, outcome="supplement", form={"defects": ["缺图"]}, opinion="")

    assert [finding.where for finding in refusal.value.findings] == ["cure"]
    assert everything() == before


def test_nothing_is_served_before_it_lies_on_paper(town):
    filed = granted(town)
    do(town, "wu", filed.case, "issue/make", "done")
    key, grant = claim(town, "wu", filed.case, "issue/deliver"), made(filed.case)[2]

    with pytest.raises(NotRendered, match=grant.number), begin(town.wu) as ctx:
        commands.complete(ctx, key, outcome="done", form=FORMS["issue/deliver"], opinion="")
    assert commands.render_document(grant.id)
    with begin(town.wu) as ctx:
        assert commands.complete(ctx, key, outcome="done", form=FORMS["issue/deliver"], opinion="").closed


def test_a_paper_is_made_once_and_its_hash_is_traced(town):
    filed = file(town)
    receipt = made(filed.case)[0]

    assert commands.render_document(receipt.id)
    assert not commands.render_document(receipt.id)

    row = made(filed.case)[0]
    paper = (settings().data_dir / "files" / row.stored).read_bytes()
    assert row.sha256 == sha256(paper).hexdigest()
    assert row.released_at == row.rendered_at == MONDAY
    event = events(filed.number)[-1]
    assert (event["type"], event["person"]) == ("document.rendered", "system")
    assert event["facts"] == {"document": row.id, "number": row.number, "sha256": row.sha256}
    assert types(filed.number).count("document.rendered") == 1
    assert commands.paper(row.number) == paper


def test_two_who_render_at_once_release_one_paper(town, monkeypatch):
    filed = file(town)
    receipt, render = made(filed.case)[0], notices.render

    def and_meanwhile(document):
        monkeypatch.setattr(rendering.notices, "render", render)
        assert commands.render_document(receipt.id)
        return render(document)

    monkeypatch.setattr(rendering.notices, "render", and_meanwhile)

    assert not commands.render_document(receipt.id)
    assert types(filed.number).count("document.rendered") == 1


def test_a_paper_that_cannot_be_recorded_is_made_again(town, monkeypatch):
    filed = file(town)
    receipt = made(filed.case)[0]
    with monkeypatch.context() as broken:
        broken.setattr(record, "append", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            commands.render_document(receipt.id)
    assert made(filed.case)[0].stored is None

    assert commands.render_document(receipt.id)


def test_documents_come_due_behind_what_the_law_dates_and_a_few_at_a_time(town):
    for _ in range(3):
        file(town)
    later = at("2026-03-11 09:00")

    with reading() as conn:
        work = due.work(conn, later, papers=2)
        without = due.work(conn, later, papers=9, without=[("document", 1)])

    assert len(work) == 5  # a clock or timer of each case, then two papers
    assert [kind == "document" for kind, _ in work] == [False] * 3 + [True] * 2
    assert ("document", 1) not in without
    assert ("document", 2) in without


def test_an_erased_document_is_never_due(town):
    filed = file(town)
    with begin(town.li) as ctx:
        ctx.conn.execute(sa.update(t.document).values(facts_json=""))

    with reading() as conn:
        assert due.work(conn, MONDAY) == []
    assert not commands.render_document(made(filed.case)[0].id)
    with pytest.raises(NotFound):
        commands.paper(made(filed.case)[0].number)


@pytest.mark.parametrize("kind", OWN)
def test_a_missing_fact_is_told_and_a_whole_document_lacks_none(kind):
    whole = COMMON | OWN[kind]

    assert missing(kind, whole) == ()
    assert missing(kind, whole | {"applicant": ""}) == ("applicant",)


def test_a_county_heads_its_numbers_by_its_short_name():
    assert [short(name) for name in ("云岭县行政审批局", "石门乡", "县行政审批局")] == [
        "云岭",
        "石门乡",
        "县行政审批局",
    ]


def test_only_the_newest_document_of_a_kind_counts():
    assert newest([("grant", "1", False), ("grant", "2", True)], ("grant",)) is None
    assert newest([("grant", "1", True), ("grant", "2", False)], ("grant",)) == "2"
    assert newest([], ("grant",)) is None


def test_papers_lie_under_random_names(town):
    filed = file(town)
    commands.render_waiting(filed.case)

    names = [Path(row.stored).name for row in made(filed.case)]
    assert all(len(name) == 32 and filed.number not in name for name in names)
    assert step(filed.case, "intake/accept").closed_at is None
