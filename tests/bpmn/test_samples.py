"""Files that must be refused, each with its line and reason; and one that must not."""

import os
from pathlib import Path

import pytest

from engine.bpmn.check import check
from engine.bpmn.source import gather
from tests.bpmn.book import BOOK

SAMPLES = Path(__file__).parent / "samples"
SHARED = Path(os.environ.get("SUNLIT_SHARED") or SAMPLES.parents[3] / "shared") / "cases/bpmn/miwg"


def findings(name: str) -> list[tuple[int, str, str]]:
    source, unread = gather(SAMPLES / name, SAMPLES)
    found = list(dict.fromkeys([*unread, *check(source, level="item", book=BOOK)]))
    return [(f.line, f.level, f.rule) for f in found]


def test_a_good_sample_has_no_finding():
    assert findings("good.bpmn") == []


@pytest.mark.parametrize(
    ("name", "line", "level", "rule"),
    [
        ("missing_post.bpmn", 20, "item", "post.missing"),
        ("unknown_sun.bpmn", 25, "model", "sun.unknown"),
        ("unknown_sun_attribute.bpmn", 24, "model", "sun.unknown"),
        ("script.bpmn", 38, "model", "script"),
        ("doctype.bpmn", 2, "model", "doctype"),
        ("wrong_lane.bpmn", 28, "item", "lane.post"),
    ],
)
def test_a_bad_sample_is_refused_with_its_line_and_reason(name, line, level, rule):
    assert findings(name) == [(line, level, rule)]


def test_a_dangling_flow_is_refused_with_what_follows_from_it():
    assert findings("dangling_flow.bpmn") == [
        (28, "model", "flow.unreached"),
        (42, "model", "flow.dangling"),
    ]


def test_all_findings_of_a_file_come_at_once():
    assert {rule for _, _, rule in findings("many.bpmn")} == {
        "post.missing",
        "lane.post",
        "outcome.unknown",
        "outcome.unrouted",
        "separation.unknown",
        "returns.unknown",
        "mark.unknown",
        "limit.marks",
    }


@pytest.mark.parametrize("path", sorted(SHARED.glob("*.bpmn")), ids=lambda p: p.name)
def test_a_file_of_a_real_modeller_is_told_what_it_lacks_and_not_more(path):
    source, unread = gather(path, SAMPLES)
    found = [*unread, *check(source, level="model")]

    assert 0 < len(found) < 30
    assert not {f.rule for f in found} & {"schema", "xml", "bounds", "id.twice", "flow.contradiction", "reference"}
