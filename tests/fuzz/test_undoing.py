"""Random flows: a move that is taken back leaves the case as if it had never been made, whatever others did since.

`SUNLIT_TEST_UNDO=20000 pytest tests/fuzz/test_undoing.py` plays so many instead of a few hundred fixed ones.
"""

import os
from collections import Counter

import pytest

from engine.bpmn import undo
from tests.fuzz.undoing import play
from tests.fuzz.walks import Differs

WALKS = int(os.environ.get("SUNLIT_TEST_UNDO", "400"))


def test_what_is_taken_back_has_never_been():
    tally = many(WALKS)

    assert tally["taken back"] > 0.1 * WALKS, tally
    assert tally["taken back, others had moved"] > 0.02 * WALKS, tally
    assert tally["used"] > 0.02 * WALKS, tally
    assert tally["refused for nothing"] == 0


@pytest.mark.parametrize(("guard", "first"), [("_witnessed", 2300), ("_unasked", 0)])
def test_without_a_guard_something_differs(monkeypatch, guard, first):
    monkeypatch.setattr(undo, guard, lambda *_: None)

    with pytest.raises((Differs, StopIteration)):
        many(4000, first)


def many(last: int, first: int = 0) -> Counter[str]:
    tally = Counter()
    for seed in range(first, last):
        play(seed, tally)
    return tally


@pytest.mark.parametrize("seed", [3444])  # an event on the step that opened had happened, and waited on
def test_what_once_differed_differs_no_more(seed):
    play(seed, Counter())
