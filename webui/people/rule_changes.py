"""What changes between two rule books: in plain words, a sentence a table or field, and as text line by line."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext

from engine.commands import RuleFile
from webui.language import gettext, pick
from webui.words import known

TABLES = {
    "limit": lazy_gettext("时限规则"),
    "stop": lazy_gettext("停表事由"),
    "mark": lazy_gettext("节点"),
    "post": lazy_gettext("岗位"),
    "constraint": lazy_gettext("分离规则"),
    "exclusion": lazy_gettext("不得兼任"),
    "tier": lazy_gettext("金额档次"),
    "card": lazy_gettext("发牌规则"),
}
FIELDS = {
    "name": lazy_gettext("名称"),
    "name_en": lazy_gettext("英文名称"),
    "amount": lazy_gettext("数额"),
    "unit": lazy_gettext("单位"),
    "from": lazy_gettext("起算"),
    "until": lazy_gettext("止算"),
    "stops": lazy_gettext("停表事由"),
    "extension": lazy_gettext("延长"),
    "effect": lazy_gettext("法定后果"),
    "basis": lazy_gettext("依据"),
    "basis_en": lazy_gettext("英文依据"),
    "power": lazy_gettext("权力"),
    "audience": lazy_gettext("工作台"),
    "kind": lazy_gettext("强度"),
    "scope": lazy_gettext("范围"),
    "one": lazy_gettext("一边"),
    "other": lazy_gettext("另一边"),
}


@dataclass(frozen=True, kw_only=True)
class TextChange:
    """A file that differs: its lines, each with `+`, `-`, `@` or a blank before it."""

    name: str
    lines: tuple[str, ...]


def in_words(files: Iterable[RuleFile]) -> list[str]:
    """Return what changes, by file; nothing when only comments and order do."""
    found = []
    for file in files:
        old, new = _tables(file.before or ""), _tables(file.after or "")
        found += [f"{file.name}{gettext('：')}{line}" for line in _compared(old, new)]
    return found


def as_text(files: Iterable[RuleFile]) -> tuple[TextChange, ...]:
    """Return the files line by line, with three lines around each change."""
    found = []
    for file in files:
        old, new = ((text or "").splitlines() for text in (file.before, file.after))
        lines = [line for line in difflib.unified_diff(old, new, lineterm="") if line[:3] not in ("---", "+++")]
        found.append(TextChange(name=file.name, lines=tuple(lines)))
    return tuple(found)


def _tables(text: str) -> dict[str, dict[str, Any]]:
    """Return each table and value of a TOML text by a key that says what it is: `post reviewer`, `thresholds`."""
    found: dict[str, dict[str, Any]] = {}
    for name, value in tomllib.loads(text).items():
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            for each in value:
                found[f"{name} {_key(each)}"] = each
        else:
            found[name] = value if isinstance(value, dict) else {name: value}
    return found


def _key(table: Mapping[str, Any]) -> str:
    for name in ("id", "code"):
        if name in table:
            return str(table[name])
    rest = {name: value for name, value in table.items() if name != "rule"}
    return f"{table.get('rule', '')} {json.dumps(rest, ensure_ascii=False, sort_keys=True, default=str)}".strip()


def _compared(old: Mapping[str, dict[str, Any]], new: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    for key in (*new, *(gone for gone in old if gone not in new)):
        called = _called(key, new.get(key) or old[key])
        if key not in old:
            yield gettext("新增%(what)s。", what=called)
        elif key not in new:
            yield gettext("删去%(what)s。", what=called)
        else:
            yield from _fields(called, old[key], new[key])


def _fields(called: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in (*new, *(gone for gone in old if gone not in new)):
        if old.get(name) != new.get(name):
            yield gettext(
                "%(what)s的%(field)s由 %(before)s 改为 %(after)s。",
                what=called,
                field=known(FIELDS, name),
                before=_value(old.get(name)),
                after=_value(new.get(name)),
            )


def _called(key: str, table: Mapping[str, Any]) -> str:
    kind, _, code = key.partition(" ")
    name = pick(str(table.get("name", "")), table.get("name_en"))
    told = f"{known(TABLES, kind)} {code}".strip()
    return gettext("%(what)s“%(name)s”", what=told, name=name) if name else told


def _value(value: object) -> str:
    if value is None:
        return gettext("（没有）")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
