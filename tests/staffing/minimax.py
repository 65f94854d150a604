"""Everything tried: can whoever chooses outcomes and the order bring a case to a step that nobody may take?"""

from __future__ import annotations

from tests.staffing.acting import Case

Key = tuple[object, ...]


class TooBig(Exception):
    """There are more positions than are worth trying."""


class Tried:
    """What is known of the positions of one item without loops; `most` of them are tried for one question."""

    def __init__(self, most: int = 4000) -> None:
        self.known: dict[Key, bool] = {}
        self.most = most

    def doomed(self, case: Case) -> bool:
        """Return whether a step may come that nobody may take, or complete, whoever takes the others."""
        key = (
            case.state,
            tuple((s.id, s.claimed_by) for s in case.open_steps),
            tuple((a.step, a.person) for a in case.acts),
        )
        if key not in self.known:
            if len(self.known) > self.most:
                raise TooBig
            self.known[key] = self._stuck(case) or self._may_fail(case)
        return self.known[key]

    def _stuck(self, case: Case) -> bool:
        for step in case.open_steps:
            people = case.of.officers if step.claimed_by is None else [step.claimed_by]
            if not any(case.may(person, step) for person in people):
                return True
        return False

    def _may_fail(self, case: Case) -> bool:
        for step in case.open_steps:
            if step.claimed_by is None:
                able = [person for person in case.of.officers if case.may(person, step)]
                if all(self.doomed(case.claimed(person, step)) for person in able):
                    return True
            elif any(self.doomed(case.completed(step, outcome)) for outcome in case.outcomes(step)):
                return True
        return False
