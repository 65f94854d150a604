"""The separation matrix of an item: which steps one person may not both do, by which rule, and who could do them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from engine import clock
from engine.db import store
from engine.db.read import away, choices, moves, people
from engine.db.read.facts import Named
from engine.db.read.people import Holder
from engine.model import Assignment, Item, Step
from engine.rules.book import Book
from engine.rules.demands import demands
from engine.rules.separation import excluded
from webui import definitions, words
from webui.language import day, gettext, pick
from webui.roles import OFFICERS, role

bp = Blueprint("matrix", __name__, url_prefix="/items")
EVERYWHERE = ("SOD-08", "SOD-16", "SOD-31", "SOD-32")  # they hold for every step of every item


@dataclass(frozen=True, kw_only=True)
class Cell:
    """Two steps. `kind`: self | x never one person | c not in one case | b always one person | y free."""

    kind: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """A step with its cells, in the order of the steps, and its conditions in words."""

    step: Step
    name: str
    post: str
    cells: tuple[Cell, ...]
    notes: tuple[str, ...]
    risk: str


@dataclass(frozen=True, kw_only=True)
class Seat:
    """An officer who holds the post of a step. `why`: why not, whatever the case; `note`: away, or standing in."""

    name: str
    why: str = ""
    note: str = ""


@bp.get("", endpoint="items")
@role(*OFFICERS)
def listed() -> ResponseReturnValue:
    """List the items that have a matrix."""
    with store.reading() as conn:
        found = [next(iter(each)) for _, each in groupby(moves.versions(conn), lambda version: version.item)]
    return render_template("matrix/items.html", items=found)


@bp.get("/<item>/separation")
@role(*OFFICERS)
def separation(item: str) -> ResponseReturnValue:
    """Show the matrix of the version in force; `one` and `other` choose the pair of steps that is explained."""
    today, book = clock.local_date(clock.now()), store.book()
    with store.reading() as conn:
        versions = moves.versions(conn, item)
        if not versions:
            abort(404)
        of = definitions.item(conn, versions[0].id, versions[0].sha256)
        posts = {step.post for step in of.steps.values()}
        holders = [h for h in people.holders(conn, posts, today) if h.assignment.item in (None, item)]
        who = {h.person for h in holders}
        organs = choices.organ_names(conn)
        every, gone = people.assignments(conn, who, today), away.until(conn, who, today)
    rows = [_row(step, of, book) for step in of.steps.values()]
    asked = [demands(of, step.path, step.post, book) for step in of.steps.values()]
    least, counting = next(((each.least, each.counting) for each in asked if each.least), (0, ""))
    notes = {person: gettext("外出至 %(on)s", on=day(on, today)) for person, on in gone.items()}
    return render_template(
        "matrix/separation.html",
        nav_here="matrix.items",
        version=versions[0],
        item=of,
        rows=rows,
        pair=_pair(rows, request.args.get("one", ""), request.args.get("other", "")),
        seats={
            post: seats([h for h in holders if h.assignment.post == post], every, notes, organs, book) for post in posts
        },
        constraints=[book.constraints[rule] for rule in _rules(of, rows, counting) if rule in book.constraints],
        least=least,
        counting=counting,
        of_book=book.constraints,
        post_word=lambda post: words.post(post, book),
    )


def cell(of: Item, one: Step, other: Step, book: Book) -> Cell:
    """Return how two steps stand to each other; the strictest kind, with all its rules."""
    if one.path == other.path:
        return Cell(kind="self")
    static = [e.rule for e in book.exclusions if one.post != other.post and excluded([one.post, other.post], [e])]
    apart = [s.rule for s in of.separations if one.path in s.steps and other.path in s.steps]
    bound = [s.rule for s in of.bindings if one.path in s.steps and other.path in s.steps]
    for kind, rules in (("x", static), ("c", apart), ("b", bound)):
        if rules:
            return Cell(kind=kind, rules=tuple(dict.fromkeys(rules)))
    return Cell(kind="y")


def seats(
    holders: Iterable[Holder],
    every: Mapping[int, Sequence[Assignment]],
    notes: Mapping[int, str],
    organs: Mapping[int, Named],
    book: Book,
) -> dict[str, tuple[Seat, ...]]:
    """Return who holds a post, by the organ's name; who also holds a post that excludes it is there with the reason."""
    found: dict[str, tuple[Seat, ...]] = {}
    for holder in holders:
        held = holder.assignment
        clash = excluded([a.post for a in every.get(holder.person, ())], book.exclusions)
        why = gettext("兼任“%(post)s”", post=words.post(clash[2], book)) + f"（{clash[0].rule}）" if clash else ""
        note = gettext("代岗") if held.on_behalf else notes.get(holder.person, "")
        seat = Seat(name=pick(holder.name, holder.name_en), why=why, note=note)
        organ = pick(organs[held.organ].name, organs[held.organ].name_en)
        found[organ] = (*found.get(organ, ()), seat)
    return found


def _row(step: Step, of: Item, book: Book) -> Row:
    return Row(
        step=step,
        name=definitions.step_name(of, step.path),
        post=words.post(step.post, book),
        cells=tuple(cell(of, step, other, book) for other in of.steps.values()),
        notes=tuple(_notes(step, of, book)),
        risk=words.risk(step),
    )


def _notes(step: Step, of: Item, book: Book) -> Iterable[str]:
    if step.collective:
        share = "{}/{}".format(*step.collective.quorum)
        chair = words.post(step.collective.chair, book)
        yield gettext("集体决定：到会不少于 %(share)s，“%(chair)s”最后表态", share=share, chair=chair)
    elif step.persons.min > 1:
        yield gettext("%(n)d 人签，%(rule)s", n=step.persons.min, rule=words.signing(step.persons.rule))
    if step.persons.certified:
        yield gettext("须有执法证")
    if step.tier:
        yield gettext("按金额定决定岗的级别")
    if step.applicant:
        yield gettext("申请人可以在网上办")
    if step.returns:
        yield gettext("可退回到：%(steps)s", steps=words.joined(definitions.step_name(of, to) for to in step.returns))


def _pair(rows: Sequence[Row], one: str, other: str) -> tuple[Row, Row, Cell] | None:
    """Return the pair asked for; else the first that is kept apart."""
    at = {row.step.path: index for index, row in enumerate(rows)}
    if one in at and other in at and one != other:
        return rows[at[one]], rows[at[other]], rows[at[one]].cells[at[other]]
    found = ((row, rows[i], c) for row in rows for i, c in enumerate(row.cells) if c.kind in ("x", "c", "b"))
    return next(found, None)


def _rules(of: Item, rows: Sequence[Row], counting: str) -> list[str]:
    """Return the constraints that bear on the item, in their order."""
    used = {rule for row in rows for c in row.cells for rule in c.rules}
    steps = list(of.steps.values())
    used |= {"SOD-05"} if any(s.persons.min > 1 for s in steps) else set()
    used |= {"SOD-14"} if any(s.tier for s in steps) else set()
    used |= {"SOD-15"} if any(s.collective for s in steps) else set()
    return sorted(used | {counting} | set(EVERYWHERE))
