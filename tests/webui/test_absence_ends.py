"""An absence is ended early from the page of the officer and from the own account; another person approves."""

from __future__ import annotations

from datetime import date

from tests.webui.officers import approve, propose, waiting

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)


def test_an_absence_is_ended_early_by_proposal_too(visit, town):
    approve(town, propose(town, "absence", officer=town.wang.person, from_on=MONDAY, to_on=FRIDAY, kind="travel"))
    address, visitor = "/office/people/absences/1/end", visit("lu")

    assert f'href="{address}"' in visitor.page(f"/office/people/{town.wang.person}")
    page = visitor.page(address)
    late = visitor.post(address, {"to_on": "2026-03-06"})
    answer = visitor.post(address, {"to_on": "2026-03-01"})

    assert "出差，3月2日 周一至3月6日 周五" in page
    assert "还没有开始" not in page
    assert late.status_code == 422
    assert "本来就到 2026-03-06 为止" in late.text
    assert answer.status_code == 303
    assert waiting()[-1].kind == "end_of_absence"
    told = visitor.page(f"/office/people/{town.wang.person}")
    assert "外出提前结束" in told
    assert visit("wang").get(address).status_code == 403


def test_an_officer_proposes_to_end_the_own_absence_and_nobody_elses(visit, town):
    for who in ("wang", "he"):
        days = {"from_on": FRIDAY, "to_on": FRIDAY, "kind": "leave"}
        approve(town, propose(town, "absence", officer=town.people[who].person, **days))
    visitor = visit("wang")
    assert 'href="/account/absences/1/end"' in visitor.page("/account")
    assert "还没有开始" in visitor.page("/account/absences/1/end")

    answer = visitor.post("/account/absences/1/end", {"to_on": "2026-03-02"})
    visit("qin").post(f"{answer.headers['Location']}/approve")

    assert waiting() == []
    assert "3月6日" not in visitor.page("/account")
    assert visitor.get("/account/absences/2/end").status_code == 404
    assert visitor.post("/account/absences/2/end", {"to_on": "2026-03-02"}).status_code == 404
    assert waiting() == []
