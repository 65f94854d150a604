"""sunlit calendar show [YEAR] | adopt FILE [--amend] --as LOGIN: the calendar in force; propose a yearly notice."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from engine.calendars.notice import Days, read
from engine.cli.who import actor
from engine.commands import propose_calendar
from engine.db import days
from engine.db.store import begin, reading
from engine.errors import Invalid, NotFound


def run(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="sunlit calendar", description="Show the working days in force, or propose the notice of another year."
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    adopt = verbs.add_parser("adopt", help="propose a notice; another person approves, and all open clocks follow")
    adopt.add_argument("file", type=Path, help="its days off and make-up working days (engine/calendars/README.md)")
    adopt.add_argument("--amend", action="store_true", help="the year is adopted already and this notice changes it")
    adopt.add_argument("--as", dest="login", required=True, metavar="LOGIN")
    show = verbs.add_parser("show", help="list the adopted years, or the days of one")
    show.add_argument("year", nargs="?", type=int)
    given = parser.parse_args(argv)
    return _show(given.year) if given.verb == "show" else _adopt(given.file, given.login, given.amend)


def _adopt(file: Path, login: str, amends: bool) -> int:
    try:
        notice = read(file.read_bytes(), str(file))
        with begin(actor(login)) as ctx:
            proposal = propose_calendar(ctx, notice, amends=amends)
    except Invalid as error:
        print(error)
        return 2
    print(f"proposal {proposal}; another person approves it: sunlit approve {proposal} --as LOGIN")
    return 0


def _show(year: int | None) -> int:
    with reading() as conn:
        known = days.adopted(conn)
    years = sorted({day.year for day in known})
    if year is not None and year not in years:
        raise NotFound(what="adopted year", key=str(year))
    for each in years if year is None else [year]:
        of_year = {day: said for day, said in known.items() if day.year == each}
        working = sum(works for works, _, _ in of_year.values())
        sources = sorted({source for _, _, source in of_year.values()})
        print(f"{each}  {working} working days  {'; '.join(sources)}")
    if year is None:
        print("later years: Saturdays, Sundays, 1 Jan, 1-2 May and 1-3 Oct are off, provisionally")
    else:
        print("\n".join(_named(known, year)))
    return 0


def _named(known: Days, year: int) -> Iterator[str]:
    """Yield the days of a year that a notice names."""
    for day, (works, name, _) in known.items():
        if day.year == year and name:
            yield f"{day:%Y-%m-%d %a}  {'working' if works else 'off    '}  {name}"
