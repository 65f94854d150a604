"""Bad input, bad settings, and a database that is not there."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors.base import Invalid, SunlitError


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


@dataclass(kw_only=True, eq=False)
class DatabaseDown(SunlitError):
    """The database cannot be reached: {why}. Start it, or set SUNLIT_DATABASE_URL; then run `sunlit migrate`."""

    why: str


@dataclass(kw_only=True, eq=False)
class NotMigrated(SunlitError):
    """The database is not at the version of this program (its revision: {revision}). Run `sunlit migrate`."""

    revision: str
