"""Legal documents: their kinds, what each must say, the digest that the trace keeps. No clock, no database.

Source of what is mandatory: Administrative Licensing Law art. 32, 38, 42, 45, 47, 48; the county's own forms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from engine.rules import trace

RECEIPT = "receipt"  # made for every application
COMMON = ("organ", "applicant", "item", "case", "on", "handler")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of document. `word`: what stands for it in numbers; `form`: fields that must have been filled in.

    `may`: fields that are taken when they are there; `facts`: what else it must say, besides COMMON.
    """

    name: str
    name_en: str
    word: str
    form: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


_CARD = (
    "level",
    "cause",
    "rule_name",
    "basis",
    "subject",
    "held_by",
    "tiers",
    "post_name",
    "fact_on",
    "evidence",
    "answer",
)
_REASONS = ("refusal_facts", "refusal_reasons", "refusal_articles", "remedies")
KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        RECEIPT: Kind(name="申请材料接收凭证", name_en="Receipt", word="收", facts=("received_at",)),
        "supplement_notice": Kind(
            name="补正告知书", name_en="Notice of what to supplement", word="补",
            form=("defects", "cure"), facts=("received_on", "phone"),
        ),
        "acceptance": Kind(
            name="受理通知书", name_en="Notice of acceptance", word="受", facts=("accepted_on", "phone")
        ),
        "not_accepted": Kind(
            name="不予受理决定书", name_en="Decision not to accept", word="不受",
            form=("not_accepted_reason", "remedies"), may=("competent_organ",),
        ),
        "special_procedure": Kind(
            name="特别程序告知书", name_en="Notice of a special procedure", word="特",
            form=("stop_days", "stop_evidence"), facts=("stop_name", "stop_basis", "from_on", "to_on"),
        ),
        "extension": Kind(
            name="延长办理期限告知书", name_en="Notice of extension", word="延",
            form=("extend_reason", "extend_days"), facts=("due_on", "rule_name", "basis", "approver"),
        ),
        "hearing_right": Kind(
            name="听证权利告知书", name_en="Notice of the right to a hearing", word="听告", form=("hearing_matter",)
        ),
        "hearing_notice": Kind(
            name="听证通知书", name_en="Notice of hearing", word="听",
            form=("hearing_on", "hearing_time", "hearing_place", "hearing_chair"),
        ),
        "grant": Kind(
            name="准予行政许可决定书", name_en="Grant", word="准",
            form=("grant_basis", "grant_content"), may=("validity", "conditions", "publication_note"),
        ),
        "refusal": Kind(name="不予行政许可决定书", name_en="Refusal", word="不准", form=_REASONS),
        "service_record": Kind(
            name="送达回证", name_en="Record of service", word="送",
            form=("served_way", "served_on", "signer"), may=("witness",), facts=("served",),
        ),
        "yellow_card": Kind(name="效能监察黄牌通知书", name_en="Yellow card", word="黄", facts=_CARD),
        "red_card": Kind(name="效能监察红牌通知书", name_en="Red card", word="红", facts=_CARD),
        "card_explanation": Kind(
            name="黄牌红牌情况说明书", name_en="Explanation", word="说", form=("explanation",), facts=_CARD[:4]
        ),
    }
)  # fmt: skip
CARDS = ("yellow_card", "red_card", "card_explanation")
WAYS = MappingProxyType(
    {"direct": "直接送达", "left": "留置送达", "post": "邮寄送达", "electronic": "电子送达", "public": "公告送达"}
)


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document as it was made. `facts` are all that it says: texts, whole numbers, lists and dicts of them."""

    kind: str
    number: str
    facts: Mapping[str, Any]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical facts with kind and number; their salt keeps names from being guessed from it."""
        said = {"kind": self.kind, "number": self.number, "facts": dict(self.facts)}
        return sha256(trace.canonical(said)).hexdigest()

    @property
    def title(self) -> str:
        return KINDS[self.kind].name

    @property
    def code(self) -> str:
        """The short digest at the foot of each page, in fours."""
        short = self.digest[:16].upper()
        return " ".join(short[i : i + 4] for i in range(0, 16, 4))


def missing(kind: str, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the mandatory facts that are not there, or empty."""
    of = KINDS[kind]
    return tuple(name for name in (*COMMON, *of.form, *of.facts) if facts.get(name) in (None, "", [], ()))


def number(kind: str, county: str, year: int, value: int) -> str:
    """Return the number of a document: 云岭审受〔2026〕12号."""
    return f"{county}审{KINDS[kind].word}〔{year}〕{value}号"


def short(county: str) -> str:
    """Return how a county's name heads its numbers: 云岭县行政审批局 -> 云岭."""
    for level in "县市区旗":
        if county.find(level) > 1:
            return county[: county.find(level)]
    return county


def newest(documents: Sequence[tuple[str, str, bool]], kinds: Sequence[str]) -> str | None:
    """Return the number of the first newest document of these kinds that may not be served yet; None: all may.

    `documents`: (kind, number, whether it is released), in the order in which they were made.
    """
    last = {kind: (number, released) for kind, number, released in documents}
    return next((last[kind][0] for kind in kinds if kind in last and not last[kind][1]), None)
