"""How much work one move may do: automatic elements, new tokens, time. What a hostile program asks for is a fault.

Time is the thread's own on the processor: a case does not fault because the machine is busy with others. It is looked
at now and then only: when tokens are made, looked through or asked for the value of an expression.
"""

from __future__ import annotations

from time import thread_time

from engine.bpmn.faults import Fault

ELEMENTS, TOKENS, SECONDS, EVERY = 1000, 10_000, 1.0, 32


class Budget:
    """What is left of one move. It begins when it is made."""

    def __init__(self) -> None:
        self.elements, self.tokens, self.until, self.ticks = ELEMENTS, TOKENS, thread_time() + SECONDS, 0

    def element(self, path: str) -> None:
        """Count an automatic element."""
        self.elements -= 1
        if self.elements < 0:
            raise Fault(why=f"more than {ELEMENTS} automatic elements in one move, at {path}", at=path)
        self.tick()

    def token(self) -> None:
        """Count a new token."""
        self.tokens -= 1
        if self.tokens < 0:
            raise Fault(why=f"more than {TOKENS} new tokens in one move")
        self.tick()

    def tick(self) -> None:
        """Look at the clock, every so often."""
        self.ticks += 1
        if self.ticks % EVERY == 0:
            self.look()

    def look(self) -> None:
        """Look at the clock now."""
        if thread_time() > self.until:
            raise Fault(why=f"more than {SECONDS:g} second of work in one move")
