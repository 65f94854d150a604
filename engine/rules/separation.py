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


def _did(act: Act, person: int) -> bool:
    counts = act.kind in (ActKind.COMPLETE, ActKind.SIGN) or act.path == FILING
    return counts and person in (act.person, act.on_behalf)
