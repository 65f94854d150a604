"""A step cannot be sent back, or what was done on it cannot be taken back. `why`: a reason code of the tables here."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.errors.base import Refused

NO_RETURN = {
    "undeclared": "the flow declares no such return",
    "not_done": "that step has not been done in this case",
    "flow": "the flow cannot go back there from here",
}
NO_WITHDRAWAL = {
    "open": "it has not been completed, or is open again",
    "not_yours": "somebody else completed it",
    "effect": "it had an effect in law, handed something over, or ended other steps",
    "used": "somebody has begun to work on what came of it",
    "beside": "another branch has gone on since and may rest on it",
    "late": "a time limit has run out since",
    "other": "the case goes by another version of its flow since",
}


@dataclass(kw_only=True, eq=False)
class CannotReturn(Refused):
    """This step cannot be sent back to '{to}': {because}."""

    to: str
    why: str
    because: str = field(init=False)

    def __post_init__(self) -> None:
        self.because = NO_RETURN[self.why]


@dataclass(kw_only=True, eq=False)
class CannotWithdraw(Refused):
    """What was done on this step cannot be taken back: {because}."""

    why: str
    because: str = field(init=False)

    def __post_init__(self) -> None:
        self.because = NO_WITHDRAWAL[self.why]
