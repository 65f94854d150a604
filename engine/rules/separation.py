"""Separation of posts: who may not act because of what was done in the case, or of another post held. No database.

Natural persons are compared, never accounts or posts. The answer names the reason; commands refuse.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.model import Act, ActKind, OrganLevel, Separation

FILING = "case"  # the path of the act of filing
HANDLED = (ActKind.COMPLETE, ActKind.SIGN, ActKind.ADVISE, ActKind.VOTE, ActKind.RETURN)
DONE = (ActKind.COMPLETE, ActKind.SIGN, ActKind.VOTE)  # whose author has performed a part of the case


@dataclass(frozen=True)
class Bar:
    """Why a person may not act: by `rule`, because of what `person` did on the step `path`.

    `person` differs from the one asked about when somebody stood in for him there.
    """

    rule: str
    path: str
    person: int


@dataclass(frozen=True)
class Exclusion:
    """Two groups of posts; nobody holds one of `one` and another of `other`. A post may stand in both groups."""

    rule: str
    one: tuple[str, ...]
    other: tuple[str, ...]


def conflict(person: int, path: str, acts: Sequence[Act], separations: Sequence[Separation]) -> Bar | None:
    """Return the first bar against `person` acting on the step `path`, or None.

    `acts` are all of the case, whatever round. A stand-in's act counts for both persons; who stands in for somebody
    is asked about twice, once as each. Filing counts only where a separation names the path `case`.
    """
    for separation in separations:
        if path not in separation.steps:
            continue
        for act in acts:
            if act.path != path and act.path in separation.steps and _did(act, person):
                return Bar(separation.rule, act.path, act.person)
    return None


def foreign(people: Collection[int], path: str, acts: Sequence[Act], bindings: Sequence[Separation]) -> Bar | None:
    """Return the first bar against `people` (one person, and whom he stands in for) on a step bound to others.

    Who last did one of the bound steps does the others; whether he or his stand-in did it, either may go on.
    """
    for binding in bindings:
        if path in binding.steps:
            others = [p for p in binding.steps if p != path]
            did = latest(acts, others)
            if did is not None and not persons(did) & set(people):
                return Bar(binding.rule, did.path, did.person)
    return None


def level(path: str, here: OrganLevel | None, acts: Sequence[Act], sets: Sequence[Separation]) -> Bar | None:
    """Return the first bar against doing the step at this level, where another of its set was done at the same.

    Township is one level; county, centre and sub-centre are the other. What is not known of an act bars nothing.
    """
    for kept in sets:
        if path not in kept.steps or here is None:
            continue
        for act in acts:
            counts = act.path in kept.steps and act.path != path and act.kind in HANDLED and act.level is not None
            if counts and is_township(act.level) == is_township(here):
                return Bar(kept.rule, act.path, act.person)
    return None


def is_township(organ: OrganLevel | None) -> bool:
    """Return whether a level is the township's: of two tiers of government the lower one."""
    return organ is OrganLevel.TOWNSHIP


def after_stand_in(person: int, step: int, opened_at: datetime | None, acts: Sequence[Act]) -> Act | None:
    """Return the act after which the step opened, if `person` did it as a stand-in (SOD-16)."""
    last = opened_after(step, opened_at, acts)
    return last if last is not None and last.on_behalf is not None and last.person == person else None


def opened_after(step: int, opened_at: datetime | None, acts: Sequence[Act]) -> Act | None:
    """Return the last completion before a step was opened; the id of a step grows with time."""
    before = [a for a in acts if a.kind is ActKind.COMPLETE and (a.step or 0) < step]
    if opened_at is not None:
        before = [a for a in before if a.at <= opened_at]
    return before[-1] if before else None


def number_of_persons(acts: Iterable[Act], paths: Collection[str], more: Collection[int] = ()) -> int:
    """Return how many different persons performed these steps, with `more`: one who acts now, and for whom.

    Who stands in for somebody is one person with him. A completion that was taken back does not count.
    """
    standing: dict[tuple[int | None, int], set[int]] = {}
    for act in acts:
        if act.path in paths and act.kind in DONE:
            standing[(act.step, act.person)] = persons(act)
        elif act.kind in (ActKind.WITHDRAW, ActKind.TAKE_BACK):
            standing.pop((act.step, act.person), None)
    groups: list[set[int]] = []
    for new in [*standing.values(), *([set(more)] if more else [])]:
        met = [group for group in groups if group & new]
        groups = [group for group in groups if not group & new] + [new.union(*met)]
    return len(groups)


def excluded(posts: Collection[str], exclusions: Sequence[Exclusion]) -> tuple[Exclusion, str, str] | None:
    """Return the first exclusion that one person holding `posts` would break, with the two posts, or None."""
    for exclusion in exclusions:
        for one in exclusion.one:
            for other in exclusion.other:
                if one != other and one in posts and other in posts:
                    return exclusion, one, other
    return None


def latest(acts: Sequence[Act], paths: Collection[str], after: int = 0) -> Act | None:
    """Return the last completion of one of the steps, opened after the step with this id; None: there is none.

    Of a step that was taken back and done again the newer completion; one that was taken back does not count.
    """
    done = {step: act for step, act in completions(acts).items() if act.path in paths and step > after}
    return done[max(done)] if done else None


def completed(acts: Iterable[Act]) -> set[str]:
    """Return the paths of the steps that were done, without those that were taken back since and not done again."""
    return {act.path for act in completions(acts).values()}


def completions(acts: Iterable[Act]) -> dict[int, Act]:
    """Return the completion that stands of each step, by the step's id."""
    done: dict[int, Act] = {}
    for act in acts:
        if act.kind is ActKind.COMPLETE:
            done[act.step or 0] = act
        elif act.kind is ActKind.WITHDRAW:
            done.pop(act.step or 0, None)
    return done


def apart(path: str, rule: str, separations: Sequence[Separation]) -> tuple[str, ...]:
    """Return the steps that a constraint keeps apart from a step."""
    named = [s.steps for s in separations if s.rule == rule and path in s.steps]
    return tuple(dict.fromkeys(step for steps in named for step in steps if step != path))


def persons(act: Act) -> set[int]:
    """Return who counts as having done it: the one who acted, and the one for whom."""
    return {act.person} if act.on_behalf is None else {act.person, act.on_behalf}


def meets(one: Collection[int], other: Collection[int]) -> bool:
    """Return whether who asks and who approves are one person, themselves or through whom they stand in for.

    Source: Administrative Licensing Law art. 42; SOD-18, SOD-19, SOD-25.
    """
    return bool(set(one) & set(other))


def _did(act: Act, person: int) -> bool:
    counts = act.kind in HANDLED or act.path == FILING
    return counts and person in persons(act)
