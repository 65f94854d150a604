"""Tells the monitors what constraints that only warn have counted: who is too often or too long together, or does both.

Nothing follows from it by itself; a monitor looks and asks. Source: SOD-28 (rotation), SOD-11 (approval and
supervision), both settings of the county.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from engine.db import memos, warned
from engine.db.context import Connection, Context
from engine.db.memos import Memo, MemoKind
from engine.db.read import moves, officers, pairs, people
from engine.db.read.pairs import ROTATION, SUPERVISION
from engine.rules.book import Book
from engine.rules.cards import quarter_begins
from engine.rules.constraint import Constraint

MONITOR = "monitor"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What was counted. `key`: the rule, and whom and when it is about, by ids; `text`: the figures, in words."""

    key: warned.Key
    text: str


def counted(conn: Connection, book: Book, today: date) -> list[Counted]:
    """Return what nobody has been told: pairs of this quarter and the last, long stays and both, of this year.

    Of the last quarter too, for its last days are over before anybody counts them.
    """
    rotation, supervision = book.constraints.get(ROTATION), book.constraints.get(SUPERVISION)
    found: list[Counted] = []
    if rotation:
        first = quarter_begins(today)
        last = first - timedelta(days=1)
        found += _pairs(conn, rotation, quarter_begins(last), last)
        found += _pairs(conn, rotation, first, today)
        found += _stays(conn, rotation, today)
    if supervision:
        found += _both(conn, supervision, today)
    told = warned.told(conn, [each.key for each in found]) if found else set()
    return [each for each in found if each.key not in told]


def warn(ctx: Context, found: Sequence[Counted]) -> int:
    """Tell every monitor of today what was counted, each thing once; return how many things were new.

    Where nobody is monitor it waits for one.
    """
    return tell(ctx, MemoKind.COUNTED, [(each.key, each.text) for each in found])


def tell(ctx: Context, kind: MemoKind, found: Sequence[tuple[warned.Key, str]]) -> int:
    """Tell every monitor of today each text whose key has not been told; return how many there were."""
    ctx.subject.verb = "warn"
    holders = people.holders(ctx.conn, [MONITOR], ctx.today)
    monitors = sorted({holder.person for holder in holders if holder.assignment.on_behalf is None})
    new = [text for key, text in found if monitors and warned.tell(ctx, key)]
    memos.tell(ctx, [Memo(person=to, kind=kind, text=text) for text in new for to in monitors])
    return len(new)


def _pairs(conn: Connection, rule: Constraint, first: date, last: date) -> Iterator[Counted]:
    found = pairs.pairs(conn, rule, first, last)
    if not found:
        return
    names = officers.names(conn, {person for each in found for person in (each.one, each.other)})
    items = {each.item: each.name.name for each in moves.versions(conn)}
    quarter = f"{first.year} 年第 {(first.month + 2) // 3} 季度"
    share = f"{100 * rule.share[0] // rule.share[1]}%"
    for each in found:
        who = f"{names[each.one].name}审查、{names[each.other].name}决定"
        text = f"{quarter}“{items[each.item]}”：{who}，共 {each.cases}/{each.of} 件，超过 {share}（{rule.id}）。"
        yield Counted(key=(rule.id, f"pair:{each.item}:{each.one}:{each.other}:{first}"), text=text)


def _stays(conn: Connection, rule: Constraint, today: date) -> Iterator[Counted]:
    for each in pairs.stays(conn, rule, today):
        text = f"{each.name.name}自 {each.since} 起在{each.window.name}，超过 {rule.months} 个月（{rule.id}）。"
        yield Counted(key=(rule.id, f"stay:{each.person}:{each.organ}:{today.year}"), text=text)


def _both(conn: Connection, rule: Constraint, today: date) -> Iterator[Counted]:
    for each in pairs.both(conn, rule, today):
        acts = f"{rule.months} 个月内对同一申请人既审批又监管"
        text = f"{each.name.name}在 {acts}，共 {each.cases} 件（{rule.id}）。"
        yield Counted(key=(rule.id, f"both:{each.person}:{today.year}"), text=text)
