"""Words for codes: event types, verbs, reasons, marks, outcomes, channels. A code without a word is shown as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext

from engine.db.read.facts import Named
from engine.model import Event, Step
from engine.rules.book import Book
from webui.kind_words import (
    ABSENCES as ABSENCES,
)
from webui.kind_words import (
    ACCOUNT_ACTS as ACCOUNT_ACTS,
)
from webui.kind_words import (
    ACCOUNTS as ACCOUNTS,
)
from webui.kind_words import (
    CAUSES as CAUSES,
)
from webui.kind_words import (
    DAYS as DAYS,
)
from webui.kind_words import (
    DOCUMENTS as DOCUMENTS,
)
from webui.kind_words import (
    EFFECTS as EFFECTS,
)
from webui.kind_words import (
    LEVELS as LEVELS,
)
from webui.kind_words import (
    MARKS as MARKS,
)
from webui.kind_words import (
    SCORES as SCORES,
)
from webui.kind_words import (
    SIGNERS as SIGNERS,
)
from webui.kind_words import (
    STATUSES as STATUSES,
)
from webui.kind_words import (
    TIES as TIES,
)
from webui.language import gettext, is_english, pick
from webui.wishes import REASONS as REASONS
from webui.wishes import VERBS as VERBS

NAMES = {
    Event.COUNTY_FOUNDED: lazy_gettext("建立"),
    Event.PROPOSED: lazy_gettext("提议"),
    Event.APPROVED: lazy_gettext("批准提议"),
    Event.DECLINED: lazy_gettext("不批准提议"),
    Event.CALENDAR_ADOPTED: lazy_gettext("采用放假安排"),
    Event.SIGNED_IN: lazy_gettext("登录"),
    Event.SIGN_IN_FAILED: lazy_gettext("登录被拒"),
    Event.SIGNED_OUT: lazy_gettext("退出登录"),
    Event.CASE_FILED: lazy_gettext("收件"),
    Event.CASE_CLOSED: lazy_gettext("办结"),
    Event.CASE_WITHDRAWN: lazy_gettext("撤回申请"),
    Event.CASE_FAULTED: lazy_gettext("流程出错"),
    Event.CASE_REPAIRED: lazy_gettext("流程修复"),
    Event.CASE_MOVED: lazy_gettext("移至新版"),
    Event.CODE_REISSUED: lazy_gettext("补打回执"),
    Event.MARK_REACHED: lazy_gettext("到达节点"),
    Event.STEP_OPENED: lazy_gettext("转入步骤"),
    Event.STEP_CLAIMED: lazy_gettext("认领"),
    Event.STEP_RELEASED: lazy_gettext("退回待领"),
    Event.STEP_SIGNED: lazy_gettext("签名"),
    Event.STEP_UNSIGNED: lazy_gettext("收回签名"),
    Event.STEP_COMPLETED: lazy_gettext("办出"),
    Event.STEP_CANCELLED: lazy_gettext("步骤取消"),
    Event.STEP_TRANSFERRED: lazy_gettext("转办"),
    Event.STEP_ADVISED: lazy_gettext("加签意见"),
    Event.STEP_VOTED: lazy_gettext("表决"),
    Event.STEP_RETURNED: lazy_gettext("退回"),
    Event.STEP_WITHDRAWN: lazy_gettext("撤回办理"),
    Event.STEP_URGED: lazy_gettext("催办"),
    Event.STEP_LENT: lazy_gettext("借岗"),
    Event.SIGNER_ADDED: lazy_gettext("加签"),
    Event.SIGNER_REMOVED: lazy_gettext("减签"),
    Event.CASE_COPIED: lazy_gettext("抄送"),
    Event.RECUSAL_RAISED: lazy_gettext("提出回避"),
    Event.RECUSAL_VOTED: lazy_gettext("表决回避"),
    Event.RECUSAL_DECIDED: lazy_gettext("决定回避"),
    Event.MARK_CORRECTED: lazy_gettext("更正节点日期"),
    Event.ENTRY_CORRECTED: lazy_gettext("更正填写内容"),
    Event.POST_GRANTED: lazy_gettext("授予岗位"),
    Event.POST_ENDED: lazy_gettext("收回岗位"),
    Event.STAND_IN_NAMED: lazy_gettext("登记代岗"),
    Event.STAND_IN_ENDED: lazy_gettext("代岗结束"),
    Event.ABSENCE_RECORDED: lazy_gettext("登记外出"),
    Event.ABSENCE_ENDED: lazy_gettext("外出提前结束"),
    Event.TIE_DECLARED: lazy_gettext("申报关系"),
    Event.ACCOUNT_CHANGED: lazy_gettext("账号变动"),
    Event.RULES_ADOPTED: lazy_gettext("采用规则"),
    Event.CLOCK_STARTED: lazy_gettext("时限起算"),
    Event.CLOCK_MOVED: lazy_gettext("改到期日"),
    Event.CLOCK_ENDED: lazy_gettext("时限结束"),
    Event.CLOCK_REOPENED: lazy_gettext("时限接着走"),
    Event.CLOCK_OVERRUN: lazy_gettext("超期"),
    Event.CLOCK_STOPPED: lazy_gettext("停表"),
    Event.CLOCK_RESUMED: lazy_gettext("恢复计时"),
    Event.CLOCK_EXTENDED: lazy_gettext("延期"),
    Event.CLOCK_RECOUNTED: lazy_gettext("到期日变动"),
    Event.EFFECT_TAKEN: lazy_gettext("法定后果"),
    Event.MESSAGE_DELIVERED: lazy_gettext("提出"),
    Event.DOCUMENT_MADE: lazy_gettext("文书成文"),
    Event.DOCUMENT_RENDERED: lazy_gettext("文书制作"),
    Event.CARD_DRAFTED: lazy_gettext("拟牌"),
    Event.CARD_SCORED: lazy_gettext("计分"),
    Event.TIMER_MOVED: lazy_gettext("改定时"),
    Event.TIMER_FIRED: lazy_gettext("到时触发"),
    Event.TRACE_EXPORTED: lazy_gettext("导出留痕"),
    Event.TRACE_CHECKED: lazy_gettext("核验留痕"),
    Event.REFUSED: lazy_gettext("被拒"),
}
RISKS = {"high": lazy_gettext("高"), "medium": lazy_gettext("中"), "low": lazy_gettext("低")}  # the gravest first
SIGNINGS = {
    "all": lazy_gettext("须全部签"),
    "any": lazy_gettext("任何一人签即可"),
    "sequence": lazy_gettext("依次签"),
}
SOURCES = {  # of a recusal
    "declared": lazy_gettext("本人提出"),
    "found": lazy_gettext("系统查到"),
    "asked": lazy_gettext("别人提出"),
}
WHYS = {
    "stop": lazy_gettext("停表"),
    "resume": lazy_gettext("恢复计时"),
    "extension": lazy_gettext("延期"),
    "correction": lazy_gettext("更正"),
}
PROPOSALS = {
    "definition": lazy_gettext("事项定义"),
    "founding": lazy_gettext("建县"),
    "repair": lazy_gettext("流程修复"),
    "move": lazy_gettext("移至新版"),
    "correction": lazy_gettext("更正"),
    "calendar": lazy_gettext("放假安排"),
    "post": lazy_gettext("岗位授予"),
    "end_of_post": lazy_gettext("岗位收回"),
    "stand_in": lazy_gettext("代岗登记"),
    "end_of_stand_in": lazy_gettext("代岗撤销"),
    "absence": lazy_gettext("外出登记"),
    "end_of_absence": lazy_gettext("外出提前结束"),
    "officer": lazy_gettext("新开账号"),
    "account": lazy_gettext("变更账号"),
    "leaving": lazy_gettext("离岗"),
    "rules": lazy_gettext("规则修订"),
}
HOWS = {"retry": lazy_gettext("原样再试"), "continue": lazy_gettext("转到指定步骤继续")}
CHANNELS = {
    "window": lazy_gettext("窗口"),
    "portal": lazy_gettext("网上"),
    "worker": lazy_gettext("系统"),
    "cli": lazy_gettext("命令行"),
    "seed": lazy_gettext("初始化"),
}


def signer(kind: str) -> str:
    """Return the word for how somebody is asked for an opinion: before | after | delegate."""
    return known(SIGNERS, kind)


def known(words: Mapping[Any, Any], key: object) -> str:
    """Return the word for `key`; the key itself where there is none, so that nothing is hidden."""
    return str(words.get(key, key))


def day_name(name: str) -> str:
    """Return the names of the holidays that a day belongs to."""
    return joined(known(DAYS, each) for each in name.split("、"))


def post(code: str | None, book: Book) -> str:
    found = book.posts.get(code or "")
    return pick(found.name, found.name_en) if found else (code or "")


def stop(kind: str, book: Book) -> str:
    found = book.stops.get(kind)
    return pick(found.name, found.name_en) if found else kind


def mark(code: str, book: Book) -> str:
    """Return the name of a mark: the page's own word for it, else that of the rule book."""
    found = book.marks.get(code)
    return str(MARKS.get(code) or (pick(found.name, found.name_en) if found else code))


def risk(step: Step | None) -> str:
    """Return the gravest level of a step's risks; empty where it has none."""
    levels = {risk.level for risk in step.risks} if step else set()
    return next((str(word) for level, word in RISKS.items() if level in levels), "")


def signing(rule: str) -> str:
    """Return how many of those who are asked must sign, in words: all | any | ratio:a/b | sequence."""
    kind, _, share = rule.partition(":")
    return gettext("同意的须达到 %(share)s", share=share) if share else known(SIGNINGS, kind)


def joined_names(people: Sequence[Named]) -> str:
    return joined(pick(each.name, each.name_en) for each in people)


def joined(names: Iterable[str]) -> str:
    """Return names in a row, as the language separates them."""
    return (", " if is_english() else "、").join(names)
