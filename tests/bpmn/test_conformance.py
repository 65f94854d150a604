"""Shared conformance material: everything right or refused with its reason, nothing wrong. Skipped when not there."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bpmn.camunda import camunda
from tests.bpmn.conformance import betsy

Suite = Callable[[Path], Iterator[tuple[str, str, str]]]


def material() -> Path:
    shared = Path(os.environ.get("SUNLIT_SHARED") or Path(__file__).resolve().parents[3] / "shared")
    where = shared / "cases/bpmn"
    if not where.is_dir():
        pytest.skip(f"no conformance material at {where}; name its folder in SUNLIT_SHARED")
    return where


@pytest.mark.parametrize(
    ("suite", "expected"),
    [
        (betsy, {"right": 89, "refused": 6}),
        (camunda, {"right": 24, "outside": 1}),  # the one outside asks for a vendor's assignee
    ],
)
def test_nothing_is_silently_wrong(suite: Suite, expected: dict[str, int]):
    rows = list(suite(material()))

    assert [row for row in rows if row[1] == "WRONG"] == []
    assert Counter(verdict for _, verdict, _ in rows) == expected
