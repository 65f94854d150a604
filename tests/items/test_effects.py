"""What the law makes of silence, through the pages: each effect once, at its legal day, however late the worker is."""

from __future__ import annotations

import pytest

from tests import county
from tests.items.people import on, words
from tests.items.seen import marks
from tests.samples import FORMS


def effects(case: int) -> list[tuple[str, str, str]]:
    """Return the effects in the trace: rule, effect, the day from which it holds."""
    events = county.events(county.row(case).number)
    return [(e["rule"], e["facts"]["effect"], e["facts"]["on"]) for e in events if e["type"] == "effect.taken"]


def fired(case: int) -> list[str]:
    events = county.events(county.row(case).number)
    return [e["facts"]["legal_at"] for e in events if e["type"] == "timer.fired"]


# deemed acceptance: filed on Monday 2 March, the fifth working day is Monday 9 March


def test_nothing_told_in_five_working_days_is_acceptance_as_of_the_day_of_receipt(people):
    """Licensing Law art. 32(1)(4)."""
    case = people.file("hearing_permit")
    with on("2026-03-09 23:59"):
        assert county.open_paths(case) == ["intake/accept"]
    with on("2026-03-20 09:00"):  # eleven days later
        assert county.open_paths(case) == ["review"]
        assert effects(case) == [("L01", "deemed_acceptance", "2026-03-02")]
        assert fired(case) == ["2026-03-09T16:00:00.000000Z"]
        assert marks(case)["accepted"] == "2026-03-02"
        assert "依法视为受理，自 3月2日 周一 起（L01）" in people.trace(case)
        assert "依法视为受理 3月10日 00:00 自 3月2日 周一 起 · 《行政许可法》第32条第1款第4项" in people.case(
            "li", case
        )


# deemed renewal: the licence expires on Friday 6 March


@pytest.fixture
def renewal(people):
    """An accepted application to renew a licence that expires on Friday 2026-03-06."""
    case = people.file("licence_renewal", expires_on="2026-03-06")
    people.do("li", case, "intake/accept", "accept")
    return case


@pytest.mark.parametrize("step", ["renewal/review", "renewal/decide"])
def test_a_licence_undecided_at_its_expiry_is_renewed_at_the_end_of_that_day(people, renewal, step):
    """Licensing Law art. 50(2)."""
    if step == "renewal/decide":
        people.do("wang", renewal, "renewal/review", "pass", in_time=False, conditions_met=True)
    with on("2026-03-06 23:59"):
        assert county.open_paths(renewal) == [step]
    with on("2026-03-16 09:00"):  # ten days later
        assert effects(renewal) == [("L12", "deemed_renewal", "2026-03-06")]
        assert fired(renewal) == ["2026-03-06T16:00:00.000000Z"]
        assert marks(renewal)["renewed"] == "2026-03-06"
        assert "granted" not in marks(renewal)
        assert county.open_paths(renewal) == ["issue/make"]
        trace = people.trace(renewal)
        assert "依法视为准予延续，自 3月6日 周五 起（L12）" in trace
        assert "到达“准予延续”，记 3月6日 周五（取自“有效期届满”）" in trace
        told = "依法视为准予延续 3月7日 00:00 自 3月6日 周五 起 · 《行政许可法》第50条第2款"
        assert told in people.case("li", renewal)
        said = words(people.applicant(renewal).page("/progress"))
        assert "依法视为准予延续 3月7日 00:00 期限已满，法律规定的后果自 3月6日 周五 起生效" in said


def test_a_renewal_decided_on_the_day_of_expiry_is_in_time_and_nothing_is_deemed(people, renewal):
    people.do("wang", renewal, "renewal/review", "pass", in_time=False, conditions_met=True)
    with on("2026-03-06 17:00"):
        people.do(
            "zhao", renewal, "renewal/decide", "renew", grant_basis="许可法第五十条", grant_content="有效期延续五年"
        )
    with on("2026-03-16 09:00"):
        assert effects(renewal) == []
        assert marks(renewal)["granted"] == "2026-03-06"
        assert county.open_paths(renewal) == ["issue/make"]


