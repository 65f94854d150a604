"""Who has a hand in a case takes no part in an office act on it: parties, who acted, who holds a step."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.errors import OwnCase, Refused, SamePerson
from engine.model import Act, ActKind
from engine.rules.permission import Hands, hand

APPLICANT, AGENT, FILER, REVIEWER, SIGNED_FOR, HOLDER, STRANGER = range(1, 8)


def act(person: int, path: str, on_behalf: int | None = None) -> Act:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return Act(person=person, path=path, kind=ActKind.COMPLETE, outcome="pass", at=at, on_behalf=on_behalf, step=1)


def hands(**change: Any) -> Hands:
    usual: dict[str, Any] = {
        "applicant": APPLICANT,
        "agent": AGENT,
        "acts": [act(FILER, "case"), act(REVIEWER, "review", SIGNED_FOR), act(FILER, "gone")],
        "held": [("recheck", HOLDER), ("decide", None)],
        "names": {"review": "审查", "recheck": "复核"},
        "standings": {},
    }
    return Hands(**usual | change)


def told(refusal: Refused | None) -> tuple[type, dict[str, Any]]:
    return type(refusal), vars(refusal) if refusal else {}


@pytest.mark.parametrize("person", [APPLICANT, AGENT])
def test_nobody_decides_on_an_own_case(person):
    assert told(hand(person, "移至新版", hands())) == told(OwnCase(basis="SOD-31"))


@pytest.mark.parametrize(
    ("person", "other"), [(FILER, "收件"), (REVIEWER, "审查"), (SIGNED_FOR, "审查"), (HOLDER, "复核")]
)
def test_who_acted_or_holds_a_step_takes_no_part(person, other):
    expected = SamePerson(step="移至新版", other=other, basis="SOD-01")

    assert told(hand(person, "移至新版", hands())) == told(expected)


def test_a_step_that_the_version_does_not_know_is_named_by_its_path():
    found = hand(FILER, "流程修复", hands(acts=[act(FILER, "gone")]))

    assert told(found) == told(SamePerson(step="流程修复", other="gone", basis="SOD-01"))


def test_everybody_else_may():
    assert hand(STRANGER, "流程修复", hands()) is None
    assert hand(STRANGER, "流程修复", hands(agent=None, held=[("decide", None)], acts=())) is None
