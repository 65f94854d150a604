"""Whole lives of cards, through the real commands: who may do what, what they cost, what stays for ever."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engine import clock, commands
from engine.db import due
from engine.db import tables as t
from engine.db.context import Connection
from engine.db.store import begin, reading
from engine.errors import Invalid, NotFound, NotYourPost, NotYourRole, OutcomeDiffers, OwnUnit, SamePerson
from engine.model import SYSTEM_ACTOR, Actor
from tests import cards, county
from tests.cards import again, do, drafted, issue, only, scores, told
from tests.county import at, events, file, open_paths, row, types

from .test_statements import counted

MONDAY = at("2026-03-02 10:00")
LATE = "2026-03-04 08:00"  # the clerk had the 3rd
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield cards.found()


@pytest.fixture
def yellow(town):
    """A yellow card for an application that nobody looked at on its day, served on Wednesday 4 March."""
    filed = file(town)
    with clock.at(at(LATE)):
        commands.catch_up()
        yield only(filed.number, drafted(filed.number)[0].key)


@pytest.fixture
def red(town):
    """A red card issued and confirmed on 5 March."""
    filed = file(town)
    with clock.at(at("2026-03-05 09:00")):
        card = issue(town, "qian", filed.case)
        do(town, "meng", card, "confirm", "confirm")
        yield card


def at_day(text: str):
    return clock.at(at(f"{text} 10:00"))


def test_a_yellow_card_is_served_at_once_explained_and_rescinded(town, yellow):
    assert open_paths(yellow.case_) == ["explain"]
    assert (yellow.on, yellow.post, yellow.path) == (date(2026, 3, 4), "acceptance", "intake/accept")

    with at_day("2026-03-05"):
        do(town, "li", yellow, "explain")
    with at_day("2026-03-06"):
        do(town, "han", yellow, "review", "rescind")

    assert row(yellow.case_).result == "rescinded"
    assert again(yellow).marks.keys() == {"received", "served", "explained", "rescinded"}
    assert scores(yellow) == []  # it never took effect
    assert types("2026-YL-000001").count("card.drafted") == 1
    cards.assert_intact()


def test_an_explained_card_costs_from_the_day_on_which_the_review_upholds_it(town, yellow):
    with at_day("2026-03-05"):
        do(town, "li", yellow, "explain")
        assert scores(yellow) == []
    with at_day("2026-03-06"):
        do(town, "han", yellow, "review", "uphold")

    assert scores(yellow) == [(-5, "issued", "2026-03-06")]
    scored = next(e for e in events(yellow.number) if e["type"] == "card.scored")
    assert scored["facts"] == {"points": -5, "organ": "centre", "post": "acceptance", "reason": "issued"}


def test_an_unanswered_yellow_card_takes_effect_and_becomes_red_and_may_still_be_rescinded(town, yellow):
    with at_day("2026-03-12"):  # it could be answered until the 9th
        commands.catch_up()
        red = only("2026-YL-000001", f"no_reply:{yellow.key}", "red")
        assert (red.on, red.cause, red.post) == (date(2026, 3, 10), "no_reply", "acceptance")
        assert open_paths(red.case_) == ["issue"]
        assert scores(yellow) == [(-5, "issued", "2026-03-10")]

        do(town, "han", yellow, "review", "rescind")
        commands.catch_up()

    assert scores(yellow) == [(-5, "issued", "2026-03-10"), (5, "rescinded", "2026-03-12")]
    assert [card.key for card in drafted() if card.cause == "no_reply"] == [red.key]


def test_a_red_card_through_appeal_to_verification_by_different_persons(town, red):
    assert scores(red) == [(-10, "issued", "2026-03-05")]
    with at_day("2026-03-06"):
        do(town, "zhao", red, "answer")
    with at_day("2026-03-09"):
        do(town, "han", red, "review", "downgrade")
    assert scores(red)[1:] == [(5, "downgraded", "2026-03-09")]
    with at_day("2026-03-10"):
        do(town, "zhao", red, "appeal", "appeal")
    with at_day("2026-03-11"):
        do(town, "shi", red, "panel", "uphold")
        assert open_paths(red.case_) == ["panel"]  # two persons judge
        do(town, "wen", red, "panel", "uphold")
    with at_day("2026-03-12"):
        do(town, "zhao", red, "rectify")
        do(town, "gu", red, "verify", "send_back")
        do(town, "zhao", red, "rectify")
        do(town, "gu", red, "verify", "pass")

    assert row(red.case_).result == "archived"
    assert sum(points for points, *_ in scores(red)) == -5
    cards.assert_intact()


def test_a_red_card_rescinded_on_appeal_gives_everything_back_and_nothing_is_deleted(town, red):
    do(town, "zhao", red, "answer")
    do(town, "han", red, "review", "refer")
    assert "referred" in again(red).marks  # recorded, and nothing else follows from it
    do(town, "zhao", red, "appeal", "appeal")
    do(town, "shi", red, "panel", "rescind")
    with pytest.raises(OutcomeDiffers):
        do(town, "wen", red, "panel", "uphold")
    with begin(town.wen) as ctx:
        step = county.step(red.case_, "panel").id
        commands.complete(ctx, step, outcome="rescind", form=cards.USUAL["panel", "rescind"], opinion="同意")

    assert scores(red) == [(-10, "issued", "2026-03-05"), (10, "rescinded", "2026-03-05")]
    assert row(red.case_).result == "rescinded"
    for table in (t.card, t.score):
        for statement in (sa.delete(table), sa.update(table).values(post="nobody")):
            with pytest.raises(IntegrityError), begin(SYSTEM_ACTOR) as ctx:
                ctx.conn.execute(statement)


def test_what_may_be_appealed_and_is_not_becomes_final(town, yellow):
    do(town, "li", yellow, "explain")
    do(town, "han", yellow, "review", "uphold")

    with at_day("2026-03-12"):  # the 11th was the fifth working day
        commands.catch_up()

    assert "final" in again(yellow).marks
    assert open_paths(yellow.case_) == ["rectify"]


def test_an_automatic_red_card_waits_for_two_monitors_who_may_drop_it_with_a_ground(town):
    filed = file(town)
    with at_day("2026-04-08"):
        commands.catch_up()
        card = only(filed.number, "statute:L03", "red")
        assert card.on == date(2026, 3, 31)
        with pytest.raises(Invalid):
            do(town, "qian", card, "issue", "drop", ground=None)
        with pytest.raises(Invalid):
            do(town, "qian", card, "issue", "drop", ground="somebody_asked")
        with begin(town.qian) as ctx:
            step = county.step(card.case_, "issue").id
            commands.complete(ctx, step, outcome="drop", form=cards.USUAL["issue", "drop"], opinion="不签发")
        with pytest.raises(SamePerson):
            county.claim(town, "qian", card.case_, "confirm_drop")
        do(town, "meng", card, "confirm_drop", "agree")

    assert row(card.case_).result == "dropped"
    assert scores(card) == []
    assert drafted()[0].id  # the card stays, and says what became of it


# --- who may not ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "path", "outcome"), [("hua", "explain", "done"), ("qian", "explain", "done"), ("han", "explain", "done")]
)
def test_only_the_office_that_got_the_card_explains(town, yellow, who, path, outcome):
    with pytest.raises(NotYourPost):
        do(town, who, yellow, path, outcome)


def test_who_issued_neither_confirms_nor_reviews_nor_judges_nor_verifies(town):
    card = issue(town, "all", file(town).case)
    refusals = [_refused(town, "all", card, "confirm")]
    do(town, "qian", card, "confirm", "confirm")
    do(town, "zhao", card, "answer")
    refusals.append(_refused(town, "all", card, "review"))
    do(town, "han", card, "review", "uphold")
    do(town, "zhao", card, "appeal", "appeal")
    refusals.append(_refused(town, "all", card, "panel"))
    do(town, "shi", card, "panel", "uphold")
    do(town, "wen", card, "panel", "uphold")
    do(town, "zhao", card, "rectify")
    refusals.append(_refused(town, "all", card, "verify"))

    assert [(type(refusal), refusal.basis) for refusal in refusals] == [(SamePerson, "SOD-20")] * 4


def test_who_confirmed_or_reviewed_does_not_judge_the_appeal(town):
    card = issue(town, "qian", file(town).case)
    do(town, "all", card, "confirm", "confirm")
    do(town, "zhao", card, "answer")
    assert isinstance(_refused(town, "all", card, "review"), SamePerson)
    do(town, "han", card, "review", "uphold")
    do(town, "zhao", card, "appeal", "appeal")
    assert isinstance(_refused(town, "all", card, "panel"), SamePerson)

    other = issue(town, "qian", file(town).case)
    do(town, "meng", other, "confirm", "confirm")
    do(town, "zhao", other, "answer")
    do(town, "all", other, "review", "uphold")
    do(town, "zhao", other, "appeal", "appeal")
    assert isinstance(_refused(town, "all", other, "panel"), SamePerson)


def test_nobody_judges_a_card_about_his_own_post(town):
    card = issue(town, "qian", file(town).case, post="legal_reviewer")
    do(town, "meng", card, "confirm", "confirm")
    do(town, "lin", card, "answer")  # its own steps are the office's

    assert isinstance(_refused(town, "lin", card, "review"), OwnUnit)


def test_nobody_judges_a_card_about_himself_whatever_post_he_holds_now(town):
    filed = file(town)
    county.claim(town, "li", filed.case, "intake/accept")
    with clock.at(at(LATE)):
        commands.catch_up()
    card = only(filed.number, drafted()[0].key)
    assert card.person == town.li.person
    _move(town.li, "card_reviewer")
    do_by_another(town, card)

    refusal = _refused(town, "li", card, "review")

    assert isinstance(refusal, OwnUnit)
    assert refusal.basis == "SOD-20"
    assert [e["facts"]["error"] for e in events(card.number) if e["type"] == "refused"] == ["OwnUnit"]


def test_a_monitor_issues_no_card_about_himself(town):
    filed = file(town)
    county.claim(town, "li", filed.case, "intake/accept")
    _move(town.li, "monitor")

    with pytest.raises(OwnUnit):
        issue(town, "li", filed.case, post="acceptance", path="intake/accept")


def test_only_a_monitor_issues_and_the_card_is_about_an_application_and_an_office_that_does_not_judge(town):
    filed = file(town)
    card = issue(town, "qian", filed.case)

    with pytest.raises(NotYourRole):
        issue(town, "han", filed.case)
    with pytest.raises(NotFound):
        issue(town, "qian", card.case_)
    for wrong in ({"level": "blue"}, {"post": "monitor"}, {"post": "subject"}, {"post": "nobody"}, {"organ": 99},
                  {"path": "review"}, {"reason": "？"}):  # fmt: skip
        with pytest.raises(Invalid):
            issue(town, "qian", filed.case, **wrong)
    assert len(drafted()) == 1


@pytest.mark.parametrize(
    "left_out",
    [
        {"ground": None},
        {"ground_reason": None},
        {"ground": "good_relations"},
        {"ground": "tolerance"},  # without its three reasons
        {"ground": "other_department"},  # without saying which
    ],
)
def test_nothing_is_rescinded_without_a_ground_of_the_list_and_its_reasons(town, yellow, left_out):
    do(town, "li", yellow, "explain")

    with pytest.raises(Invalid):
        do(town, "han", yellow, "review", "rescind", **left_out)

    assert open_paths(yellow.case_) == ["review"]


def test_a_card_is_not_an_application(town, yellow):
    for actor in (town.li, town.hua, Actor(person=0, channel="portal")):
        with pytest.raises(NotFound), begin(actor) as ctx:
            commands.withdraw(ctx, yellow.case_, reason="说情")
    with pytest.raises(NotFound), begin(town.li) as ctx:
        commands.reissue_code(ctx, yellow.case_)
    with pytest.raises(NotFound), begin(town.li) as ctx:
        commands.file_case(ctx, item="efficacy_card", applicant=county.applicant(), form={}, materials=())
    assert row(yellow.case_).state == "open"


def test_steps_of_a_card_stay_within_the_bounds_of_statements(town, yellow):
    """Beyond the 8 and 14 of any step: whom it is about; and what it costs, where that changes."""
    do(town, "li", yellow, "explain")
    step = county.step(yellow.case_, "review").id

    with counted() as claimed, begin(town.han) as ctx:
        commands.claim(ctx, step)
    with counted() as completed, begin(town.han) as ctx:
        commands.complete(ctx, step, outcome="uphold", form=cards.USUAL["review", "uphold"], opinion="维持")

    assert 5 <= len(claimed) <= 8
    assert 10 <= len(completed) <= 14 + 5


# --- what gives one ------------------------------------------------------------------------------------------------


def test_a_card_is_drafted_once_however_often_it_is_asked_for(town, yellow):
    with begin(SYSTEM_ACTOR) as ctx:
        assert not commands.DUE_COMMANDS["card"](ctx, yellow.clock)

    assert commands.catch_up() == (0, 0)
    assert len(drafted()) == 1
    with pytest.raises(IntegrityError), begin(SYSTEM_ACTOR) as ctx:
        _double(ctx.conn, yellow)


def test_lateness_found_when_somebody_finishes_late_gives_a_card_of_its_legal_date(town):
    filed = file(town)
    with at_day("2026-03-06"):
        county.do(town, "li", filed.case, "intake/accept", "accept")
        commands.catch_up()

    assert told(drafted(filed.number)) == [("2026-03-04", "yellow", "overrun", "intake/accept")]


def test_withdrawing_hides_no_card(town):
    filed = file(town)
    with at_day("2026-03-06"), begin(Actor(person=row(filed.case).applicant, channel="portal")) as ctx:
        commands.withdraw(ctx, filed.case, reason="不开店了")
    with at_day("2026-03-06"):
        commands.catch_up()

    assert told(drafted(filed.number)) == [("2026-03-04", "yellow", "overrun", "intake/accept")]


def test_two_late_steps_of_a_case_give_a_red_card_and_one_late_step_with_its_promise_does_not(town):
    one, two = file(town), file(town)
    for filed in (one, two):
        county.do(town, "li", filed.case, "intake/accept", "accept")
    with at_day("2026-03-03"):
        county.do(town, "chen", one.case, "site_inspection/inspect", "pass")
        county.do(town, "liu", one.case, "site_inspection/inspect", "pass")
    with at_day("2026-03-12"):
        commands.catch_up()

    assert [card.key for card in drafted(one.number) if card.level == "yellow"] == [
        "step:" + _token(one.case),
        "promise:L03",
    ]
    assert [card.key for card in drafted(one.number) if card.level == "red" and card.cause == "repeated"] == []
    assert [card.key for card in drafted(two.number) if card.level == "red"][:1] == ["repeated"]


def test_three_late_cases_of_a_post_in_a_quarter_give_one_red_card(town):
    for _ in range(4):
        file(town)
    with clock.at(at(LATE)):
        commands.catch_up()

    red = [card for card in drafted() if card.level == "red"]
    assert [(card.key, card.on) for card in red] == [("quarter:2026Q1:acceptance@centre", date(2026, 3, 4))]


def test_a_second_correction_notice_gives_a_yellow_card_and_the_first_none(town):
    filed = file(town)
    step = county.step(filed.case, "intake/accept")
    for number in ("一", "二"):
        with begin(SYSTEM_ACTOR) as ctx:
            notice = {"kind": "supplement_notice", "number": number, "facts_json": "{}", "made_at": ctx.now}
            ctx.conn.execute(sa.insert(t.document).values(case_=filed.case, step=step.id, **notice))

    with at_day("2026-03-03"):
        commands.catch_up()

    assert drafted() == []  # the county introduced cards on that very day
    with begin(SYSTEM_ACTOR) as ctx:
        ctx.conn.execute(sa.update(t.document).values(made_at=at("2026-03-03 09:00")))
    with at_day("2026-03-03"):
        commands.catch_up()
        commands.catch_up()
    assert told(drafted()) == [("2026-03-03", "yellow", "correction", "intake/accept")]


def test_time_that_the_applicant_takes_gives_no_card(database_url, configure, tmp_path):
    processes = shutil.copytree(cards.settings().processes, tmp_path / "processes")
    intake = processes / "_shared" / "intake" / "flow.bpmn"
    text, step = intake.read_text(encoding="utf-8"), '<sun:outcomes values="supplied abandoned"/>'
    if "<sun:applicant/>" not in text:
        intake.write_text(text.replace(step, f"{step}<sun:applicant/>"), encoding="utf-8")
    configure(SUNLIT_PROCESSES=str(processes))
    with clock.at(MONDAY):
        town = cards.found()
        filed = file(town)
        county.do(town, "li", filed.case, "intake/accept", "supplement")

    with at_day("2026-04-30"):
        commands.catch_up()
        with reading() as conn:
            assert due.work(conn, clock.now()) == []

    assert types(filed.number).count("clock.overrun") == 1
    assert drafted() == []


def test_lateness_in_the_life_of_a_card_gives_no_card(town, yellow):
    do(town, "li", yellow, "explain")
    with at_day("2026-03-20"):
        commands.catch_up()  # nobody has reviewed it

    assert {card.subject_case for card in drafted()} == {yellow.subject_case}


def test_where_cards_are_not_introduced_nothing_is_due_and_what_is_older_gives_none(database_url):
    with clock.at(MONDAY):
        town = county.found(cards.CAST)
        filed = file(town)
    with at_day("2026-03-05"):
        commands.catch_up()
        assert drafted() == []
        cards.county.deploy(town, cards.settings().processes / "efficacy_card")
        assert commands.catch_up() == (0, 0)
    with at_day("2026-03-11"):
        commands.catch_up()
        with reading() as conn:
            assert due.work(conn, clock.now()) == []

    assert told(drafted(filed.number)) == [("2026-03-10", "yellow", "overrun", "intake/accept")]


# --- words ---------------------------------------------------------------------------------------------------------


def _refused(town, who: str, card, path: str):
    with pytest.raises((SamePerson, OwnUnit)) as refusal:
        county.claim(town, who, card.case_, path)
    return refusal.value


def do_by_another(town, card) -> None:
    """The office explains by somebody else who holds the post there."""
    _move(town.hua, "acceptance", organ="centre")
    do(town, "hua", card, "explain")


def _move(actor: Actor, post: str, organ: str = "yl") -> None:
    """Give a person another post instead of those held."""
    with begin(SYSTEM_ACTOR) as ctx:
        where = ctx.conn.scalar(sa.select(t.organ.c.id).where(t.organ.c.code == organ))
        own = sa.update(t.assignment).where(t.assignment.c.person == actor.person)
        ctx.conn.execute(own.values(post=post, organ=where))


def _double(conn: Connection, card) -> None:
    found = conn.execute(sa.select(t.card).where(t.card.c.id == card.id)).one()._mapping
    conn.execute(sa.insert(t.card).values(**{**found, "id": 99, "case_": card.subject_case}))


def _token(case: int) -> str:
    return str(county.step(case, "review").token)
