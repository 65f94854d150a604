"""When a running case may go over to another version, as far as people, marks and time are concerned. No database.

What stands against it and what is worth knowing are points: a code, the element, and what else the sentence names.
Which tokens find their place is for engine/bpmn/moving.py to say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from engine.model import Act, ActKind, CaseLimit, Clock, ClockKind, Item, Step
from engine.rules.separation import FILING, conflict

FAULTS = {
    "closed": "The case has ended.",
    "late": "A time limit has run out and has not taken effect yet; run `sunlit tick` first.",
    "unreadable": "The state of the case cannot be read: {what}",
    "gone": "'{at}' is where the case stands, and the new version has no such element in the same place.",
    "kind": "'{at}' is another kind of element in the new version.",
    "loop": "'{at}' is open, and its loop or multi-instance differs in the new version.",
    "trigger": "'{at}' waits, and in the new version for another event or another time.",
    "interrupts": "'{at}' waits, and interrupts in only one of the versions.",
    "quantity": "Tokens gather at '{at}', of which the new version needs another number.",
    "boundary_added": "The new version adds the boundary event '{what}' to '{at}', which is open.",
    "boundary_gone": "The new version takes the boundary event '{what}' away from '{at}', which is open.",
    "listener_added": "The new version adds the event sub-process '{what}' to a flow or sub-process that is open.",
    "listener_gone": "The new version takes the event sub-process '{what}' away from what is open.",
    "called": "'{at}' is open and calls another flow in the new version: {what}.",
    "incoming": "A token waits at the join '{at}', which has other incoming flows in the new version.",
    "reach": "A token waits at the join '{at}', which '{what}' reaches in another way in the new version.",
    "branches": "'{at}' is open and stands in other parallel branches in the new version.",
    "waits": "The join '{at}' would wait for ever for the branch '{what}', which this case has finished.",
    "undo": "'{at}' was done and its compensation differs in the new version.",
    "end": "A branch has ended at '{at}', which the new version does not have.",
    "name": "'{at}' asks for '{what}', which this case has not been given and cannot be sure to be given.",
    "post": "'{at}' is open and belongs to another post or organ in the new version.",
    "outcomes": "'{at}' is open and has other outcomes in the new version.",
    "persons": "'{at}' is open and needs another number of persons in the new version.",
    "form": "'{at}' is open and has another form in the new version; a draft might not fit.",
    "mark": "The clock '{at}' runs, and in the new version nothing ahead reaches the mark '{what}' that ends it.",
    "clock": "A timer ahead follows the limit '{what}', which will not start in this case any more.",
    "time": "'{at}' is open and stops or extends clocks otherwise in the new version.",
    "asked": "'{at}' would act on what was asked for in '{what}', which this case has passed in the older version.",
    "separation": "One person has done '{at}' and '{what}', which the new version separates ({rule}).",
    "unseparated": "'{at}' was done under {rule}, and the new version, which has no such step, would forget by whom.",
}
NOTES = {
    "missed": "The new version has '{at}', which this case will not pass any more.",
    "skipped": "'{at}' lay ahead of this case; in the new version it does not.",
    "added": "The new version puts '{at}' ahead of this case.",
    "keeps": "'{at}' keeps the last day it was opened with.",
    "runs": "The clock '{at}' runs on as it was started.",
    "unstarted": "The limit '{what}' is new and does not start any more: its mark '{at}' was reached before.",
    "holder": "Who holds '{at}' has done '{what}', which the new version separates ({rule}): another must take over.",
    "undone": "'{at}' has a compensation in the new version; if it was done before, it cannot be undone.",
}


@dataclass(frozen=True, order=True)
class Point:
    """One sentence about a move: `code` of FAULTS or NOTES; `at` an element's path or a clock."""

    code: str
    at: str = ""
    what: str = ""
    rule: str = ""

    @property
    def told(self) -> tuple[str, str, str, str]:
        return self.code, self.at, self.what, self.rule

    def __str__(self) -> str:
        return (FAULTS.get(self.code) or NOTES[self.code]).format(at=self.at, what=self.what, rule=self.rule)


class Held(NamedTuple):
    """An open step and who holds it."""

    path: str
    by: int | None


