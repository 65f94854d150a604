"""Whether an item can be done with today's officers, organ by organ: who may take which step, and who must not be away.

No content of any case is in it, so every officer may see it, the three administrators too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock
from engine.commands.staffing import CHAIR, Words, staffing
from engine.commands.staffing.advice import Grant
from engine.commands.staffing.office import Path
from engine.commands.staffing.openings import openings, short_of
from engine.commands.staffing.table import Cell, CellKind, Gap, Plan, Row, Table, table
from engine.db import store
from engine.db.read import choices
from engine.db.read.staffing import Officer
from engine.db.read.staffing import staff as everybody
from engine.db.store import Connection
from engine.errors import EngineFault
from engine.model import Source
from engine.rules.book import Book
from engine.rules.cards import ITEM
from engine.staffing.instance import Seat
from webui import definitions, words
from webui.language import gettext, pick
from webui.people.proposing import lacking
from webui.roles import ADMIN, OFFICERS, role

bp = Blueprint("staffing", __name__, url_prefix="/items")
SHOWN = 20  # ways that are listed
MOST = 5  # officers who may be thought away together


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A cell in words. `sign`: what stands in it; `tone`: the colour of the sign; `said`: the whole sentence."""

    sign: str
    tone: str
    said: str


@dataclass(frozen=True, kw_only=True)
class Way:
    """A way in words: its steps in order, its end, and for which amounts, if they matter."""

    steps: str
    end: str
    tier: str


@bp.get("/<item>/staffing", endpoint="item")
@role(*OFFICERS)
def of_item(item: str) -> ResponseReturnValue:
    """Show an item in an organ, `organ`, on a day, `on`; `without`: logins of officers who are thought to be away."""
    absent, on = _absent(), _on()
    try:
        with store.reading() as conn:
            found = table(conn, item, request.args.get("organ", ""), absent=absent, on=on)
    except EngineFault:
        return render_template("staffing/too_many.html", nav_here="matrix.items", key=item)
    book = store.book()
    gone = [officer for officer in found.officers.values() if officer.login in absent]
    return render_template(
        "staffing/item.html",
        nav_here="matrix.items",
        found=found,
        badge=badge(found),
        columns=columns(found),
        gone=gone,
        later=on,
        today=clock.local_date(clock.now()),
        others=[each for each in _named(found) if each not in gone],
        mark=lambda row, person: _mark(found, row, person, book),
        rules=[book.constraints[rule] for rule in _rules(found) if rule in book.constraints],
        last=[row for row in found.rows if len(row.able) == 1 == row.seats],
        steps_of=lambda plan: _roster(found, plan),
        ways=lambda group: _ways(found, group, book),
        said=said,
        label=label,
        post_word=lambda post: words.post(post, book),
        tier_word=lambda tier: _tier(tier, book),
        url=lambda **other: url_for(
            "staffing.item", **{"item": item, "organ": found.organ.code, "without": absent, "on": on} | other
        ),
        advice_url=url_for("staffing.advice", item=item, organ=found.organ.code, without=absent, on=on),
        ahead_url=url_for("ahead.listed", item=item, organ=found.organ.code),
    )


@bp.get("/<item>/staffing/advice")
@role(*OFFICERS)
def advice(item: str) -> ResponseReturnValue:
    """Show what takes longer to find: the pairs of officers without whom it fails, and what would mend it."""
    organ, absent, on = request.args.get("organ", ""), _absent(), _on()
    with store.reading() as conn:
        report = staffing(conn, item, organ, absent=absent, on=on, advise=True)
        grants = openings(conn, item, organ, absent=absent, on=on) if _may_grant() else ()
        named = _naming(conn, report.officers)
    outlook = report.outlooks[0]
    return render_template(
        "staffing/advice.html" if request.headers.get("HX-Request") else "staffing/advice_page.html",
        nav_here="matrix.items",
        key=item,
        outlook=outlook,
        pairs=[[report.officers[person] for person in each] for each in outlook.breaks_without if len(each) > 1],
        said=said,
        grants=[named(each) for each in grants],
    )


def proposed(conn: Connection, source: Source) -> dict[str, Any]:
    """Return what the template about a proposed definition asks for: `short`, each organ with why and what mends it."""
    try:
        found = short_of(conn, source)
    except EngineFault:
        return {"too_many": True}
    named = _naming(conn, everybody(conn, clock.local_date(clock.now())).officers)
    grants = [[named(grant) for grant in each.grants] if _may_grant() else [] for each in found]
    return {"short": list(zip(found, grants, strict=True)), "said": said}


def _may_grant() -> bool:
    """Return whether the officer may propose to grant a post to others."""
    return ADMIN in g.audiences and not lacking("post")


