"""Random sound flows: kept in memory = reloaded at every move = an independent oracle of the standard.

`SUNLIT_TEST_FUZZ=5000 pytest tests/fuzz` walks so many drawn flows, instead of a few hundred fixed ones.
What Hypothesis finds it shrinks, and the message shows the drawing.
"""

import os
import random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.maker import Maker
from tests.fuzz.walks import Tally, play, walk

LONG = int(os.environ.get("SUNLIT_TEST_FUZZ", "0"))


@settings(
    max_examples=LONG or 120,
    derandomize=not LONG,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)
@given(st.randoms(use_true_random=False))
def test_a_drawn_flow_does_what_the_standard_says(choices: random.Random) -> None:
    walk(Maker(choices).file(), choices, Tally())


def test_flows_of_all_kinds_do_what_the_standard_says() -> None:
    tally, walks = Tally(), LONG or 220

    for seed in range(walks):
        play(seed, tally)

    assert sum(tally.ends.values()) == walks
    assert tally.ends["ended"] > 0.7 * walks
    assert tally.ends["too many orders"] < 0.05 * walks