@dataclass(frozen=True, kw_only=True)
class Version:
    """What one version declares, its forms, and the paths that the case stands at or may still come to in it."""

    item: Item
    forms: Mapping[str, Any]
    ahead: Collection[str]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the database knows of a case. `clocks`: those that run or have run; `late`: a timer has to fire first."""

    steps: Sequence[Held]
    acts: Sequence[Act]
    marks: Mapping[str, date]
    clocks: Sequence[Clock]
    late: bool = False


def against(old: Version, new: Version, facts: Facts, follows: Collection[str]) -> Iterator[Point]:
    """Yield what stands against the move. `follows`: the limits that timers ahead follow, by rule."""
    if facts.late:
        yield Point("late")
    for held in facts.steps:
        yield from _open(held.path, old, new)
    for clock in _running(facts):
        if not _ends(new, clock.until) and _ends(old, clock.until):
            yield Point("mark", clock.key, clock.until)
    for limit in new.item.limits:
        if limit.rule in follows and (_missed(limit.start, limit.rule, facts) or _never(new, limit, facts)):
            yield Point("clock", limit.start, limit.rule)
    yield from _asked(old, new, facts)
    yield from _separated(old.item, new.item, facts.acts)


def worth_knowing(old: Version, new: Version, facts: Facts) -> Iterator[Point]:
    """Yield what who decides on the move should know."""
    for path in new.item.steps:
        if path in new.ahead and path not in old.item.steps:
            yield Point("added", path)
        elif path not in old.item.steps:
            yield Point("missed", path)
    for path in old.item.steps:
        if path in old.ahead and path not in new.ahead:
            yield Point("skipped", path)
    for held in facts.steps:
        if _days(old.item, held.path) != _days(new.item, held.path):
            yield Point("keeps", held.path)
        bar = held.by and conflict(held.by, held.path, facts.acts, new.item.separations)
        if bar and not conflict(held.by or 0, held.path, facts.acts, old.item.separations):
            yield Point("holder", held.path, bar.path, bar.rule)
    before, now = ({limit.rule: limit for limit in version.item.limits} for version in (old, new))
    for clock in _running(facts):
        rule = clock.key.partition(":")[2]
        if clock.kind is not ClockKind.STEP and _term(clock, before.get(rule)) != _term(clock, now.get(rule)):
            yield Point("runs", clock.key)
    for limit in new.item.limits:
        if limit.rule not in before and _missed(limit.start, limit.rule, facts):
            yield Point("unstarted", limit.start, limit.rule)


def _open(path: str, old: Version, new: Version) -> Iterator[Point]:
    """What a person has begun with stays as it is: draft, outcomes, signatures, and the post of the stored step."""
    was, now = old.item.steps.get(path), new.item.steps.get(path)
    if was is None or now is None:
        yield Point("gone", path)
        return
    for code, of in _SAME.items():
        if of(was) != of(now):
            yield Point(code, path)
    if old.forms.get(path) != new.forms.get(path):
        yield Point("form", path)


_SAME: Mapping[str, Callable[[Step], object]] = {
    "post": lambda step: (step.post, step.organ),
    "outcomes": lambda step: step.outcomes,
    "persons": lambda step: step.persons,
    "time": lambda step: (step.stop, step.resume, step.extend),
}


def _asked(old: Version, new: Version, facts: Facts) -> Iterator[Point]:
    """A step ahead that stops or extends by what a step has said that was done in the older version, under its form."""
    done = {act.path for act in facts.acts}
    for path, step in new.item.steps.items():
        before = _requests(old.item.steps.get(path))
        for request in _requests(step) if path in new.ahead else ():
            kept = request in before and old.forms.get(request) == new.forms.get(request)
            if request in done and request not in new.ahead and not kept:
                yield Point("asked", path, request)


def _requests(step: Step | None) -> list[str]:
    """Return the steps by whose forms a step stops or extends clocks."""
    return [rule.request for rule in (step.stop, step.extend) if rule] if step else []


def _days(item: Item, path: str) -> int | None:
    step: Step | None = item.steps.get(path)
    return step.days if step else None


def _running(facts: Facts) -> list[Clock]:
    return [clock for clock in facts.clocks if clock.ended_on is None]


def _missed(mark: str, rule: str, facts: Facts) -> bool:
    return mark in facts.marks and f"statute:{rule}" not in {clock.key for clock in facts.clocks}


def _never(new: Version, limit: CaseLimit, facts: Facts) -> bool:
    """Whether a limit that has no clock will not get one: nothing ahead reaches the mark that starts it."""
    return f"statute:{limit.rule}" not in {clock.key for clock in facts.clocks} and not _ends(new, limit.start)


def _term(clock: Clock, limit: CaseLimit | None) -> object:
    return limit and (limit.start, limit.until, limit.promise if clock.kind is ClockKind.PROMISE else None)


def _ends(version: Version, mark: str) -> bool:
    """Whether something ahead reaches the mark; a step's own clock ends with the step."""
    if not mark:
        return True
    marked = {path: step.marks for path, step in version.item.steps.items()} | dict(version.item.marks)
    return any(path in version.ahead and any(each.name == mark for each in marks) for path, marks in marked.items())


def _separated(old: Item, new: Item, acts: Sequence[Act]) -> Iterator[Point]:
    """What was done must not break the new separations, and must not drop out of them because a step is gone."""
    done = [act for act in acts if act.kind in (ActKind.COMPLETE, ActKind.SIGN) or act.path == FILING]
    for act in done:
        for person in {act.person, act.on_behalf} - {None}:
            if bar := conflict(person or 0, act.path, acts, new.separations):
                one, other = sorted((act.path, bar.path))
                yield Point("separation", one, other, bar.rule)
        if act.path != FILING and act.path not in new.steps:
            for separation in old.separations:
                if act.path in separation.steps and any(path in new.steps for path in separation.steps):
                    yield Point("unseparated", act.path, rule=separation.rule)
