"""A proposal to move running cases to a new version, for the person who decides: each case with what was planned.

While the proposal waits it is planned anew, for what happens on approval depends on where the cases stand then. Once
approved, the traces of the cases say which moved; why the others still stay is planned as they stand now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import commands
from engine.commands.versions import changes_in_words
from engine.db import store
from engine.db.read import moves
from engine.db.read.moves import Version
from engine.db.read.proposals import Whole
from engine.db.store import Connection
from engine.model import RUNNING, CaseState, ClockKind
from engine.rules.moving import Point
from webui import definitions
from webui.clocks import kind_name
from webui.language import chosen, gettext, pick
from webui.outcomes import state as word
from webui.words import MARKS, joined, known

CHINESE = {
    "closed": "本件已经办结。",
    "late": "有时限已到、还没有生效，须先按时限处理。",
    "unreadable": "本件的流程状态读不出来：{what}",
    "gone": "本件正停在“{at}”，新版在同一位置没有它。",
    "kind": "“{at}”在新版里是另一类元素。",
    "loop": "“{at}”正在办，新版的循环或多实例不同。",
    "trigger": "“{at}”正在等，新版等的是别的事件或别的时间。",
    "interrupts": "“{at}”正在等，两版里只有一版会中断所附的步骤。",
    "quantity": "“{at}”正在汇集，新版要的个数不同。",
    "boundary_added": "新版给正在办的“{at}”加了边界事件“{what}”。",
    "boundary_gone": "新版去掉了正在办的“{at}”的边界事件“{what}”。",
    "listener_added": "新版给正在走的流程加了事件子流程“{what}”。",
    "listener_gone": "新版去掉了正在走的流程的事件子流程“{what}”。",
    "called": "“{at}”正在办，新版调用的是另一个流程：{what}。",
    "incoming": "本件在“{at}”等汇合，新版进入它的连线不同。",
    "reach": "本件在“{at}”等汇合，新版里“{what}”到它的路不同。",
    "branches": "“{at}”正在办，新版里它在别的并行分支中。",
    "waits": "新版的“{at}”会一直等分支“{what}”，而本件的这一支已经走完。",
    "undo": "“{at}”已经办过，新版的补偿不同。",
    "end": "有一支已到终点“{at}”，新版没有它。",
    "name": "“{at}”要看“{what}”，本件没有，也不能保证会有。",
    "post": "“{at}”正在办，新版归另一个岗位或单位。",
    "outcomes": "“{at}”正在办，新版的办理结果不同。",
    "persons": "“{at}”正在办，新版要的人数不同。",
    "form": "“{at}”正在办，新版的表单不同，草稿可能对不上。",
    "mark": "期限“{at}”正在走，新版后面没有使它停下的节点“{what}”。",
    "clock": "后面有定时跟着期限“{what}”，而它在本件里不会再起算。",
    "time": "“{at}”正在办理，新版里它停表或者延长期限的方式不同。",
    "asked": "“{at}”要以“{what}”所申请的为准，而本件已经在旧版里办过那一步。",
    "separation": "“{at}”和“{what}”由同一人办过，新版要求分开（{rule}）。",
    "unseparated": "“{at}”按 {rule} 办过，新版没有这一步，会忘记是谁办的。",
    "missed": "新版的“{at}”，本件不会再经过。",
    "skipped": "“{at}”原来在本件后面，新版里不再经过。",
    "added": "新版在本件后面加了“{at}”。",
    "keeps": "“{at}”的期限不变，仍按转入时的末日。",
    "runs": "期限“{at}”照原来的走。",
    "unstarted": "期限“{what}”是新的，节点“{at}”早已到过，本件不再起算。",
    "holder": "“{at}”的持有人办过“{what}”，新版要求分开（{rule}），须换人接办。",
    "undone": "“{at}”在新版里有补偿；以前办过的不能补偿。",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A case of the proposal. `verdict`: `stays` (would stay), `moved`, `left` (was not), else empty; `why` that."""

    number: str
    steps: str
    version: int
    notes: tuple[str, ...]
    verdict: str
    why: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Versions:
    """The versions of an item by number, for naming what sentences are about. `to`: where cases move."""

    conn: Connection
    by_number: Mapping[int, Version]
    to: int

    def sentence(self, point: Point, old: int) -> str:
        """Return a point about a case of the version `old` as a sentence in the page's language."""
        return sentence(point, at=self._called(point.at, old), what=self._called(point.what, old))

    def steps(self, paths: Iterable[str], old: int) -> str:
        """Return the names of open steps in a row."""
        return joined(self._called(path, old) for path in paths)

    def changes(self, olds: Iterable[int]) -> list[tuple[int, list[str]]]:
        """Return what changes from each of these versions, in words."""
        book, new = store.book(), self._source(self.to)
        return [(old, changes_in_words(self._source(old), new, chosen(), book)) for old in sorted(set(olds))]

    def _source(self, number: int) -> Any:
        version = self.by_number[number]
        return definitions.source(self.conn, version.id, version.sha256)

    def _called(self, code: str, old: int) -> str:
        """Return the name of an element, which one of the two versions may lack, of a clock, a limit or a mark."""
        for number in (self.to, old):
            version = self.by_number[number]
            if (name := definitions.element_name(self.conn, version.id, version.sha256, code)) != code:
                return name
        kind, _, rule = code.partition(":")
        if rule and kind in list(ClockKind):
            return gettext("%(kind)s %(rule)s", kind=kind_name(ClockKind(kind)), rule=rule)
        limit = store.book().limits.get(code)
        return pick(limit.name, limit.name_en) if limit else known(MARKS, code)


