"""A township in which Ding must leave the acceptance to Luo: beside Zhao, who alone decides, only he reviews."""

from __future__ import annotations

from engine import commands
from engine.db.store import begin
from tests import county
from tests.county import Town
from tests.kept import kept
from tests.staffing import township

OFFICERS = {
    "ding": ("acceptance reviewer", "shimen"),
    "luo": ("acceptance", "shimen"),
    "zhao": ("reviewer decider", "shimen"),
}
WHY = (
    "「审查」（审查岗）需要 1 人，只有Ding、Zhao；「决定」（决定岗）需要 1 人，只有Zhao；"
    "SOD-03：「受理」（由Ding办）和「审查」由不同的人办；SOD-03：「审查」和「决定」由不同的人办。"
)


@kept
def found() -> Town:
    town = township.found(OFFICERS)
    township.deploy(town, township.item())
    return town


def file(town: Town, who: str = "luo") -> commands.Filed:
    with begin(town.people[who]) as ctx:
        return commands.file_case(ctx, item="small", applicant=county.applicant(), form={}, materials=())


def step(case: int, path: str = "accept") -> int:
    return int(county.step(case, path).id)


def do(town: Town, case: int, *acts: str) -> None:
    """Let each do a step: "luo:accept"."""
    for who, path in (act.split(":") for act in acts):
        county.do(town, who, case, path, "pass", {})
