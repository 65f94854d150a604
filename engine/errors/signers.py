"""A rule says no to several people on one step: transfer, added signers, votes."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors.base import Refused, Stale


@dataclass(kw_only=True, eq=False)
class ToYourself(Refused):
    """You hold this step yourself; choose somebody else."""


@dataclass(kw_only=True, eq=False)
class NotEligible(Refused):
    """{officer} cannot be given this: {cause}"""

    officer: str
    cause: Refused

    def without_names(self) -> str:
        return f"Another person cannot be given this: {self.cause.without_names()}"


@dataclass(kw_only=True, eq=False)
class Away(Refused):
    """This person is away today."""


@dataclass(kw_only=True, eq=False)
class NoDeskPost(Refused):
    """Opinions are asked of officers who hold a post that handles cases."""


@dataclass(kw_only=True, eq=False)
class HasPart(Refused):
    """Who does a step, or is asked for an opinion on it, has no second part in it."""


@dataclass(kw_only=True, eq=False)
class SignersMissing(Refused):
    """The step waits for the opinion of {officers}."""

    officers: str

    def without_names(self) -> str:
        return "The step waits for the opinion of another person."


@dataclass(kw_only=True, eq=False)
class OwnSigner(Refused):
    """Who is asked for an opinion does not take the question away; say in your opinion that you decline, and why."""


@dataclass(kw_only=True, eq=False)
class NotAsked(Refused):
    """You are not asked for an opinion here; only the person who was asked gives it."""


@dataclass(kw_only=True, eq=False)
class NotYetAsked(Refused):
    """You are asked for an opinion on the finding, and there is none yet."""


@dataclass(kw_only=True, eq=False)
class NoProxy(Refused):
    """Nobody votes or presides for somebody else; the step waits for the holder of the post."""


@dataclass(kw_only=True, eq=False)
class DecidedTogether(Refused):
    """This step is decided by vote: those who hold its post vote, and '{chair}' concludes. Nobody claims it."""

    chair: str


@dataclass(kw_only=True, eq=False)
class NotDecidedTogether(Refused):
    """Nobody votes on this step; who holds it does it."""


@dataclass(kw_only=True, eq=False)
class AlreadyVoted(Refused):
    """You have voted. To vote otherwise, take your vote back first."""


@dataclass(kw_only=True, eq=False)
class ChairHasSpoken(Refused):
    """The chair has spoken, and speaks last; nobody votes or takes a vote back after that."""


@dataclass(kw_only=True, eq=False)
class NoQuorum(Refused):
    """{present} of {members} members have voted; {needed} must have."""

    present: int
    members: int
    needed: int


@dataclass(kw_only=True, eq=False)
class NotTheMajority(Refused):
    """The votes carry '{carried}'; the conclusion says so."""

    carried: str


@dataclass(kw_only=True, eq=False)
class Answered(Stale):
    """The opinion has been given already, or is not asked for any more."""
