"""Attempts to bend the separation of posts through pages: refused or recorded as the rule says, the basis shown."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.db import tables as t
from engine.db.engines import engine
from engine.db.store import reading
from engine.settings import settings
from tests import county
from tests.commands import together
from tests.samples import FORMS
from tests.webui.desk_town import opened
from tests.webui.test_people_pages import GRANT

HUGE = 10**30


def filled(path: str, outcome: str, opinion: str) -> dict[str, str]:
    """Return the form of a step as a page sends it."""
    return {name: str(value).lower() for name, value in FORMS[path].items()} | {"outcome": outcome, "opinion": opinion}


@pytest.fixture
def town(sqlite_url):
    yield from opened()


@pytest.fixture
def filed(town):
    """A licence that Both has reviewed and two inspectors have inspected: the recheck waits."""
    made = county.file(town)
    county.do(town, "li", made.case, "intake/accept", "accept")
    county.do(town, "both", made.case, "review", "pass")
    for inspector in ("chen", "liu"):
        county.do(town, inspector, made.case, "site_inspection/inspect", "pass")
    return made


@pytest.fixture
def recheck(filed):
    return county.step(filed.case, "recheck").id


def refused(number: str, error: str, rule: str | None, person: str) -> None:
    """Make sure that the refusal stands last in the trace, by whom it was tried, with its basis."""
    event = county.events(number)[-1]
    assert (event["type"], event["facts"]["error"], event["rule"]) == ("refused", error, rule)
    assert event["person"] == person


def pseudonym(town, who: str) -> str:
    with reading() as conn:
        return str(conn.scalar(sa.select(t.person.c.pseudonym).where(t.person.c.id == town.people[who].person)))


def back(town, who: str) -> None:
    """Let somebody who was away be here again."""
    with engine(settings().database_url).begin() as conn:
        conn.execute(sa.delete(t.absence).where(t.absence.c.person == town.people[who].person))


def test_a_second_account_of_the_same_person_is_the_same_person(visit, town, filed, recheck):
    together.again(town, "both")
    visitor = visit("both2")
    page = visitor.page(f"/desk/steps/{recheck}")
    answer = visitor.post(f"/desk/steps/{recheck}/claim")

    assert "本件的“审查”是您办的" in page
    assert "SOD-03" in page
    assert answer.status_code == 403
    assert "SOD-03" in answer.text
    refused(filed.number, "SamePerson", "SOD-03", pseudonym(town, "both"))
    assert "SOD-03" in visit("sun").page(f"/audit/trace/{filed.number}")


def test_a_stand_in_is_bound_as_both_persons(visit, town, filed):
    made = county.file(town)
    county.do(town, "li", made.case, "intake/accept", "accept")
    together.grant(town, "wang", "rechecker")
    together.away(town, "wang")
    together.stand_in(town, "he", "wang")
    review = county.step(made.case, "review").id
    visitor = visit("he")
    assert visitor.post(f"/desk/steps/{review}/claim").status_code == 303
    done = visitor.post(
        f"/desk/steps/{review}/complete",
        filled("review", "pass", "代看"),
    )
    for inspector in ("chen", "liu"):
        county.do(town, inspector, made.case, "site_inspection/inspect", "pass")
    recheck = county.step(made.case, "recheck").id
    own = visitor.post(f"/desk/steps/{recheck}/claim")

    assert done.status_code == 303, done.text
    completed = next(e for e in county.events(made.number) if e["type"] == "step.completed" and e["step"] == "review")
    assert completed["on_behalf"] == pseudonym(town, "wang")
    assert "He 代 Wang" in visitor.page(f"/desk/cases/{made.case}")
    assert own.status_code == 403  # by the own post
    refused(made.number, "SamePerson", "SOD-03", pseudonym(town, "he"))
    back(town, "wang")
    his = visit("wang").post(f"/desk/steps/{recheck}/claim")
    assert his.status_code == 403  # whose post it was
    assert "本件的“审查”是您办的" in his.text
    refused(made.number, "SamePerson", "SOD-03", pseudonym(town, "wang"))


def test_a_transfer_to_oneself_is_refused(visit, town, filed, recheck):
    county.claim(town, "he", filed.case, "recheck")
    answer = visit("he").post(
        f"/desk/steps/{recheck}/ways/transfer", {"to": town.he.person, "reason": "换个账号接着办"}
    )

    assert answer.status_code == 403
    assert "这一步就在您手里；请另选一个人" in answer.text
    assert ">换个账号接着办</textarea>" in answer.text
    refused(filed.number, "ToYourself", None, pseudonym(town, "he"))


def test_a_post_taken_away_after_the_claim_completes_nothing(visit, town, filed, recheck):
    county.claim(town, "he", filed.case, "recheck")
    together.end_posts(town, "he")
    together.grant(town, "he", "reviewer")  # still an officer of the desk
    visitor = visit("he")
    page = visitor.page(f"/desk/steps/{recheck}")
    answer = visitor.post(f"/desk/steps/{recheck}/complete", filled("recheck", "agree", "早就看好了"))

    assert "复核岗”办理，您没有这个岗位" in page
    assert answer.status_code == 403
    assert "复核岗”办理，您没有这个岗位" in answer.text
    assert "早就看好了" in answer.text
    refused(filed.number, "NotYourPost", None, pseudonym(town, "he"))
    assert visitor.post(f"/desk/steps/{recheck}/release").status_code == 303  # so that others can take it


def test_two_who_swap_their_steps_are_refused_both(visit, town, filed, recheck):
    """Both has reviewed the one case, He the other; each would like the other's recheck."""
    together.grant(town, "he", "reviewer")
    other = county.file(town)
    county.do(town, "li", other.case, "intake/accept", "accept")
    county.do(town, "he", other.case, "review", "pass")
    for inspector in ("chen", "liu"):
        county.do(town, inspector, other.case, "site_inspection/inspect", "pass")
    county.claim(town, "he", filed.case, "recheck")
    county.claim(town, "both", other.case, "recheck")
    tries = (
        ("he", recheck, "both", filed.number),
        ("both", county.step(other.case, "recheck").id, "he", other.number),
    )
    for who, step, to, number in tries:
        form = visit(who).page(f"/desk/steps/{step}")
        answer = visit(who).post(f"/desk/steps/{step}/ways/transfer", {"to": town.people[to].person, "reason": "互换"})

        assert (
            f'<option value="{town.people[to].person}"' not in form.split('id="way_transfer"')[1].split("</details>")[0]
        )
        assert answer.status_code == 403
        assert f"不能交给{to.title()}：不能办“复核”：本件的“审查”是其办的（SOD-03）" in answer.text
        refused(number, "NotEligible", "SOD-03", pseudonym(town, who))


