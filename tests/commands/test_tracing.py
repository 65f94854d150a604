"""The trace is checked as a stranger would check it: from an export, by the one-file verifier."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.errors import NotFound
from engine.settings import settings
from tests import county
from tests.county import at, do, file


@pytest.fixture
def filed(database_url):
    with clock.at(at("2026-03-02 10:00")):
        town = county.found()
        filed = file(town)
        do(town, "li", filed.case, "intake/accept", "accept")
        yield filed


def unguarded(statement) -> None:
    """Change the database as somebody with its owner's rights would."""
    with engine(settings().database_url).begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("ALTER TABLE event DISABLE TRIGGER USER")
        else:
            triggers = conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='event'")
            for (name,) in triggers.all():
                conn.exec_driver_sql(f"DROP TRIGGER {name}")
        conn.execute(statement)


def test_an_untouched_trace_is_intact(filed):
    with reading() as conn:
        report = commands.check(conn)

    assert report.faults == []
    assert report.events > 10


def test_one_changed_byte_is_found_and_named(filed):
    with reading() as conn:
        row = conn.execute(sa.select(t.event).where(t.event.c.case_ == filed.number, t.event.c.seq == 4)).one()
    changed = row.body.replace(b'"at":"2026-03-02', b'"at":"2026-03-01', 1)
    assert changed != row.body

    unguarded(sa.update(t.event).where(t.event.c.id == row.id).values(body=changed))

    with reading() as conn:
        faults = commands.check(conn).faults
    assert faults
    assert {fault.chain for fault in faults} == {filed.number}
    assert {fault.seq for fault in faults} <= {4, 5}


def test_a_cut_tail_is_found(filed):
    with reading() as conn:
        last = conn.scalar(sa.select(sa.func.max(t.event.c.seq)).where(t.event.c.case_ == filed.number))

    unguarded(sa.delete(t.event).where(t.event.c.case_ == filed.number, t.event.c.seq == last))

    with reading() as conn:
        assert [fault.chain for fault in commands.check(conn).faults] == [filed.number]


def test_an_export_is_checked_without_the_program(filed, tmp_path):
    with reading() as conn:
        exported = commands.write_export(conn, tmp_path / "export")

    command = [sys.executable, "-I", "verifier.py", ".", "--lang", "en"]
    ran = subprocess.run(command, cwd=tmp_path / "export", capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert str(exported.events) in ran.stdout
    assert exported.cases == 1


def test_an_export_may_hold_one_case_only(filed, tmp_path):
    with reading() as conn:
        exported = commands.write_export(conn, tmp_path, [filed.number])
        with pytest.raises(NotFound):
            commands.write_export(conn, tmp_path, ["2026-YL-999999"])

    lines = (tmp_path / "events.jsonl").read_bytes().splitlines()
    assert {json.loads(line)["case"] for line in lines} == {filed.number}
    assert len(lines) == exported.events


def test_checking_and_exporting_are_traced_themselves(filed):
    with reading() as conn:
        report = commands.check(conn)
    auditor = county.people()["sun"]

    with begin(auditor) as ctx:
        commands.record_check(ctx, report)

    last = county.events("organ:1")[-1]
    assert (last["type"], last["facts"]) == ("trace.checked", {"events": report.events, "faults": 0})


def test_no_personal_data_is_in_the_trace(filed):
    with reading() as conn:
        bodies = b"\n".join(conn.scalars(sa.select(t.event.c.body)))

    for secret in ("罗雨平", "999001198806140017", "138 0000 0000", "椒香里"):
        assert secret not in bodies.decode()
