"""The auditor finds events, checks chains and takes the trace away; every check and export is traced itself."""

from __future__ import annotations

import io
import json
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from engine.db.read.audit import Break
from engine.settings import settings
from tests import county
from webui.audit import in_words


@pytest.fixture
def filed(town):
    made = county.file(town)
    county.do(town, "li", made.case, "intake/accept", "accept")
    return made


def change(statement: str, **values: object) -> None:
    """Write to the database behind the program's back, as somebody with the file could."""
    engine = sa.create_engine(settings().database_url)
    with engine.begin() as conn:
        for (name,) in conn.execute(sa.text("select name from sqlite_master where type='trigger'")).all():
            conn.execute(sa.text(f"drop trigger {name}"))
        conn.execute(sa.text(statement), values)
    engine.dispose()


def bend(number: str, seq: int) -> None:
    """Make event `seq` say that somebody else did it."""
    event = next(event for event in county.events(number) if event["seq"] == seq)
    event["person"] = "0" * 16
    body = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    change("update event set body = :body where case_ = :number and seq = :seq", body=body, number=number, seq=seq)


def test_events_are_found_by_case_officer_type_and_day(visit, filed):
    visitor = visit("sun")

    assert "认领“受理审查”" in visitor.page(f"/audit?case={filed.number[-6:]}&officer=li&type=step.claimed")
    assert "没有查到" in visitor.page(f"/audit?case={filed.number}&officer=wang")
    assert "没有查到" in visitor.page("/audit?from_on=2026-03-03&to_on=odd")
    assert "没有查到" in visitor.page("/audit?refused=1")


def test_the_trace_of_a_case_hides_the_applicant_and_names_the_officers(visit, filed):
    page = visit("sun").page(f"/audit/trace/{filed.number}")

    assert "Li" in page
    assert "罗雨平" not in page
    assert "转入“审查”，限 2 个工作日" in page


def test_the_trace_can_be_narrowed_to_times_and_refusals(visit, filed):
    visitor = visit("sun")

    assert "法定期限 L03 起算：20 个工作日" in visitor.page(f"/audit/trace/{filed.number}?only=times")
    assert "没有这样的留痕" in visitor.page(f"/audit/trace/{filed.number}?only=refused")


def test_a_whole_chain_gets_its_proof(visit, filed):
    answer = visit("sun").post(f"/audit/trace/{filed.number}/check")

    count = len(county.events(filed.number))
    assert "证据完整" in answer.text
    assert f"{count} 条首尾相接，未见改动" in answer.text


def test_a_bent_chain_is_shown_at_its_place_with_both_hashes(visit, filed):
    bend(filed.number, 4)

    page = visit("sun").post(f"/audit/trace/{filed.number}/check").text

    assert "第 4 条之后断开：第 5 条记的上一指纹是" in page
    assert "第 4 条内容被改过" in page
    assert "证据完整" not in page


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (Break(seq=1, kind="prev", recorded="a" * 64, computed="0" * 64), "第 1 条之前断开"),
        (Break(seq=5, kind="gap", recorded="5", computed="4"), "第 4 条不见了"),
        (Break(seq=3, kind="short", recorded="5", computed="3"), "链上记着 5 条，现在只有 3 条"),
        (Break(seq=3, kind="head", recorded="a" * 64, computed="b" * 64), "最后一条（第 3 条）对不上"),
        (Break(seq=2, kind="copied", recorded="x", computed="y"), "副本（x）与原文（y）不一致"),
        (Break(seq=2, kind="other", recorded="b 2", computed="a 2"), "属于别处（b 2）"),
        (Break(seq=2, kind="unreadable", recorded="", computed=""), "第 2 条读不懂"),
    ],
)
def test_every_kind_of_break_is_told_in_words(app, broken, said):
    with app.test_request_context():
        assert said in in_words(broken)


def test_the_check_of_everything_is_traced(visit, filed):
    page = visit("sun").post("/audit/check").text

    assert "全部完整" in page
    assert county.types("organ:1")[-1] == "trace.checked"


