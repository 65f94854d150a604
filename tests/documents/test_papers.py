"""Documents on paper: each says all that it must, the same facts give the same bytes, nothing typed becomes markup."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zlib
from html import unescape
from pathlib import Path

import pytest

from engine import notices
from engine.notices import pdf
from engine.rules.documents import COMMON, KINDS, WAYS
from tests.documents.filled import COMMON as SAID
from tests.documents.filled import OWN, document

ROOT = Path(__file__).parents[2]
prints = pytest.mark.skipif(not notices.available(), reason=f"no Pango: {notices.INSTALL}")


def text(page: str) -> str:
    """Return what a reader sees of a page, without any space."""
    body = re.sub(r"<(style|svg).*?</\1>", "", page.partition("<body>")[2], flags=re.S)
    return re.sub(r"\s", "", unescape(re.sub(r"<[^>]+>", "", body)))


def words(value: object) -> list[str]:
    """Return how a fact appears: dates as written out, lists one by one."""
    if isinstance(value, list):
        return [word for each in value for word in words(each)]
    if isinstance(value, dict):
        return [word for name in ("name", "number") if name in value for word in words(value[name])]
    said = WAYS.get(str(value), str(value))
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?", said):
        year, month, day, hour, minute = match.groups()
        on = f"{year}年{int(month)}月{int(day)}日"
        return [f"{on}{int(hour)}时{minute}分" if hour else on]
    return [re.sub(r"\s", "", line) for line in said.splitlines()]


def inflated(paper: bytes) -> bytes:
    """Return a PDF with its objects unpacked."""
    packed = re.findall(rb"stream\n(.*?)\nendstream", paper, flags=re.S)
    return paper + b"".join(zlib.decompress(each) for each in packed if each[:1] == b"x")


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_says_every_mandatory_field(kind):
    made, facts = document(kind), SAID | OWN[kind]
    page = notices.html(made)
    shown = text(page)

    asked = (*COMMON, *KINDS[kind].form, *KINDS[kind].facts)
    absent = [name for name in asked for word in words(facts[name]) if word not in shown]

    assert absent == []
    assert KINDS[kind].name in shown
    assert made.number in shown
    assert made.code.replace(" ", "") in shown
    assert "专用印章" in page


@pytest.mark.parametrize("kind", KINDS)
@prints
def test_the_same_facts_give_the_same_bytes(kind):
    first = notices.render(document(kind))

    assert first.startswith(b"%PDF-")
    assert first == notices.render(document(kind))
    assert first != notices.render(document(kind, applicant="罗雨晴"))


@prints
def test_another_process_makes_the_same_bytes_whatever_its_hashes_and_its_day(tmp_path):
    code = (
        "import hashlib; from engine import notices; from tests.documents.filled import document;"
        "print(hashlib.sha256(notices.render(document('refusal'))).hexdigest())"
    )

    def digest(seed: str) -> str:
        env = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed, "PATH": os.environ["PATH"], "TZ": "Asia/Shanghai"}
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True, cwd=ROOT
        )
        return done.stdout.strip()

    assert digest("1") == digest("2")


@prints
def test_the_font_goes_with_the_paper_and_a_rare_character_finds_another():
    paper = notices.render(document("grant"))

    fonts = set(re.findall(rb"/BaseFont\s*/[A-Z]{6}\+([\w-]+)", inflated(paper)))
    assert fonts == {b"Sunlit-Notice"}
    assert re.search(rb"/FontFile3", inflated(paper))
    assert notices.render(document("grant", applicant="罗𠮷龘")).startswith(b"%PDF-")


@prints
def test_a_long_text_runs_over_several_pages_and_each_has_its_foot():
    paper = notices.render(document("refusal", refusal_facts="现场勘验记录如下。\n" * 120))

    assert len(re.findall(rb"/Type\s*/Page\b", inflated(paper))) >= 4


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_typed_never_becomes_markup(kind):
    evil = '<script>alert(1)</script><img src="http://evil/x">&amp;{{ 7*7 }}'
    typed = {name: evil for name in (*KINDS[kind].form, *KINDS[kind].may) if isinstance(OWN[kind].get(name), str)}
    for name in ("hearing_on", "served_way", "served_on"):
        typed.pop(name, None)
    page = notices.html(document(kind, **typed, applicant=evil, organ=evil, handler=evil))

    assert "<script" not in page
    assert "<img" not in page
    assert "{{7*7}}" in text(page)


@prints
def test_a_paper_fetches_nothing():
    fetch = pdf._prepared()[2].fetch

    with pytest.raises(ValueError, match="fetches nothing"):
        fetch("http://127.0.0.1:1/x")
    with pytest.raises(ValueError, match="fetches nothing"):
        fetch("file:///etc/passwd")


def test_optional_fields_may_be_empty():
    grant = text(notices.html(document("grant", validity="", conditions="", publication_note="")))

    assert "有效期" in grant
    assert "无附加条件" in grant
    assert "（无）" in text(notices.html(document("service_record", witness="")))


def test_a_deemed_acceptance_says_so():
    assert "视为受理" in text(notices.html(document("acceptance", deemed=True)))
    assert "视为受理" not in text(notices.html(document("acceptance")))


def test_what_is_served_without_a_date_keeps_the_words_that_were_typed():
    assert "九月十八日上午" in text(notices.html(document("service_record", served_on="九月十八日上午")))


def test_without_pango_a_document_is_a_page_with_its_style(monkeypatch):
    monkeypatch.setattr(pdf, "_weasyprint", lambda: None)

    page = notices.render(document("grant")).decode()

    assert page.startswith("<!DOCTYPE html>")
    assert "font-family" in page
    assert not notices.available()


def test_remedies_are_said_as_the_law_has_them():
    for kind in ("refusal", "not_accepted"):
        shown = text(notices.html(document(kind)))
        assert [term for term in ("六十日", "六个月", "十五日") if term not in shown] == []


def test_the_font_comes_with_its_licence():
    folder = pdf.FONT.parent

    assert pdf.FONT.read_bytes()[:4] == b"OTTO"
    assert "SIL OPEN FONT LICENSE Version 1.1" in (folder / "OFL.txt").read_text(encoding="utf-8")
