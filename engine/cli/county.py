"""Reads a county's TOML file: organs, officers, applicants, and the plan of cases to play."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.commands import Applicant, County, OfficerRow, OrganRow
from engine.errors import Finding, Invalid

PASSWORD = "sunlit-demo"  # noqa: S105 - of the demo county's accounts, printed by `sunlit accounts`


@dataclass(frozen=True, kw_only=True)
class CountyFile:
    """`applicants`: with the form fields that go with each; `plan`: the table as written; empty when there is none."""

    county: County
    applicants: tuple[tuple[Applicant, Mapping[str, Any]], ...]
    plan: Mapping[str, Any]


def load(path: Path, hash_of: Callable[[str], str]) -> CountyFile:
    """Return the county of a file. `hash_of`: login to the hash of the officer's first password.

    Raises:
        Invalid: the file is no TOML, or lacks something.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return CountyFile(
            county=_county(data, hash_of),
            applicants=tuple(_applicant(row) for row in data.get("applicant", ())),
            plan=data.get("plan", {}),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, OSError) as error:
        why = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        finding = Finding(file=str(path), line=1, level="model", rule="county", message=why)
        raise Invalid(findings=(finding,)) from error


def _county(data: Mapping[str, Any], hash_of: Callable[[str], str]) -> County:
    head = data["county"]
    first, second = head["founders"]
    organs = [OrganRow(**row, series=None if row.get("parent") else head["series"]) for row in data["organ"]]
    officers = [
        OfficerRow(
            login=row["login"],
            name=row["name"],
            name_en=row["name_en"],
            posts=tuple((post["post"], post["organ"]) for post in row["posts"]),
            password_hash=hash_of(row["login"]),
            phrase=row.get("phrase"),
            language=row.get("language", "zh"),
        )
        for row in data["officer"]
    ]
    return County(
        name=head["name"], organs=organs, officers=officers, founders=(first, second), since=head["founded_on"]
    )


def _applicant(row: Mapping[str, Any]) -> tuple[Applicant, Mapping[str, Any]]:
    names = ("kind", "name", "id_type", "id_number", "phone")
    return Applicant(**{name: row[name] for name in names}), row.get("form", {})
