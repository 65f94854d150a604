"""Messages of the engine in Chinese, by the error's class name; in English its docstring is the message.

A message says what, why and the way out; the basis and the rule's id come last, in brackets.
"""

from __future__ import annotations

from dataclasses import replace

from engine.errors import Finding, NotCorrectable, NotEligible, NotExtendable, NotFound, Refused, SunlitError, TieFound
from engine.rules import extending, mending
from webui import words
from webui.language import is_english

CHINESE = {
    "SunlitError": "没有办成。",
    "Refused": "规则不允许。",
    "Stale": "别人先办了。请重新打开看看。",
    "NotFound": "没有找到。核对编号，或回到列表里找。",
    "Invalid": "没有收下，请改后再交。",
    "SamePerson": "您不能办“{step}”：本件的“{other}”是您办的。请由没有办过它的人来办。",
    "ExcludedPosts": "您同时持有“{one}”和“{two}”，两岗不得由一人兼任；请系统管理员收回其中一个。",
    "OwnCase": "您是本件的申请人或代理人，须由别人办理。",
    "NotYourPost": "这一步归{organ}的“{post}”办理，您没有这个岗位。",
    "NotYourRole": "这件事归“{posts}”办理，您没有这些岗位。",
    "AlreadySigned": "这一步您已经签过，还需要另一个人签；签错了可以收回签名。",
    "NotSigned": "这一步没有您的签名。",
    "OutcomeDiffers": "先签的人结论是“{first}”。两人结论须一致，请先商量；谁签错了谁收回重签。",
    "NotClaimed": "请先认领这一步。",
    "NotYourClaim": "这一步由{holder}认领，只有认领人能办。",
    "TooLateToWithdraw": "已经作出决定，不能再撤回申请；撤回须在决定之前。",
    "SameProposer": "这项提议是您提出的，须由另一个人批准。",
    "NotEmpty": "数据库里已经有一个县；只能建立一次。",
    "EngineFault": "流程走不下去：{why}。本件保持原样，请告诉流程管理岗。",
    "CaseFaulted": "流程走不下去：{why}。您填的都还在，没有丢。本件已转流程管理岗修复，修好后您接着办。",
    "TooEarly": "最早 {from_on} 才能办：“{rule}”不得少于法定时间。",
    "NoticeTooLate": "“{rule}”最迟 {latest} 办，已经来不及。请另定较晚的日子。",
    "StopNotAllowed": "“{kind}”不能让本件的时限停下来；法定的停表事由只有：{possible}。",
    "AlreadyStopped": "时限已经停着，停到 {to_on}。",
    "NotApproved": "“{step}”所申请的还没有人批准，须由另一个人先批准。",
    "NotExtendable": "“{rule}”在本件不能延长：{why}。",
    "TooLateToExtend": "“{rule}”已于 {due_on} 届满；延长须在届满之前批准。",
    "OneCorrection": "已于 {on} 一次告知补正；再次告知只能针对其后补来的材料。",
    "OwnUnit": "这张牌是发给您本人或者您单位的，须由别人办。",
    "NoStandIn": "“{post}”不设代岗，须由持岗人本人办。",
    "StatusForbids": "“{post}”是决定岗，见习、临聘和协办人员不能办，须由在编人员办。",
    "NotCertified": "这一步须由持执法证的人员签字，系统里没有登记您的执法证。",
    "TierTooLow": "本件金额合计 {amount} 元，须由“{needed}”一级决定；您的岗位到“{held}”。",
    "OtherPerson": "“{step}”须由办“{other}”的人接着办。",
    "SameLevel": "“{other}”是同一层级办的，“{step}”须由另一层级办。",
    "NextStep": "“{other}”是您代岗办的，下一步须由别人办。",
    "TooFewPersons": "这类件至少要 {least} 个人经手；再由您办，最多只有 {most} 个人。请由没有办过的人来办。",
    "NobodyLeft": "这样办，后面就没有人可办了：{zh}{instead_zh}",
    "NotStaffed": "“{item}”在{organ}办不下去：{zh}请先授岗；授哪些岗就行，见“各单位排不排得开”。",
    "ComplainedOf": "投诉的是您本人或者您的岗位，须由别人办。",
    "NotInWriting": "“{post}”须有书面授权，请填写授权书编号。",
    "TieFound": "您与本件的申请人或代理人有应当回避的关系（{kind}）。请由同事来办；认为不影响的，提请领导决定。",
    "RecusalPending": "您是否回避本件，正由领导决定；决定之前您不能办，请由同事办理，时限照走。",
    "Recused": "已决定您回避本件，须由别人办理。",
    "NotInCase": "只有本件的申请人和有份办理本件的人可以提出；被提出的，也须是办过或者正在办本件的人。",
    "NotDecider": "这项回避由{who}决定；当事的人和提出的人都不能决定。",
    "VoteGiven": "您已经表决过，不能改。",
    "AlreadyRaised": "这个人是否回避本件，已经有人提出或者有了决定。请看本件最新情况。",
    "UrgedToday": "这一步您今天已经催过，经办单位已收到。{again_on} 起可以再催。",
    "NoHand": "您没有经办本件，也没有本件所等的岗位；这件事由经办人、持岗人或监督人员办。",
    "MayNotSee": "不能抄送给{holder}：其岗位不看办件，或者本件是其本人的。",
    "CopiedAlready": "本件已经抄送过{holder}。",
    "NotNeeded": "本单位的{holder}能办这一步，不用借岗。",
    "NobodyInPool": "县级人员池里也没有人能办这一步。请系统管理员增配“{post}”。",
    "NotCorrectable": "不能更正：{why}{more}。",
    "NotRendered": "文书 {number} 还在制作，请稍候再办。",
    "NotWaiting": "本件没有在等“{name}”，或者已经办过。请看本件最新情况。",
    "OwnMatter": "这件事关系到您本人，须由另外两个人办。",
    "PostsExclude": "这样一来一个人将同时持有“{one}”和“{two}”，两岗不得由一人兼任。",
    "ReservedPost": "“{post}”不授予任何人；它在流程里代表别的岗位。",
    "AlreadyHeld": "这段时间里该人员在那里已有“{post}”；请先收回原来的。",
    "OwnStandIn": "不能给自己代岗，请另指定一人。",
    "StandInNamed": "这段时间里该岗位已登记了代岗人；请先结束原来的。",
    "IsAway": "该人员 {from_on} 至 {to_on} 已登记外出。",
    "StillHere": "该人员 {to_on} 离岗；到那天起才能办。",
    "AccountLocked": "今天输错次数太多，账号已锁。可请两名管理员恢复；否则明天自动恢复。",
    "WrongSecondFactor": "动态口令不对，或者已经用过。请等下一个。",
    "SecondFactorSet": "您已经启用动态口令。如果丢失，须由两名管理员收回。",
    "CodeNeeded": "请再输入动态口令。",
    "PasswordFirst": "您的口令是别人设的，请先改口令。",
    "WrongPassword": "工号或口令不对，请核对后再输。",
    "TooManyTries": "输错次数太多，请 15 分钟后再试。",
    "WrongCode": "受理号或查询码不对，请对照回执再输。",
    "AlreadyClaimed": "{holder}已认领这一步。您写的意见在草稿里。",
    "StepClosed": "这一步已经办完。您写的意见在草稿里。",
    "CaseClosed": "本件已经办结。",
    "CaseInFault": "本件流程出错，正由流程管理岗修复；修好之前各步骤都不能办，时限照走。",
    "NotInFault": "本件不需要修复，或者提议之后又有变动。请看本件最新情况。",
    "TimeFirst": "此前已有期限届满，系统要先按届满处理。您的操作没有存，请稍候再看。",
    "CaseMoved": "同一时刻有别人改动了本件，您的操作没有存。请看最新情况后再办。",
    "AlreadyFiled": "这份草稿已经提交过。",
    "AlreadyDecided": "这项提议已经有了结果。",
    "UnknownOutcome": "“{outcome}”不是这一步的结论；可选：{possible}。",
    "BadSetting": "设置 {name} 不对：{why}。",
    "DatabaseDown": "数据库连不上：{why}。请启动数据库，或检查 SUNLIT_DATABASE_URL，再运行 sunlit migrate。",
    "NotMigrated": "数据库版本（{revision}）与程序不一致，请运行 sunlit migrate。",
    "ClockGoesForward": "演示时间只能往前走。",
    "CannotReturn": "不能退回到“{to}”：{because}。",
    "CannotWithdraw": "这一步办出的不能撤回：{because}。",
    "ToYourself": "这一步就在您手里；请另选一个人。",
    "NotEligible": "不能交给{officer}：{cause}",
    "Away": "今天不在岗。",
    "NoDeskPost": "没有办件岗位；只能请办件岗位的人提意见。",
    "HasPart": "同一步里，办理的人和被请提意见的人须是不同的人，各占一份。",
    "SignersMissing": "还要等{officers}提出意见。",
    "OwnSigner": "被加签的人不能给自己减签；不便表态的，请写明理由作为意见。",
    "NotAsked": "没有请您在这里提意见；意见只能由被请的本人提。",
    "NotYetAsked": "请您对结论提意见，现在还没有结论。",
    "NoProxy": "表决和主持都不能由别人代替，请等本人来办。",
    "DecidedTogether": "这一步集体决定：由持有本岗位的人表决，“{chair}”最后作结，不用认领。",
    "NotDecidedTogether": "这一步不是集体决定，由认领人办理。",
    "AlreadyVoted": "您已经表决；要改的，请先收回。",
    "ChairHasSpoken": "主持人最后表态，已经表态，此后不能再表决，也不能收回。",
    "NoQuorum": "{members} 名成员中只有 {present} 人表决，须有 {needed} 人。",
    "NotTheMajority": "表决结果是“{carried}”，结论须与它一致。",
    "Answered": "意见已经提出，或者已经减签，不用再提。",
}
BECAUSE = {  # by reason code of engine/errors/undone.py
    "undeclared": "流程没有规定这样退回",
    "not_done": "本件还没有办过那一步",
    "flow": "流程从这里回不到那一步",
    "open": "这一步还没有办出，或者已经重新打开",
    "not_yours": "是别人办出的",
    "effect": "已经产生法律效力、已经送出文书，或者结束了别的步骤",
    "used": "后面的步骤已经有人在办",
    "beside": "并行的另一支此后往前走了，可能以它为据",
    "late": "此后已有时限届满",
    "other": "本件此后移到了流程的另一个版本",
}


