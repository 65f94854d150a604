"""The trace in plain words, as far as it is about time: clocks, stops, timers, the calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from engine.db import store
from engine.db.read.audit import Record
from engine.model import ClockKind, Event, Item, Unit
from webui.clocks import kind_name, unit_name
from webui.definitions import step_name
from webui.language import day, gettext, moment
from webui.words import EFFECTS, WHYS, known, stop


def step_of(record: Record, item: Item | None) -> str:
    path = str(record.body.get("step") or "")
    if item is None:
        return path
    return step_name(item, path)


def on(text: str) -> str:
    return day(date.fromisoformat(text))


def kind_of(record: Record, item: Item | None) -> str:
    kind = ClockKind(record.facts["kind"])
    if kind is ClockKind.STEP:
        return gettext("“%(step)s”步骤时限", step=step_of(record, item))
    return f"{kind_name(kind)} {record.facts['key'].partition(':')[2]} "


def with_more(text: str, more: object) -> str:
    """Return a text with more in brackets, as the language writes them."""
    return f"{text}{gettext('（')}{more}{gettext('）')}"


def _started(record: Record, item: Item | None) -> str:
    facts = record.facts
    due = record.body.get("due_on")
    if due and due < facts["from"]:  # it counts back
        return gettext(
            "%(kind)s自 %(start)s 倒推：须提前 %(amount)s，最迟 %(on)s",
            kind=kind_of(record, item),
            start=on(facts["from"]),
            amount=unit_name(Unit(facts["unit"]), facts["amount"]),
            on=on(due),
        )
    said = gettext(
        "%(kind)s起算：%(amount)s，自 %(start)s 次日起",
        kind=kind_of(record, item),
        amount=unit_name(Unit(facts["unit"]), facts["amount"]),
        start=on(facts["from"]),
    )
    return said + gettext("，到期 %(on)s", on=on(due)) if due else said


def _clock_moved(record: Record, item: Item | None) -> str:
    facts = record.facts
    told = {"kind": kind_of(record, item), "before": on(facts["from"]), "after": on(facts["to"])}
    if facts["from"] == facts["to"]:
        said = gettext("%(kind)s按新的放假安排核对，到期日 %(after)s 不变", **told)
    else:
        said = gettext("%(kind)s按新的放假安排重算，到期日由 %(before)s 改为 %(after)s", **told)
    if facts["was_provisional"] != facts["provisional"]:
        said += gettext("，改为暂定") if facts["provisional"] else gettext("，不再是暂定")
    return with_more(said, gettext("提议第 %(number)d 号", number=facts["proposal"]))


def _timer_moved(record: Record, _: Item | None) -> str:
    facts = record.facts
    said = gettext(
        "定时按新的放假安排重算，由 %(before)s 改为 %(after)s（%(path)s）",
        before=moment(datetime.fromisoformat(facts["from"])),
        after=moment(datetime.fromisoformat(facts["to"])),
        path=facts["path"],
    )
    return with_more(said, gettext("提议第 %(number)d 号", number=facts["proposal"]))


def _adopted(record: Record, _: Item | None) -> str:
    facts = record.facts
    told = {"year": facts["year"], "days": facts["days"], "clocks": facts["clocks"]}
    if facts["amends"]:
        said = gettext("采用 %(year)d 年放假安排的修改，改了 %(days)d 天，%(clocks)d 个时限随之重算", **told)
    else:
        said = gettext("采用 %(year)d 年放假安排，%(clocks)d 个时限随之重算", **told)
    return with_more(said, gettext("提议第 %(number)d 号", number=facts["proposal"]))


def _ended(record: Record, item: Item | None) -> str:
    facts = record.facts
    return gettext(
        "%(kind)s结束：用了 %(used)d，%(in_time)s",
        kind=kind_of(record, item),
        used=facts["used"],
        in_time=gettext("按期") if facts["in_time"] else gettext("超期"),
    )


def _reopened(record: Record, item: Item | None) -> str:
    said = gettext("%(kind)s接着走", kind=kind_of(record, item))
    return with_more(said, gettext("自 %(on)s 起算", on=on(record.facts["started_on"])))


def _overrun(record: Record, item: Item | None) -> str:
    return gettext(
        "%(kind)s超期，自 %(since)s 起（%(rule)s）",
        kind=kind_of(record, item),
        since=on(record.facts["overrun_on"]),
        rule=record.body.get("rule"),
    )


def _timer(record: Record, _: Item | None) -> str:
    facts = record.facts
    at = datetime.fromisoformat(facts["legal_at"])
    return gettext("%(at)s 时限到了，流程自动往下走（%(path)s）", at=moment(at), path=facts["path"])


def _stopped(record: Record, _: Item | None) -> str:
    facts = record.facts
    told = {
        "kind": stop(facts["kind"], store.book()),
        "first": on(facts["from"]),
        "last": on(facts["to"]),
        "number": facts["document"],
    }
    if record.type == Event.CLOCK_STOPPED:
        return gettext("停表（%(kind)s）：%(first)s 至 %(last)s 不计，凭 %(number)s", **told)
    return gettext("恢复计时（%(kind)s）：%(first)s 至 %(last)s 未计，凭 %(number)s", **told)


def _extended(record: Record, _: Item | None) -> str:
    facts = record.facts
    amount = unit_name(Unit(facts["unit"]), facts["amount"])
    due = on(str(record.body.get("due_on")))
    return gettext(
        "延长 %(amount)s，改为 %(due)s 到期，凭 %(number)s", amount=amount, due=due, number=facts["document"]
    )


def _recounted(record: Record, item: Item | None) -> str:
    facts = record.facts
    return gettext(
        "%(kind)s因%(why)s由 %(before)s 改为 %(after)s 到期",
        kind=kind_of(record, item),
        why=known(WHYS, facts["why"]),
        before=on(facts["from"]),
        after=on(facts["to"]),
    )


def _effect(record: Record, _: Item | None) -> str:
    facts = record.facts
    return gettext(
        "依法%(effect)s，自 %(on)s 起（%(rule)s）",
        effect=known(EFFECTS, facts["effect"]),
        on=on(facts["on"]),
        rule=record.body.get("rule"),
    )


TIME: Mapping[str, Callable[[Record, Item | None], str]] = {
    Event.CALENDAR_ADOPTED: _adopted,
    Event.CLOCK_STARTED: _started,
    Event.CLOCK_MOVED: _clock_moved,
    Event.CLOCK_ENDED: _ended,
    Event.CLOCK_REOPENED: _reopened,
    Event.CLOCK_OVERRUN: _overrun,
    Event.CLOCK_STOPPED: _stopped,
    Event.CLOCK_RESUMED: _stopped,
    Event.CLOCK_EXTENDED: _extended,
    Event.CLOCK_RECOUNTED: _recounted,
    Event.EFFECT_TAKEN: _effect,
    Event.TIMER_MOVED: _timer_moved,
    Event.TIMER_FIRED: _timer,
}
