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

TERMS = ("item", "tier", "writing", "pool", "to_on")  # of a granted post, beside the post and its organ


@dataclass(frozen=True, kw_only=True)
class CountyFile:
    """`applicants`: with the form fields that go with each; `plan`: the table as written; empty when there is none.

    `stand_ins`, `absences`: as written, by logins.
    """

    county: County
    applicants: tuple[tuple[Applicant, Mapping[str, Any]], ...]
    plan: Mapping[str, Any]
    stand_ins: tuple[Mapping[str, Any], ...]
    absences: tuple[Mapping[str, Any], ...]


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
            stand_ins=tuple(data.get("stand_in", ())),
            absences=tuple(data.get("absence", ())),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, OSError) as error:
        why = f"lacks {error}" if isinstance(error, KeyError) else str(error)
        finding = Finding(file=str(path), line=1, level="model", rule="county", message=why)
        raise Invalid(findings=(finding,)) from error


def founders(path: Path) -> tuple[str, str]:
    """Return the logins of the two who found the county of a file.

    Raises:
        Invalid: as `load`.
    """
    return load(path, lambda _: "").county.founders


def _county(data: Mapping[str, Any], hash_of: Callable[[str], str]) -> County:
    head = data["county"]
    first, second = head["founders"]
    organs = [OrganRow(**row, series=None if row.get("parent") else head["series"]) for row in data["organ"]]
    officers = [_officer(row, hash_of(row["login"])) for row in data["officer"]]
    return County(
        name=head["name"],
        organs=organs,
        officers=officers,
        founders=(first, second),
        since=head["founded_on"],
        writing=head.get("writing"),
    )


def _officer(row: Mapping[str, Any], password_hash: str) -> OfficerRow:
    names = ("phrase", "id_number", "status", "certificate", "phone", "address", "language")
    return OfficerRow(
        login=row["login"],
        name=row["name"],
        name_en=row["name_en"],
        posts=tuple((post["post"], post["organ"]) for post in row["posts"]),
        terms={post["post"]: {k: v for k, v in post.items() if k in TERMS} for post in row["posts"]},
        password_hash=password_hash,
        **{name: row[name] for name in names if name in row},
    )


def _applicant(row: Mapping[str, Any]) -> tuple[Applicant, Mapping[str, Any]]:
    names = ("kind", "name", "id_type", "id_number", "phone")
    return Applicant(**{name: row[name] for name in names}), row.get("form", {})
