"""A second notice of what to supplement is only about what came since; the monitors hear of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine import clock, commands
from engine.db import corrections
from engine.db import tables as t
from engine.db.store import begin, reading
from engine.errors import OneCorrection
from tests import county
from tests.commands.answers import AGAIN, STEP, answer
from tests.commands.versions import Files
from tests.county import at, claim, do, file, open_paths
from tests.samples import FORMS

MONDAY = at("2026-03-02 10:00")


@pytest.fixture
def town(database_url):
    with clock.at(MONDAY):
        yield county.found()


@pytest.fixture
def asked(town):
    """A case whose applicant has been told what to supplement."""
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "supplement")
    return filed


def test_a_second_notice_about_what_was_filed_at_first_is_refused(town, asked):
    answer(asked.case)
    step = claim(town, "li", asked.case, AGAIN)
    form = {"defects": ["营业执照：复印件不清楚"], "cure": "重新复印。"}

    with pytest.raises(OneCorrection) as refusal, begin(town.li) as ctx:
        commands.complete(ctx, step, outcome="supplement_again", form=form, opinion="")

    assert refusal.value.on.isoformat() == "2026-03-02"
    assert open_paths(asked.case) == [AGAIN]
    told = [e["facts"]["error"] for e in county.events(asked.number) if e["type"] == "refused"]
    assert told == ["OneCorrection"]


def test_a_second_notice_about_what_came_asks_the_applicant_again(town, asked):
    answer(asked.case)
    do(town, "li", asked.case, AGAIN, "supplement_again")

    assert open_paths(asked.case) == [STEP]
    answer(asked.case, form={"supplied": ["平面布局图：标了比例"]})
    again = county.step(asked.case, AGAIN)
    assert again.round == 2
    step = claim(town, "li", asked.case, AGAIN)
    form = {"defects": ["申请书：没有签名"], "cure": "签名。"}  # came before the second notice
    with pytest.raises(OneCorrection), begin(town.li) as ctx:
        commands.complete(ctx, step, outcome="supplement_again", form=form, opinion="")


def test_whatever_the_flow_draws_a_second_notice_without_defects_of_what_came_is_refused(town, tmp_path):
    drawn = ('kind="supplement_notice" on="supplement_again"', 'kind="supplement_notice" on="supplement_again accept"')
    files = Files(tmp_path / "processes").edit("_shared/intake", drawn)
    forms = files.folder / "_shared" / "intake" / "form.json"
    asked = '"x-on": ["supplement_again"]'
    forms.write_text(forms.read_text(encoding="utf-8").replace(asked, '"x-on": ["supplement_again", "accept"]'))
    files.deploy(town)
    filed = file(town)
    do(town, "li", filed.case, "intake/accept", "supplement")
    answer(filed.case)
    step = claim(town, "li", filed.case, AGAIN)
    form = {"defects": ["营业执照：复印件不清楚"], "cure": "重新复印。"}  # of what was filed at first

    with pytest.raises(OneCorrection), begin(town.li) as ctx:
        commands.complete(ctx, step, outcome="accept", form=form, opinion="")

    assert open_paths(filed.case) == [AGAIN]


def test_a_notice_among_the_documents_counts_where_the_version_has_forgotten_its_step(town):
    filed = file(town)
    made(town, filed.case, 1)
    step = claim(town, "li", filed.case, "intake/accept")

    with pytest.raises(OneCorrection), begin(town.li) as ctx:
        commands.complete(ctx, step, outcome="supplement", form=FORMS["intake/accept:supplement"], opinion="")


def made(town: county.Town, case: int, number: int, kind: str = "supplement_notice") -> None:
    new = {"case_": case, "kind": kind, "number": f"{kind}-{case}-{number}", "facts_json": "{}", "made_at": MONDAY}
    with begin(town.li) as ctx:
        ctx.conn.execute(sa.insert(t.document).values(**new))


def test_the_monitors_find_every_notice_after_the_first(town):
    one, two = file(town).case, file(town).case
    for case, number in ((one, 1), (two, 1), (two, 2), (two, 3)):
        made(town, case, number)
    made(town, one, 1, "acceptance")

    with reading() as conn:
        assert [(r.case, r.nth) for r in corrections.repeated(conn)] == [(two, 2), (two, 3)]
        assert corrections.repeated(conn, one) == []
        assert len(corrections.repeated(conn, two)) == 2
