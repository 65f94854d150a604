"""A rule of separation says no: beyond who did what, and which posts exclude each other."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors.base import Refused


@dataclass(kw_only=True, eq=False)
class NoStandIn(Refused):
    """Nobody stands in for the post '{post}'; its holders do this themselves."""

    post: str


@dataclass(kw_only=True, eq=False)
class StatusForbids(Refused):
    """Who is no official decides nothing; '{post}' is a deciding post. An official must do this."""

    post: str


@dataclass(kw_only=True, eq=False)
class NotCertified(Refused):
    """This step is signed by officers who hold a certificate of law enforcement; none of yours is on record."""


@dataclass(kw_only=True, eq=False)
class TierTooLow(Refused):
    """This case counts {amount} yuan and takes the tier '{needed}'; your post reaches '{held}'."""

    amount: str
    needed: str
    held: str


@dataclass(kw_only=True, eq=False)
class OtherPerson(Refused):
    """'{step}' belongs to the person who did '{other}' in this case."""

    step: str
    other: str


@dataclass(kw_only=True, eq=False)
class SameLevel(Refused):
    """'{other}' was done at the same level; '{step}' must be done at another level of government."""

    step: str
    other: str


@dataclass(kw_only=True, eq=False)
class NextStep(Refused):
    """You did '{other}' as a stand-in; the step that follows it is somebody else's."""

    other: str


@dataclass(kw_only=True, eq=False)
class TooFewPersons(Refused):
    """Cases of this risk pass through {least} different persons; if you act here, only {most} are possible."""

    least: int
    most: int


@dataclass(kw_only=True, eq=False)
class ComplainedOf(Refused):
    """The complaint is about you, or about the post that you hold; it goes to somebody else."""


@dataclass(kw_only=True, eq=False)
class NotInWriting(Refused):
    """The post '{post}' is granted in writing; give the number of the paper that grants it."""

    post: str
