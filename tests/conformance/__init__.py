"""Conformance of engine.bpmn.run with test suites of other engines. Start: python -m tests.conformance DIR [--json]."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple


class Verdict(NamedTuple):
    """One case. `verdict`: right | refused (the model is, `why` names the element) | wrong."""

    suite: str
    id: str
    case: str
    verdict: str
    why: str


Suite = Callable[[Path], Iterator[Verdict]]
