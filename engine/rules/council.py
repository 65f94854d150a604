"""A decision taken by vote: who has voted what, whether enough have, and what the votes carry. No database.

Source: SOD-15 (collective decision: attendance, every vote recorded, the chair last, minutes, no vote by proxy).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from engine.model import Act, ActKind
from engine.rules.signatures import GONE


def votes(acts: Sequence[Act], step: int) -> dict[int, str]:
    """Return the votes that stand on a step by person, in order, without those that were taken back since."""
    found: dict[int, str] = {}
    for act in acts:
        if act.step == step and act.kind is ActKind.VOTE:
            found[act.person] = str(act.outcome)
        elif act.step == step and act.kind in GONE:
            found.pop(act.person, None)
    return found


def quorum(members: int, share: tuple[int, int]) -> int:
    """Return how many of the members must have voted: the share of them, rounded up, and at least one."""
    above, below = share
    return max(1, -(-members * above // below))


def carried(given: Collection[str], possible: Sequence[str], share: tuple[int, int]) -> str:
    """Return what the votes given carry: more than half of them, and at least the share of them.

    Where none has that many, as in a tie, it is not carried: the last of the possible outcomes.
    """
    above, below = share
    for outcome, count in Counter(given).items():
        if 2 * count > len(given) and count * below >= len(given) * above:
            return outcome
    return possible[-1]
