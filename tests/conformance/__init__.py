"""Conformance of engine.bpmn.run with test suites of other engines. Start: python -m tests.conformance DIR [--json]."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from engine.errors import Invalid


class Verdict(NamedTuple):
    """One case. `verdict`: right | refused (the model is, `why` names the element) | wrong."""

    suite: str
    id: str
    case: str
    verdict: str
    why: str


def refusal(e: Invalid) -> str:
    """Return what the findings say, each with its file, line and element."""
    return "\n".join(f"{f.file}:{f.line}: {f.where or 'file'}: {f.rule}: {f.message}" for f in e.findings)


Suite = Callable[[Path], Iterator[Verdict]]
