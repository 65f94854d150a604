"""The separation matrix of an item: which steps are kept apart, by which rule, and who could do each."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from engine.db import store
from engine.db import tables as t
from engine.db.store import reading
from engine.model import Item, Separation, Step
from engine.settings import settings
from tests import county
from webui import matrix

PAGE = f"/items/{county.ITEM}/separation"


def item(**change) -> Item:
    def step(path: str, post: str) -> Step:
        return Step(path=path, name=path, name_en=path, post=post, organ="case", days=None, outcomes=("done",))

    steps = {path: step(path, post) for path, post in (("a", "reviewer"), ("b", "decider"), ("c", "auditor"))}
    made = Item(
        id="x", name="x", name_en="x", steps=steps, limits=(), marks={}, calls={}, ends={}, ends_en={},
        separations=(Separation(steps=("a", "b"), rule="SOD-03"), Separation(steps=("a", "b"), rule="SOD-24")),
    )  # fmt: skip
    return replace(made, **change)


@pytest.mark.parametrize(
    ("one", "other", "kind", "rules"),
    [
        ("a", "a", "self", ()),
        ("a", "b", "c", ("SOD-03", "SOD-24")),
        ("b", "a", "c", ("SOD-03", "SOD-24")),
        ("a", "c", "x", ("SOD-01",)),  # an auditor never handles
    ],
)
def test_two_steps_stand_to_each_other_as_declared(one, other, kind, rules):
    of = item()
    found = matrix.cell(of, of.steps[one], of.steps[other], store.book())

    assert (found.kind, found.rules) == (kind, rules)


def test_steps_bound_to_one_person_are_said_to_be():
    of = item(separations=(), bindings=(Separation(steps=("a", "b"), rule="SOD-10"),))

    assert matrix.cell(of, of.steps["a"], of.steps["b"], store.book()).kind == "b"


@pytest.mark.parametrize("who", ["li", "qian", "sun", "ma"])
def test_officers_of_every_workplace_see_it(visit, who):
    page = visit(who).page(PAGE)

    assert "审查 × 复核: 同一件不能由一人办" in page
    assert "《行政许可法》第34条" in page
    assert re.search(r"一件至少经 \d 个不同的人（SOD-27）", page)
    assert county.ITEM in visit(who).page("/items")


def test_nobody_else_does(visit):
    assert visit().get(PAGE).status_code == 303
    assert visit("zhou").get(PAGE).status_code in (303, 403)
    assert visit("li").get("/items/nothing/separation").status_code == 404


def test_a_pair_is_explained_with_rule_and_basis(visit):
    page = visit("li").page(f"{PAGE}?one=decide&other=issue/make")
    side = page[page.index('id="pair"') :]

    assert side.index("SOD-04") < side.index("SOD-03")
    assert "决定 × " in side


def test_who_could_do_a_step_is_named_with_who_is_away(visit, town):
    with reading() as conn:
        proposal = conn.scalar(sa.select(sa.func.max(t.proposal.c.id)))
    with store.begin(town.ma) as ctx:
        row = {"person": town.wang.person, "from_on": date(2026, 3, 1), "to_on": date(2026, 3, 6), "proposal": proposal}
        ctx.conn.execute(sa.insert(t.absence).values(**row))
    page = visit("li").page(PAGE)

    assert re.search(r"<b>Wang</b> 外出至 3月6日 周五", page)
    assert re.search(r"<b>Both</b> *<", page)


def test_the_staffing_of_the_licence_is_linked_and_tells_its_shortest_ways(visit):
    assert f'href="/items/{county.ITEM}/staffing"' in visit("li").page(PAGE)
    page = visit("li").page(f"/items/{county.ITEM}/staffing?organ=centre")

    assert "只列最短的 20 条" in page
    assert page.count("现场勘验岗") == 2


def test_cards_are_not_applied_for_so_no_staffing_of_them_is_linked(visit, town):
    county.deploy(town, settings().processes / "efficacy_card")
    page = visit("li").page("/items")

    assert "/items/efficacy_card/separation" in page
    assert "/items/efficacy_card/staffing" not in page
    assert "/items/efficacy_card/staffing" not in visit("li").page("/items/efficacy_card/separation")
