"""A formula that grows and is asked again and again: variables, clauses, how many of some literals hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from pysat.solvers import Cadical153

FEW = 5  # literals of which each two are kept apart rather than counted


class Clauses:
    """Clauses over variables 1, 2, 3 and on; a literal is a variable, or minus one. One solver, which learns."""

    def __init__(self) -> None:
        self._solver = Cadical153()
        self._last = 0
        self.true = self.new()
        self.add(self.true)

    def new(self) -> int:
        """Return a variable that is in no clause yet."""
        self._last += 1
        return self._last

    def add(self, *literals: int) -> None:
        """Ask that one of these hold."""
        self._solver.add_clause(literals)

    def holds(self, assumed: Iterable[int]) -> frozenset[int] | None:
        """Return the variables that are true in one of the solutions in which all that is assumed holds, or None."""
        if not self._solver.solve(assumptions=list(assumed)):
            return None
        return frozenset(literal for literal in self._solver.get_model() if literal > 0)

    def core(self) -> frozenset[int]:
        """Return which of the literals assumed last cannot hold together, when `holds` said None."""
        return frozenset(self._solver.get_core() or ())

    def at_most(self, literals: Sequence[int], number: int) -> None:
        """Ask that no more than `number` of these hold."""
        if number >= len(literals):
            return
        if number == 1 and len(literals) <= FEW:
            for one, other in combinations(literals, 2):
                self.add(-one, -other)
            return
        self.add(-self.reached(literals, number + 1)[number])

    def reached(self, literals: Sequence[int], number: int) -> Sequence[int]:
        """Return variables that are true if one, two and so on, up to `number`, of these hold."""
        before: list[int] = []
        for literal in literals:
            after = [self.new() for _ in range(min(len(before) + 1, number))]
            for n, variable in enumerate(after):
                if n < len(before):
                    self.add(-before[n], variable)
                self.add(-literal, variable, *([-before[n - 1]] if n else []))
            before = after
        return before

    def at_least(self, candidates: Sequence[Sequence[int]], number: int) -> int:
        """Return a literal that asks for `number` of the candidates, in their order.

        `candidates`: of each the literals that let it be the first, the second and so on, `number` of them.
        """
        reached = [self.true, *[-self.true] * number]
        for candidate in candidates:
            after = [self.true]
            for n in range(1, number + 1):
                after.append(self.new())
                self.add(-after[n], reached[n], candidate[n - 1])
                self.add(-after[n], reached[n], reached[n - 1])
            reached = after
        return reached[number] if number > 0 else self.true
