"""Separation of posts: who may not act because of what they did in the case, or of another post they hold. No database.

Natural persons are compared, never accounts or posts. The answer names the reason; commands refuse.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from engine.model import Act, ActKind, Separation

FILING = "case"  # the path of the act of filing


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
    done: dict[int, Act] = {}
    for act in acts:
        if act.kind is ActKind.COMPLETE and act.path in paths and (act.step or 0) > after:
            done[act.step or 0] = act
        elif act.kind is ActKind.WITHDRAW:
            done.pop(act.step or 0, None)
    return done[max(done)] if done else None


def apart(path: str, rule: str, separations: Sequence[Separation]) -> tuple[str, ...]:
    """Return the steps that a constraint keeps apart from a step."""
    named = [s.steps for s in separations if s.rule == rule and path in s.steps]
    return tuple(dict.fromkeys(step for steps in named for step in steps if step != path))


def persons(act: Act) -> set[int]:
    """Return who counts as having done it: the one who acted, and the one for whom."""
    return {act.person} if act.on_behalf is None else {act.person, act.on_behalf}


def _did(act: Act, person: int) -> bool:
    counts = act.kind in (ActKind.COMPLETE, ActKind.SIGN) or act.path == FILING
    return counts and person in persons(act)