NOT_EXTENDABLE = {
    extending.NOT_KNOWN: "法律没有规定可以延长",
    extending.NOT_RUNNING: "这项期限没有在走",
    extending.GIVEN: "法定的延长次数已经用完",
    extending.TOO_MUCH: "超过法律允许延长的天数",
    extending.NO_REASON: "没有写明理由",
    extending.OTHER_POST: "须由法定的岗位批准",
}
NOT_CORRECTABLE = {
    mending.NOT_REACHED: "本件还没有到达这个节点",
    mending.FOLLOWS: "它的日期取自另一个节点，请更正那个节点",
    mending.AHEAD: "这一天还没有到，由定日子的那一步另定",
    mending.SAME: "与记录的相同",
    mending.FUTURE: "还没有到的日子不会是办理的日子",
    mending.ORDER: "节点的先后会变，只能改到这里写的日子之间",
    mending.NO_CALENDAR: "这里写的日子之前没有采用过放假安排",
    mending.NO_FORM: "那里没有交过表",
    mending.STEP_OPEN: "这一步还没有办完，请收回签名重新填写",
    mending.DECIDES: "流程已按这一项往下走，须重新办那一步",
    mending.IS_MARK: "这一项是节点的日期，请更正节点",
    mending.MOVED_CLOCKS: "时限已按这一项停表或者延期",
    mending.COMPLAINED: "这一项写明投诉的是谁，内容一直对其保密",
    mending.BY_TIER: "已有人按原金额的权限作出决定",
    mending.IN_DOCUMENT: "已成文的文书写了这一项，须先重新出具该文书",
}
OTHERS = {  # of somebody else than the reader
    "SamePerson": (
        "不能办“{step}”：本件的“{other}”是其办的。",
        "may not handle '{step}': handled '{other}' in this case.",
    ),
    "ExcludedPosts": (
        "同时持有“{one}”和“{two}”，两岗不得由一人兼任。",
        "holds the posts '{one}' and '{two}', which exclude each other.",
    ),
    "NotYourPost": (
        "没有{organ}的“{post}”岗位。",
        "does not hold the post '{post}' of '{organ}'.",
    ),
    "NobodyLeft": (
        "由其办，后面就没有人可办了：{zh}",
        "would leave nobody for what comes later: {why}",
    ),
    "OwnCase": ("是本件的申请人或代理人。", "is the applicant or the agent in this case."),
    "StatusForbids": (
        "不是在编人员，不能办“{post}”这类决定岗的步骤。",
        "is no official, so takes no step of the deciding post '{post}'.",
    ),
    "NotCertified": ("没有登记执法证。", "has no certificate of law enforcement on record."),
    "TierTooLow": (
        "本件金额合计 {amount} 元，须由“{needed}”一级决定；其岗位到“{held}”。",
        "decides up to '{held}'; this case counts {amount} yuan and takes '{needed}'.",
    ),
    "NextStep": ("“{other}”是其代岗办的，下一步须由别人办。", "did '{other}' as a stand-in; the next step is not his."),
    "TooFewPersons": (
        "再由其办，本件最多只有 {most} 个人经手，至少要 {least} 个。",
        "would leave this case {most} different persons at most; it takes {least}.",
    ),
    "ComplainedOf": ("投诉的是其本人或者其岗位。", "is complained of, or the post held is."),
    "OwnUnit": ("这张牌是发给其本人或者其单位的。", "got this card, or the own unit did."),
    "TieFound": (
        "与本件的申请人或代理人有应当回避的关系（{kind}）。",
        "has a tie to the applicant or the agent ({kind}).",
    ),
    "RecusalPending": ("是否回避本件，正由领导决定。", "may have to keep out of this case; the head is deciding."),
    "Recused": ("已决定回避本件。", "keeps out of this case, as was decided."),
    "AlreadySigned": (
        "这一步已经签过；还需要另一个人签。",
        "has signed this step already; it needs another person's signature too.",
    ),
}
NO_DRAFT = (
    "没有这份草稿：它已经收件，或者已经删去。收了的件用“办件查询”找。",
    "There is no such draft: it was filed or deleted. What was filed is under Find a case.",
)


