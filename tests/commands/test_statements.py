"""A command is a bounded number of statements (DESIGN section 8): 8 to claim a step, 14 to complete one.

A step that makes a document takes two more: its number, which has no gaps, and the document.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import engines, plans
from engine.db.store import begin
from engine.model import Actor
from engine.settings import settings
from tests import county
from tests.county import at, claim, deliver, do, file, step
from tests.samples import FORMS

DOCUMENTS = {"intake/accept": 1, "decide": 1}  # made by the step


@pytest.fixture
def town(database_url):
    with clock.at(at("2026-03-02 10:00")):
        yield county.found()


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements in between, transaction control left out; a statement for many rows counts once."""
    seen: list[str] = []
    engine = engines.engine(settings().database_url)

    def note(conn, cursor, statement, parameters, context, executemany):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def test_a_claim_takes_eight_statements_at_most(town):
    filed = file(town)
    commands.foresee(commands.Share(1, town.li.person))  # as every entry does before its transaction

    with counted() as seen:
        claim_step(town, filed)

    assert len(seen) <= 8, "\n\n".join(seen)
    assert len(seen) >= 5  # otherwise the counter is deaf


def test_a_claim_that_nobody_foresaw_takes_five_more_to_prove_the_rest(town):
    filed = file(town)

    with counted() as seen:
        claim_step(town, filed)

    assert len(seen) <= 13, "\n\n".join(seen)


def test_a_claim_by_the_plan_of_the_case_proves_and_writes_nothing_more(town):
    filed = file(town)
    claim_step(town, filed)
    with begin(town.li) as ctx:
        commands.release(ctx, 1)
    plans.forget()

    with counted() as seen:
        claim_step(town, filed)

    assert len(seen) <= 7, "\n\n".join(seen)


def claim_step(town, filed):
    with begin(town.li) as ctx:
        commands.claim(ctx, 1)


@pytest.mark.parametrize(
    ("path", "outcome", "who"),
    [
        ("intake/accept", "accept", "li"),  # ends L01 and its timer, starts L03 and the promise, opens two steps
        ("review", "pass", "wang"),  # waits at the join
        ("recheck", "agree", "he"),
        ("decide", "grant", "zhao"),  # ends L03 and the promise, starts L06
    ],
)
def test_completing_a_step_takes_fourteen_statements_at_most_and_two_for_its_document(town, path, outcome, who):
    filed = file(town, kind="change" if path != "review" else "new")
    for before, found, by in (
        ("intake/accept", "accept", "li"),
        ("review", "pass", "wang"),
        ("recheck", "agree", "he"),
    ):
        if before == path:
            break
        do(town, by, filed.case, before, found)
    key = claim(town, who, filed.case, path)

    with counted() as seen, begin(town.people[who]) as ctx:
        commands.complete(
            ctx, key, outcome=outcome, form=FORMS.get(f"{path}:{outcome}", FORMS.get(path, {})), opinion="同意"
        )

    assert len(seen) <= 14 + 2 * DOCUMENTS.get(path, 0), "\n\n".join(seen)
    assert step(filed.case, path).closed_at is not None


@pytest.mark.parametrize(
    ("path", "outcome", "who", "most"),
    [
        ("special/ask", "ask", "wang", 14),
        ("special/serve", "done", "li", 19),  # the form that asked, the stop, and the notice with its number
        ("special/receive", "done", "wang", 14),  # ends it
        ("extension/ask", "ask", "wang", 14),
        ("extension/approve", "agree", "qin", 17),
    ],
)
def test_stopping_resuming_and_extending_take_no_more_than_they_need(town, path, outcome, who, most):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    before = (("special/ask", "ask", "wang"), ("special/approve", "agree", "zhao"), ("special/serve", "done", "li"))
    if path.startswith("extension"):
        before = (("extension/ask", "ask", "wang"),)
    deliver(town, "wang", filed.case, path.partition("/")[0])
    for each, found, by in before:
        if each == path:
            break
        do(town, by, filed.case, each, found)
    key = claim(town, who, filed.case, path)

    with counted() as seen, begin(town.people[who]) as ctx:
        form = FORMS.get(f"{path}:{outcome}", FORMS.get(path, {}))
        commands.complete(ctx, key, outcome=outcome, form=form, opinion="同意")

    assert len(seen) <= most, "\n\n".join(seen)
    assert step(filed.case, path).closed_at is not None


def test_the_number_of_statements_does_not_grow_with_the_history_of_the_case(town):
    first, second = file(town), file(town)
    do(town, "li", second.case, "intake/accept", "accept")
    do(town, "wang", second.case, "review", "pass")

    with counted() as early:
        claim(town, "li", first.case, "intake/accept")
    with counted() as late:
        claim(town, "chen", second.case, "site_inspection/inspect")

    assert len(late) <= len(early)


def test_a_notice_of_what_to_supplement_and_its_answer_keep_to_sixteen_statements(town):
    filed = file(town)
    path, again = "intake/supplement", "intake/accept_again"
    for step_path, outcome in (("intake/accept", "supplement"), (again, "supplement_again")):
        key = claim(town, "li", filed.case, step_path)
        with counted() as seen, begin(town.li) as ctx:
            commands.complete(ctx, key, outcome=outcome, form=FORMS[f"{step_path}:{outcome}"], opinion="")
        assert len(seen) <= 16, "\n\n".join(seen)
        key = step(filed.case, path).id
        papers = [commands.Paper(material="supplement", name="a.pdf", kept=commands.keep_file(b"%PDF-")) for _ in "ab"]
        applicant = Actor(person=county.row(filed.case).applicant, channel="portal")
        with counted() as seen, begin(applicant) as ctx:
            form = FORMS[f"{path}:supplied"]
            commands.answer(ctx, filed.case, key, outcome="supplied", form=form, papers=papers)
        assert len(seen) <= 14, "\n\n".join(seen)
