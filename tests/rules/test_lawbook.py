"""The constraints and tiers as files: what is unknown, missing or contradictory is refused, with its file and line."""

from __future__ import annotations

import shutil

import pytest

from engine.errors import Invalid
from engine.rules import book
from engine.rules.constraint import Check
from tests.rules.values import RULES

SEPARATIONS, TIERS = "separations.toml", "tiers.toml"
BOOK = book.load(RULES)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        (SEPARATIONS, 'checks = ["bind"]', 'checks = ["binds"]', "'binds' is not declared"),
        (SEPARATIONS, 'checks = ["bind"]', "checks = []", "it does not say how it is checked"),
        (SEPARATIONS, 'checks = ["bind"]', 'checks = ["bind", "distinct"]', "one person, and different persons"),
        (SEPARATIONS, 'checks = ["bind"]', 'checks = ["exclusion"]', "no [[exclusion]] names its posts"),
        (SEPARATIONS, 'checks = ["bind"]', 'checks = ["status"]', "'statuses' is missing: 'DES-01' is checked as"),
        (SEPARATIONS, "least = 2\n", "least = 0\n", "'least' is below 1"),
        (SEPARATIONS, "least = 2\n", "most = 2\n", "'most' is not known here"),
        (SEPARATIONS, "low = 2, medium = 3, high = 4", "low = 2, medium = 3", "'persons' is given for low, medium"),
        (SEPARATIONS, "low = 2, medium = 3, high = 4", "low = 2, medium = 3, high = 1", "at least as many persons"),
        (SEPARATIONS, "low = 2, medium = 3, high = 4", 'low = 2, medium = 3, high = "4"', "'high' is not of type int"),
        (SEPARATIONS, 'of = ["SOD-03", ', 'of = ["SOD-99", ', "'SOD-99' is not declared"),
        (SEPARATIONS, 'low = ["acceptance", ', 'low = ["wizard", ', "'wizard' is not declared"),
        (SEPARATIONS, '"temporary", ', '"retired", ', "'retired' is not declared"),
        (SEPARATIONS, "share = [2, 3] ", "share = [3, 2] ", "'share' is two numbers"),
        (SEPARATIONS, "share = [50, 100]", "share = [50]", "'share' is two numbers"),
        (SEPARATIONS, 'rule = "SOD-12"\n', 'rule = "SOD-03"\n', "'SOD-03' is not checked as an exclusion"),
        (SEPARATIONS, 'one = ["chief"]\nother = ["acceptance", "reviewer", "rechecker", "inspector", "decider", '
         '"issuer", "hearing_chair", "publisher", "purchaser", "contract_reviewer", "goods_checker"]',
         'one = ["chief"]\nother = ["chief"]', "it excludes nothing"),
        (TIERS, "split_days = 30", 'split_days = "30"', "'split_days' is not a number of days"),
        (TIERS, "up_to = 500000", "up_to = 5000", "the amounts do not rise"),
        (TIERS, "up_to = 500000", "", "it stands behind 'deputy_governor', which has no bound"),
        (TIERS, 'code = "section"', 'code = "deputy_governor"', "'deputy_governor' is declared twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_file_and_line(tmp_path, file, old, new, message):
    folder = shutil.copytree(RULES, tmp_path / "_rules")
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))

    with pytest.raises(Invalid) as invalid:
        book.load(folder)

    found = [f for f in invalid.value.findings if message in f.message]
    assert [f.file for f in found] == [str(folder / file)]
    assert found[0].line > 0


@pytest.mark.parametrize("kind", ["C", "W"])
def test_only_statistics_and_exclusions_warn(tmp_path, kind):
    folder = shutil.copytree(RULES, tmp_path / "_rules")
    text = (folder / SEPARATIONS).read_text()
    other = "W" if kind == "C" else "C"
    row = next(row for row in text.split("[[constraint]]") if f'kind = "{kind}"' in row and "SOD-26" not in row[:20])
    (folder / SEPARATIONS).write_text(text.replace(row, row.replace(f'kind = "{kind}"', f'kind = "{other}"'), 1))

    if kind == "C":  # an exclusion may warn
        assert book.load(folder).cautions
        return
    with pytest.raises(Invalid, match="warns"):
        book.load(folder)


def test_every_kind_of_check_is_some_constraints():
    assert {check for c in BOOK.constraints.values() for check in c.checks} == set(Check)


@pytest.mark.parametrize(
    ("amount", "code"),
    [(0, "section"), (50_000, "section"), (50_001, "deputy_governor"), (10**12, "standing_meeting"),
     (None, "standing_meeting")],
)  # fmt: skip
def test_an_amount_takes_the_lowest_tier_that_reaches_it(amount, code):
    needed = BOOK.tiers.needed(amount)

    assert needed is not None
    assert needed.code == code
    assert BOOK.tiers.reaches(code, amount)
    assert not BOOK.tiers.reaches(None, amount)
