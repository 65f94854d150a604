"""A formula that grows and is asked again and again: variables, clauses, how many of some literals hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from pysat.solvers import Cadical153

SETTINGS = {"phase": 0, "lucky": 0}  # try first that nobody takes a seat: nearly all variables are false in a solution
FEW = 5  # literals of which each two are kept apart rather than counted


class Clauses:
    """Clauses over variables 1, 2, 3 and on; a literal is a variable, or minus one. One solver, which learns."""

    def __init__(self) -> None:
        self._solver = Cadical153()
        self._solver.configure(SETTINGS)
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

    def holds(self, assumed: Iterable[int]) -> Sequence[int] | None:
        """Return a solution in which all that is assumed holds, or None: by variable - 1 the literal that is true."""
        if not self._solver.solve(assumptions=list(assumed)):
            return None
        found: Sequence[int] = self._solver.get_model()
        return found

    def core(self) -> frozenset[int]:
        """Return which of the literals assumed last cannot hold together, when `holds` said None."""
        return frozenset(self._solver.get_core() or ())

    def at_most(self, literals: Sequence[int], number: int, asked: int | None = None) -> None:
        """Ask that no more than `number` of these hold; only if `asked` does."""
        unless = () if asked is None else (-asked,)
        if number == 1 and len(literals) <= FEW:
            for one, other in combinations(literals, 2):
                self.add(*unless, -one, -other)
            return
        reached: list[int] = []  # true if one, two and so on of those before the next literal hold
        for literal in literals if number < len(literals) else ():
            if len(reached) == number:
                self.add(*unless, -literal, *(-full for full in reached[-1:]))
            after = [self.new() for _ in range(min(len(reached) + 1, number))]
            for n, variable in enumerate(after):
                if n < len(reached):
                    self.add(-reached[n], variable)
                self.add(-literal, variable, *(-less for less in reached[n - 1 : n]))
            reached = after

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
