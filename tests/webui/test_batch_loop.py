"""Several steps one after another: each stands or falls alone, in a transaction of its own."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.db import tables as t
from tests import county
from tests.commands import office, small
from webui import batch

EACH = small.item(
    "L03", "s>take take>judge judge>z", small.begins(), small.step("take", small.mark("accepted")),
    small.step("judge", small.mark("decided"), post="decider"), '<endEvent id="z"/>', name="each",
)  # fmt: skip


@pytest.fixture
def cases(town):
    small.deploy(town, EACH)
    return [small.file(town, "each") for _ in range(3)]


@pytest.fixture
def steps(cases):
    return [county.step(filed.case, "take").id for filed in cases]


@pytest.fixture
def spoken(app):
    with app.test_request_context():
        yield


def test_one_that_is_refused_stops_no_other_and_is_traced_in_its_case(town, cases, steps, spoken):
    office.change(sa.update(t.case_).where(t.case_.c.id == cases[1].case).values(applicant=town.wang.person))

    found = batch.claim(town.wang, steps)

    assert [bool(each.why) for each in found] == [False, True, False]
    assert [county.step(filed.case, "take").claimed_by for filed in cases] == [town.wang.person, None, town.wang.person]
    assert county.types(cases[1].number)[-1] == "refused"
    assert "refused" not in county.types(cases[0].number) + county.types(cases[2].number)


def test_what_was_done_before_a_fault_stays_done(town, cases, steps, spoken):
    batch.claim(town.wang, steps[:1])

    found = batch.complete(town.wang, [steps[0], steps[1], 10**6], outcome="done", form={}, opinion="同意")

    assert [bool(each.why) for each in found] == [False, True, True]  # not claimed; no such step
    assert county.open_paths(cases[0].case) == ["judge"]
    assert county.open_paths(cases[1].case) == ["take"]


def test_a_form_that_does_not_fit_is_told_for_its_step(town, cases, steps, spoken):
    batch.claim(town.wang, steps)

    found = batch.complete(town.wang, steps, outcome="done", form={"more": 1}, opinion="")

    assert all(each.why for each in found)
    assert [county.step(filed.case, "take").closed_at for filed in cases] == [None] * 3


def test_each_step_is_its_own_transaction(town, steps, spoken, monkeypatch):
    begun = []
    real = batch.store.begin
    monkeypatch.setattr(batch.store, "begin", lambda actor: (begun.append(actor), real(actor))[1])

    batch.claim(town.wang, steps)

    assert begun == [town.wang] * 3
