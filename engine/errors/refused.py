"""A rule says no."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors.base import Refused


@dataclass(kw_only=True, eq=False)
class SamePerson(Refused):
    """You may not handle '{step}': you handled '{other}' in this case."""

    step: str
    other: str


@dataclass(kw_only=True, eq=False)
class ExcludedPosts(Refused):
    """You hold the posts '{one}' and '{two}', which exclude each other; ask the administrators to take one back."""

    one: str
    two: str


@dataclass(kw_only=True, eq=False)
class OwnCase(Refused):
    """You are the applicant or the agent in this case; somebody else must handle it."""


@dataclass(kw_only=True, eq=False)
class NotYourPost(Refused):
    """This step belongs to the post '{post}' of '{organ}', which you do not hold."""

    post: str
    organ: str


@dataclass(kw_only=True, eq=False)
class NotYourRole(Refused):
    """This belongs to the posts '{posts}', none of which you hold."""

    posts: str


@dataclass(kw_only=True, eq=False)
class AlreadySigned(Refused):
    """You have signed this step already; it needs another person's signature too. You may take yours back."""


@dataclass(kw_only=True, eq=False)
class NotSigned(Refused):
    """You have not signed this step."""


@dataclass(kw_only=True, eq=False)
class OutcomeDiffers(Refused):
    """The first signatory found '{first}'. Both must find the same; talk to each other. Who was wrong signs anew."""

    first: str


@dataclass(kw_only=True, eq=False)
class NotClaimed(Refused):
    """Claim this step first."""


@dataclass(kw_only=True, eq=False)
class NotYourClaim(Refused):
    """{holder} has claimed this step; only the holder may do this."""

    holder: str


@dataclass(kw_only=True, eq=False)
class TooLateToWithdraw(Refused):
    """The decision has been made; an application can be withdrawn only before it."""


@dataclass(kw_only=True, eq=False)
class SameProposer(Refused):
    """You made this proposal; another person must approve it."""


@dataclass(kw_only=True, eq=False)
class NotEmpty(Refused):
    """The database already holds a county; it can be founded only once."""


@dataclass(kw_only=True, eq=False)
class EngineFault(Refused):
    """The flow cannot go on here: {why}. The case stays as it was; tell the flow's manager."""

    why: str


@dataclass(kw_only=True, eq=False)
class CaseFaulted(EngineFault):
    """The flow cannot go on here: {why}. Nothing was lost. The flow manager has the case now and can repair it."""


@dataclass(kw_only=True, eq=False)
class WrongPassword(Refused):
    """Account or password is wrong."""


@dataclass(kw_only=True, eq=False)
class TooManyTries(Refused):
    """Too many wrong tries. Try again in 15 minutes."""

    seconds: int = 0  # until the next try is admitted


@dataclass(kw_only=True, eq=False)
class WrongCode(Refused):
    """Receipt number or query code is wrong."""
