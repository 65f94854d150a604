"""Each rule on documents of an item finds its fault, and finds none in the shipped items."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn.check import check
from engine.model import Source
from engine.rules.documents import KINDS
from tests.bpmn.book import BOOK

GOOD = (Path(__file__).parent / "samples/good.bpmn").read_text().replace('<sun:returns to="review"/>', "")
DECIDE = '<sun:outcomes values="grant refuse return"/>'
REVIEW = '<sun:outcomes values="pass refuse"/>'


def form(*fields: str, on: str = "", kind: str = "string") -> dict[str, object]:
    properties: dict[str, dict[str, object]] = {n: {"type": kind, "title": n, "title_en": n} for n in fields}
    for field in properties.values():
        field |= {"x-on": [on]} if on else {}
    return {"type": "object", "properties": properties, "required": [] if on else list(fields)}


def rules(decide: str, review: str, forms: dict[str, object]) -> list[str]:
    xml = GOOD.replace(DECIDE, DECIDE + decide, 1).replace(REVIEW, REVIEW + review, 1)
    source = Source(item="sample", file="sample.bpmn", xml=xml.encode(), forms=forms, facts={})
    return [finding.rule for finding in check(source, level="item", book=BOOK)]


GRANT = '<sun:document kind="grant" on="grant"/>'
ASKED = form(*KINDS["grant"].form, on="grant")


@pytest.mark.parametrize(
    ("decide", "review", "forms", "expected"),
    [
        (GRANT, "", {"decide": ASKED}, []),
        (GRANT, "", {"decide": form(*KINDS["grant"].form)}, []),  # required with every outcome
        ('<sun:document kind="licence"/>', "", {}, ["document.kind"]),
        ('<sun:document kind="receipt"/>', "", {}, ["document.kind"]),
        (GRANT, "", {}, ["document.field"] * 2),
        (GRANT, "", {"decide": form("grant_basis", on="grant")}, ["document.field"]),
        (GRANT, "", {"decide": form(*KINDS["grant"].form, on="refuse")}, ["document.field"] * 2),  # of another outcome
        ('<sun:document kind="acceptance"/>', "", {}, []),  # says nothing that people write
        ('<sun:document kind="extension"/>', "", {}, ["document.field"]),
        ('<sun:document kind="special_procedure"/>', "", {}, ["document.field"]),
        ("", '<sun:document kind="supplement_notice" on="refuse"/>',
         {"review": form("defects", "cure", on="refuse")}, ["document.field"]),  # a text, not a list
        ("", '<sun:document kind="supplement_notice" on="refuse"/>',
         {"review": form("defects", "cure", on="refuse", kind="array")}, []),
        ('<sun:serves kinds="grant"/>', "", {}, ["document.unmade"]),
        ('<sun:serves kinds="paper"/>', "", {}, ["document.kind"]),
        ('<sun:serves kinds="receipt"/>', "", {}, []),
        ('<sun:serves kinds="acceptance"/>', '<sun:document kind="acceptance"/>', {}, []),
        ('<sun:document kind="service_record"/>', "",
         {"decide": form(*KINDS["service_record"].form)}, ["document.unmade"]),
    ],
)  # fmt: skip
def test_a_rule_on_documents_finds_its_fault(decide, review, forms, expected):
    assert rules(decide, review, forms) == expected
