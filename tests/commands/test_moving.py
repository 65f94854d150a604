"""Running cases go over to a new version by two persons, as planned, and nothing that was begun is touched."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import begin, reading
from engine.errors import CaseMoved
from engine.settings import settings
from tests import county, faulty
from tests.commands.test_atomicity import break_everywhere, everything
from tests.commands.test_races import race
from tests.commands.versions import MONDAY, RENAMED, SECOND_LOOK, Files, approve, plan, propose, to_recheck, version
from tests.county import ITEM, at, claim, do, events, file, open_paths, row, step, types
from tests.faulty import break_down


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield county.found()


@pytest.fixture
def files(town, tmp_path):
    return Files(tmp_path)


def test_a_case_moves_after_two_persons_acted_and_passes_what_the_new_version_has_ahead(town, files):
    filed = file(town)
    to_recheck(town, filed.case)
    files.edit(*SECOND_LOOK).deploy(town)
    assert plan() == {filed.number: ([], ["added look", "runs promise:L03"])}

    proposal = propose(town)
    assert version(filed.case) == 1
    result = approve(town, proposal)

    assert result == f"{ITEM}@2: moved 1, left 0"
    assert version(filed.case) == 2
    do(town, "he", filed.case, "recheck", "agree")
    assert open_paths(filed.case) == ["look"]
    do(town, "he", filed.case, "look", "done")
    do(town, "zhao", filed.case, "decide", "grant")
    do(town, "wu", filed.case, "issue/make", "done")
    do(town, "wu", filed.case, "issue/deliver", "done")
    assert (row(filed.case).state, row(filed.case).result) == ("closed", "issued")
    with reading() as conn:
        assert commands.check(conn).faults == []


def test_only_version_state_and_definition_of_the_case_and_its_trace_have_changed(town, files):
    filed, other = file(town), file(town)
    key = claim(town, "li", filed.case, "intake/accept")
    with begin(town.li) as ctx:
        commands.save_draft(ctx, item=None, step=key, body={"opinion": "材料齐"})
    files.edit(*RENAMED).deploy(town)
    proposal = propose(town, filed.number)
    before = everything()

    approve(town, proposal)

    after = everything()
    assert {name for name in before if before[name] != after[name]} == {"case_", "event", "chain", "proposal"}
    assert before["draft"]
    assert before["timer"]
    (old, same), (new, still) = before["case_"], after["case_"]
    assert same == still
    assert same.number == other.number
    changed = {name for name in old._mapping if old._mapping[name] != new._mapping[name]}
    assert {"version", "definition"} <= changed <= {"version", "definition", "engine_state"}
    assert new.version == old.version + 1


def test_the_trace_says_from_which_version_to_which_and_by_what_proposal(town, files):
    filed = file(town)
    files.edit(*RENAMED).deploy(town)
    proposal = propose(town)

    approve(town, proposal)

    *_, first, last = events(filed.number)
    with reading() as conn:
        hashes = list(
            conn.scalars(
                sa.select(t.definition.c.sha256).where(t.definition.c.item == ITEM).order_by(t.definition.c.id)
            )
        )
    assert last["type"] == "case.moved"
    assert last["facts"] == {"proposal": proposal, "from": hashes[0], "to": hashes[1]}
    assert (first["definition"], last["definition"]) == (hashes[0], hashes[1])
    assert last["post"] == "list_manager"
    told = events("organ:1")[-1]
    assert told["facts"]["result"] == f"{ITEM}@2: moved 1, left 0"
    assert (told["case"], told["definition"]) == ("organ:1", None)
    with reading() as conn:
        assert commands.check(conn).faults == []


def test_silence_takes_effect_at_the_same_instant_as_without_the_move(town, files):
    stays, goes = file(town), file(town)
    files.edit(*RENAMED).deploy(town)
    approve(town, propose(town, goes.number))

    with clock.at(at("2026-03-10 00:00")):
        commands.catch_up()

    fired = [[(e["type"], e["facts"]) for e in events(f.number) if e["type"] == "timer.fired"] for f in (stays, goes)]
    assert fired[0] == fired[1] != []
    assert open_paths(goes.case) == open_paths(stays.case) == ["review", "site_inspection/inspect"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_open_step_keeps_its_last_day_when_the_new_version_has_another_limit(town, files):
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "accept")
    files.edit(ITEM, ('<sun:limit days="2"/>', '<sun:limit days="1"/>')).deploy(town)
    before = step(filed.case, "review")

    assert plan()[filed.number] == ([], ["keeps review"])
    approve(town, propose(town))

    assert step(filed.case, "review") == before


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_another_promise_holds_for_clocks_that_start_later_and_the_plan_says_so(town, files):
    running, not_yet = file(town), file(town)
    do(town, "li", running.case, "intake/accept", "accept")
    files.edit(ITEM, ('promise="7"', 'promise="8"')).deploy(town)

    assert plan() == {
        running.number: ([], ["runs promise:L03"]),
        not_yet.number: ([], []),
    }


def test_each_case_moves_as_it_stands_when_it_is_approved_and_none_holds_up_another(town, files):
    goes_on, moves_out, ends, stays = (file(town) for _ in range(4))
    files.form("review", remark={"type": "string", "title": "备注", "title_en": "Remark"}).deploy(town)
    proposal = propose(town)
    do(town, "li", moves_out.case, "intake/accept", "accept")
    do(town, "li", ends.case, "intake/accept", "not_needed")
    claim(town, "li", goes_on.case, "intake/accept")
    before = {f.case: (row(f.case), types(f.number)) for f in (moves_out, ends)}

    assert approve(town, proposal) == f"{ITEM}@2: moved 2, left 2"

    assert [version(f.case) for f in (goes_on, moves_out, ends, stays)] == [2, 1, 1, 2]
    assert before == {f.case: (row(f.case), types(f.number)) for f in (moves_out, ends)}


def test_a_withdrawn_case_and_one_that_another_proposal_has_moved_stay_as_they_are(town, files):
    withdrawn, already = file(town), file(town)
    files.edit(*RENAMED).deploy(town)
    first, second = propose(town, already.number), propose(town)
    with begin(town.li) as ctx:
        commands.withdraw(ctx, withdrawn.case, reason="来电撤回")
    approve(town, first)
    before = {f.case: (row(f.case), types(f.number)) for f in (withdrawn, already)}

    assert approve(town, second) == f"{ITEM}@2: moved 0, left 2"

    assert before == {f.case: (row(f.case), types(f.number)) for f in (withdrawn, already)}


def test_the_approver_sees_the_plan_that_was_made(town, files):
    filed = file(town)
    files.edit(*SECOND_LOOK).deploy(town)

    proposal = propose(town)

    with reading() as conn:
        body = json.loads(conn.scalar(sa.select(t.proposal.c.body_json).where(t.proposal.c.id == proposal)))
    (case,) = body["cases"]
    assert (body["item"], body["version"]) == (ITEM, 2)
    assert (case["number"], case["version"], case["steps"]) == (filed.number, 1, ["intake/accept"])
    assert case["notes"] == [["added", "look", "", ""]]


def test_moving_leaves_nothing_when_anything_fails(town, files):
    file(town)
    files.edit(*RENAMED).deploy(town)
    proposal = propose(town)

    assert break_everywhere(lambda: approve(town, proposal)) > 4


def test_a_completion_and_a_move_at_once_are_one_after_the_other(town, files):
    files.edit(*SECOND_LOOK).deploy(town)
    county.deploy(town, settings().processes / ITEM)  # version 3 is version 1 again, so the case begins without
    filed = file(town)
    to_recheck(town, filed.case)
    key = claim(town, "he", filed.case, "recheck")
    proposal = propose(town, filed.number)

    def complete():
        with begin(town.he) as ctx:
            form = {"consistent": True, "in_time": True}
            return commands.complete(ctx, key, outcome="agree", form=form, opinion="同意")

    results = race(complete, lambda: approve(town, proposal))

    first = types(filed.number).index("case.moved") < len(types(filed.number)) - 1 - types(filed.number)[::-1].index(
        "step.completed"
    )
    assert all(not isinstance(result, Exception) or isinstance(result, CaseMoved) for result in results), results
    assert version(filed.case) == 2
    assert open_paths(filed.case) == (["look"] if first else ["decide"])
    with reading() as conn:
        assert commands.check(conn).faults == []


@pytest.mark.services
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_has_waited_for_a_case_while_it_moved_finds_it_in_its_new_version(town, files):
    filed = file(town)
    key = claim(town, "li", filed.case, "intake/accept")
    files.edit(*RENAMED).deploy(town)
    proposal = propose(town)
    with ThreadPoolExecutor(1) as pool:
        with begin(town.feng) as ctx:
            commands.approve(ctx, proposal)
            later = pool.submit(accepting, town, key)
            wait_for_one_who_waits()
        later.result(30)

    assert version(filed.case) == 2
    assert open_paths(filed.case) == ["review", "site_inspection/inspect"]


def accepting(town: county.Town, key: int) -> commands.Completed:
    with clock.at(MONDAY), begin(town.li) as ctx:
        return commands.complete(ctx, key, outcome="accept", form={}, opinion="同意")


def wait_for_one_who_waits() -> None:
    """Return as soon as a connection waits for a lock."""
    waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with engine(settings().database_url).connect() as conn:
        for _ in range(1000):
            if conn.scalar(sa.text(waiting)):
                return
            conn.rollback()
            sleep(0.01)
    raise AssertionError("nobody waits")


def test_a_case_in_fault_moves_to_a_mended_version_and_goes_on_after_a_repair(town, files, tmp_path):
    faulty.deploy(town, tmp_path / "broken")
    filed = faulty.file(town)
    break_down(town, filed)
    files.edit(*RENAMED).form("case", staff={"title": "从业人数", "title_en": "Staff", "type": "integer",
                                              "minimum": 1, "x-decides": True}).deploy(town)  # fmt: skip

    with clock.at(at("2026-03-10 00:00")):  # its time is over, but in fault nothing takes effect
        assert plan(to=3)[filed.number][0] == []
    approve(town, propose(town, filed.number, to=3))

    assert (row(filed.case).state, version(filed.case)) == ("fault", 3)
    with begin(town.ma) as ctx:
        repair = commands.propose_repair(ctx, filed.case, how="retry", reason="新版已改好条件")
    approve(town, repair)
    do(town, "li", filed.case, "intake/accept", "accept")
    assert open_paths(filed.case) == ["review", "site_inspection/inspect"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_case_whose_state_cannot_be_read_stays_and_holds_up_nobody(town, files):
    broken, fine = file(town), file(town)
    files.edit(*RENAMED).deploy(town)
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.update(t.case_).where(t.case_.c.id == broken.case).values(engine_state=b"?"))

    assert said_codes(plan()) == {broken.number: ["unreadable"], fine.number: []}
    assert approve(town, propose(town)) == f"{ITEM}@2: moved 1, left 0"


def said_codes(found: dict[str, tuple[list[str], list[str]]]) -> dict[str, list[str]]:
    return {number: [fault.split()[0] for fault in faults] for number, (faults, _) in found.items()}
