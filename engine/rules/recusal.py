"""Recusal: which ties keep an officer out of a case, who decides whether they do, and when a council has decided.

Sources: Civil Servants Law art. 74, 76, 77; Regulations on Petition Work art. 28; Administrative Licensing Law art. 48
(SOD-08, SOD-21, SOD-31). No database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.errors import RecusalPending, Recused, Refused, TieFound
from engine.model import Assignment, Standing

NEAR = ("spouse", "lineal", "collateral", "in_law")  # near relatives: Civil Servants Law art. 74(1)
REGISTERED = (*NEAR, "interest")
KINDS = (*REGISTERED, "same_phone", "same_address", "other")  # other: art. 76(3)
HEAD, MEMBER = "chief", "council_member"
RULE = "SOD-08"
LEAST_MEMBERS = 2  # one person is no council

_ABROAD = re.compile(r"(?:00)?86(?:(1[3-9]\d{9})|0?([2-9]\d{8,10}|10\d{8}))")
_HOUSE = re.compile(r"[0-9一二三四五六七八九十百]+[号室户]")
_ABOVE = re.compile(r"(?:\w{2,8}(?:省|自治区))?(?:\w{2,8}?[市州])?(?:\w{2,8}?县)?")  # what may be left out in front
_SHORTEST = 5  # characters of an address that says where: 南门街7号


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How a person, or an office, is reached, as somebody wrote it. `person`: 0 for an office."""

    person: int = 0
    phone: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Raised:
    """A recusal of the case. `upheld`: None while it waits for its decision."""

    officer: int
    kind: str
    upheld: bool | None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a case's ties. `parties`: applicant and agent; `registered`: (officer, kind), in force today."""

    parties: Sequence[Reach]
    people: Sequence[Reach]
    offices: Sequence[Reach]
    registered: Collection[tuple[int, str]]
    raised: Sequence[Raised]


def phone(written: str) -> str:
    """Return a telephone number as it is compared: digits, no country code; empty below seven digits."""
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", written))
    if abroad := _ABROAD.fullmatch(digits):
        digits = abroad[1] or f"0{abroad[2]}"
    return digits if len(digits) >= 7 else ""


def address(written: str) -> str:
    """Return an address as it is compared: no spaces, no punctuation; empty when it names no house or room.

    A village or a road is no tie: whole townships live there.
    """
    text = written
    while (plain := _plain(text)) != text:
        text = plain
    return text if len(text) >= _SHORTEST and _HOUSE.search(text) else ""


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in folded if letter.isalnum()).replace("號", "号")


def same_address(one: str, other: str) -> bool:
    """Return whether two written addresses are one; either may leave out province, city and county before it."""
    short, long = sorted((address(one), address(other)), key=lambda text: (len(text), text))
    return bool(short) and long.endswith(short) and _ABOVE.fullmatch(long.removesuffix(short)) is not None


def same_phone(one: str, other: str) -> bool:
    """Return whether two written telephone numbers are one."""
    return phone(one) != "" and phone(one) == phone(other)


def ties(person: int, known: Known) -> Iterator[str]:
    """Yield the kinds of tie between an officer and the applicant or the agent, gravest first.

    The county's own telephones and addresses tie nobody. Who is a party has no ties: that case is the own (SOD-31).
    """
    if any(party.person == person for party in known.parties):
        return
    yield from (kind for kind in REGISTERED if (person, kind) in known.registered)
    mine = [each for each in known.people if each.person == person]
    if any(_reached(me.phone, party.phone, known, "phone") for me in mine for party in known.parties):
        yield "same_phone"
    if any(_reached(me.address, party.address, known, "address") for me in mine for party in known.parties):
        yield "same_address"


def _reached(one: str, other: str, known: Known, what: str) -> bool:
    same = same_phone if what == "phone" else same_address
    return same(one, other) and not any(same(one, getattr(office, what)) for office in known.offices)


def standing(person: int, known: Known) -> tuple[str, str]:
    """Return how recusal stands between a person and a case, and the tie: `("", "")` when nothing keeps him out.

    upheld | pending | tie, the first that holds. What was decided not to keep him out does not do so again.
    """
    own = [each for each in known.raised if each.officer == person]
    if any(each.upheld for each in own):
        return "upheld", ""
    if any(each.upheld is None for each in own):
        return "pending", ""
    dismissed = {each.kind for each in own}
    tie = next((kind for kind in ties(person, known) if kind not in dismissed), "")
    return ("tie", tie) if tie else ("", "")


def bar(standing: Standing) -> Refused | None:
    """Return why recusal keeps somebody from acting in the case, or None."""
    match standing.recusal:
        case "":
            return None
        case "pending":
            return RecusalPending(basis=RULE)
        case "tie":
            return TieFound(kind=standing.tie, basis=RULE)
        case _:
            return Recused(basis=RULE)


def bars(persons: Iterable[int], standings: Mapping[int, Standing]) -> Refused | None:
    """Return why recusal keeps one of these persons from acting in the case, or None. `standings`: by person."""
    return next(filter(None, (bar(standings[person]) for person in persons if person in standings)), None)


@dataclass(frozen=True, kw_only=True)
class Deciders:
    """Who may decide: each head alone, or the members of a council together. `organ`: theirs; None: there is nobody."""

    organ: int | None
    persons: tuple[int, ...] = ()
    council: bool = False


def deciders(
    organ: int,
    parents: Mapping[int, int | None],
    holders: Sequence[tuple[int, Assignment]],
    officer: int,
    out: Collection[int],
) -> Deciders:
    """Return who decides about an officer of an organ: the head there, else the nearest above.

    `holders`: (person, own assignment); `out`: who may not, because he asked, is a party, or keeps out himself. A
    head's own recusal is decided together by the council, and so is one for which no head is left (SOD-08).
    """
    away = {officer, *out}
    is_head = any(person == officer and post.post == HEAD for person, post in holders)
    for post, least in ((HEAD, 1), (MEMBER, LEAST_MEMBERS)):
        if is_head and post == HEAD:
            continue
        for here in _upwards(organ, parents):
            found = {p for p, held in holders if held.post == post and held.organ == here and p not in away}
            if len(found) >= least:
                return Deciders(organ=here, persons=tuple(sorted(found)), council=post == MEMBER)
    return Deciders(organ=None)


def _upwards(organ: int, parents: Mapping[int, int | None]) -> Iterator[int]:
    here: int | None = organ
    while here is not None:
        yield here
        here = parents.get(here)


def decided(votes: Collection[bool], members: int) -> bool | None:
    """Return what a council has decided, or None while it has not: two thirds have voted, most of them alike.

    When all have voted and half are for each, the officer keeps out.
    """
    upheld = sum(votes)
    dismissed = len(votes) - upheld
    if len(votes) * 3 < members * 2:
        return None
    if upheld != dismissed:
        return upheld > dismissed
    return True if len(votes) == members else None


def shielded(complained_of: Collection[int], heads: Mapping[int, int]) -> frozenset[int]:
    """Return who may not be given a complaint: those complained of, and their direct superiors.

    `heads`: person -> direct superior. Source: SOD-21; Regulations on Petition Work art. 46(5).
    """
    return frozenset(complained_of) | {heads[person] for person in complained_of if person in heads}
