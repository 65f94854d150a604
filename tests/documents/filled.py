"""One document of each kind, filled in whole. Invented facts."""

from __future__ import annotations

from typing import Any

from engine.rules.documents import CARDS, KINDS, Document, number

REMEDIES = (
    "不服本决定的，可以自收到本决定书之日起六十日内申请行政复议，也可以自收到本决定书之日起六个月内直接向人民法院提起行政诉讼；"
    "经行政复议后仍不服的，可以自收到复议决定书之日起十五日内向人民法院提起行政诉讼。"
)
COMMON: dict[str, Any] = {
    "organ": "云岭县行政审批局",
    "applicant": "罗雨平",
    "item": "食品经营许可（餐饮）",
    "case": "2026-YL-000123",
    "on": "2026-09-14",
    "received_on": "2026-09-14",
    "accepted_on": "2026-09-14",
    "handler": "李春燕",
    "post": "窗口受理岗",
    "phone": "0877-555-0101",
    "place": "云岭县政务服务中心 1 至 3 号窗口",
    "licence": True,
    "salt": "00" * 32,
    "deemed": False,
    "limits": [
        {
            "kind": "promise",
            "name": "承诺办结",
            "amount": 7,
            "unit": "working_day",
            "due_on": "2026-09-23",
            "provisional": False,
            "basis": "",
            "note": "",
        },
        {
            "kind": "statute",
            "name": "行政许可决定",
            "amount": 20,
            "unit": "working_day",
            "due_on": "2026-10-20",
            "provisional": False,
            "basis": "《行政许可法》第42条第1款、第82条",
            "note": "延长须告知申请人理由；逾期不视为准予许可",
        },
    ],
}
_PAPERS = ("食品经营许可申请书", "主体资格证明（营业执照等）", "经营场所平面布局图", "食品安全管理制度")
_CARD = {
    "applicant": "云岭县行政审批局（审查岗）",
    "item": "黄牌红牌签发、说明、申诉",
    "case": "2026-YL-000140",
    "subject": "2026-YL-000123 食品经营许可（餐饮）",
    "cause": "环节超过时限",
    "rule_name": "承诺时限",
    "basis": "《优化营商环境条例》第36条第2款",
    "step_name": "审查",
    "post_name": "审查岗",
    "held_by": "王建国",
    "tiers": "决定岗 赵远舟、郑若谷；一把手 秦守正",
    "evidence": "办件留痕截至第 12 条，指纹 9f86d081884c7d65",
    "fact_on": "2026-09-21",
    "over": "最后一日 2026年9月18日，时限 2 个工作日",
    "points": -5,
    "answer": "请自收到本通知书之日起 3 个工作日内书面说明情况（本县规定）",
    "issuer": "云岭县政务服务管理局",
}
OWN: dict[str, dict[str, Any]] = {
    "receipt": {
        "received_at": "2026-09-14 08:36",
        "materials": [{"name": n, "form": "原件", "copies": 1, "shared": i == 1} for i, n in enumerate(_PAPERS)],
        "limits": [
            {
                "kind": "statute",
                "name": "一次性告知补正",
                "amount": 5,
                "unit": "working_day",
                "due_on": "2026-09-21",
                "provisional": False,
                "basis": "《行政许可法》第32条第1款第4项",
                "note": "逾期不告知的，自收到申请材料之日起即为受理",
            }
        ],
    },
    "supplement_notice": {
        "defects": ["经营场所平面布局图未提交", "申请书第 2 页未签名"],
        "cure": "请到原收件窗口提交，或者凭办件编号和查询码在网上补交。",
    },
    "acceptance": {},
    "not_accepted": {
        "not_accepted_reason": "经营场所不在本县，不属本机关职权范围。",
        "competent_organ": "经营场所所在县的行政审批机关",
        "remedies": REMEDIES,
    },
    "special_procedure": {
        "stop_days": 10,
        "stop_evidence": "云岭县产品质量检验检测中心，委托书 2026-031 号",
        "stop_name": "检测",
        "stop_basis": "《行政许可法》第45条",
        "from_on": "2026-09-15",
        "to_on": "2026-09-29",
        "planned": True,
    },
    "extension": {
        "extend_reason": "经营场所改造涉及消防设施，需要与相邻单位核对共用部位，二十个工作日内不能作出决定。",
        "extend_days": 10,
        "unit": "working_day",
        "due_on": "2026-11-03",
        "rule_name": "行政许可决定",
        "basis": "《行政许可法》第42条第1款、第82条",
        "approver": "本行政机关负责人",
    },
    "hearing_right": {
        "hearing_matter": "拟准予在文昌路 88 号开设餐饮场所，直接关系与你相邻的三户居民的通风、排烟和通行。"
    },
    "hearing_notice": {
        "hearing_on": "2026-09-28",
        "hearing_time": "上午 9:30",
        "hearing_place": "云岭县政务服务中心三楼听证室",
        "hearing_chair": "周明德（法规股股长，未参与本件审查）",
    },
    "grant": {
        "grant_basis": "《中华人民共和国食品安全法》；《中华人民共和国行政许可法》第三十八条第一款。",
        "grant_content": "准予在云岭县城东街道文昌路 88 号从事餐饮服务（热食类、冷食类食品制售）。",
        "validity": "自 2026年9月18日起至 2031年9月17日止",
        "conditions": "不得超出核准的经营项目；布局改变的，应当先申请变更。",
        "publication_note": "本决定自作出之日起七个工作日内在云岭县政务服务网公开。",
    },
    "refusal": {
        "refusal_facts": "2026年9月16日现场勘验：经营场所无独立厨房，无上下水。",
        "refusal_reasons": "经营场所的布局和设施与申请的经营项目不相适应，不符合许可条件。",
        "refusal_articles": "《中华人民共和国食品安全法》；《中华人民共和国行政许可法》第三十八条第二款。",
        "remedies": REMEDIES,
    },
    "service_record": {
        "served": [{"name": "准予行政许可决定书", "number": "云岭审准〔2026〕12号"}],
        "served_way": "left",
        "served_on": "2026-09-18T10:20",
        "signer": "罗雨平",
        "witness": "杨秀兰（文昌社区工作人员）",
    },
    "yellow_card": _CARD | {"level": "黄牌"},
    "red_card": _CARD | {"level": "红牌", "points": -10, "cause": "法定期限届满未作决定"},
    "card_explanation": _CARD
    | {
        "level": "黄牌",
        "handler": "王建国",
        "post": "审查岗",
        "explanation": "九月十七、十八日县政务网络中断，意见无法提交，二十一日上午办结。\n附网络中断情况通报一份。",
        "attachments": "网络中断情况通报",
    },
}


def document(kind: str, **changes: Any) -> Document:
    """Return the sample of a kind; `changes` replace facts of it."""
    return Document(kind=kind, number=number(kind, "云岭", 2026, 12), facts=COMMON | OWN[kind] | changes)


assert OWN.keys() == KINDS.keys()
assert set(CARDS) <= OWN.keys()
