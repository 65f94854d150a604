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
