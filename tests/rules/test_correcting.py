"""All that is missing is told once; who asks again may only ask about what came since."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import DocumentRule, Step
from engine.rules.correcting import Written, came, gives_notice, head, newest, refusal

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
NAMES = st.text("图表书件证甲乙", min_size=1, max_size=6)


def step(path: str, *documents: DocumentRule) -> Step:
    return Step(
        path=path, name=path, name_en=path, post="p", organ="case", days=1, outcomes=("a", "b"), documents=documents
    )


ASKS = step("ask", DocumentRule(kind="acceptance", on=("a",)), DocumentRule(kind="supplement_notice", on=("b",)))
ALWAYS = step("always", DocumentRule(kind="supplement_notice"))
STEPS = {"ask": ASKS, "always": ALWAYS, "answer": step("answer"), "inspect": step("inspect")}


def written(path: str, **form: object) -> Written:
    return Written(path=path, at=AT, form=form)


NOTICE = written("ask", defects=["缺图", "缺证"])
ANSWER = written("answer", supplied=["平面图：按比例画了", "证件"])


@pytest.mark.parametrize(
    ("asked", "outcome", "gives"),
    [(ASKS, "b", True), (ASKS, "a", False), (ALWAYS, "a", True), (ALWAYS, None, False), (step("x"), "b", False)],
)
def test_the_declared_document_makes_an_outcome_a_notice(asked, outcome, gives):
    assert gives_notice(asked, outcome) is gives


@pytest.mark.parametrize(
    ("line", "about"),
    [("平面图：没有比例尺", "平面图"), ("plan: no scale", "plan"), ("平面图", "平面图"), ("a：b:c", "a"), ("：x", "")],
)
def test_a_line_is_about_what_stands_before_its_first_colon(line, about):
    assert head(line) == about


def test_the_first_notice_may_name_anything():
    assert refusal(None, (), ["缺图"]) is None


@pytest.mark.parametrize(
    ("supplied", "defects"),
    [
        ((), ["缺图"]),  # nothing came: everything was there when the first notice was given
        ((), []),
        (("平面图",), []),  # names nothing
        (("平面图",), ["营业执照：复印件不清楚"]),  # filed at first
        (("平面图",), ["平面图：没有比例尺", "营业执照：复印件不清楚"]),  # one of two is enough
        (("平面图",), ["平面图"]),  # says not what is wrong with it
        (("平面图",), ["平面图："]),
        (("平面图",), ["平面图没有比例尺"]),
        (("",), ["：没有比例尺"]),
    ],
)
def test_a_second_notice_about_what_was_filed_at_first_is_refused(supplied, defects):
    found = refusal(ON, supplied, defects)

    if supplied == ("",):
        assert found is None  # a nameless thing can be spoken of: schemas ask for a name
    else:
        assert found is not None
        assert (found.on, found.basis) == (ON, "L01")


def test_a_second_notice_about_what_came_since_passes():
    assert refusal(ON, ("平面图", "证件"), ["平面图：没有比例尺", "证件: 过期"]) is None


@given(st.lists(NAMES, min_size=1, unique=True), st.lists(NAMES, min_size=1, unique=True), st.lists(NAMES, min_size=1))
def test_a_second_notice_passes_exactly_when_each_defect_is_of_something_that_came(supplied, named, whys):
    defects = [f"{name}：{why}" for name in named for why in whys]

    assert (refusal(ON, supplied, defects) is None) == set(named).issubset(supplied)


def test_what_came_is_what_was_supplied_after_the_newest_notice():
    assert came([NOTICE, ANSWER], STEPS) == ("平面图", "证件")
    assert came([ANSWER, NOTICE], STEPS) == ()
    again = written("ask", defects=["平面图：没有比例尺"])
    assert came([NOTICE, ANSWER, again], STEPS) == ()
    assert came([NOTICE, ANSWER, again, written("answer", supplied=["平面图：改了"])], STEPS) == ("平面图",)


def test_the_same_thing_supplied_twice_is_named_once():
    assert came([NOTICE, ANSWER, ANSWER], STEPS) == ("平面图", "证件")


def test_defects_found_elsewhere_are_no_notice():
    inspected = written("inspect", defects=["墙面"])

    assert newest([NOTICE, inspected, written("gone", defects=["x"])], STEPS) is NOTICE
    assert came([NOTICE, ANSWER, inspected], STEPS) == ("平面图", "证件")


def test_an_examination_that_asked_for_nothing_is_no_notice():
    assert newest([written("ask"), ANSWER], STEPS) is None
