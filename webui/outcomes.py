"""What the buttons of a step are called, and how an outcome is named. A code without a word is shown as it is."""

from __future__ import annotations

from flask_babel import lazy_gettext

BUTTONS = {
    "done": lazy_gettext("办结本步骤"),
    "pass": lazy_gettext("通过"),
    "agree": lazy_gettext("同意"),
    "accept": lazy_gettext("予以受理"),
    "grant": lazy_gettext("准予许可"),
    "refuse": lazy_gettext("不予许可"),
    "reject": lazy_gettext("不通过"),
    "fail": lazy_gettext("不合格"),
    "oppose": lazy_gettext("不同意"),
    "rectify": lazy_gettext("责令整改"),
    "return": lazy_gettext("退回"),
    "supplement": lazy_gettext("一次告知补正"),
    "supplement_again": lazy_gettext("新补材料再补正"),
    "supplied": lazy_gettext("已补正"),
    "abandoned": lazy_gettext("申请人放弃"),
    "not_needed": lazy_gettext("不需要许可"),
    "not_ours": lazy_gettext("不属本机关"),
    "not_accepted": lazy_gettext("不予受理"),
    "approve": lazy_gettext("批准"),
    "deliver": lazy_gettext("送达"),
    "cancel": lazy_gettext("撤销"),
    "ask": lazy_gettext("提出申请"),
    "asked": lazy_gettext("申请听证"),
    "waived": lazy_gettext("放弃听证"),
    "drop": lazy_gettext("不办了"),
    "disagree": lazy_gettext("不同意"),
    "send_back": lazy_gettext("退回"),
    "change": lazy_gettext("退回修改"),
    "confirm": lazy_gettext("确认"),
    "issue": lazy_gettext("签发"),
    "downgrade": lazy_gettext("降一级"),
    "rescind": lazy_gettext("撤销"),
    "refer": lazy_gettext("维持并移送线索"),
    "appeal": lazy_gettext("申诉"),
    "renew": lazy_gettext("准予延续"),
}
STATES = {
    "open": lazy_gettext("在办"),
    "closed": lazy_gettext("已办结"),
    "withdrawn": lazy_gettext("申请人已撤回"),
    "fault": lazy_gettext("流程出错，待处理"),
}
FORBIDDING = ("refuse", "reject", "fail", "oppose", "not_accepted", "not_needed", "not_ours", "abandoned")


def outcome(code: str | None) -> str:
    """Return the word for an outcome."""
    return str(BUTTONS.get(code or "", code or ""))


def state(code: str) -> str:
    """Return the word for the state of a case."""
    return str(STATES.get(code, code))
