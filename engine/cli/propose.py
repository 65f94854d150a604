"""sunlit propose KIND ... --as LOGIN: propose a change of posts, people, accounts or rules; another person approves."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Callable
from datetime import date
from typing import Any

from engine import commands
from engine.cli.who import actor, person
from engine.db.context import Context
from engine.db.read import admin
from engine.db.store import begin, reading
from engine.errors import NotFound

Given = argparse.Namespace
KINDS = {
    "post": "give an officer a post",
    "end-post": "end a granted post",
    "stand-in": "name a stand-in for a granted post",
    "end-stand-in": "end a registration",
    "absence": "note that an officer is away; also by the officer himself",
    "end-absence": "end it early; also by the officer himself",
    "officer": "open an account for an officer",
    "close-account": "close an officer's account",
    "reopen-account": "reopen it, also after too many wrong tries",
    "new-password": "replace a forgotten password",
    "reset-factor": "take a lost second factor back",
    "leaving": "end all that an officer has, and hand over the open steps",
    "rules": "adopt the files of processes/_rules",
}
ACCOUNTS = {
    "close-account": "closed",
    "reopen-account": "reopened",
    "new-password": "password",
    "reset-factor": "second_factor",
}


def run(argv: list[str]) -> int:
    given = _parser().parse_args(argv)
    officer = actor(given.login)
    if given.kind == "officer":  # typed, so that it stays in no list of commands
        given.id_number = getpass.getpass(f"identity number of {given.name}: ")
    with begin(officer) as ctx:
        proposal = PROPOSALS.get(given.kind, _account)(ctx, given)
    print(f"proposal {proposal}; another person approves it: sunlit approve {proposal} --as LOGIN")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sunlit propose", description="Propose; another person approves.")
    kinds = parser.add_subparsers(dest="kind", required=True)
    made = {kind: kinds.add_parser(kind, help=text) for kind, text in KINDS.items()}
    for kind, one in made.items():
        one.add_argument("--as", dest="login", required=True, metavar="LOGIN")
        if kind in ("post", "stand-in", "absence", "leaving", *ACCOUNTS):
            one.add_argument("officer", metavar="OFFICER", help="a login of the officer")
        if kind in ("post", "stand-in", "absence"):
            one.add_argument("--from", dest="from_on", type=date.fromisoformat, required=True, metavar="DAY")
        if kind in ("post", "stand-in"):
            one.add_argument("--to", dest="to_on", type=date.fromisoformat, metavar="DAY", help="the last day")
        if kind in ("end-post", "end-stand-in", "absence", "end-absence", "leaving"):
            one.add_argument("--to", dest="to_on", type=date.fromisoformat, required=True, metavar="DAY")
    for name in ("post", "organ"):
        made["post"].add_argument(name, help=f"code of the {name}")
    for name in ("item", "tier", "writing"):
        made["post"].add_argument(f"--{name}", default="")
    made["post"].add_argument("--pool", action="store_true", help="in the county pool")
    made["end-post"].add_argument("assignment", type=int, help="number of the granted post: sunlit officer LOGIN")
    made["end-post"].add_argument("--reason", required=True)
    made["stand-in"].add_argument("assignment", type=int, help="number of the granted post: sunlit officer LOGIN")
    made["end-stand-in"].add_argument("stand_in", type=int, help="number of the registration: sunlit officer LOGIN")
    made["end-absence"].add_argument("absence", type=int, help="number of the absence: sunlit officer LOGIN")
    made["absence"].add_argument("--kind-of", default="leave", choices=("leave", "sick", "travel", "training"))
    made["officer"].add_argument("new", metavar="NEW_LOGIN")
    made["officer"].add_argument("--name", required=True)
    for name in ("name-en", "phone", "address", "certificate"):
        made["officer"].add_argument(f"--{name}", default="")
    made["officer"].add_argument("--status", default="official")
    return parser


def _post(ctx: Context, given: Given) -> int:
    with reading() as conn:
        organ = admin.organs(conn).get(given.organ)
    if organ is None:
        raise NotFound(what="organ", key=given.organ)
    named = {name: getattr(given, name) for name in ("post", "item", "tier", "from_on", "to_on", "writing", "pool")}
    return commands.propose_post(ctx, officer=person(given.officer), organ=organ, **named)


def _stand_in(ctx: Context, given: Given) -> int:
    days = {"from_on": given.from_on, "to_on": given.to_on}
    return commands.propose_stand_in(ctx, assignment=given.assignment, officer=person(given.officer), **days)


def _absence(ctx: Context, given: Given) -> int:
    days = {"from_on": given.from_on, "to_on": given.to_on}
    return commands.propose_absence(ctx, officer=person(given.officer), kind=given.kind_of, **days)


def _officer(ctx: Context, given: Given) -> int:
    names = ("name", "name_en", "status", "phone", "address", "certificate")
    named = {name: getattr(given, name) for name in names}
    return commands.propose_officer(ctx, login=given.new, id_number=given.id_number, **named)


def _account(ctx: Context, given: Given) -> int:
    what = ACCOUNTS[given.kind]
    return commands.propose_account(ctx, officer=person(given.officer), what=what, login=given.officer)


PROPOSALS: dict[str, Callable[[Context, Any], int]] = {
    "post": _post,
    "end-post": lambda ctx, g: commands.propose_end_of_post(ctx, g.assignment, to_on=g.to_on, reason=g.reason),
    "stand-in": _stand_in,
    "end-stand-in": lambda ctx, g: commands.propose_end_of_stand_in(ctx, g.stand_in, to_on=g.to_on),
    "absence": _absence,
    "end-absence": lambda ctx, g: commands.propose_end_of_absence(ctx, g.absence, to_on=g.to_on),
    "officer": _officer,
    "leaving": lambda ctx, g: commands.propose_leaving(ctx, officer=person(g.officer), to_on=g.to_on),
    "rules": lambda ctx, _: commands.propose_rules(ctx),
}
