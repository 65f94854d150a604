"""Who takes long is told so: by whom it is permitted, and the applicant once a working day. Nothing moves by it."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine import commands
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import Invalid, NoHand, OwnCase, StepClosed, UrgedToday
from engine.model import Actor
from tests import county
from tests.commands import office
from tests.commands.office import memos, on, portal


@pytest.fixture
def town(database_url):
    with on("2026-03-02"):  # Monday
        yield office.town()


@pytest.fixture
def filed(town):
    return county.file(town)


def urge(who: Actor, case: int, path: str = "intake/accept", text: str = "请抓紧办理") -> int:
    with begin(who) as ctx:
        return commands.urge(ctx, county.step(case, path).id, text=text)


def test_the_holder_is_told_and_nobody_else(town, filed):
    county.claim(town, "li", filed.case, "intake/accept")

    step = urge(town.qian, filed.case)

    told = memos()
    assert [(m.person, m.kind, m.case_, m.step, m.by, m.text, m.read_at) for m in told] == [
        (town.li.person, "urge", filed.case, step, town.qian.person, "请抓紧办理", None)
    ]


def test_unclaimed_everybody_who_may_claim_it_is_told(town):
    with begin(town.hua) as ctx:
        who = county.applicant()
        form = county.FORMS["case"]
        filed = commands.file_case(ctx, item=county.ITEM, applicant=who, form=form, materials=())
    office.away(town.hua, date(2026, 3, 2))

    urge(town.qian, filed.case)

    assert [m.person for m in memos()] == [town.people["hu"].person]


def test_where_nobody_may_act_the_monitors_are_told(town):
    filed = county.file(town, "hua")
    for name in ("hua", "hu"):
        office.away(town.people[name], date(2026, 3, 2))

    urge(portal(filed.case), filed.case)

    assert [m.person for m in memos()] == [town.qian.person]


@pytest.mark.parametrize("who", ["qian", "qin", "li"])  # monitor, chief, the post where it was filed, also its hand
def test_it_may_be_urged_by_those_who_supervise_or_handle(town, filed, who):
    urge(town.people[who], filed.case)

    told = county.events(filed.number)[-1]
    assert (told["type"], told["step"], told["facts"]) == ("step.urged", "intake/accept", {})
    assert "请抓紧办理" not in str(county.events(filed.number))


def test_others_may_not(town, filed):
    for who in ("zhao", "zhou", "hua", "ma"):
        with pytest.raises(NoHand):
            urge(town.people[who], filed.case)

    assert memos() == []
    assert county.types(filed.number).count("refused") == 4


def test_an_officer_who_applies_urges_with_the_receipt_only(town, filed):
    applicant = Actor(person=county.row(filed.case).applicant, channel="window")

    with pytest.raises(OwnCase):
        urge(applicant, filed.case)


def test_tokens_clocks_and_steps_stay_as_they_were(town, filed):
    def standing() -> object:
        with reading() as conn:
            rows = [list(conn.execute(sa.select(table).order_by(table.c.id))) for table in (t.step, t.clock, t.timer)]
        row = county.row(filed.case)
        return rows, row.engine_state, row.due_on, row.marks_json

    before = standing()

    urge(town.qian, filed.case)

    assert standing() == before


def test_the_applicant_urges_once_a_working_day(town, filed):
    urge(portal(filed.case), filed.case, text="")
    with pytest.raises(UrgedToday) as refusal:
        urge(portal(filed.case), filed.case)

    assert refusal.value.again_on == date(2026, 3, 3)
    assert county.types(filed.number).count("step.urged") == 1
    with on("2026-03-03"):
        urge(portal(filed.case), filed.case)
    with on("2026-03-06"):  # Friday
        urge(portal(filed.case), filed.case)
    for weekend in ("2026-03-07", "2026-03-08"):
        with on(weekend), pytest.raises(UrgedToday) as refusal:
            urge(portal(filed.case), filed.case)
        assert refusal.value.again_on == date(2026, 3, 9)


def test_officers_are_not_bound_to_once_a_day(town, filed):
    urge(town.qian, filed.case)
    urge(town.qian, filed.case)

    assert county.types(filed.number).count("step.urged") == 2


def test_a_step_that_is_done_is_not_urged(town, filed):
    step = county.step(filed.case, "intake/accept").id
    county.do(town, "li", filed.case, "intake/accept", "accept")

    with pytest.raises(StepClosed), begin(town.qian) as ctx:
        commands.urge(ctx, step, text="催")


def test_an_officer_says_something_and_nobody_says_too_much(town, filed):
    for who, text in ((town.qian, "  "), (town.qian, "催" * 501), (portal(filed.case), "催" * 501)):
        with pytest.raises(Invalid):
            urge(who, filed.case, text=text)

    assert memos() == []


def test_the_trace_is_sound_and_the_text_can_be_erased(town, filed):
    urge(town.qian, filed.case)
    office.change(sa.update(t.memo).values(text=None))

    with reading() as conn:
        assert commands.check(conn).faults == []
