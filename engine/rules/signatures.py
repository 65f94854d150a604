"""The signatures that stand on a step which several persons must sign."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model import Act, ActKind


def standing(acts: Sequence[Act], step: int) -> list[Act]:
    """Return the signatures on a step, in order, without those that their signatories have taken back since."""
    found: dict[int, Act] = {}
    for act in acts:
        if act.step == step and act.kind is ActKind.SIGN:
            found[act.person] = act
        elif act.step == step and act.kind is ActKind.TAKE_BACK:
            found.pop(act.person, None)
    return list(found.values())


def has_signed(person: int, acts: Sequence[Act], step: int) -> bool:
    """Return whether a signature of the person, or one given on the person's behalf, stands on the step."""
    return any(person in (act.person, act.on_behalf) for act in standing(acts, step))