def of_another(error: Refused) -> str:
    """Return why another officer than the reader may not do something, with its basis in brackets."""
    if error.code not in OTHERS:
        return message(error)
    text = OTHERS[error.code][is_english()].format(**_told(error))
    if not error.basis:
        return text
    return f"{text[:-1]} ({error.basis})." if is_english() else f"{text[:-1]}（{error.basis}）。"


def message(error: SunlitError) -> str:
    """Return what an error says in the page's language, with its basis in brackets."""
    if isinstance(error, NotFound) and error.what == "draft":
        return NO_DRAFT[is_english()]
    if isinstance(error, NotEligible):
        why = of_another(error.cause)
        return f"{error.officer} cannot be given this: {why}" if is_english() else f"不能交给{error.officer}：{why}"
    if is_english() or error.code not in CHINESE:
        named = replace(error, kind=words.known(words.TIES, error.kind)) if isinstance(error, TieFound) else error
        text = SunlitError.__str__(named)
        return f"{text.removesuffix('.')} ({error.basis})." if isinstance(error, Refused) and error.basis else text
    text = CHINESE[error.code].format(**_told(error))
    if isinstance(error, Refused) and error.basis:
        return f"{text.removesuffix('。')}（{error.basis}）。"
    return text


def _told(error: SunlitError) -> dict[str, object]:
    """Return the fields of an error, codes as words of the page's language."""
    if isinstance(error, TieFound):
        return vars(error) | {"kind": words.known(words.TIES, error.kind)}
    if isinstance(error, NotExtendable):
        return vars(error) | {"why": NOT_EXTENDABLE.get(error.why, error.why)}
    if isinstance(error, NotCorrectable):
        return vars(error) | {"why": NOT_CORRECTABLE.get(error.why, error.why)}
    if "because" in vars(error):
        return vars(error) | {"because": BECAUSE[vars(error)["why"]]}
    return vars(error)


def finding(found: Finding) -> str:
    """Return a finding in one line: where, and what."""
    where = f"{found.where}: " if found.where else ""
    return f"{where}{found.message}"
