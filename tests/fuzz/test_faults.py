"""A fault planted into the codec, the joins, the events, multi-instance or completion is caught by the walks.

Each fault names a seed whose walk catches it, so that the test is quick; should the drawing change, others are tried.
With `SUNLIT_TEST_FUZZ=1000` the named seeds are left out, and one of so many in a row has to catch each fault.
"""

import os

import pytest

from tests.fuzz.planted import ALL, Planted
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
    play(fault.seed, Tally())  # sound without it
    fault.plant(monkeypatch)

    assert any(caught(seed) for seed in (*[fault.seed] * (not LONG), *range(LONG or 400)))
