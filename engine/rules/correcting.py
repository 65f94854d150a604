"""The one notice of what to supplement: what it asked for, what came since, and when another one may be given.

All of it is told at once (Administrative Licensing Law art. 32(1)(4)); a second notice may only name defects of what
was supplied after the first (DOMAIN 2.9(6)). No clock, no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from engine.errors import OneCorrection
from engine.model import Step

NOTICE = "supplement_notice"  # the kind of document
DEFECTS = "defects"  # field of a notice: what is missing or wrong, one thing a line
SUPPLIED = "supplied"  # field of an answer: what came, one thing a line
COLONS = ("：", ":")


@dataclass(frozen=True, kw_only=True)
class Written:
    """What somebody filled in on a step of a case. `corrects`: the `id` of the entry in whose place it stands."""

    path: str
    at: datetime
    form: Mapping[str, Any]
    id: int = 0
    corrects: int | None = None


def standing(every: Iterable[Written]) -> list[Written]:
    """Return what holds of what was written, in order of time; a corrected entry came when the former one did."""
    found: dict[int, Written] = {}
    for each in sorted(every, key=lambda one: one.id):
        former = found.pop(each.corrects, None) if each.corrects is not None else None
        found[each.id] = replace(each, at=former.at) if former else each
    return sorted(found.values(), key=lambda one: one.at)


def gives_notice(step: Step, outcome: str | None) -> bool:
    """Return whether a step makes a notice of what to supplement with this outcome."""
    return outcome is not None and any(d.kind == NOTICE and (not d.on or outcome in d.on) for d in step.documents)


def newest(written: Sequence[Written], steps: Mapping[str, Step]) -> Written | None:
    """Return the newest notice among what was written, in its order: with it defects were named."""
    return next((each for each in reversed(written) if _is_notice(each, steps)), None)


def came(written: Sequence[Written], steps: Mapping[str, Step]) -> tuple[str, ...]:
    """Return the names of what was supplied after the newest notice, each once."""
    last = max((i for i, each in enumerate(written) if _is_notice(each, steps)), default=-1)
    lines = [line for each in written[last + 1 :] for line in each.form.get(SUPPLIED, ())]
    return tuple(dict.fromkeys(head(line) for line in lines))


def head(line: str) -> str:
    """Return what a line is about: `平面布局图：没有比例尺` is about 平面布局图."""
    ends = [line.index(colon) for colon in COLONS if colon in line]
    return line[: min(ends, default=len(line))].strip()


def refusal(given_on: date | None, supplied: Sequence[str], defects: Sequence[str]) -> OneCorrection | None:
    """Return why a notice may not be given now, or None. `given_on`: day of the last one; `supplied`: came since.

    Each defect names the supplied thing that it is of, before a colon.
    """
    if given_on is None or (defects and all(_of(line, supplied) for line in defects)):
        return None
    return OneCorrection(on=given_on, basis="L01")


def _is_notice(each: Written, steps: Mapping[str, Step]) -> bool:
    step = steps.get(each.path)
    return step is not None and bool(each.form.get(DEFECTS)) and any(d.kind == NOTICE for d in step.documents)


def _of(line: str, supplied: Sequence[str]) -> bool:
    about = head(line)
    return about in supplied and bool(line[len(about) :].strip(" ：:"))
