"""The trace is checked as a stranger would check it: from an export, by the one-file verifier."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.__main__ import main
from engine.cli import verify
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.errors import NotFound, NotYourClaim, NotYourRole, WrongPassword
from engine.model import SYSTEM, Actor
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


@pytest.mark.parametrize("spoilt", [{"type": "refused"}, {"person": "somebody"}, {"at": at("2026-01-01 00:00")}])
def test_a_column_that_differs_from_the_bytes_is_found_by_the_command_too(filed, spoilt, capsys):
    wanted = (t.event.c.case_ == filed.number) & (t.event.c.seq == 4)
    unguarded(sa.update(t.event).where(wanted).values(**spoilt))

    assert verify.run([]) == 1

    said, total = capsys.readouterr().out.splitlines()
    assert said.startswith(f"database:0 [{filed.number} #4] the columns differ from the bytes")
    assert total.endswith("1 faults")


def test_a_wrong_password_on_the_command_line_is_nobodys_and_not_the_systems(filed):
    with pytest.raises(WrongPassword), begin(Actor(person=SYSTEM, channel="cli")) as ctx:
        commands.authenticate(ctx, "li", "wrong", "cli")

    refused = county.events("organ:1")[-1]
    assert (refused["type"], refused["person"]) == ("session.refused", None)


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


def test_only_auditors_and_monitors_export_the_trace(filed):
    clerk = county.people()["li"]

    with pytest.raises(NotYourRole), begin(clerk) as ctx:
        commands.permit_trace(ctx)


def test_a_refusal_is_traced_without_names(filed):
    people = county.people()
    county.claim(county.Town(people), "wang", filed.case, "review")

    with pytest.raises(NotYourClaim, match="Wang"), begin(people["both"]) as ctx:
        commands.release(ctx, county.step(filed.case, "review").id)

    assert "Wang" not in json.dumps(county.events(filed.number)[-1])
    assert county.events(filed.number)[-1]["facts"]["why"].startswith("Another person has claimed")


def test_the_operator_exports_at_the_command_line(filed, tmp_path, capsys):
    assert main(["export", str(tmp_path / "out")]) == 0
    assert main(["verify", str(tmp_path / "out")]) == 0
    assert main(["verify"]) == 0

    assert "events of 1 cases" in capsys.readouterr().out
    assert county.events("organ:1")[-1]["type"] == "trace.exported"
