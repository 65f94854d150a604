"""What is arranged as a county is founded: its items, who stands in for whom, who is away; the founders' passwords."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from typing import Any

from engine import commands
from engine.bpmn.source import load
from engine.cli.county import CountyFile
from engine.commands.people.passwords import LEAST, MOST
from engine.db.context import Context
from engine.db.read import admin
from engine.db.store import begin, reading
from engine.errors import Finding, Invalid
from engine.model import Actor
from engine.settings import settings


def passwords(logins: tuple[str, str]) -> dict[str, str]:
    """Return the passwords that the founders type, each twice."""
    return {login: _typed(login) for login in logins}


def deploy(file: CountyFile) -> None:
    """The first founder proposes every item, the second approves."""
    first, second = (_officers()[login] for login in file.county.founders)
    for folder in sorted(settings().processes.iterdir()):
        if folder.name.startswith("_") or not (folder / "flow.bpmn").is_file():
            continue
        with begin(first) as ctx:
            proposal = commands.propose_definition(ctx, load(folder, settings().processes))
        with begin(second) as ctx:
            commands.approve(ctx, proposal)


def arrange(file: CountyFile) -> None:
    """The first administrator proposes stand-ins and absences, the first security administrator approves.

    Raises:
        Invalid: the file names stand-ins or absences, and nobody holds these posts.
    """
    if not file.stand_ins and not file.absences:
        return
    officers, granted = _officers(), _granted()
    by = {post: officers[login] for (login, post) in reversed(granted)}
    if not {"administrator", "security_administrator"} <= by.keys():
        message = "stand-ins and absences take an administrator and a security administrator"
        raise Invalid(findings=(Finding(file="county", line=0, level="model", rule="county", message=message),))
    proposals = []
    with begin(by["administrator"]) as ctx:
        proposals += [_stand_in(ctx, row, officers, granted) for row in file.stand_ins]
        for row in file.absences:
            away = {name: row[name] for name in ("from_on", "to_on", "kind")}
            proposals.append(commands.propose_absence(ctx, officer=officers[row["officer"]].person, **away))
    with begin(by["security_administrator"]) as ctx:
        for proposal in proposals:
            commands.approve(ctx, proposal)


def _stand_in(
    ctx: Context, row: Mapping[str, Any], officers: Mapping[str, Actor], granted: Mapping[tuple[str, str], int]
) -> int:
    return commands.propose_stand_in(
        ctx,
        assignment=granted[row["holder"], row["post"]],
        officer=officers[row["officer"]].person,
        from_on=row["from_on"],
        to_on=row.get("to_on"),
    )


def _officers() -> dict[str, Actor]:
    """Return the officers by login; they act as founders here, whatever password they must still change."""
    with reading() as conn:
        return {row.login: Actor(person=row.person, channel="seed") for row in admin.holders(conn)}


def _granted() -> dict[tuple[str, str], int]:
    with reading() as conn:
        return {(row.login, row.post): row.assignment for row in admin.holders(conn) if row.assignment and row.post}


def _typed(login: str) -> str:
    while True:
        password = getpass.getpass(f"choose a password for {login} ({LEAST} characters or more): ")
        if not LEAST <= len(password) <= MOST or login.lower() in password.lower():
            print(f"{LEAST} to {MOST} characters, without the login")
        elif password != getpass.getpass("again: "):
            print("the two differ")
        else:
            return password
