"""Why a way cannot be staffed, and what would mend it, in sentences: Chinese and English, with persons and rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.commands.staffing.office import Office
from engine.rules.permission import FILED
from engine.rules.separation import FILING
from engine.staffing.asking import CHAIR, PAST, is_past
from engine.staffing.instance import Apart, Bound, Conflict, Demand, Least, Part, Seat, Way, Why
from engine.staffing.reasons import asked


@dataclass(frozen=True, kw_only=True)
class Words:
    """A sentence in Chinese and in English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"


def conflict(office: Office, way: Way, found: Conflict) -> Words:
    """Return a conflict as a sentence: which step needs whom, whom a rule keeps out, what the rules ask between."""
    demands = dict(asked(way))
    told = {step for why in found if why in demands for step in why.steps if _by_holder(way.parts[step])}
    said = [_reason(office, way, why, demands.get(why)) for why in found if why.rule or why.steps[0] not in told]
    return Words(zh="；".join(each.zh for each in said) + "。", en="; ".join(each.en for each in said) + ".")


def step(office: Office, path: str) -> Words:
    """Return what a step is called, whether as a part that has been done (PAST) or not."""
    path = path.removesuffix(PAST)
    if path == FILING:
        return Words(zh=f"「{FILED}」", en="Filing")
    named = office.item.steps[path.removesuffix(CHAIR)]
    if path.endswith(CHAIR):
        return Words(zh=f"主持「{named.name}」", en=f"Chairing {named.name_en}")
    return Words(zh=f"「{named.name}」", en=named.name_en)


def people(office: Office, seats: Sequence[Seat]) -> Words:
    """Return the names of who takes these seats, each once, and of whom they stand in for."""
    known = office.staff.officers
    found = [(_name(office, seat.person), known.get(seat.behalf)) for seat in dict.fromkeys(seats)]
    return Words(
        zh="、".join(f"{one.zh}（代{whom.name}）" if whom else one.zh for one, whom in found),
        en=", ".join(f"{one.en} (for {whom.name_en})" if whom else one.en for one, whom in found),
    )


def _name(office: Office, person: int) -> Words:
    """Return the name of an officer; who has acted may be none (any more)."""
    if found := office.staff.officers.get(person):
        return Words(zh=found.name, en=found.name_en)
    if person in (office.applicant, office.agent):
        return Words(zh="申请人", en="the applicant")
    return Words(zh="已离岗的人", en="somebody who has left")


def _named(office: Office, way: Way, path: str) -> Words:
    """Return what a part is called, with who has done it, has a hand in it, or holds it."""
    called, part = step(office, path), way.parts[path]
    did, has = people(office, part.done), people(office, _holder(part))
    if is_past(path):
        return Words(zh=f"{called.zh}（{did.zh}办的）", en=f"{called.en} (done by {did.en})")
    told = [(f"{did.zh}有份", f"{did.en} has a part in it")] if part.done else []
    told += [(f"由{has.zh}办", f"held by {has.en}")] if _by_holder(part) else []
    if not told:
        return called
    zh, en = zip(*told, strict=True)
    return Words(zh=f"{called.zh}（{'，'.join(zh)}）", en=f"{called.en} ({', '.join(en)})")


def _by_holder(part: Part) -> bool:
    """Return whether nobody but the holder is to act on a part."""
    return part.held is not None and part.seats == 1


def _holder(part: Part) -> tuple[Seat, ...]:
    return () if part.held is None else (part.held,)


def _reason(office: Office, way: Way, why: Why, demand: Demand | None) -> Words:
    if demand is not None:
        return _demand(office, way, why, demand)
    part = way.parts[why.steps[0]]
    return _barred(office, part, why.rule) if why.rule else _needed(office, part)


def _needed(office: Office, part: Part) -> Words:
    """Say how many a step needs, and who there is; who is away, or barred by a rule, is named with the others."""
    name, post = step(office, part.step), office.book.posts[office.post_of(part.step)]
    organ = office.staff.organs[office.organ_of(part.step)]
    if _by_holder(part):
        by = people(office, _holder(part))
        return Words(zh=f"{name.zh}由{by.zh}办", en=f"{name.en} is held by {by.en}")
    taken = {person for seat in part.done for person in seat.people}
    able = [s for s in (*part.may, *part.barred, *_holder(part)) if _is_here(office, s) and not s.people & taken]
    if not able:
        gone = _away(office, part)
        return Words(
            zh=f"{name.zh}没有人可办：{organ.name}的{post.name}无人在岗{gone.zh}",
            en=f"{name.en} has nobody: in {organ.name_en} nobody is there by the post {post.name_en}{gone.en}",
        )
    those, number = people(office, able), part.seats
    many = Words(zh=f"{number} 人", en="one" if number == 1 else str(number))
    beside = people(office, part.done)
    zh, en = (f"除{beside.zh}外还需要", f"needs, beside {beside.en},") if part.done else ("需要", "needs")
    return Words(
        zh=f"{name.zh}（{post.name}）{zh} {many.zh}，只有{those.zh}{_away(office, part).zh}",
        en=f"{name.en} ({post.name_en}) {en} {many.en} of {those.en}{_away(office, part).en}",
    )


