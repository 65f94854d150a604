"""A fault planted into the codec, the joins, the events, multi-instance or completion is caught by the fuzz.

Each fault names a seed that catches it, so that the test is quick; with `SUNLIT_TEST_FUZZ=1000` the seeds are tried one
after the other instead, up to so many, and one of them has to catch it.
"""

import os

import pytest

from tests.fuzz.faults import ALL, Planted
from tests.fuzz.walks import Tally, play

LONG = int(os.environ.get("SUNLIT_TEST_FUZZ", "0"))


def caught(seed: int) -> bool:
    try:
        play(seed, Tally())
    except Exception:  # a difference, or the engine falls over
        return True
    return False


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.name)
def test_a_planted_fault_is_caught(fault: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    if not LONG:
        play(fault.seed, Tally())  # sound without it
    fault.plant(monkeypatch)

    assert any(caught(seed) for seed in (range(max(LONG, 1000)) if LONG else (fault.seed,)))
