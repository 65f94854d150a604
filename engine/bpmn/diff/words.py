"""Changes in plain words, one sentence each, Chinese or English."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

from engine.bpmn.diff.labels import (
    ATTRIBUTES,
    KINDS,
    LISTS,
    TYPES,
    UNREMARKABLE,
    UNREMARKABLE_VALUES,
    UNSAID,
    VALUES,
    Pair,
)  # fmt: skip
from engine.bpmn.diff.things import Change, Name, Value

NOTHING_RUNS: Pair = ("流程没有实质变化。", "Nothing that runs or is shown has changed.")
WITHOUT_NAME = ("facts",)  # there is one of it
NAMES = ("name", "name_en", "title", "title_en")
PLAIN = ("step", "call", "gateway", "event", "sub_process", "task", "flow", "lane")
SHAPES: dict[str, Pair] = {
    "duration": ("时长", "after"),
    "date": ("日期", "on"),
    "cycle": ("周期", "every"),
}


def sentences(changes: Iterable[Change], lang: str = "zh", titles: Mapping[str, Pair] | None = None) -> list[str]:
    """Return a sentence for each change; where there is none, one that says so.

    `lang`: zh or en; `titles`: what posts, rules of time and constraints are called in the county, by code.
    """
    words = _English(titles or {}) if lang == "en" else _Chinese(titles or {})
    return [words.sentence(c) for c in changes] or [NOTHING_RUNS[words.n]]


class _Words(ABC):
    """What both languages share: labels and values. `n`: the place of the language in a pair."""

    n = 0
    comma, yes, no, opening, closing, gap = "、", "是", "否", "（", "）", ""

    def __init__(self, titles: Mapping[str, Pair]) -> None:
        self.titles = titles

    @abstractmethod
    def sentence(self, c: Change) -> str:
        """Return a change as a sentence."""

    def name(self, name: Name) -> str:
        """Return a name in quotes; the id in brackets where it is needed to know which is meant."""
        own = (name.zh, name.en)[self.n]
        spoken = own or self.titles.get(name.id, ("", ""))[self.n] or name.zh
        bracketed = f"{self.gap}{self.opening}{name.id}{self.closing}"
        if not spoken:
            if name.type not in TYPES:
                return self.quoted(name.id)
            return f"{('', 'the ')[self.n]}{TYPES[name.type][self.n]}{bracketed}"
        return self.quoted(spoken) + ("" if name.sole and own else bracketed)

    def label(self, what: str) -> str:
        """Return what an attribute is called; one that nobody named, as it is written."""
        if what in ATTRIBUTES:
            return ATTRIBUTES[what][self.n]
        if what.endswith("_en") and what[:-3] in ATTRIBUTES:
            return ("英文", "English ")[self.n] + self.label(what[:-3])
        for listed, names in LISTS.items():
            code, _, attribute = what.removeprefix(f"{listed}/").rpartition("/")
            if what.startswith(f"{listed}/") and code:
                return self.within(f"{names[self.n]}{self.gap}{self.quoted(code)}", self.label(attribute))
        return self.quoted(what)

    def quoted(self, text: str) -> str:
        """Return a text in the language's quotes; curly ones are as wide as a Chinese letter in the pages' fonts."""
        return f"'{text}'" if self.n else f"“{text}”"

    @abstractmethod
    def within(self, whole: str, part: str) -> str:
        """Return a part of a whole: `X的Y`, `Y of X`."""

    def value(self, what: str, value: Value) -> str:
        if value is None:
            return UNSAID.get(what, ("（无）", "nothing"))[self.n]
        if isinstance(value, bool):
            return self.yes if value else self.no
        if isinstance(value, int):
            return str(value)
        if isinstance(value, Name):
            return self.name(value)
        if isinstance(value, tuple):
            return self.comma.join(self.value(what, v) for v in value) or self.value(what, None)
        if what == "timer":
            shape, _, text = value.partition(" ")
            return f"{SHAPES[shape][self.n]} {text}".strip() if shape in SHAPES else value
        if value in VALUES.get(what, {}):
            return VALUES[what][value][self.n]
        return self.quoted(value) if value else UNSAID["name"][self.n]

    def parts(self, parts: tuple[Change, ...]) -> str:
        """Return what an added or removed thing consists of; names, which are said already, and the usual left out."""
        return ("; " if self.n else "；").join(t for p in parts if (t := self.part(p)))

    def part(self, p: Change) -> str:
        value = p.before if p.after is None else p.after
        if p.what:
            told = f"{self.label(p.what)}{self.gap}{self.value(p.what, value)}"
            return "" if value in ("", ()) or self.known(p, value) else told
        inside = self.parts(p.parts)
        bracketed = f"{self.gap}{self.opening}{inside}{self.closing}" if inside else ""
        return f"{('之后去', 'then to ')[self.n] + self.name(p.name) if p.kind == 'way' else self.thing(p)}{bracketed}"

    def known(self, p: Change, value: Value) -> bool:
        said = ("name_en", "title_en") if p.kind in ("way", "facts") else NAMES
        if p.what == "type" and _unnamed(p.name):
            return True
        return p.what in said or (p.kind, p.what) in UNREMARKABLE or (p.what, value) in UNREMARKABLE_VALUES

    def thing(self, c: Change) -> str:
        """Return the kind and name of what changed, and of what it belongs to."""
        own = KINDS[c.kind][self.n]
        if c.kind in WITHOUT_NAME:
            return f"{own}{self.gap}{self.label(c.where)}" if c.what == "rows" else own
        if _unnamed(c.name):
            return self.name(c.name)
        return f"{own}{self.gap}{self.name(c.name)}"


def _unnamed(name: Name) -> bool:
    """Return whether an element has only its type to be called by."""
    return bool(name.type) and not (name.zh or name.en)


class _Chinese(_Words):
    def within(self, whole: str, part: str) -> str:
        return f"{whole}的{part}"

    def sentence(self, c: Change) -> str:
        thing = (f"{self.name(c.of)}的" if c.of else "") + self.thing(c)
        if c.kind == "way" and c.of:
            return self.way(c, self.name(c.of))
        if not c.what:
            parts = self.parts(c.parts)
            if c.before is None:
                return f"新增{thing}{f'：{parts}' if parts else ''}。"
            return f"取消{thing}{f'（原有：{parts}）' if parts else ''}。"
        if c.what == "order":
            return f"{thing}移动了位置：{self.order(c)}。"
        if c.what == "name" and c.before and c.after and c.kind in PLAIN:
            old, new = self.value("", c.before), self.value("", c.after)
            return f"{KINDS[c.kind][0]}{old}（{c.where or c.name.id}）改名为{new}。"
        before, after = self.value(c.what, c.before), self.value(c.what, c.after)
        return f"{thing}的{self.label(c.what)}由{before}改为{after}。"

    def order(self, c: Change) -> str:
        both = [("现在排在{}之前，原来在其后", c.before), ("现在排在{}之后，原来在其前", c.after)]
        return "；".join(text.format(self.value("", v)) for text, v in both if v)

    def way(self, c: Change, source: str) -> str:
        if c.what == "to":
            told = f"（{parts}）" if (parts := self.parts(c.parts)) else ""
            return f"从{source}出来{told}，原来去{self.value('', c.before)}，现在去{self.value('', c.after)}。"
        if c.what:
            before, after = self.value(c.what, c.before), self.value(c.what, c.after)
            leading = "出来" if c.name == c.of else f"去{self.name(c.name)}"
            return f"从{source}{leading}的{self.label(c.what)}由{before}改为{after}。"
        parts = self.parts(c.parts)
        told = f"（{parts}）" if parts else ""
        return f"从{source}{'现在可以去' if c.before is None else '不再去'}{self.name(c.name)}{told}。"


class _English(_Words):
    n = 1
    comma, yes, no, opening, closing, gap = ", ", "yes", "no", "(", ")", " "

    def within(self, whole: str, part: str) -> str:
        return f"{part} of {whole}"

    def sentence(self, c: Change) -> str:
        text = self.told(c)
        return text[0].upper() + text[1:]

    def told(self, c: Change) -> str:
        thing = self.thing(c) + (f" of {self.name(c.of)}" if c.of else "")
        if c.kind == "way" and c.of:
            return self.way(c, self.name(c.of))
        if not c.what:
            parts = self.parts(c.parts)
            if c.before is None:
                return f"added: {thing}{f'; {parts}' if parts else ''}."
            return f"removed: {thing}{f' (it had: {parts})' if parts else ''}."
        if c.what == "order":
            return f"{thing} was moved: {self.order(c)}."
        if c.what == "name_en" and c.before and c.after and c.kind in PLAIN:
            spoken = self.value("", c.before), self.value("", c.after)
            return f"{KINDS[c.kind][1]} {spoken[0]} ({c.where or c.name.id}) was renamed {spoken[1]}."
        before, after = self.value(c.what, c.before), self.value(c.what, c.after)
        label = "Chinese name" if c.what == "name" else self.label(c.what)
        return f"{thing}: {label} changed from {before} to {after}."

    def order(self, c: Change) -> str:
        both = [
            ("it now comes before {}, formerly after", c.before),
            ("it now comes after {}, formerly before", c.after),
        ]
        return "; ".join(text.format(self.value("", v)) for text, v in both if v)

    def way(self, c: Change, source: str) -> str:
        if c.what == "to":
            old, new = self.value("", c.before), self.value("", c.after)
            told = f" ({parts})" if (parts := self.parts(c.parts)) else ""
            return f"the way out of {source}{told} now leads to {new}, formerly to {old}."
        if c.what:
            before, after = self.value(c.what, c.before), self.value(c.what, c.after)
            leading = f"out of {source}" if c.name == c.of else f"from {source} to {self.name(c.name)}"
            return f"the way {leading}: {self.label(c.what)} changed from {before} to {after}."
        parts = self.parts(c.parts)
        told = f" ({parts})" if parts else ""
        return f"{source} {'now' if c.before is None else 'no longer'} leads to {self.name(c.name)}{told}."
