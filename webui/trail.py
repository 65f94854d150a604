"""The trace in plain words: what each event says, in the page's language. The bytes stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.db import store
from engine.db.read.audit import Record
from engine.model import Event, Item, Unit
from webui.clocks import unit_name
from webui.definitions import end_name, step_name
from webui.language import gettext, pick
from webui.outcomes import outcome
from webui.trail_office import OFFICE, officer
from webui.trail_time import TIME, on, step_of, with_more
from webui.words import (
    CHANNELS,
    DOCUMENTS,
    HOWS,
    LEVELS,
    NAMES,
    PROPOSALS,
    REASONS,
    VERBS,
    known,
    mark,
)


def who(record: Record) -> str:
    """Return the name of who did it: an officer, a masked applicant, the system, or nobody known."""
    if record.who:
        name = pick(record.who.name, record.who.name_en)
        instead = record.body.get("on_behalf")
        return gettext("%(name)s 代 %(other)s", name=name, other=officer(record, instead)) if instead else name
    if record.body.get("person") == "system":
        return gettext("系统")
    return gettext("未登录的人") if record.body.get("person") is None else gettext("姓名已删除的人")


def short(fingerprint: str) -> str:
    """Return the ends of a hash: `a41c…09ef`."""
    return f"{fingerprint[:4]}…{fingerprint[-4:]}" if fingerprint else "—"


def say(record: Record, item: Item | None) -> str:
    """Return what an event says in one sentence; its type where its content cannot be read."""
    teller = _SAY.get(record.type)
    try:
        return teller(record, item) if teller else record.type
    except (KeyError, TypeError, ValueError):
        return gettext("%(type)s（内容读不懂）", type=record.type)


def _refused(record: Record, item: Item | None) -> str:
    facts, rule = record.facts, record.body.get("rule")
    step = step_of(record, item)
    wish = known(VERBS, facts["verb"])
    wish = gettext("%(verb)s“%(step)s”", verb=wish, step=step) if step else wish
    why = str(REASONS.get(facts["error"], facts["why"]))
    return gettext("想%(wish)s——拒绝：%(why)s", wish=wish, why=with_more(why, rule) if rule else why)


def _filed(record: Record, _: Item | None) -> str:
    facts = record.facts
    return gettext(
        "收件（%(channel)s），材料份数 %(materials)d，按第 %(version)d 版办理",
        channel=known(CHANNELS, facts["channel"]),
        materials=facts["materials"],
        version=facts["item_version"],
    )


def _closed(record: Record, item: Item | None) -> str:
    result = end_name(item, record.facts["result"]) if item else str(record.facts["result"])
    return gettext("办结：%(result)s", result=result)


def _mark(record: Record, _: Item | None) -> str:
    facts, book = record.facts, store.book()
    said = gettext("到达“%(mark)s”，记 %(on)s", mark=mark(facts["mark"], book), on=on(facts["on"]))
    return said + gettext("（取自“%(mark)s”）", mark=mark(facts["taken_from"], book)) if facts["taken_from"] else said


def _opened(record: Record, item: Item | None) -> str:
    facts = record.facts
    said = gettext("转入“%(step)s”", step=step_of(record, item))
    if facts["round"] > 1:
        said += gettext("（第 %(round)d 次）", round=facts["round"])
    if facts["limit"] is not None:
        said += gettext("，限 %(limit)s", limit=unit_name(Unit.WORKING_DAY, facts["limit"]))
    return said


def _claimed(record: Record, item: Item | None) -> str:
    said = gettext("认领“%(step)s”", step=step_of(record, item))
    due = record.body.get("due_on")
    return said + gettext("，到期 %(on)s", on=on(due)) if due else said


def _unsigned(record: Record, item: Item | None) -> str:
    return gettext("收回在“%(step)s”的签名", step=step_of(record, item))


def _signed(record: Record, item: Item | None) -> str:
    return gettext(
        "在“%(step)s”签名（%(signed)d/%(needed)d）：%(outcome)s",
        step=step_of(record, item),
        signed=record.facts["signed"],
        needed=record.facts["needed"],
        outcome=outcome(record.body.get("outcome")),
    )


def _completed(record: Record, item: Item | None) -> str:
    found = outcome(record.body.get("outcome"))
    said = gettext("办出“%(step)s”：%(outcome)s", step=step_of(record, item), outcome=found)
    return said if record.body.get("post") else with_more(said, known(CHANNELS, "portal"))  # by the applicant


def _proposal(record: Record, _: Item | None) -> str:
    facts = record.facts
    told = {"kind": known(PROPOSALS, facts["kind"]), "number": facts["proposal"], "digest": facts["digest"][:8]}
    if record.type == Event.PROPOSED:
        return gettext("提出%(kind)s提议第 %(number)d 号，内容指纹 %(digest)s", **told)
    if record.type == Event.DECLINED:
        return gettext("不批准%(kind)s提议第 %(number)d 号，内容指纹 %(digest)s", **told)
    return gettext("批准%(kind)s提议第 %(number)d 号，内容指纹 %(digest)s", **told)


def _cancelled(record: Record, item: Item | None) -> str:
    said = gettext("“%(step)s”不用再办", step=step_of(record, item))
    why = {
        "withdrawn": gettext("：申请已撤回"),
        "repair": gettext("：流程修复时转到别的步骤"),
        "returned": gettext("：本件已退回到前面的步骤"),
        "taken_back": gettext("：上一步已由经办人撤回"),
    }
    return said + why.get(record.facts["why"], "")


def _faulted(record: Record, item: Item | None) -> str:
    facts = record.facts
    wish = known(VERBS, facts["verb"])
    step = step_of(record, item)
    wish = gettext("%(verb)s“%(step)s”", verb=wish, step=step) if step else wish
    at = step_name(item, facts["at"]) if item else facts["at"]
    said = gettext("%(wish)s时流程走不下去，转流程管理岗修复：%(why)s", wish=wish, why=facts["why"])
    return with_more(said, at) if at else said


def _repaired(record: Record, item: Item | None) -> str:
    facts = record.facts
    said = gettext("修复流程：%(how)s", how=known(HOWS, facts["how"]))
    if facts["at"]:
        said += gettext("“%(step)s”", step=step_name(item, facts["at"]) if item else facts["at"])
    return with_more(said, gettext("提议第 %(number)d 号", number=facts["proposal"]))


def _moved(record: Record, _: Item | None) -> str:
    facts = record.facts
    said = gettext(
        "移至新的流程版本：由 %(before)s 移至 %(after)s",
        before=facts["from"][:8],
        after=facts["to"][:8],
    )
    return with_more(said, gettext("提议第 %(number)d 号", number=facts["proposal"]))


def _document(record: Record, _: Item | None) -> str:
    facts = record.facts
    if record.type == Event.DOCUMENT_MADE:
        return gettext("制作%(kind)s %(number)s", kind=known(DOCUMENTS, facts["kind"]), number=facts["number"])
    return gettext("文书 %(number)s 已制成，指纹 %(digest)s", number=facts["number"], digest=facts["sha256"][:8])


def _card(record: Record, _: Item | None) -> str:
    facts = record.facts
    return gettext(
        "拟发%(level)s %(card)s，事实发生于 %(on)s",
        level=known(LEVELS, facts["level"]),
        card=facts["card"],
        on=on(facts["on"]),
    )


def _scored(record: Record, _: Item | None) -> str:
    return gettext("计分 %(points)+d", points=record.facts["points"])


def _delivered(record: Record, item: Item | None) -> str:
    message = record.facts["message"]
    names = {raised.message: pick(raised.name, raised.name_en) for raised in item.raised} if item else {}
    return gettext("提出：%(message)s", message=names.get(message, message))


def _channel(name: Event) -> Callable[[Record, Item | None], str]:
    return lambda record, _: with_more(known(NAMES, name), known(CHANNELS, record.facts["channel"]))


_SAY: Mapping[str, Callable[[Record, Item | None], str]] = {
    **TIME,
    **OFFICE,
    Event.COUNTY_FOUNDED: lambda r, _: gettext("建立“%(name)s”", name=r.facts["name"]),
    Event.PROPOSED: _proposal,
    Event.APPROVED: _proposal,
    Event.DECLINED: _proposal,
    Event.SIGNED_IN: _channel(Event.SIGNED_IN),
    Event.SIGN_IN_FAILED: _channel(Event.SIGN_IN_FAILED),
    Event.SIGNED_OUT: _channel(Event.SIGNED_OUT),
    Event.CASE_FILED: _filed,
    Event.CASE_CLOSED: _closed,
    Event.CASE_WITHDRAWN: _channel(Event.CASE_WITHDRAWN),
    Event.CASE_FAULTED: _faulted,
    Event.CASE_REPAIRED: _repaired,
    Event.CASE_MOVED: _moved,
    Event.CODE_REISSUED: lambda *_: gettext("补打回执，旧查询码作废"),
    Event.MARK_REACHED: _mark,
    Event.STEP_OPENED: _opened,
    Event.STEP_CLAIMED: _claimed,
    Event.STEP_RELEASED: lambda r, item: gettext("把“%(step)s”退回待领", step=step_of(r, item)),
    Event.STEP_SIGNED: _signed,
    Event.STEP_UNSIGNED: _unsigned,
    Event.STEP_COMPLETED: _completed,
    Event.STEP_CANCELLED: _cancelled,
    Event.MESSAGE_DELIVERED: _delivered,
    Event.DOCUMENT_MADE: _document,
    Event.DOCUMENT_RENDERED: _document,
    Event.CARD_DRAFTED: _card,
    Event.CARD_SCORED: _scored,
    Event.TRACE_EXPORTED: lambda r, _: gettext("导出 %(cases)d 件、%(events)d 条", **r.facts),
    Event.TRACE_CHECKED: lambda r, _: gettext("核验 %(events)d 条，问题 %(faults)d 处", **r.facts),
    Event.REFUSED: _refused,
}
