"""A proposal to move running cases to a new version, for the person who decides: each case with what was planned.

While the proposal waits it is planned anew, for what happens on approval depends on where the cases stand then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import commands
from engine.db.read.proposals import Whole
from engine.db.store import Connection
from engine.rules.moving import Point
from webui import definitions
from webui.language import gettext, pick

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
    """A case of the proposal. `now`: why it would stay where it is; None when it would move, or is decided."""

    number: str
    steps: str
    version: int
    notes: tuple[str, ...]
    now: tuple[str, ...] | None


def facts(conn: Connection, found: Whole, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template asks for: `rows`, how many would `stay`, and the item's name."""
    key, sha256 = body["definition"], body["sha256"]
    standing = commands.planned_move(conn, found.body_json) if found.waits else None

    def said(point: Point) -> str:
        names = {n: definitions.element_name(conn, key, sha256, getattr(point, n)) for n in ("at", "what")}
        return sentence(point, **names)

    def now(number: str) -> tuple[str, ...] | None:
        if standing is None:
            return None
        if number not in standing:
            return (gettext("已经办结、撤回或已在这一版"),)
        return tuple(said(fault) for fault in standing[number].faults) or None

    rows = tuple(
        Row(
            number=case["number"],
            steps="、".join(definitions.element_name(conn, key, sha256, path) for path in case["steps"]),
            version=case["version"],
            notes=tuple(said(Point(*note)) for note in case["notes"]),
            now=now(case["number"]),
        )
        for case in body["cases"]
    )
    item = definitions.item(conn, key, sha256)
    return {"rows": rows, "stay": sum(row.now is not None for row in rows), "item_name": definitions.item_name(item)}


def sentence(point: Point, at: str, what: str) -> str:
    """Return a point as a sentence in the page's language, with these names of elements."""
    english = str(Point(point.code, at, what, point.rule))
    return pick(CHINESE[point.code].format(at=at, what=what, rule=point.rule), english)
