"""Fills the places that a scenario's form leaves open (processes/README.md, "Values filled in")."""

from pathlib import Path
from typing import Any

from .data import toml

SAMPLES = {
    "@today": "2026-09-14",
    "@today+5y": "2031-09-14",
    "@time": "10:05",
    "@now": "2026-09-14T10:05",
    "@number": "2026-YL-000123",
}


def complete_form(item: Path, form: dict[str, Any]) -> dict[str, Any]:
    """Return `form` with sample values for `@today`, `@number` and the like.

    Raises:
        KeyError: a place that no scenario may use.
    """
    filing = toml(item / "scenarios.toml")["filing"]["form"]
    places = SAMPLES | {f"@case.{name}": value for name, value in filing.items()}
    return {k: places[v] if isinstance(v, str) and v.startswith("@") else v for k, v in form.items()}
