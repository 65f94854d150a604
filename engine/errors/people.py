"""A rule says no to a change of posts, people or accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.errors.base import Refused, SunlitError
from engine.errors.refused import TooManyTries


@dataclass(kw_only=True, eq=False)
class OwnMatter(Refused):
    """This is about yourself; two other persons must do it."""


@dataclass(kw_only=True, eq=False)
class PostsExclude(Refused):
    """One person would hold the posts '{one}' and '{two}', which exclude each other."""

    one: str
    two: str


@dataclass(kw_only=True, eq=False)
class ReservedPost(Refused):
    """The post '{post}' is held by nobody: in flows it stands for other posts."""

    post: str


@dataclass(kw_only=True, eq=False)
class AlreadyHeld(Refused):
    """The officer holds the post '{post}' there already in these days; end that one first."""

    post: str


@dataclass(kw_only=True, eq=False)
class OwnStandIn(Refused):
    """Nobody stands in for himself; name another person."""


@dataclass(kw_only=True, eq=False)
class StandInNamed(Refused):
    """Another stand-in is registered for this post in these days; end that one first."""


@dataclass(kw_only=True, eq=False)
class IsAway(Refused):
    """The officer is away from {from_on} to {to_on} already."""

    from_on: date
    to_on: date


@dataclass(kw_only=True, eq=False)
class StillHere(Refused):
    """The officer leaves on {to_on}; this can be carried out from that day on."""

    to_on: date


@dataclass(kw_only=True, eq=False)
class AccountLocked(TooManyTries):
    """Too many wrong tries today. Two persons can reopen the account; otherwise it opens again tomorrow."""


@dataclass(kw_only=True, eq=False)
class WrongSecondFactor(Refused):
    """The code is wrong or was used already. Wait for the next one."""


@dataclass(kw_only=True, eq=False)
class SecondFactorSet(Refused):
    """You have a second factor already. If it is lost, two administrators take it back."""


@dataclass(kw_only=True, eq=False)
class CodeNeeded(SunlitError):
    """Type the code that your second factor shows, too."""


@dataclass(kw_only=True, eq=False)
class PasswordFirst(SunlitError):
    """Others have set your password. Change it first: sunlit password --as LOGIN."""