def test_a_renewal_may_be_refused_in_time(people, renewal):
    people.do("wang", renewal, "renewal/review", "refuse", in_time=False, conditions_met=False)
    people.do("zhao", renewal, "renewal/decide", "refuse", **FORMS["decide:refuse"])

    assert county.open_paths(renewal) == ["refusal/notice"]
    assert marks(renewal)["refused"] == "2026-03-02"


def test_a_renewal_asked_for_after_the_expiry_is_not_taken(people):
    """Who applies when the licence has expired asks for a new one: silence renews nothing."""
    said = people.refused_filing("licence_renewal", expires_on="2026-03-01")

    assert "原许可有效期至" in said


def test_a_late_application_is_taken_and_the_review_says_that_the_thirty_days_are_not_verified(people, renewal):
    said = people.open("wang", renewal, "renewal/review")

    assert "有效期届满三十日前提出" in said
    assert "未核实" in said


# deemed consent: asked on Monday 2 March, the fifteenth working day is Monday 23 March


@pytest.fixture
def consultation(people):
    case = people.file("joint_disclosure")
    people.do("wang", case, "consult", organ="云岭县水务局")
    people.do("wang", case, "examine")
    return case


def test_the_silence_of_the_other_organ_is_consent_and_stays_its_own(people, consultation):
    """Regulation on Open Government Information art. 34. Its step is overrun: it stays responsible."""
    with on("2026-03-23 23:59"):
        assert county.open_paths(consultation) == ["opinion"]
    with on("2026-04-02 09:00"):  # ten days later
        assert effects(consultation) == [("I04", "deemed_consent", "2026-03-24")]
        assert county.open_paths(consultation) == ["answer"]
        overrun = [e["step"] for e in county.events(county.row(consultation).number) if e["type"] == "clock.overrun"]
        assert "opinion" in overrun
        assert "依法视为同意，自 3月24日 周二 起（I04）" in people.trace(consultation)
        assert "依法视为同意 3月24日 00:00" in people.case("wang", consultation)
        people.do("wang", consultation, "answer", "disclose")
        assert county.row(consultation).result == "answered"


def test_an_opinion_in_time_leaves_nothing_to_silence(people, consultation):
    with on("2026-03-23 17:00"):
        people.do("he", consultation, "opinion", "object")
    with on("2026-04-02 09:00"):
        assert effects(consultation) == []
        assert county.open_paths(consultation) == ["answer"]


def test_who_asks_for_the_opinion_does_not_give_it(people):
    case = people.file("joint_disclosure")
    people.do("both", case, "consult", organ="云岭县水务局")

    assert "SOD-03" in people.refused("both", case, "opinion", "agree")


# lapse and a second deemed acceptance: reconsideration


def test_an_application_not_examined_in_five_working_days_is_accepted_on_the_last_of_them(people):
    """Administrative Reconsideration Law art. 30."""
    case = people.file("reconsideration")
    with on("2026-03-19 09:00"):
        assert effects(case) == [("F02", "deemed_acceptance", "2026-03-09")]
        assert county.row(case).result == "deemed_accepted"
        assert "依法视为受理，自 3月9日 周一 起（F02）" in people.trace(case)
        assert "依法视为受理 3月10日 00:00 自 3月9日 周一 起" in people.case("li", case)


def test_an_application_not_supplemented_in_ten_working_days_has_lapsed(people):
    """Administrative Reconsideration Law art. 31: notified on Monday 2 March, the tenth working day is the 16th."""
    case = people.file("reconsideration")
    people.do("li", case, "examine", "supplement")
    with on("2026-03-16 23:59"):
        assert county.open_paths(case) == ["supplement"]
    with on("2026-03-26 09:00"):
        assert effects(case) == [("F03b", "lapse", "2026-03-17")]
        assert county.row(case).result == "lapsed"
        assert "权利失效，自 3月17日 周二 起（F03b）" in people.trace(case)
        assert "依法权利失效 3月17日 00:00" in people.case("li", case)


def test_what_is_supplemented_on_the_last_day_is_in_time(people):
    case = people.file("reconsideration")
    people.do("li", case, "examine", "supplement")
    with on("2026-03-16 17:00"):
        people.do("li", case, "supplement", supplied="补交身份证明")

        assert county.row(case).result == "supplemented"
        assert effects(case) == []
