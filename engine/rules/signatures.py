"""A step that several persons sign: the signatures that stand on it, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model import Act, ActKind, Persons

GONE = (ActKind.TAKE_BACK, ActKind.WITHDRAW)
IN_TURN = "sequence"  # the one rule by which a signatory sees what the others found


def standing(acts: Sequence[Act], step: int) -> list[Act]:
    """Return the signatures on a step, in order, without those that their signatories have taken back since.

    Nor with that of who completed it: where the step is taken back, so is what he signed before it waited for opinions.
    """
    found: dict[int, Act] = {}
    for act in acts:
        if act.step == step and act.kind is ActKind.SIGN:
            found[act.person] = act
        elif act.step == step and act.kind in (*GONE, ActKind.COMPLETE):
            found.pop(act.person, None)
    return list(found.values())


def has_signed(person: int, acts: Sequence[Act], step: int) -> bool:
    """Return whether a signature of the person, or one given on the person's behalf, stands on the step."""
    return any(person in (act.person, act.on_behalf) for act in standing(acts, step))


def verdict(persons: Persons, possible: Sequence[str], found: Sequence[str]) -> str | None:
    """Return what a step's signatures come to; None: more are needed. A verdict is never changed by a later one.

    `possible`: the outcomes that the step declares, the first of which is the motion; `found`: what each signatory
    found, in order. `all`: `min` of them, who find the same. `any`: the first decides. `sequence`: `min` of them in
    turn; who does not find the motion ends it. `ratio:a/b`: of `min` votes, a/b carry the motion; it is lost as soon
    as it can no longer be carried.
    """
    if not found:
        return None
    motion = possible[0]
    if persons.rule == "any" or persons.min == 1:
        return found[0]
    if persons.rule == IN_TURN:
        return next((outcome for outcome in found if outcome != motion), motion if _full(persons, found) else None)
    if persons.rule == "all":
        return found[0] if _full(persons, found) else None
    carries = needed(persons)
    if found.count(motion) >= carries:
        return motion
    against = [outcome for outcome in found if outcome != motion]
    return against[0] if len(against) > persons.min - carries else None


def needed(persons: Persons) -> int:
    """Return how many of the signatures must find the motion; more than one only where several persons sign."""
    if not persons.rule.startswith("ratio:"):
        return 1 if persons.rule == "any" else persons.min
    above, below = (int(part) for part in persons.rule.removeprefix("ratio:").split("/"))
    return min(persons.min, -(-persons.min * above // below))


def fewest(persons: Persons, possible: Sequence[str], outcome: str) -> int:
    """Return how few signatures come to an outcome (`verdict`), when all who sign find it."""
    if persons.rule == "any" or persons.min == 1:
        return 1
    motion = outcome == possible[0]
    if persons.rule == IN_TURN:
        return persons.min if motion else 1
    return needed(persons) if motion or persons.rule == "all" else persons.min - needed(persons) + 1


def same(persons: Persons) -> bool:
    """Return whether all signatories must find the same."""
    return persons.rule == "all"


def blind(persons: Persons) -> bool:
    """Return whether each signs without seeing what the others found, until the step is done."""
    return persons.min > 1 and persons.rule != IN_TURN


def _full(persons: Persons, found: Sequence[str]) -> bool:
    return len(found) >= persons.min