def _naming(conn: Connection, officers: Mapping[int, Officer]) -> Callable[[Grant], tuple[str, str]]:
    """Return what says a grant in words, with the address of the form that proposes it, filled in."""
    organs = choices.organ_names(conn)

    def named(wanted: Grant) -> tuple[str, str]:
        officer, organ = officers[wanted.person], organs[wanted.organ]
        who, where = pick(officer.name, officer.name_en), pick(organ.name, organ.name_en)
        url = url_for(
            "people.post_form", person=wanted.person, post=wanted.post, organ=wanted.organ, tier=wanted.tier or None
        )
        post = words.post(wanted.post, store.book())
        return gettext("授予%(who)s：%(organ)s“%(post)s”", who=who, organ=where, post=post), url

    return named


@bp.app_template_global("staffing_url")
def address(item: str) -> str:
    """Return the address of an item's staffing; none for cards, which nobody applies for."""
    return url_for("staffing.item", item=item) if item != ITEM else ""


def badge(found: Table) -> str:
    """Return ok: possible whoever is away; warn: possible while nobody is away whom it needs; over: not possible."""
    if found.gaps:
        return "over"
    return "warn" if found.alone else "ok"


def columns(found: Table) -> list[int]:
    """Return everybody who is in the table, in the order of the steps."""
    return list(dict.fromkeys(person for row in found.rows for person in row.cells))


def said(sentence: Words) -> str:
    """Return a sentence of the engine in the page's language."""
    return pick(sentence.zh, sentence.en)


def label(name: Words) -> str:
    """Return the name of a step as it stands by itself, without the marks that it has in a sentence."""
    text = said(name)
    return text.removeprefix("「").removesuffix("」") if text.startswith("「") else text


def _absent() -> list[str]:
    return [login for login in dict.fromkeys(request.args.getlist("without")) if login][:MOST]


def _on() -> date | None:
    """Return the day that is asked about; None for today, and for what is no day ahead."""
    try:
        on = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None
    return on if clock.local_date(clock.now()) < on < date(2200, 1, 1) else None


def _named(found: Table) -> Iterable[Officer]:
    return (found.officers[person] for person in columns(found))


def _mark(found: Table, row: Row, person: int, book: Book) -> Mark | None:
    cell = row.cells.get(person)
    if cell is None:
        return None
    whom = found.officers.get(cell.behalf)
    who, step = _name(found, person), said(row.name)
    for_whom = pick(whom.name, whom.name_en) if whom else ""
    match cell.kind:
        case CellKind.MAY:
            return Mark(sign="✓", tone="t-ok", said=gettext("%(who)s能办%(step)s", who=who, step=step))
        case CellKind.STANDS:
            text = gettext("%(who)s代%(whom)s办%(step)s：%(whom)s外出", who=who, whom=for_whom, step=step)
            return Mark(sign=gettext("替"), tone="t-warn", said=text)
        case CellKind.READY:
            text = gettext("%(whom)s外出时由%(who)s代办%(step)s", who=who, whom=for_whom, step=step)
            return Mark(sign=gettext("备"), tone="t-line", said=text)
        case CellKind.AWAY:
            return Mark(sign=gettext("外出"), tone="", said=gettext("%(who)s外出，不能办%(step)s", who=who, step=step))
    return Mark(sign=cell.rule, tone="t-over", said=_why(who, step, cell, book))


def _why(who: str, step: str, cell: Cell, book: Book) -> str:
    rule = book.constraints.get(cell.rule)
    named = f"{cell.rule} {pick(rule.name, rule.name_en)}" if rule else cell.rule
    return gettext("%(who)s不得办%(step)s：%(rule)s", who=who, step=step, rule=named)


def _name(found: Table, person: int) -> str:
    return pick(found.officers[person].name, found.officers[person].name_en)


def _rules(found: Table) -> Sequence[str]:
    """Return the constraints that keep somebody out, in their order."""
    return sorted({cell.rule for row in found.rows for cell in row.cells.values() if cell.rule})


def _roster(found: Table, plan: Plan) -> list[tuple[str, str]]:
    """Return by step who takes it, in the order of the table; where amounts matter, of a step only once."""
    paths = dict.fromkeys(row.path for row in found.rows if row.path in plan.roster)
    return [
        (label(found.names[path]), words.joined(_seat(found, seat) for seat in plan.roster[path])) for path in paths
    ]


def _seat(found: Table, seat: Seat) -> str:
    name = _name(found, seat.person)
    return gettext("%(who)s（代%(whom)s）", who=name, whom=_name(found, seat.behalf)) if seat.behalf else name


def _ways(found: Table, group: Plan | Gap, book: Book) -> list[Way]:
    """Return the ways of a group, the shortest first, as many as are listed."""
    paths = sorted(group.ways, key=lambda path: len(path.run.steps))[:SHOWN]
    return [_way(found, path, book) for path in paths]


def _way(found: Table, path: Path, book: Book) -> Way:
    return Way(
        steps=" → ".join(label(found.names[step]) for step in path.run.steps if not step.endswith(CHAIR)),
        end=definitions.end_name(found.item, path.run.end),
        tier=_tier(path.tier, book),
    )


def _tier(code: str, book: Book) -> str:
    tier = book.tiers.by_code.get(code)
    return pick(tier.name, tier.name_en) if tier else ""
