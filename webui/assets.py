"""The built front end: logical names to hashed files under /static/."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

DIST = Path(__file__).parent / "static" / "dist"


@lru_cache(1)
def manifest() -> dict[str, dict[str, str]]:
    """Return name -> {file, sha256} of everything that webui/assets/build.mjs made."""
    found: dict[str, dict[str, str]] = json.loads((DIST / "manifest.json").read_text("utf-8"))
    return found


def asset(name: str) -> str:
    """Return the address of a built file, e.g. `app.css`; its name changes with its content."""
    return f"/static/{manifest()[name]['file']}"


def is_immutable(_path: str, url: str) -> bool:
    """Return whether a static file may be kept for ever: its name carries its hash."""
    name = url.rsplit("/", 1)[-1]
    return any(entry["file"] == name and entry["sha256"][:12] in name for entry in manifest().values())
