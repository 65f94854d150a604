"""How an applicant answers the notice of what to supplement, from the portal."""

from __future__ import annotations

from typing import Any

from engine import commands
from engine.db.store import begin
from engine.model import Actor
from tests import county

PDF = b"%PDF-1.7 a plan"
SUPPLIED = {"supplied": ["平面布局图：按比例画了", "申请书"]}
STEP, AGAIN = "intake/supplement", "intake/accept_again"


def applicant(case: int) -> Actor:
    return Actor(person=county.row(case).applicant, channel="portal")


def answer(case: int, path: str = STEP, by: Actor | None = None, **given: Any) -> commands.Completed:
    sent = {"outcome": "supplied", "form": SUPPLIED} | given
    with begin(by or applicant(case)) as ctx:
        return commands.answer(ctx, case, county.step(case, path).id, **sent)


def paper(name: str = "C:/../plan.pdf", content: bytes = PDF) -> commands.Paper:
    return commands.Paper(material="supplement", name=name, kept=commands.keep_file(content))
