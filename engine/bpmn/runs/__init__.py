"""Every way through a flow, by the steps that are done on it: what staffing has to be able to staff.

Followed as the proof of soundness follows a flow (bpmn/check/soundness), scope by scope, so conditions over outcomes
and few values are followed and others may be true or false. On a way lie all steps that are done, however often, in
called flows, beside the flow and in event sub-processes that somebody sets off; a step that sends the case back counts,
for somebody acted on it. Several instances of a step are one step: acts on one path never bar each other. Steps that
are cut off before they are done do not count.

Not exact where the proof is not: an event may happen whenever it is waited for, activities that have instances may have
any number, and what compensates may be done at any time or not at all. So there may be runs that no case takes; a run
that a case takes is always there. Left out are withdrawals by command, which end a case anywhere: what was done until
then is the beginning of a run.

`before` is told exactly of what a completed step opens: that step is the last one, whatever happens in other branches.
At a join each of the branches may be last. Of what an event opens (a message, a timer, a return) it is the step before
on its own way and all that may be done beside it. A step is never before itself: several persons may act on one.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.bpmn.program import Program
from engine.bpmn.runs.follow import Follower
from engine.bpmn.runs.search import TooMany
from engine.bpmn.runs.trails import END, Merged, Trail
from engine.errors import EngineFault
from engine.model.runs import Run

MAX_RUNS = 5_000
WHY = (
    "its ways are too many to be looked at one by one; draw it with fewer branches that run at once, or put parts of "
    "it into flows of their own"
)


def runs(program: Program) -> tuple[Run, ...]:
    """Return the distinct sets of steps that are done from the start of a case to an end, of a flow that is sound.

    Raises:
        EngineFault: there are more than MAX_RUNS, or too many states to find them.
    """
    follower = Follower(program.flow)
    try:
        found = follower.follow(program.flow, program.flow.process, cut=False)
    except TooMany as e:
        raise EngineFault(why=WHY) from e
    return _runs(found.inside.trails)


def _runs(trails: Iterable[Trail]) -> tuple[Run, ...]:
    """Put together what has the same steps."""
    same: dict[frozenset[str], list[Trail]] = {}
    for trail in trails:
        if trail.exit.kind == "end":
            same.setdefault(frozenset(s for s in trail.steps if s[:1] != END), []).append(trail)
    if len(same) > MAX_RUNS:
        raise EngineFault(why=WHY)
    return tuple(_run(found) for found in same.values())


def _run(trails: list[Trail]) -> Run:
    merged, ends = Merged(), set[str]()
    for trail in trails:
        merged.add(trail.before, trail.outcomes)
        ends.update({trail.exit.code} if trail.exit.code else {s[1:] for s in trail.steps if s[:1] == END})
    steps = tuple(s for s in trails[0].steps if s[:1] != END)
    return Run(
        steps=steps,
        before={s: tuple(sorted(merged.before[s].intersection(steps))) for s in steps},
        outcomes={s: tuple(sorted(merged.outcomes[s])) for s in steps},
        end=ends.pop() if len(ends) == 1 else "",
    )
