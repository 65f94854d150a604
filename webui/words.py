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
VERBS = {  # what somebody wished to do
    "file": lazy_gettext("递交申请"),
    "save_draft": lazy_gettext("存草稿"),
    "attach": lazy_gettext("附上材料"),
    "claim": lazy_gettext("认领"),
    "release": lazy_gettext("放回"),
    "take_back": lazy_gettext("收回签名"),
    "complete": lazy_gettext("办完"),
    "deliver": lazy_gettext("另行申请"),
    "withdraw": lazy_gettext("撤回申请"),
    "reissue_code": lazy_gettext("换发查询码"),
    "propose": lazy_gettext("提出提议"),
    "approve": lazy_gettext("批准"),
    "decline": lazy_gettext("不批准提议"),
    "propose_repair": lazy_gettext("提议修复流程"),
    "propose_calendar": lazy_gettext("提议采用放假安排"),
    "propose_move": lazy_gettext("提议把在办件移至新版"),
    "fire_timer": lazy_gettext("到时触发"),
    "draft_card": lazy_gettext("拟牌"),
    "issue_card": lazy_gettext("人工发牌"),
    "found": lazy_gettext("再建一个县"),
    "query": lazy_gettext("查询进度"),
    "raise_recusal": lazy_gettext("提出回避"),
    "decide_recusal": lazy_gettext("决定回避"),
    "sign_out": lazy_gettext("退出登录"),
    "trace": lazy_gettext("导出或核验留痕"),
    "return_step": lazy_gettext("退回"),
    "withdraw_step": lazy_gettext("撤回办理"),
    "urge": lazy_gettext("催办"),
    "copy": lazy_gettext("抄送"),
    "lend": lazy_gettext("借岗"),
    "propose_correction": lazy_gettext("提议更正"),
    "propose_post": lazy_gettext("提议授予岗位"),
    "propose_end_of_post": lazy_gettext("提议收回岗位"),
    "propose_stand_in": lazy_gettext("提议登记代岗"),
    "propose_end_of_stand_in": lazy_gettext("提议结束代岗"),
    "propose_absence": lazy_gettext("提议登记外出"),
    "propose_officer": lazy_gettext("提议开户"),
    "propose_account": lazy_gettext("提议变动账号"),
    "propose_leaving": lazy_gettext("提议办理离岗"),
    "propose_rules": lazy_gettext("提议采用规则"),
    "change_password": lazy_gettext("改口令"),
    "enrol_second_factor": lazy_gettext("启用动态口令"),
    "confirm_second_factor": lazy_gettext("确认动态口令"),
    "declare_tie": lazy_gettext("申报关系"),
    "end_tie": lazy_gettext("申报关系结束"),
    "transfer": lazy_gettext("转办"),
    "add_signer": lazy_gettext("加签"),
    "remove_signer": lazy_gettext("减签"),
    "advise": lazy_gettext("提出意见"),
    "vote": lazy_gettext("表决"),
}
REASONS = {
    "SamePerson": lazy_gettext("本件里与它分离的一步是本人办的"),
    "ExcludedPosts": lazy_gettext("同时持有两个不得兼任的岗位"),
    "OwnCase": lazy_gettext("本人是申请人或代理人，应回避"),
    "NotYourPost": lazy_gettext("没有这一步的岗位"),
    "NotYourRole": lazy_gettext("没有办这件事的岗位"),
    "AlreadySigned": lazy_gettext("本人已经签过，须另一人签"),
    "OutcomeDiffers": lazy_gettext("两名签字人的结论不一致"),
    "NotSigned": lazy_gettext("没有自己的签名"),
    "NotClaimed": lazy_gettext("还没有认领"),
    "NotYourClaim": lazy_gettext("由别人认领"),
    "TooLateToWithdraw": lazy_gettext("已经作出决定"),
    "SameProposer": lazy_gettext("提议人不得批准自己的提议"),
    "WrongCode": lazy_gettext("受理号或查询码不对"),
    "TooManyTries": lazy_gettext("输错次数太多"),
    "NotEmpty": lazy_gettext("数据库里已经有一个县"),
    "TooEarly": lazy_gettext("还没到法定的最短时间"),
    "NoticeTooLate": lazy_gettext("来不及提前通知"),
    "StopNotAllowed": lazy_gettext("不是法定的停表事由"),
    "AlreadyStopped": lazy_gettext("时限已经停着"),
    "NotApproved": lazy_gettext("没有人批准"),
    "NotExtendable": lazy_gettext("不能延长"),
    "TooLateToExtend": lazy_gettext("届满后不能延长"),
    "OneCorrection": lazy_gettext("只能一次告知补正"),
    "OwnUnit": lazy_gettext("本人或者本单位的牌，应当回避"),
    "NoStandIn": lazy_gettext("这个岗位不设代岗"),
    "StatusForbids": lazy_gettext("不是在编人员，不能办决定类步骤"),
    "NotCertified": lazy_gettext("没有登记执法证"),
    "TierTooLow": lazy_gettext("金额超过授权级别"),
    "OtherPerson": lazy_gettext("须由办前一步的人接着办"),
    "SameLevel": lazy_gettext("须由另一层级办"),
    "NextStep": lazy_gettext("上一步是本人代岗办的"),
    "TooFewPersons": lazy_gettext("经手人数将达不到要求"),
    "ComplainedOf": lazy_gettext("投诉的是本人或者本岗位"),
    "NotInWriting": lazy_gettext("没有书面授权"),
    "TieFound": lazy_gettext("与申请人或代理人有应当回避的关系"),
    "RecusalPending": lazy_gettext("是否回避还没有决定"),
    "Recused": lazy_gettext("已决定回避"),
    "NotInCase": lazy_gettext("不是本件的申请人，也没有份办理本件"),
    "NotDecider": lazy_gettext("回避由别人决定"),
    "VoteGiven": lazy_gettext("已经表决过"),
    "WrongPassword": lazy_gettext("工号或口令不对"),
    "CannotReturn": lazy_gettext("不能退回到那一步"),
    "CannotWithdraw": lazy_gettext("已经不能撤回"),
    "OwnMatter": lazy_gettext("关系到本人"),
    "PostsExclude": lazy_gettext("两个岗位不得兼任"),
    "ReservedPost": lazy_gettext("不授予任何人的岗位"),
    "AlreadyHeld": lazy_gettext("已有这个岗位"),
    "OwnStandIn": lazy_gettext("给自己代岗"),
    "StandInNamed": lazy_gettext("已登记代岗人"),
    "IsAway": lazy_gettext("已登记外出"),
    "StillHere": lazy_gettext("还没到离岗的日子"),
    "AccountLocked": lazy_gettext("账号已锁"),
    "WrongSecondFactor": lazy_gettext("动态口令不对"),
    "SecondFactorSet": lazy_gettext("已启用动态口令"),
    "ToYourself": lazy_gettext("转办给自己"),
    "NotEligible": lazy_gettext("要交给的人不能办"),
    "Away": lazy_gettext("不在岗"),
    "NoDeskPost": lazy_gettext("没有办件岗位"),
    "HasPart": lazy_gettext("在这一步已经有份"),
    "SignersMissing": lazy_gettext("还要等别人的意见"),
    "OwnSigner": lazy_gettext("不能给自己减签"),
    "NotAsked": lazy_gettext("没有请本人提意见"),
    "NotYetAsked": lazy_gettext("还没有结论"),
    "NoProxy": lazy_gettext("表决不能由别人代替"),
    "DecidedTogether": lazy_gettext("这一步集体决定"),
    "NotDecidedTogether": lazy_gettext("这一步不是集体决定"),
    "AlreadyVoted": lazy_gettext("已经表决"),
    "ChairHasSpoken": lazy_gettext("主持人已经表态"),
    "NoQuorum": lazy_gettext("表决人数不够"),
    "NotTheMajority": lazy_gettext("结论与表决结果不一致"),
    **dict.fromkeys(("EngineFault", "CaseFaulted", "Fault", "Uncaught", "Stuck"), lazy_gettext("流程走不下去")),
    "UrgedToday": lazy_gettext("今天已经催过"),
    "NoHand": lazy_gettext("没有经办本件"),
    "MayNotSee": lazy_gettext("收件人不能看办件"),
    "CopiedAlready": lazy_gettext("已经抄送过"),
    "NotNeeded": lazy_gettext("本单位有人能办"),
    "NobodyInPool": lazy_gettext("县级人员池里没有人能办"),
    "NotCorrectable": lazy_gettext("不能更正"),
}
EFFECTS = {  # what the law makes of silence
    "deemed_acceptance": lazy_gettext("视为受理"),
    "deemed_renewal": lazy_gettext("视为准予延续"),
    "deemed_consent": lazy_gettext("视为同意"),
    "lapse": lazy_gettext("权利失效"),
    "card_only": lazy_gettext("发牌"),
    "none": lazy_gettext("没有"),
}
LEVELS = {"yellow": lazy_gettext("黄牌"), "red": lazy_gettext("红牌")}
CAUSES = {  # what a card is for
    "overrun": lazy_gettext("超期"),
    "correction": lazy_gettext("再次要求补正"),
    "no_reply": lazy_gettext("黄牌逾期未说明"),
    "repeated": lazy_gettext("屡次黄牌"),
    "manual": lazy_gettext("监督员发现"),
}
SCORES = {
    "issued": lazy_gettext("发牌扣分"),
    "downgraded": lazy_gettext("降级返还"),
    "rescinded": lazy_gettext("撤销返还"),
}
SIGNERS = {
    "before": lazy_gettext("前加签"),
    "after": lazy_gettext("后加签"),
    "delegate": lazy_gettext("委派"),
}
TIES = {
    "spouse": lazy_gettext("夫妻关系"),
    "lineal": lazy_gettext("直系血亲关系"),
    "collateral": lazy_gettext("三代以内旁系血亲关系"),
    "in_law": lazy_gettext("近姻亲关系"),
    "interest": lazy_gettext("利害关系"),
    "same_phone": lazy_gettext("电话相同"),
    "same_address": lazy_gettext("住址相同"),
    "other": lazy_gettext("其他可能影响公正的关系"),
}
SOURCES = {  # of a recusal
    "declared": lazy_gettext("本人提出"),
    "found": lazy_gettext("系统查到"),
    "asked": lazy_gettext("别人提出"),
}
ACCOUNTS = {
    "opened": lazy_gettext("开户"),
    "closed": lazy_gettext("停用"),
    "reopened": lazy_gettext("恢复"),
    "password": lazy_gettext("改口令"),
    "second_factor": lazy_gettext("动态口令"),
}
WHYS = {
    "stop": lazy_gettext("停表"),
    "resume": lazy_gettext("恢复计时"),
    "extension": lazy_gettext("延期"),
    "correction": lazy_gettext("更正"),
}
DOCUMENTS = {
    "receipt": lazy_gettext("申请材料接收凭证"),
    "supplement_notice": lazy_gettext("补正告知书"),
    "acceptance": lazy_gettext("受理通知书"),
    "not_accepted": lazy_gettext("不予受理决定书"),
    "special_procedure": lazy_gettext("特别程序告知书"),
    "extension": lazy_gettext("延期告知书"),
    "hearing_right": lazy_gettext("听证告知书"),
    "hearing_notice": lazy_gettext("听证通知书"),
    "grant": lazy_gettext("准予行政许可决定书"),
    "refusal": lazy_gettext("不予行政许可决定书"),
    "service_record": lazy_gettext("送达回证"),
    "yellow_card": lazy_gettext("黄牌通知书"),
    "red_card": lazy_gettext("红牌通知书"),
    "card_explanation": lazy_gettext("说明书"),
}
MARKS = {
    "received": lazy_gettext("收到申请"),
    "answered": lazy_gettext("已答复是否受理"),
    "accepted": lazy_gettext("受理"),
    "decided": lazy_gettext("作出决定"),
    "granted": lazy_gettext("准予许可"),
    "delivered": lazy_gettext("送达"),
}
DAYS = {  # published names of holidays
    "元旦": lazy_gettext("元旦"),
    "春节": lazy_gettext("春节"),
    "清明节": lazy_gettext("清明节"),
    "劳动节": lazy_gettext("劳动节"),
    "端午节": lazy_gettext("端午节"),
    "中秋节": lazy_gettext("中秋节"),
    "国庆节": lazy_gettext("国庆节"),
}
WHYS = {"stop": lazy_gettext("停表"), "resume": lazy_gettext("恢复计时"), "extension": lazy_gettext("延期")}
RISKS = {"high": lazy_gettext("高"), "medium": lazy_gettext("中"), "low": lazy_gettext("低")}  # the gravest first
SIGNINGS = {
    "all": lazy_gettext("须全部签"),
    "any": lazy_gettext("任何一人签即可"),
    "sequence": lazy_gettext("依次签"),
}
PROPOSALS = {
    "definition": lazy_gettext("事项定义"),
    "founding": lazy_gettext("建县"),
    "repair": lazy_gettext("流程修复"),
    "move": lazy_gettext("移至新版"),
    "correction": lazy_gettext("更正"),
    "calendar": lazy_gettext("放假安排"),
    "post": lazy_gettext("授予岗位"),
    "end_of_post": lazy_gettext("收回岗位"),
    "stand_in": lazy_gettext("登记代岗"),
    "end_of_stand_in": lazy_gettext("结束代岗"),
    "absence": lazy_gettext("登记外出"),
    "officer": lazy_gettext("开户"),
    "account": lazy_gettext("账号变动"),
    "leaving": lazy_gettext("离岗"),
    "rules": lazy_gettext("采用规则"),
    "correction": lazy_gettext("更正"),
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


def risk(step: Step | None) -> str:
    """Return the gravest level of a step's risks; empty where it has none."""
    levels = {risk.level for risk in step.risks} if step else set()
    return next((str(word) for level, word in RISKS.items() if level in levels), "")


def signing(rule: str) -> str:
    """Return how many of those who are asked must sign, in words: all | any | ratio:a/b | sequence."""
    kind, _, share = rule.partition(":")
    return gettext("同意的须达到 %(share)s", share=share) if share else known(SIGNINGS, kind)


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


def joined_names(people: Sequence[Named]) -> str:
    return joined(pick(each.name, each.name_en) for each in people)


def joined(names: Iterable[str]) -> str:
    """Return names in a row, as the language separates them."""
    return (", " if is_english() else "、").join(names)
