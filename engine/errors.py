"""What can go wrong: one root, four kinds. A docstring is its class's message; the class name is its stable code."""

from __future__ import annotations

import inspect
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing wrong with a file or a form. `level` is model, item or form; `where` an element id or a field."""

    file: str
    line: int
    level: str
    rule: str
    message: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.level}: {self.rule}: {self.message}"


class SunlitError(Exception):
    """Something went wrong."""

    def __str__(self) -> str:
        return " ".join(inspect.cleandoc(type(self).__doc__ or "").split()).format(**vars(self))

    @property
    def code(self) -> str:
        return type(self).__name__

    def without_names(self) -> str:
        """Return the message as the trace may keep it: nobody's name in it."""
        told = vars(self) | ({"holder": "Another person"} if "holder" in vars(self) else {})
        return " ".join(inspect.cleandoc(type(self).__doc__ or "").split()).format(**told)


@dataclass(kw_only=True, eq=False)
class Refused(SunlitError):
    """A rule says no. `basis`: id of the rule; `tries`: wrong tries to count, (kind, keyed hash of the subject)."""

    basis: str = ""
    tries: tuple[tuple[str, str], ...] = ()


@dataclass(kw_only=True, eq=False)
class Stale(SunlitError):
    """Somebody was faster. Reload and look."""


@dataclass(kw_only=True, eq=False)
class NotFound(SunlitError):
    """There is no {what} '{key}'."""

    what: str
    key: str


@dataclass(kw_only=True, eq=False)
class Invalid(SunlitError):
    """It was not accepted. {summary}"""

    findings: tuple[Finding, ...] = ()

    @property
    def summary(self) -> str:
        return "; ".join(str(f) for f in self.findings)

    def __str__(self) -> str:
        return "\n".join(str(f) for f in self.findings)


# --- separation -----------------------------------------------------------------------------------------------------


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


@dataclass(kw_only=True, eq=False)
class WrongCode(Refused):
    """Receipt number or query code is wrong."""


# --- somebody was faster --------------------------------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class AlreadyClaimed(Stale):
    """{holder} has claimed this step already."""

    holder: str


@dataclass(kw_only=True, eq=False)
class StepClosed(Stale):
    """This step has been done already."""


@dataclass(kw_only=True, eq=False)
class CaseClosed(Stale):
    """This case is closed."""


@dataclass(kw_only=True, eq=False)
class CaseInFault(Stale):
    """The flow of this case could not go on. The flow manager can repair it; until then nobody can act on its steps."""


@dataclass(kw_only=True, eq=False)
class NotInFault(Stale):
    """This case needs no repair, or it has changed since the repair was proposed. Look at the case again."""


@dataclass(kw_only=True, eq=False)
class TimeFirst(Stale):
    """A time limit ran out before this and takes effect first. Nothing was saved; look again in a moment."""


@dataclass(kw_only=True, eq=False)
class CaseMoved(Stale):
    """The case was changed by somebody else at the same moment. Nothing was saved; look again."""


@dataclass(kw_only=True, eq=False)
class AlreadyFiled(Stale):
    """This draft has been filed already."""


@dataclass(kw_only=True, eq=False)
class AlreadyDecided(Stale):
    """This proposal has been decided already."""


# --- bad input ------------------------------------------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class UnknownOutcome(Invalid):
    """'{outcome}' is not an outcome of this step; possible: {possible}."""

    outcome: str
    possible: str

    def __str__(self) -> str:
        return SunlitError.__str__(self)


@dataclass(kw_only=True, eq=False)
class BadSetting(SunlitError):
    """The setting {name} is wrong: {why}."""

    name: str
    why: str


@dataclass(kw_only=True, eq=False)
class ClockGoesForward(SunlitError):
    """The demo clock moves forward only."""


# --- the database ---------------------------------------------------------------------------------------------------


@dataclass(kw_only=True, eq=False)
class DatabaseDown(SunlitError):
    """The database cannot be reached: {why}. Start it, or set SUNLIT_DATABASE_URL; then run `sunlit migrate`."""

    why: str


@dataclass(kw_only=True, eq=False)
class NotMigrated(SunlitError):
    """The database is not at the version of this program (its revision: {revision}). Run `sunlit migrate`."""

    revision: str
