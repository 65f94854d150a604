"""Filled-in forms of the food operation licence, by step path or `path:outcome`. Invented facts."""

from __future__ import annotations

from typing import Any

_INSPECTED = {
    "place": "城关镇文昌路 88 号",
    "inspected_on": "2026-03-04",
    "inspected_at": "09:30",
    "score": 87,
    "findings": "布局合理，设施齐全。",
    "applicant_sign": "signed",
}
_DELIVERED = {"served_way": "direct", "served_on": "2026-03-12T10:20", "signer": "罗雨平"}
REMEDIES = "可在六十日内申请行政复议，或者六个月内起诉。"

_SERVED = {"way": "direct", "recipient": "罗雨平"}

FORMS: dict[str, dict[str, Any]] = {
    "case": {
        "shop_name": "椒香里火锅店",
        "kind": "new",
        "layout_changed": False,
        "contact_name": "罗雨平",
        "contact_phone": "0877-5550000",
        "address": "城关镇文昌路 88 号",
        "business_type": "restaurant",
        "items": ["hot_food"],
        "area": 126,
        "kitchen_area": 38,
        "staff": 6,
    },
    "intake/accept:supplement": {
        "defects": ["缺平面布局图", "申请书未签名"],
        "cure": "图按比例画；申请书在第 2 页签名。",
    },
    "intake/accept:not_needed": {
        "not_accepted_reason": "只销售预包装食品，办备案即可",
        "remedies": REMEDIES,
    },
    "intake/accept:not_ours": {
        "not_accepted_reason": "不属本机关职权",
        "competent_organ": "云岭县城市管理局",
        "remedies": REMEDIES,
    },
    "intake/supplement:supplied": {"supplied": ["平面布局图"]},
    "intake/supplement:abandoned": {"abandon_reason": "不开店了"},
    "intake/accept_again:supplement_again": {"defects": ["平面布局图：没有标比例"], "cure": "标明比例后再交。"},
    "intake/accept_again:not_accepted": {"not_accepted_reason": "申请书仍未签名", "remedies": REMEDIES},
    "review": {"complete": True, "qualified": True, "conditions_met": True},
    "site_inspection/inspect": _INSPECTED,
    "site_inspection/inspect:rectify": _INSPECTED | {"to_rectify": ["加装纱窗"]},
    "site_inspection/reinspect": _INSPECTED,
    "recheck": {"consistent": True, "in_time": True},
    "issue/make": {"licence_number": "YL-2026-0001", "valid_from": "2026-03-10", "valid_to": "2031-03-09"},
    "issue/deliver": _DELIVERED,
    "decide:grant": {
        "grant_basis": "《中华人民共和国行政许可法》",
        "grant_content": "准予从事餐饮服务。",
        "validity": "五年",
        "conditions": "不得超出核准的经营项目。",
        "publication_note": "依法公开。",
    },
    "decide:refuse": {
        "refusal_facts": "现场勘验不合格，整改后仍不合格。",
        "refusal_reasons": "经营场所布局不符合食品安全要求，依法不予许可，理由如上。",
        "refusal_articles": "《中华人民共和国行政许可法》第三十八条第二款",
        "remedies": "可以自收到本决定之日起六十日内依法申请行政复议，或者六个月内起诉。",
    },
    "refusal/notice": {"paper_checked": True},
    "refusal/serve": _DELIVERED,
    "special/ask:ask": {
        "stop_kind": "inspection",
        "stop_days": 10,
        "stop_evidence": "云岭县检验所，委托书 2026-17 号",
        "why": "油样须送检。",
    },
    "special/serve": _SERVED,
    "special/receive": {"result_number": "检 2026-31", "result": "合格。"},
    "extension/ask:ask": {"extend_days": 10, "extend_reason": "涉及多个部门，需要延长。"},
    "extension/serve": _SERVED,
}
