"""Conformance of engine.bpmn.run with test suites of other engines. Start: python -m tests.conformance DIR [--json]."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

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


class NoMaterial(Exception):
    """A file of the material cannot be read as what it should be."""


def listed(path: Path, key: str) -> list[Any]:
    """Return the list `key` of a JSON file, each of which has an id.

    Raises:
        NoMaterial: it is not so.
    """
    try:
        found = json.loads(path.read_bytes())[key]
        if not all(isinstance(f["id"], str) for f in found):
            raise NoMaterial(f"{path}: each of '{key}' needs an id that is a text")
    except (OSError, ValueError, RecursionError) as e:
        raise NoMaterial(f"{path} cannot be read: {e}") from e
    except (LookupError, TypeError) as e:
        raise NoMaterial(f"{path} holds no list '{key}' of objects with an id") from e
    return list(found)


Suite = Callable[[Path], Iterator[Verdict]]