def test_an_administrator_does_not_grant_himself_a_post(visit, town):
    path = f"/office/people/{town.lu.person}/posts/new"
    answer = visit("lu").post(path, GRANT | {"post": "flow_manager"})

    assert answer.status_code == 403
    assert "SOD-25" in answer.text
    refused("organ:1", "OwnMatter", "SOD-25", pseudonym(town, "lu"))
    assert visit("lu").get("/desk/").status_code == 403  # and sees no case


def test_a_stale_form_changes_nothing(visit, town, filed, recheck):
    county.claim(town, "he", filed.case, "recheck")
    visitor = visit("he")
    visitor.page(f"/desk/steps/{recheck}")
    together_done = county.do(town, "he", filed.case, "recheck", "agree")
    before = county.types(filed.number)
    answers = [
        visitor.post(f"/desk/steps/{recheck}/complete", filled("recheck", "agree", "再交一次")),
        visitor.post(f"/desk/steps/{recheck}/claim"),
        visitor.post(f"/desk/steps/{recheck}/ways/transfer", {"to": town.rui.person, "reason": "晚了"}),
        visitor.post(
            f"/desk/steps/{recheck}/ways/ask", {"officer": town.mu.person, "kind": "before", "reason": "晚了"}
        ),
    ]

    assert together_done.closed is False
    assert [answer.status_code for answer in answers] == [409] * 4
    assert all("这一步已经办完" in answer.text for answer in answers)
    assert "再交一次" in answers[0].text
    assert county.types(filed.number) == before


@pytest.mark.parametrize("code", ["claim", "release", "complete", "ways/transfer", "ways/return", "ways/ask"])
@pytest.mark.parametrize("step", ["0", "999", str(2**63 - 1), str(HUGE), "-1", "abc", "1.5", "%00"])
def test_a_step_that_there_is_not_is_not_found(visit, town, step, code):
    sent = {"outcome": "agree", "to": "1", "officer": "1", "kind": "before", "reason": "试试"}

    assert visit("he").post(f"/desk/steps/{step}/{code}", sent).status_code == 404


@pytest.mark.parametrize("to", ["999", str(HUGE), "-1", "abc", "0", ""])
def test_a_person_who_is_no_officer_takes_nothing(visit, town, filed, recheck, to):
    county.claim(town, "he", filed.case, "recheck")
    answer = visit("he").post(f"/desk/steps/{recheck}/ways/transfer", {"to": to, "reason": "试试"})

    assert answer.status_code in (404, 422)
    assert county.step(filed.case, "recheck").claimed_by == town.he.person


def test_a_step_of_another_case_or_organ_is_refused_and_traced(visit, town, filed):
    other = county.file(town, who="hua")  # in the township
    theirs = county.step(other.case, "intake/accept").id
    visitor = visit("li")
    claimed = visitor.post(f"/desk/steps/{theirs}/claim")
    acted = visitor.post(f"/desk/steps/{theirs}/ways/transfer", {"to": town.li.person, "reason": "要过来"})
    seen = visitor.get(f"/desk/steps/{theirs}")

    assert claimed.status_code == 403
    assert "石门乡的“窗口受理岗”办理，您没有这个岗位" in claimed.text
    assert acted.status_code in (403, 404)
    assert seen.status_code == 404
    assert county.step(other.case, "intake/accept").claimed_by is None
    assert county.events(other.number)[-1]["type"] == "refused"


def test_a_signer_of_another_step_answers_nothing_here(visit, town, filed, recheck):
    county.claim(town, "he", filed.case, "recheck")
    ask = together.ask(town, "he", "mu", filed.case, "recheck")
    answer = visit("rui").post(f"/desk/steps/{recheck}/ways/advise", {"signer": ask, "opinion": "我替他说"})

    assert answer.status_code == 403
    assert "意见只能由被请的本人提" in answer.text
    refused(filed.number, "NotAsked", None, pseudonym(town, "rui"))
