"""What a document says: taken from the case, its clocks and stops, the people, and the form of the step."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from engine import clock
from engine.commands import cases
from engine.commands.settling import Settling
from engine.db import documents, filled
from engine.db.find import StepRow
from engine.db.organs import Organ
from engine.db.read.card import tiers
from engine.errors import NotFound
from engine.model import Clock, ClockKind, Unit
from engine.rules import limits
from engine.rules.documents import CARDS, KINDS
from engine.rules.halting import halting
from engine.rules.limits import Stop

NOBODY = "系统依法记录"  # no person did it: silence did
ONLINE = "网上办理"
FORMS = {"original": "原件", "copy": "复印件", "electronic": "电子件"}
UNITS = {Unit.WORKING_DAY: "个工作日", Unit.CALENDAR_DAY: "日", Unit.MONTH: "个月", Unit.HOUR: "小时"}
CAUSES = {
    "overrun": "超过时限",
    "correction": "再次要求补正",
    "no_reply": "收到黄牌后逾期不说明",
    "repeated": "同一岗位多次黄牌",
    "manual": "监察人员发现的其他情形",
}
LEVELS = {"yellow": ("黄牌", -5), "red": ("红牌", -10)}
ANSWERING = ("decider", "chief")  # posts that answer above who acted
ANSWER = {"yellow": "请自收到本通知书之日起 3 个工作日内书面说明情况（本县规定）",
          "red": "请自收到本通知书之日起 5 个工作日内书面说明情况并提出整改措施（本县规定）"}  # fmt: skip


def of(now: Settling, kind: str, path: str, step: StepRow | None) -> dict[str, Any]:
    """Return what a document of a kind says that is made at `path`, by a step or by an event (`step` is None)."""
    post = now.ctx.book.posts[step.post].name if step else ""
    said = _common(now, post, by_person=step is not None)
    said |= {name: now.form[name] for name in (*KINDS[kind].form, *KINDS[kind].may) if name in now.form}
    said |= {name: said.get(name, "") for name in KINDS[kind].may}
    match kind:
        case "acceptance":
            said["deemed"] = step is None
        case "special_procedure":
            said |= _special(now, path)
        case "extension":
            said |= _extension(now, path)
        case "service_record":
            said["served"] = _served(now, path)
    return said | _card(now) if kind in CARDS else said


def receipt(now: Settling, post: str, materials: Sequence[str]) -> dict[str, Any]:
    """Return what the receipt of an application says. `materials`: codes of what was handed in or obtained."""
    listed = [
        {
            "name": each["name"],
            "form": FORMS.get(each.get("form", ""), ""),
            "copies": int(each.get("copies", 1)),
            "shared": each.get("source") == "shared",
        }
        for each in now.case.source.facts.get("material", ())
        if each["code"] in materials
    ]
    at = now.when.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M")
    return _common(now, now.ctx.book.posts[post].name, by_person=True) | {"received_at": at, "materials": listed}


def _common(now: Settling, post: str, *, by_person: bool) -> dict[str, Any]:
    item, case = now.case.source.facts, now.case
    filed = now.organs[case.organ]
    received = now.marks.get("received", now.on).isoformat()
    online = now.ctx.actor.channel == "portal"
    return {
        "organ": _issuer(now).name,
        "applicant": case.applicant_name,
        "item": case.program.item.name,
        "case": case.number,
        "on": now.on.isoformat(),
        "received_on": received,
        "accepted_on": now.marks["accepted"].isoformat() if "accepted" in now.marks else "",
        "handler": NOBODY if not by_person else ONLINE if online else now.ctx.name,
        "post": "" if online else post,
        "phone": str(item.get("phone") or filed.phone or _issuer(now).phone or "见办理地点"),
        "place": str(item.get("place") or filed.address or filed.name),
        "licence": str(item.get("type", "")) == "01",
        "limits": [_limit(now, each) for each in now.clocks.values() if _runs(each)],
        "deemed": False,
        "salt": secrets.token_hex(32),
    }


def _issuer(now: Settling) -> Organ:
    """Return the organ in whose name the item is handled: the one its folder names, else the topmost."""
    code = now.case.source.facts.get("organ")
    top = next(organ for organ in now.organs.values() if organ.parent is None)
    return next((organ for organ in now.organs.values() if organ.code == code), top)


def _runs(each: Clock) -> bool:
    return each.ended_on is None and each.kind is not ClockKind.STEP and each.direction == "within"


def _limit(now: Settling, each: Clock) -> dict[str, Any]:
    promised = each.kind is ClockKind.PROMISE
    rule = now.ctx.book.limits[each.rule]
    return {
        "kind": each.kind.value,
        "name": "承诺办结" if promised else rule.name,
        "amount": each.amount + each.extended,
        "unit": each.unit.value,
        "due_on": each.due_on.isoformat(),
        "provisional": each.provisional,
        "basis": "" if promised else rule.basis,
        "note": "" if promised else rule.note,
    }


def _special(now: Settling, path: str) -> dict[str, Any]:
    """Return kind, days and evidence of a stop as asked for; where it has not begun, as if it were served today."""
    steps, flow = now.case.program.item.steps, path.rpartition("/")[0]
    rules = [each.stop for at, each in steps.items() if each.stop and at.rpartition("/")[0] == flow]
    if not rules:
        raise NotFound(what="step", key=f"{path}: sun:stop")
    asked = filled.newest(now.ctx.conn, now.case.id, rules[0].request)
    kind, days = str(asked.get("stop_kind", "")), int(asked.get("stop_days", 0))
    begun = next((stop for stop in reversed(now.stops) if stop.from_on > now.on), None)
    stop = begun or _planned(now, kind, days)
    told = now.ctx.book.stops.get(kind)
    return {
        "stop_days": days,
        "stop_evidence": str(asked.get("stop_evidence", "")),
        "stop_name": told.name if told else "",
        "stop_basis": told.basis if told else "",
        "from_on": stop.from_on.isoformat(),
        "to_on": stop.to_on.isoformat(),
        "planned": begun is None,
        "limits": [_limit(now, _with(now, each, stop)) for each in now.clocks.values() if _runs(each)],
    }


def _planned(now: Settling, kind: str, days: int) -> Stop:
    last = limits.due_on(Unit.WORKING_DAY, days, now.on, (), now.ctx.calendar).on
    return Stop(kind, now.on + timedelta(days=1), last)


def _with(now: Settling, each: Clock, stop: Stop) -> Clock:
    """Return a clock as it will stand once it is stopped."""
    stops = [*now.stops, *(() if stop in now.stops else (stop,))]
    halted = halting(each, stops, now.ctx.book.limits)
    due = limits.due_on(each.unit, each.amount + each.extended, each.started_on, halted, now.ctx.calendar)
    return replace(each, due_on=due.on, provisional=due.provisional)


def _extension(now: Settling, path: str) -> dict[str, Any]:
    declared = now.case.program.item.steps[path].extend
    if declared is None:
        raise NotFound(what="step", key=f"{path}: sun:extend")
    asked = filled.newest(now.ctx.conn, now.case.id, declared.request)
    rule, running = now.ctx.book.limits[declared.rule], now.clocks.get(f"statute:{declared.rule}")
    return {
        "extend_reason": asked.get("extend_reason"),
        "extend_days": asked.get("extend_days"),
        "unit": rule.unit.value,
        "due_on": running.due_on.isoformat() if running else "",
        "rule_name": rule.name,
        "basis": rule.basis,
        "approver": rule.extension.approver if rule.extension else "",
    }


def _served(now: Settling, path: str) -> list[Mapping[str, str]]:
    """Return the newest document of each kind that the step hands over."""
    last = {kind: number for kind, number, _ in documents.of_case(now.ctx.conn, now.case.id)}
    kinds = now.case.program.item.steps[path].serves
    return [{"name": KINDS[kind].name, "number": last[kind]} for kind in kinds if kind in last]


def _card(now: Settling) -> dict[str, Any]:
    """Return what a card says, and to whom: the office that it is given to."""
    card = documents.card(now.ctx.conn, now.case.id)
    if card is None:
        raise NotFound(what="card", key=now.case.number)
    book = now.ctx.book
    level, points = LEVELS[card.level]
    rule, post = book.limits.get(card.rule or ""), book.posts.get(card.post)
    step = ""
    if card.path and card.definition is not None and card.sha256:
        step = cases.element(now.ctx.conn, card.definition, card.sha256, card.path)[0]
    office = f"{card.organ}（{post.name if post else card.post}）"
    return {
        "applicant": office,
        "level": level,
        "points": points,
        "cause": CAUSES.get(card.cause, card.cause),
        "rule_name": f"{rule.id} {rule.name}" if rule else "效能监察规定",
        "basis": rule.basis if rule else "本县规定",
        "subject": f"{card.subject} {card.title}" if card.subject else "不涉及具体办件",
        "step_name": step,
        "held_by": card.held_by or "无人认领",
        "tiers": "；".join(_tiers(now, card.organ_id)),
        "evidence": f"办件留痕截至第 {card.seq} 条，指纹 {card.head[:16]}" if card.head else "见牌案留痕",
        "post_name": office,
        "fact_on": card.on.isoformat(),
        "over": _over(card),
        "answer": ANSWER[card.level],
        "issuer": _issuer(now).name,
        "attachments": str(now.form.get("attachments", "")),
    }


def _tiers(now: Settling, organ: int) -> Iterator[str]:
    """Yield who answers above who acted, by post: who decides, who heads the organ."""
    found = tiers(now.ctx.conn, organ, ANSWERING, now.on)
    for post in ANSWERING:
        names = "、".join(each.name for each in found[post])
        yield f"{now.ctx.book.posts[post].name} {names or '（无人在岗）'}"


def _over(card: documents.CardFacts) -> str:
    if card.due_on is None or card.unit is None:
        return ""
    on = card.due_on
    return f"最后一日 {on.year}年{on.month}月{on.day}日，时限 {card.amount} {UNITS[Unit(card.unit)]}"
