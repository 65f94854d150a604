"""Where stock SpiffWorkflow 3.2.0 is right (tests/fuzz/stock.py says where), the engine opens and completes the same.

`SUNLIT_TEST_FUZZ=5000 pytest tests/fuzz` walks so many flows.
"""

import os
import random

from tests.fuzz.stock import play
from tests.fuzz.walks import Tally

WALKS = int(os.environ.get("SUNLIT_TEST_FUZZ", "0")) or 120


def test_open_steps_and_completion_are_those_of_stock_spiffworkflow_where_it_is_right() -> None:
    tally = Tally()

    for seed in range(WALKS):
        play(random.Random(seed), tally)

    assert sum(tally.ends.values()) == WALKS
    assert tally.ends["ended"] > 0.75 * WALKS
    assert tally.ends["stock fails"] < 0.05 * WALKS
