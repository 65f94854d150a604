"""Words for kinds: effects, cards, signers, ties, accounts, officers, documents, marks, holidays."""

from flask_babel import lazy_gettext

EFFECTS = {
    "deemed_acceptance": lazy_gettext("视为受理"),
    "deemed_renewal": lazy_gettext("视为准予延续"),
    "deemed_consent": lazy_gettext("视为同意"),
    "lapse": lazy_gettext("权利失效"),
    "card_only": lazy_gettext("发牌"),
    "none": lazy_gettext("没有"),
}
LEVELS = {
    "yellow": lazy_gettext("黄牌"),
    "red": lazy_gettext("红牌"),
}
CAUSES = {
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
ACCOUNTS = {
    "opened": lazy_gettext("开户"),
    "closed": lazy_gettext("停用"),
    "reopened": lazy_gettext("恢复"),
    "password": lazy_gettext("改口令"),
    "second_factor": lazy_gettext("动态口令"),
}
ACCOUNT_ACTS = {
    "password": lazy_gettext("忘了口令：换成一次性口令"),
    "closed": lazy_gettext("停用账号"),
    "reopened": lazy_gettext("恢复账号"),
    "second_factor": lazy_gettext("取消动态口令（手机丢了）"),
}
STATUSES = {  # of an officer; the last three decide nothing
    "official": lazy_gettext("在编人员"),
    "temporary": lazy_gettext("聘用人员"),
    "trainee": lazy_gettext("见习人员"),
    "helper": lazy_gettext("协办员"),
}
ABSENCES = {
    "leave": lazy_gettext("休假"),
    "sick": lazy_gettext("病假"),
    "travel": lazy_gettext("出差"),
    "training": lazy_gettext("培训"),
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
DAYS = {
    "元旦": lazy_gettext("元旦"),
    "春节": lazy_gettext("春节"),
    "清明节": lazy_gettext("清明节"),
    "劳动节": lazy_gettext("劳动节"),
    "端午节": lazy_gettext("端午节"),
    "中秋节": lazy_gettext("中秋节"),
    "国庆节": lazy_gettext("国庆节"),
}
