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


def judged(play: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """Return the verdict of one case; what breaks in it is wrong, and the next case is played."""
    try:
        return play()
    except Exception as e:
        return "wrong", f"it broke: {type(e).__name__}: {e}"


def located(where: Path, file: str) -> Path:
    """Return a file of the material, whose names begin at the folder above `where` or at `where` itself."""
    places = (where.parent / file, where / file, where.joinpath(*Path(file).parts[1:]))
    return next((p for p in places if p.is_file()), places[0])


def refusal(e: Invalid) -> str:
    """Return what the findings say, each with its file, line and element."""
    return "\n".join(f"{f.file}:{f.line}: {f.where or 'file'}: {f.rule}: {f.message}" for f in e.findings)


Suite = Callable[[Path], Iterator[Verdict]]