def facts(conn: Connection, found: Whole, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template asks for: `rows`, how many `stay` or are `left`, `changes`, and the item's name."""
    numbers = [case["number"] for case in body["cases"]]
    by_number = {each.version: each for each in moves.versions(conn, body["item"])}
    names = Versions(conn=conn, by_number=by_number, to=body["version"])
    moved = moves.moved(conn, found.id, numbers) if found.approved else frozenset()
    states = moves.states(conn, numbers)
    standing = {} if found.declined else commands.planned_move(conn, found.body_json)

    def verdict(number: str, old: int) -> tuple[str, tuple[str, ...]]:
        if found.declined or number in moved:
            return "moved" if number in moved else "", ()
        if number not in standing:
            why: tuple[str, ...] = (_gone(*states[number]),)
        else:
            why = tuple(names.sentence(fault, old) for fault in standing[number].faults)
        if found.waits:
            return ("stays" if why else ""), why
        return "left", why or (gettext("批准时对不上，现在可以移了，可以再提一次。"),)

    rows = []
    for case in body["cases"]:
        number, old = case["number"], case["version"]
        said, why = verdict(number, old)
        notes = () if why else tuple(names.sentence(Point(*note), old) for note in case["notes"])
        steps = names.steps(case["steps"], old)
        rows.append(Row(number=number, steps=steps, version=old, notes=notes, verdict=said, why=why))
    item = definitions.item(conn, body["definition"], body["sha256"])
    return {
        "rows": sorted(rows, key=lambda row: row.verdict not in ("stays", "left")),
        "stay": sum(row.verdict == "stays" for row in rows),
        "left": sum(row.verdict == "left" for row in rows),
        "changes": names.changes(row.version for row in rows),
        "item_name": definitions.item_name(item),
    }


def _gone(state: CaseState, version: int) -> str:
    """Return why a case is not to move at all."""
    return (
        gettext("已在第 %(n)d 版。", n=version) if state in RUNNING else gettext("本件：%(state)s。", state=word(state))
    )


def sentence(point: Point, at: str, what: str) -> str:
    """Return a point as a sentence in the page's language, with these names of elements."""
    english = str(Point(point.code, at, what, point.rule))
    return pick(CHINESE[point.code].format(at=at, what=what, rule=point.rule), english)
