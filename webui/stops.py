"""Stops of a case in words: what stands still, by which notice, from when to when, and when it runs again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from engine.rules.book import Book
from engine.rules.limits import Stop
from webui import words
from webui.clocks import resumes
from webui.language import day, gettext


@dataclass(frozen=True, kw_only=True)
class Standstill:
    """A stop that runs, or begins tomorrow. `name`: of its kind; `text`: its days and its notice."""

    name: str
    text: str


def running(stops: Sequence[Stop], book: Book, today: date) -> list[Standstill]:
    """Return the stops that have days left after yesterday, in order of their first day."""
    return [
        Standstill(
            name=words.stop(stop.kind, book),
            text=gettext(
                "%(first)s至%(last)s不计入期限，%(resumes)s%(notice)s",
                first=day(stop.from_on, today),
                last=day(stop.to_on, today),
                resumes=resumes(stop, today),
                notice=by_notice(stop),
            ),
        )
        for stop in stops
        if stop.to_on >= today
    ]


def by_notice(stop: Stop) -> str:
    """Return the number of the notice in brackets; empty when there is none."""
    return gettext("（告知书 %(number)s）", number=stop.document) if stop.document else ""
