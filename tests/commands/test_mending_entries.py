"""A field of a form that was handed in is corrected beside the former form, unless something has moved by it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from engine import commands
from engine.db import corrections, filled
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import CaseMoved, Invalid, NotCorrectable, NotFound
from engine.rules import mending
from tests import county
from tests.commands import office, small
from tests.commands.mended import approve, facts, propose, sound
from tests.commands.office import on
from tests.samples import FORMS

PHONE = {"contact_phone": "0877-5551111"}


@pytest.fixture
def town(database_url):
    with on("2026-03-09"):
        yield office.town()


@pytest.fixture
def filed(town):
    return county.file(town)


def entry(town, case: int, path: str, maker: str = "li", **fields: Any) -> int:
    return propose(town.people[maker], case, path=path, fields=fields)


def forms(case: int) -> list[Any]:
    with reading() as conn:
        return list(conn.execute(sa.select(t.form).where(t.form.c.case_ == case).order_by(t.form.c.id)))


def test_the_corrected_form_stands_beside_the_former_one(town, filed):
    before = forms(filed.case)

    key = entry(town, filed.case, "case", **PHONE)
    approve(town.qin, key)

    after = forms(filed.case)
    assert after[:-1] == before
    body = json.loads(after[-1].body_json)
    assert body["form"] == FORMS["case"] | PHONE
    assert (body["corrects"], body["materials"], after[-1].step) == (before[-1].id, [], None)
    assert facts(filed.number, "entry.corrected") == [{"proposal": key, "path": "case"}]
    told = county.events(filed.number)[-1]
    assert told["data"] is not None
    assert PHONE["contact_phone"] not in str(told)
    with reading() as conn:
        assert filled.newest(conn, filed.case, "case") == FORMS["case"] | PHONE
    assert sound()


def test_the_case_is_called_by_the_corrected_name(town, filed):
    approve(town.qin, entry(town, filed.case, "case", shop_name="椒香里新火锅店"))

    assert county.row(filed.case).title == "椒香里新火锅店"


@pytest.mark.parametrize(
    ("path", "fields", "why"),
    [
        ("case", {"kind": "change"}, mending.DECIDES),
        ("case", {"staff": 6}, mending.SAME),
        ("nowhere", {"staff": 7}, mending.NO_FORM),
        ("recheck", {"consistent": False}, mending.NO_FORM),
    ],
)
def test_what_cannot_be_corrected_is_refused_with_words(town, filed, path, fields, why):
    with pytest.raises(NotCorrectable) as refusal:
        entry(town, filed.case, path, **fields)

    assert refusal.value.why == why


def test_what_a_document_says_is_corrected_by_issuing_it_anew(town, filed):
    county.do(town, "li", filed.case, "intake/accept", "supplement")

    with pytest.raises(NotCorrectable) as refusal:
        entry(town, filed.case, "intake/accept", cure="另行补交")

    with reading() as conn:
        number = conn.scalar(sa.select(t.document.c.number).where(t.document.c.kind == "supplement_notice"))
    assert (refusal.value.why, refusal.value.more) == (mending.IN_DOCUMENT, f" ({number})")


def test_a_day_that_a_form_named_is_corrected_as_a_mark(town):
    made = small.item(
        "L09", "s>arrange arrange>notify notify>z", small.begins(),
        small.step("arrange", small.mark("hearing_day", date="hearing_on")),
        small.step("notify", small.mark("hearing_notified")), '<endEvent id="z"/>',
        forms={"arrange": small.form(hearing_on=small.day())},
    )  # fmt: skip
    small.deploy(town, made)
    filed = small.file(town)
    small.do(town, filed.case, "arrange", hearing_on="2026-03-20")

    with pytest.raises(NotCorrectable) as refusal:
        entry(town, filed.case, "arrange", "wang", hearing_on="2026-03-23")

    assert refusal.value.why == mending.IS_MARK


def test_the_corrected_form_fits_its_schema(town, filed):
    for fields in ({"area": "large"}, {"unknown": 1}, {"contact_name": None}):
        with pytest.raises(Invalid):
            entry(town, filed.case, "case", **fields)


def test_a_field_corrected_meanwhile_is_not_corrected_by_the_older_proposal(town, filed):
    first = entry(town, filed.case, "case", **PHONE)
    second = entry(town, filed.case, "case", staff=7)
    approve(town.qin, first)

    with pytest.raises(CaseMoved):
        approve(town.qin, second)


def test_a_corrected_entry_is_no_supply_that_calls_for_another_notice(town, filed):
    county.do(town, "li", filed.case, "intake/accept", "supplement")
    county.do(town, "li", filed.case, "intake/supplement", "supplied")
    with reading() as conn:
        before = [(w.path, w.at) for w in corrections.written(conn, filed.case)]

    with on("2026-03-10"):
        approve(town.qin, entry(town, filed.case, "intake/supplement", supplied=["平面布局图（盖章）"]))

    with reading() as conn:
        after = corrections.written(conn, filed.case)
    assert [(w.path, w.at) for w in after] == before
    assert {"supplied": ["平面布局图（盖章）"]} in [dict(w.form) for w in after]


def test_the_life_of_a_card_is_not_corrected(town, filed):
    county.deploy(town, county.settings().processes / "efficacy_card")
    with begin(town.qian) as ctx:
        issued = commands.issue_card(
            ctx, filed.case, level="yellow", post="acceptance", organ=1, reason="收件时态度生硬，群众当场反映", path=""
        )

    with pytest.raises(NotFound):
        entry(town, issued.case, "case", "qian", reason="x")
