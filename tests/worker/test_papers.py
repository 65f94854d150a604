"""The worker puts documents on paper behind what the law dates; one that fails holds up nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands import catching_up
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.model import SYSTEM_ACTOR
from tests.worker.conftest import NOW
from worker import jobs, tick
from worker.queue import _is_work


@pytest.fixture
def papers(county, commands, monkeypatch) -> Iterator[list[int]]:
    """Three documents that wait; rendering them is noted, and fails for those of `bad`."""
    with begin(SYSTEM_ACTOR) as ctx:
        row = {"step": None, "kind": "receipt", "facts_json": "{}x", "made_at": NOW}
        ctx.conn.execute(t.document.insert(), [row | {"case_": n, "number": f"{n}号"} for n in (1, 2, 3)])

    def render(key: int) -> bool:
        if key in bad:
            raise OSError("no room on the disk")
        with begin(SYSTEM_ACTOR) as ctx:
            ctx.conn.execute(t.document.update().where(t.document.c.id == key).values(rendered_at=NOW))
        commands.done.append(("document", key))
        return True

    bad: list[int] = []
    monkeypatch.setattr(catching_up, "render_document", render)
    yield bad
    jobs._failed.clear()


def waiting() -> list[int]:
    with reading() as conn:
        return list(conn.scalars(sa.select(t.document.c.id).where(t.document.c.rendered_at.is_(None))))


def test_documents_are_rendered_after_timers_and_clocks(papers, timer, commands):
    key = timer(NOW - timedelta(hours=1))

    tick.tick()

    assert commands.done == [("timer", key), ("document", 1), ("document", 2), ("document", 3)]


def test_one_that_fails_is_tried_again_later_and_holds_up_no_other(papers, commands, caplog):
    papers.append(2)

    tick.tick()
    assert waiting() == [2]
    assert jobs.failing() == 1
    papers.clear()
    jobs._failed.clear()
    tick.tick()

    assert waiting() == []


def test_a_tick_renders_a_bounded_number(papers, commands, monkeypatch):
    monkeypatch.setattr(tick, "PAPERS", 2)

    tick.tick()
    assert waiting() == [3]
    tick.tick()

    assert waiting() == []


def test_a_timer_that_falls_due_meanwhile_comes_before_the_next_papers(papers, timer, commands, monkeypatch):
    monkeypatch.setattr(tick.due, "PAPERS", 1)
    monkeypatch.setattr(commands, "first", lambda *_: None)
    render = catching_up.render_document

    def and_arm(key: int) -> bool:
        done = render(key)
        if key == 1:
            timer(NOW - timedelta(hours=1), case=5)
        return done

    monkeypatch.setattr(catching_up, "render_document", and_arm)

    tick.tick()

    assert [kind for kind, _ in commands.done] == ["document", "timer", "document", "document"]


def test_the_queue_may_carry_documents():
    assert _is_work([[["document", 7]]])
    assert not _is_work([[["paper", 7]]])
