"""Reads the constraints of separation, the posts that exclude each other, and the tiers of delegation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from engine.rules.bookfile import Source, Table
from engine.rules.constraint import FIGURES, Check, Constraint
from engine.rules.separation import Exclusion
from engine.rules.tiers import Tier, Tiers

RISKS = ("low", "medium", "high")
STATUSES = ("official", "temporary", "trainee", "helper")


def constraints(file: Source, posts: Collection[str], powers: Collection[str]) -> Mapping[str, Constraint]:
    """Return the `[[constraint]]` tables by id; what is unknown, missing or contradictory is noted in the file."""
    lines: dict[str, Table] = {}

    def make(table: Table, id: str) -> Constraint:
        lines[id] = table
        return _constraint(table, id, posts, powers)

    found = file.named("constraint", "id", make)
    for id, constraint in found.items():
        if unknown := [of for of in constraint.of if of not in found]:
            lines[id].wrong(f"'{unknown[0]}' is not declared", "of")
    return found


def exclusions(file: Source, named: Mapping[str, Constraint], posts: Collection[str]) -> tuple[Exclusion, ...]:
    """Return the `[[exclusion]]` tables, and note those that exclude nothing."""
    found = []
    for table in file.tables("exclusion"):
        rule = table.take("rule", str, among=named)
        each = Exclusion(rule, table.texts("one", posts), table.texts("other", posts))
        if rule not in named:
            continue
        if Check.EXCLUSION not in named[rule].checks:
            table.wrong(f"'{rule}' is not checked as an exclusion", "rule")
        if not any(one != other for one in each.one for other in each.other):
            table.wrong("it excludes nothing", "one")
        found.append(each)
    for rule in named:
        if Check.EXCLUSION in named[rule].checks and rule not in {e.rule for e in found}:
            file.note(
                file.line_of(0, "id"), f"'{rule}' is an exclusion, but no [[exclusion]] names its posts", "checks"
            )
    return tuple(found)


def tiers(file: Source) -> Tiers:
    """Return the tiers, which rise; only the last has no bound."""
    split_days = file.root.pop("split_days", None)
    if type(split_days) is not int or split_days < 0:
        file.note(1, "'split_days' is not a number of days", "split_days")
        split_days = 0
    rows: list[Tier] = []

    def make(table: Table, code: str) -> Tier:
        bounded = "up_to" in table.fields
        up_to = table.take("up_to", int) if bounded else None
        if rows and rows[-1].up_to is None:
            table.wrong(f"it stands behind '{rows[-1].code}', which has no bound")
        elif up_to is not None and up_to <= (rows[-1].up_to or 0 if rows else 0):
            table.wrong("the amounts do not rise", "up_to")
        tier = Tier(
            code=code, name=table.take("name", str), name_en=table.take("name_en", str), up_to=up_to, rank=len(rows)
        )
        rows.append(tier)
        return tier

    return Tiers(by_code=file.named("tier", "code", make), split_days=split_days)


def _constraint(table: Table, id: str, posts: Collection[str], powers: Collection[str]) -> Constraint:
    checks = tuple(Check(c) for c in table.texts("checks", tuple(Check)) if c in tuple(Check))
    kind = table.take("kind", str, among=("C", "W"))
    figures = {name.strip("()"): name[0] != "(" for check in checks for name in FIGURES.get(check, ())}
    for name, required in figures.items():
        if required and name not in table.fields:
            table.wrong(f"'{name}' is missing: '{id}' is checked as {', '.join(checks)}")
    given = {name: value for name in figures if name in table.fields and (value := _figure(table, name, posts, powers))}
    constraint = Constraint(
        id=id,
        name=table.take("name", str),
        name_en=table.take("name_en", str),
        basis=table.take("basis", str),
        basis_en=table.take("basis_en", str),
        kind=kind,
        checks=checks,
        **given,
    )
    for field, message in _contradictions(constraint):
        table.wrong(message, field)
    return constraint


def _contradictions(constraint: Constraint) -> Iterator[tuple[str, str]]:
    checks = constraint.checks
    if not checks:
        yield "checks", "it does not say how it is checked"
    if Check.STATISTICS in checks and constraint.kind != "W":
        yield "kind", "what is counted over many cases warns (W) and refuses nothing"
    if constraint.kind == "W" and not set(checks) <= {Check.STATISTICS, Check.EXCLUSION}:
        yield "kind", "only statistics and exclusions may warn; everything else refuses (C)"
    if Check.BIND in checks and {Check.DISTINCT, Check.REQUESTER, Check.LEVEL} & set(checks):
        yield "checks", "one person, and different persons: it cannot be both"
    persons = [constraint.persons.get(risk, 0) for risk in RISKS]
    if constraint.persons and (min(persons) < 1 or persons != sorted(persons)):
        yield "persons", "a higher risk takes at least as many persons, and each risk at least one"


def _figure(table: Table, name: str, posts: Collection[str], powers: Collection[str]) -> Any:
    match name:
        case "persons":
            return _by_risk(table, name, int)
        case "on_the_spot":
            return {risk: tuple(p for p in named if _known(table, name, p, posts))
                    for risk, named in _by_risk(table, name, list).items()}  # fmt: skip
        case "of":
            return tuple(str(v) for v in table.take(name, list))
        case "posts" | "others":
            return table.texts(name, posts)
        case "powers":
            return table.texts(name, powers)
        case "statuses":
            return table.texts(name, STATUSES)
        case "one_post":
            return table.take(name, bool)
        case "share":
            return _share(table)
        case _:
            number = table.take(name, int)
            if number < 1:
                table.wrong(f"'{name}' is below 1", name)
            return number


def _by_risk(table: Table, name: str, kind: type[Any]) -> dict[str, Any]:
    values = table.take(name, dict)
    if tuple(values) != RISKS:
        table.wrong(f"'{name}' is given for {', '.join(RISKS)}", name)
    if wrong := [risk for risk, value in values.items() if type(value) is not kind]:
        table.wrong(f"'{wrong[0]}' is not of type {kind.__name__}", name)
    return {risk: value for risk, value in values.items() if risk in RISKS and type(value) is kind}


def _known(table: Table, name: str, post: object, posts: Collection[str]) -> bool:
    if post not in posts:
        table.wrong(f"'{post}' is not declared", name)
    return post in posts


def _share(table: Table) -> tuple[int, int]:
    given = table.take("share", list)
    numbers = [n for n in given if type(n) is int]
    if len(given) != 2 or len(numbers) != 2 or not 0 < numbers[0] <= numbers[1]:
        table.wrong("'share' is two numbers, the first at most the second: [2, 3]", "share")
        return (1, 1)
    return numbers[0], numbers[1]
