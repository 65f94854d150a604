"""What is wrong with a field, in words: the limit, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webui.language import gettext, pick


def words(keyword: str, rule: Mapping[str, Any]) -> str:
    """Return the message of a JSON Schema keyword that failed on a field with this rule."""
    texts = {
        "required": gettext("还没填。"),
        "type": _type(rule),
        "minLength": gettext("至少 %(n)s 个字。", n=rule.get("minLength")),
        "maxLength": gettext("最多 %(n)s 个字。", n=rule.get("maxLength")),
        "minimum": gettext("不能小于 %(n)s。", n=rule.get("minimum")),
        "maximum": gettext("不能大于 %(n)s。", n=rule.get("maximum")),
        "exclusiveMinimum": gettext("必须大于 %(n)s。", n=rule.get("exclusiveMinimum")),
        "exclusiveMaximum": gettext("必须小于 %(n)s。", n=rule.get("exclusiveMaximum")),
        "pattern": gettext("格式不对，请核对后再填。"),
        "format": gettext("格式不对，请核对后再填。"),
        "minItems": gettext("至少 %(n)s 项。", n=rule.get("minItems")),
        "maxItems": gettext("最多 %(n)s 项。", n=rule.get("maxItems")),
        "uniqueItems": gettext("有重复的项，请删去。"),
        "enum": gettext("请从列出的里面选。"),
        "oneOf": gettext("请从列出的里面选。"),
        "nobody": gettext("没有叫这个姓名的工作人员，请核对。"),
        "several": gettext("不止一名工作人员叫这个姓名，请同时写明岗位和机关。"),
        "const": gettext("与前面填的不一致，请核对。"),
    }
    own = pick(rule.get("x-error", ""), rule.get("x-error_en"))
    return own or texts.get(keyword) or gettext("这里不对，请核对。")


def _type(rule: Mapping[str, Any]) -> str:
    return {
        "integer": gettext("请填整数。"),
        "number": gettext("请填数字。"),
        "boolean": gettext("请选“是”或“否”。"),
    }.get(str(rule.get("type")), gettext("格式不对，请核对后再填。"))