def _away(office: Office, part: Part) -> Words:
    gone = [Seat(seat.person) for seat in (*part.may, *part.barred) if seat.person in office.away and not seat.behalf]
    those = people(office, gone)
    return Words(zh=f"（{those.zh}外出）", en=f" (away: {those.en})") if gone else Words(zh="", en="")


def _is_here(office: Office, seat: Seat) -> bool:
    return seat.person not in office.away and (not seat.behalf or seat.behalf in office.away)


def _barred(office: Office, part: Part, rule: str) -> Words:
    name = step(office, part.step)
    those = people(office, [seat for seat, by in part.barred.items() if by == rule and _is_here(office, seat)])
    return Words(
        zh=f"{rule}：{those.zh}不得办{name.zh}（{_called(office, rule).zh}）",
        en=f"{rule}: {name.en} is not for {those.en} ({_called(office, rule).en})",
    )


def _called(office: Office, rule: str) -> Words:
    known = office.book.constraints[rule]
    return Words(zh=known.name, en=known.name_en)


def _demand(office: Office, way: Way, why: Why, demand: Demand) -> Words:
    names = [_named(office, way, path) for path in why.steps]
    zh, en = _listed(names)
    match demand:
        case Apart():
            said = Words(zh=f"{zh}由不同的人办", en=f"{en} by different persons")
        case Bound():
            said = Words(zh=f"{zh}由同一人办", en=f"{en} by one person")
        case Least(persons=persons):
            said = Words(zh=f"{zh}至少由 {persons} 人办", en=f"{en} by {persons} persons at least")
        case _:
            before, after = _listed(names[:-1]), names[-1]
            said = Words(
                zh=f"代他人办{before[0]}的人不接着办{after.zh}",
                en=f"whoever does {before[1]} for somebody else does not do {after.en}",
            )
    return Words(zh=f"{why.rule}：{said.zh}", en=f"{why.rule}: {said.en}")


def _listed(names: Sequence[Words]) -> tuple[str, str]:
    return "和".join(each.zh for each in names), " and ".join(each.en for each in names)


def grants(office: Office, wanted: Sequence[tuple[str, int, str]], who: Sequence[Sequence[int]]) -> Words:
    """Return what is to be granted. `wanted`: post, organ, tier; `who`: of each the officers it could go to, if any.

    It could go to one more officer instead, too.
    """
    said = list(_grants(office, wanted, who))
    return Words(zh="；".join(each.zh for each in said) + "。", en="; ".join(each.en for each in said) + ".")


def while_away(office: Office, persons: Sequence[int], said: Words) -> Words:
    """Return advice for the days on which one of these persons is away."""
    those = people(office, [Seat(person) for person in persons])
    return Words(zh=f"{those.zh}外出时：{said.zh}", en=f"While {those.en.replace(', ', ' or ')} is away: {said.en}")


def _grants(office: Office, wanted: Sequence[tuple[str, int, str]], who: Sequence[Sequence[int]]) -> Iterator[Words]:
    for (code, organ, tier), persons in zip(wanted, who, strict=True):
        post, where = office.book.posts[code], office.staff.organs[organ]
        level = office.book.tiers.by_code.get(tier)
        zh = f"把{where.name}的{post.name}{f'（{level.name}）' if level else ''}授予"
        en = f"grant the post {post.name_en}{f' ({level.name_en})' if level else ''} in {where.name_en} to "
        those = people(office, [Seat(person) for person in persons])
        more = Words(
            zh=f"{those.zh}，或者另一名工作人员", en=f"{those.en.replace(', ', ' or ')}, or to one more officer"
        )
        yield Words(
            zh=zh + (more.zh if persons else "一名新的工作人员"), en=en + (more.en if persons else "one more officer")
        )