def test_the_check_of_everything_names_the_faults(visit, filed):
    bend(filed.number, 4)

    page = visit("sun").post("/audit/check").text

    assert "处问题" in page
    assert f"/audit/trace/{filed.number}" in page
    assert county.events("organ:1")[-1]["facts"]["faults"] > 0


@pytest.mark.parametrize("everything", [True, False])
def test_an_export_holds_exact_bytes_and_the_verifier_and_is_traced(visit, filed, everything):
    answer = visit("sun").post("/audit/export", {"chain": "" if everything else filed.number})

    with ZipFile(io.BytesIO(answer.data)) as bundle:
        names, lines = set(bundle.namelist()), bundle.read("events.jsonl").splitlines()
    answer.close()
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=sunlit-")
    assert {"events.jsonl", "chains.json", "definitions.json", "verifier.py"} <= names
    assert {json.loads(line)["case"] for line in lines} >= {filed.number}
    assert (len({json.loads(line)["case"] for line in lines}) > 1) is everything
    assert county.types("organ:1")[-1] == "trace.exported"
    assert not list(settings().data_dir.glob("export-*"))


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ("type = 'refused'", "副本"),
        ("person = 'somebody'", "副本"),
        ("at = '2020-01-01 00:00:00.000000'", "副本"),
        ("at = 'garbage'", "副本"),
        ("case_ = 'elsewhere'", "副本"),
        ("body = cast('[1]' as blob)", "JSON"),
    ],
)
def test_what_searches_use_is_checked_too_and_pages_stay_readable(visit, filed, spoilt, said):
    change(f"update event set {spoilt} where case_ = :number and seq = 4", number=filed.number)
    visitor = visit("sun")

    everything, chain = visitor.post("/audit/check"), visitor.post(f"/audit/trace/{filed.number}/check")

    assert "处问题" in everything.text
    assert said in everything.text
    assert "链断了" in chain.text
    assert visitor.page(f"/audit/trace/{filed.number}")
    assert visitor.page("/audit")


def test_bytes_nested_too_deeply_are_a_break_and_no_error(visit, filed):
    deep = b"[" * 100_000
    change("update event set body = :deep where case_ = :number and seq = 4", deep=deep, number=filed.number)

    assert "第 4 条读不懂" in visit("sun").post(f"/audit/trace/{filed.number}/check").text


def test_a_case_whose_whole_trace_is_gone_is_named(visit, filed):
    change("delete from event where case_ = :number", number=filed.number)
    change("delete from chain where id = :number", number=filed.number)

    page = visit("sun").post("/audit/check").text

    assert filed.number in page
    assert "办件没有留痕" in page


@pytest.mark.parametrize("days", ["to_on=9999-12-31", "from_on=0001-01-01", "case=%00", "to_on=2026-13-01"])
def test_days_and_texts_that_make_no_sense_are_no_error(visit, filed, days):
    assert visit("sun").get(f"/audit?{days}").status_code in (200, 400)


def test_the_chain_of_an_organ_is_found_however_it_is_spelt(visit, filed):
    assert "organ:1" in visit("sun").page("/audit?case=Organ:1")


def test_an_unknown_chain_is_not_found(visit):
    visitor = visit("sun")

    assert visitor.get("/audit/trace/2026-YL-999999").status_code == 404
    assert visitor.post("/audit/export", {"chain": "2026-YL-999999"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "auditor", "monitor", "window"),
    [("/audit", 200, 200, 403), ("/audit/check", 200, 403, 403), ("/audit/trace/organ:1", 200, 403, 403)],
)
def test_checks_and_chains_are_the_auditors(visit, path, auditor, monitor, window):
    found = [visit(login).get(path).status_code for login in ("sun", "qian", "wang")]

    assert found == [auditor, monitor, window]


def test_the_pages_speak_english(visit, filed):
    page = visit("sun").page(f"/audit/trace/{filed.number}?lang=en")

    assert "Claimed &#34;Examine for acceptance&#34;" in page
    assert "No clock" not in page
