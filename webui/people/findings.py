"""What is wrong with a field of a form about people, in the page's language: commands say it in English."""

from __future__ import annotations

import re

from engine.errors import Finding
from webui.language import is_english

CHINESE = (
    (r"it begins today, (\S+), or later; nothing is granted backwards", r"最早从今天（\1）起，不能倒填。"),
    (r"it ends before it begins", "最后一天在第一天之前。"),
    (r"its last day, (\S+), has passed; propose it anew", r"最后一天（\1）已经过了，请重新提议。"),
    (r"it ends at once with (\S+); nothing ends further back", r"立即结束就填 \1，不能更早。"),
    (r"this post ends with (\S+) already", r"这个岗位本来就到 \1 为止。"),
    (r"it ends with (\S+) already", r"本来就到 \1 为止。"),
    (r"the post itself ends with (\S+)", r"这个岗位本身到 \1 为止，代岗不能更晚。"),
    (r"the post itself begins on (\S+)", r"这个岗位本身从 \1 起，代岗不能更早。"),
    (r"the pool lies in the county; .*", "借岗池只在县级单位，请选县级单位。"),
    (r"say why", "请写一句为什么。"),
    (r"a login has .*", "工号是 2 到 32 个小写字母、数字或 _ . -，以字母开头。"),
    (r"this login is taken", "这个工号已经有人用了。"),
    (r"a name has .*", "姓名是 2 到 100 个字。"),
    (r"an identity number has .*", "身份证号是 17 位数字加一位数字或 X；信用代码是 18 位。"),
    (r"a telephone number has .*", "电话是 7 到 20 位数字。"),
    (r"a password has (\d+) to (\d+) characters", r"口令是 \1 到 \2 个字符。"),
    (r"a password does not hold the login", "口令里不能有工号。"),
    (r"choose another one than the old one", "新口令不能和旧的一样。"),
)


def told(finding: Finding) -> str:
    """Return what a finding says, without its place."""
    if is_english():
        return finding.message[:1].upper() + finding.message[1:].removesuffix(".") + "."
    for pattern, chinese in CHINESE:
        if found := re.fullmatch(pattern, finding.message):
            return found.expand(chinese)
    return finding.message
