"""The trace in plain words: what is done on a step beside doing it, recusals, posts and people."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.db import store
from engine.db.read.audit import Record
from engine.model import Event, Item
from webui import words
from webui.definitions import step_name
from webui.language import gettext, pick
from webui.outcomes import outcome
from webui.trail_time import on, step_of, with_more


def officer(record: Record, pseudonym: object) -> str:
    """Return the name of an officer whom an event speaks of."""
    found = record.officers.get(str(pseudonym))
    return pick(found.name, found.name_en) if found else gettext("姓名已删除的人")


def _transferred(record: Record, item: Item | None) -> str:
    to = officer(record, record.facts["to"])
    return gettext("把“%(step)s”转给%(to)s", step=step_of(record, item), to=to)


def _copied(record: Record, _: Item | None) -> str:
    to = record.facts["to"]
    names = words.joined(officer(record, each) for each in (to if isinstance(to, list) else [to]))
    return gettext("抄送%(names)s", names=names)


def _on_step(name: Event) -> Callable[[Record, Item | None], str]:
    return lambda r, item: gettext("%(what)s“%(step)s”", what=words.NAMES[name], step=step_of(r, item))


def _advised(record: Record, item: Item | None) -> str:
    kind = words.known(words.SIGNERS, record.facts["kind"])
    said = gettext("%(what)s“%(step)s”", what=words.NAMES[Event(record.type)], step=step_of(record, item))
    return with_more(said, kind)


def _signer(record: Record, item: Item | None) -> str:
    told = {"step": step_of(record, item), "who": officer(record, record.facts["officer"])}
    if record.type == Event.SIGNER_ADDED:
        said = gettext("在“%(step)s”上请%(who)s提意见", **told)
    else:
        said = gettext("在“%(step)s”上不再请%(who)s提意见", **told)
    return with_more(said, words.known(words.SIGNERS, record.facts["kind"]))


def _voted(record: Record, item: Item | None) -> str:
    return gettext(
        "在“%(step)s”表决（%(voted)d/%(members)d）：%(outcome)s",
        step=step_of(record, item),
        voted=record.facts["voted"],
        members=record.facts["members"],
        outcome=outcome(record.body.get("outcome")),
    )


def _returned(record: Record, item: Item | None) -> str:
    to = record.facts["to"]
    return gettext("把“%(step)s”退回到“%(to)s”", step=step_of(record, item), to=step_name(item, to) if item else to)


def _recusal(record: Record, _: Item | None) -> str:
    who, kind = officer(record, record.facts["officer"]), words.known(words.TIES, record.facts["kind"])
    return with_more(gettext("提出%(who)s应回避", who=who), kind)


def _recusal_vote(record: Record, _: Item | None) -> str:
    facts = record.facts
    told = {"upheld": gettext("应当回避"), "dismissed": gettext("不必回避")}
    return gettext(
        "表决回避（%(voted)d/%(members)d）：%(outcome)s",
        voted=facts["voted"],
        members=facts["members"],
        outcome=words.known(told, record.body.get("outcome")),
    )


def _decided(record: Record, _: Item | None) -> str:
    who = officer(record, record.facts["officer"])
    return gettext("决定%(who)s回避", who=who) if record.facts["upheld"] else gettext("决定%(who)s不回避", who=who)


def _mark(record: Record, _: Item | None) -> str:
    facts, book = record.facts, store.book()
    said = gettext(
        "更正“%(mark)s”的日期：由 %(before)s 改为 %(after)s",
        mark=words.mark(facts["mark"], book),
        before=on(facts["from"]),
        after=on(facts["to"]),
    )
    return with_more(said, gettext("提议第 %(number)d 号", number=facts["proposal"]))


def _entry(record: Record, item: Item | None) -> str:
    path = record.facts["path"]
    said = gettext("更正“%(step)s”填写的内容", step=step_name(item, path) if item and path in item.steps else path)
    return with_more(said, gettext("提议第 %(number)d 号", number=record.facts["proposal"]))


def _post(record: Record, _: Item | None) -> str:
    told = {"who": officer(record, record.facts["officer"]), "post": words.post(record.facts["post"], store.book())}
    said = gettext("授予%(who)s岗位“%(post)s”", **told)
    return with_more(said, gettext("提议第 %(number)d 号", number=record.facts["proposal"]))


def _back(record: Record, _: Item | None) -> str:
    facts = record.facts
    said = gettext(
        "%(who)s的外出提前结束：最后一天由 %(was)s 改为 %(to)s",
        who=officer(record, facts["officer"]),
        was=on(facts["was"]),
        to=on(facts["to"]),
    )
    return with_more(said, gettext("提议第 %(number)d 号", number=facts["proposal"]))


def _by_proposal(name: Event) -> Callable[[Record, Item | None], str]:
    def said(record: Record, _: Item | None) -> str:
        text = str(words.NAMES[name])
        if "officer" in record.facts:
            text = gettext("%(what)s：%(who)s", what=text, who=officer(record, record.facts["officer"]))
        return with_more(text, gettext("提议第 %(number)d 号", number=record.facts["proposal"]))

    return said


def _account(record: Record, _: Item | None) -> str:
    who = officer(record, record.facts["officer"])
    return with_more(gettext("%(who)s的账号变动", who=who), words.known(words.ACCOUNTS, record.facts["what"]))


OFFICE: Mapping[str, Callable[[Record, Item | None], str]] = {
    **{kind: _on_step(kind) for kind in (Event.STEP_WITHDRAWN, Event.STEP_URGED, Event.STEP_LENT)},
    Event.STEP_TRANSFERRED: _transferred,
    **dict.fromkeys((Event.SIGNER_ADDED, Event.SIGNER_REMOVED), _signer),
    Event.STEP_ADVISED: _advised,
    Event.STEP_VOTED: _voted,
    Event.STEP_RETURNED: _returned,
    Event.CASE_COPIED: _copied,
    Event.RECUSAL_RAISED: _recusal,
    Event.RECUSAL_VOTED: _recusal_vote,
    Event.RECUSAL_DECIDED: _decided,
    Event.MARK_CORRECTED: _mark,
    Event.ENTRY_CORRECTED: _entry,
    Event.POST_GRANTED: _post,
    **{
        kind: _by_proposal(kind)
        for kind in (
            Event.POST_ENDED,
            Event.STAND_IN_NAMED,
            Event.STAND_IN_ENDED,
            Event.ABSENCE_RECORDED,
            Event.RULES_ADOPTED,
        )
    },
    Event.ABSENCE_ENDED: _back,
    Event.TIE_DECLARED: lambda *_: str(words.NAMES[Event.TIE_DECLARED]),
    Event.ACCOUNT_CHANGED: _account,
}
