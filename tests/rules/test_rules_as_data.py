"""The 75 rows of the domain report as rules: no row, no number, no stop and no approver is lost."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from engine.errors import Invalid
from engine.model import Unit
from engine.rules import book
from engine.rules.rule import Direction, Effect, EffectFrom
from tests.rules.values import RULES

BOOK = book.load(RULES)
SHARED = Path(os.environ.get("SUNLIT_SHARED") or Path(__file__).resolve().parents[3] / "shared")
FLOWS = sorted(RULES.parent.glob("*/flow.bpmn")) + sorted(RULES.parent.glob("_shared/*/flow.bpmn"))
ROWS = SHARED / "domain" / "time_rules.json"
# What the report says of each row: w working days, d calendar days, m months, h hours; >= at least, < before;
# +n: extension; 0: at once, or set elsewhere.
REPORT = """
L01 5w | L02 0w | L03 20w+10 | L04 45w+15 | L05 20w | L06 10w | L07 5w | L08 20w | L09 <7w | L10 0w | L11 <30d | L12 0h
L13 0w | L14 0w | L15 0w | L16 7w
X01 15d | X02 15d | X03 5w | X04 60d+30 | X05 30d | X06 30d | X07 30d | X08 30d
I01 7w | I02 20w+20 | I03 15w | I04 15w | I05 20w
F01 60d 12m | F02 5w | F03 5w 10w | F04 60d+30 | F05 30d | F06 10w 5w
T01 >=5d | T02 >=20d | T03 <15d <3d | T04 <10d 3d | T05 3d >=3d | T06 30d | T07 5d | T08 15d | T09 10d 3w 30w
G01 >=5w >=20d | G02 2w 5w 2w | G03 30d 2w 7w | G04 3w 7w 7w | G05 15w 5w 30w 30d
D01 30w+15 | D02 >=7d | D03 10w | D04 3w | D05 1m | D06 0w
S01 7d | S02 3m+3 | S03 0w 3w+3 | S04 3w 3m+3 >=45d | S05 10w 20w+10 10w | S06 5w 10w+5 5w <15w | S07 20w+10 24m
S08 30d 36m | S09 3m | S10 20w+10
Q01 0w | Q02 0w | Q03 0w | Q04 5w | Q05 0w 3w 13w 5w | Q06 1w 2w | Q07 5w | Q08 5w | Q09 20d 10w | Q10 0w
"""
KNOWN = {row: tuple(limits) for row, *limits in (part.split() for part in re.split(r"[|\n]", REPORT) if part.strip())}
LETTERS = {Unit.WORKING_DAY: "w", Unit.CALENDAR_DAY: "d", Unit.MONTH: "m", Unit.HOUR: "h"}
SIGNS = {Direction.WITHIN: "", Direction.AT_LEAST: ">=", Direction.BEFORE: "<"}
SPECIAL = {"hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review"}
STOPS = {
    **dict.fromkeys(("L03", "L04", "L15", "S05b", "S06b"), SPECIAL),
    "X08": {"hearing"}, "I02": {"third_party_opinion"}, "F01": {"force_majeure"}, "F04": {"suspension"},
    "F05": {"suspension"}, "T05b": {"objection"}, "S07": {"testing"},
    "T09c": {"inspection", "testing", "appraisal", "expert_review"},
    "G05c": {"inspection", "testing", "appraisal", "expert_review", "supplement"},
}  # fmt: skip


def row_of(id: str) -> str:
    return re.sub("[a-z]$", "", id)


def short(rule) -> str:
    more = f"+{rule.extension.amount}" if rule.extension else ""
    return f"{SIGNS[rule.direction]}{rule.amount}{LETTERS[rule.unit]}{more}"


def test_the_report_has_75_rows():
    assert len(KNOWN) == 75
    assert len(BOOK.limits) == sum(map(len, KNOWN.values())) == 108


@pytest.mark.parametrize("row", KNOWN)
def test_each_row_is_there_with_all_its_limits(row):
    assert tuple(short(rule) for id, rule in BOOK.limits.items() if row_of(id) == row) == KNOWN[row]


def test_only_these_rules_are_halted_and_only_so():
    assert {id: set(rule.stops) for id, rule in BOOK.limits.items() if rule.stops} == STOPS
    nowhere = {"site_inspection", "rectification", "countersigning", "notice", "absence"}
    assert not nowhere & set(BOOK.stops)


def test_an_extension_is_given_once_before_expiry_with_reasons_and_by_somebody():
    found = {id: rule.extension for id, rule in BOOK.limits.items() if rule.extension}

    assert {id: extension.times for id, extension in found.items() if extension.times > 1} == {"S02": 2}
    assert all(extension.before_expiry and extension.reason for extension in found.values())
    assert all(extension.approver and extension.approver_en for extension in found.values())
    assert {id for id, extension in found.items() if not extension.post} == {"L04", "I02", "F04", "D01", "S02"}
    assert {extension.post for extension in found.values()} == {"", "chief"}


def test_clocks_start_at_submission_where_the_law_says_so():
    starts = {id: rule.start for id, rule in BOOK.limits.items()}

    assert {id for id, start in starts.items() if start == "received"} == {
        "L01", "X01", "X02", "I01", "I02", "F02", "F03a", "T09b", "G05b", "G05c", "S01", "S03a", "S03b", "S04a",
        "Q05a", "Q05b", "Q05c", "Q06a", "Q06b", "Q08",
    }  # fmt: skip
    assert all(starts[id] == "accepted" for id in ("L03", "L04", "L05", "X04", "F04", "F05", "S08", "S09", "D01"))
    assert (BOOK.limits["L06"].start, BOOK.limits["L06"].until) == ("granted", "delivered")


def test_every_mark_is_used_and_has_two_names():
    used = {mark for rule in BOOK.limits.values() for mark in (rule.start, rule.until)}
    reached = {e.get("name") for flow in FLOWS for e in etree.parse(flow).iter("{urn:sunlit:bpmn:1}mark")}

    assert used <= set(BOOK.marks) <= used | reached
    assert all(mark.name and mark.name_en for mark in BOOK.marks.values())


def test_effects_hold_from_the_day_of_the_law():
    days = {id: rule.effect_from for id, rule in BOOK.limits.items() if rule.effect_from is not EffectFrom.NEXT_DAY}

    assert days == {"L01": EffectFrom.START, "F02": EffectFrom.LAST_DAY, "L12": EffectFrom.LAST_DAY}
    lapses = {id for id, rule in BOOK.limits.items() if rule.effect is Effect.LAPSE}
    assert lapses == {
        "L07", "X03", "X05", "X07", "F01", "F01b", "F03b", "T09a", "G04b", "G05a", "S02", "S08b",
    }  # fmt: skip


def test_what_the_report_does_not_mark_as_read_is_unverified():
    for rule in BOOK.limits.values():
        assert not rule.verified or re.fullmatch(r"V-\d+(, V-\d+)*", rule.evidence), rule.id
    assert {id for id, rule in BOOK.limits.items() if not rule.verified and rule.evidence.startswith("V-")} == {
        "L07", "L10", "L11", "L14", "L15", "S07", "S10", "Q01", "Q03", "Q04",
    }  # fmt: skip


@pytest.mark.skipif(not ROWS.exists(), reason="the domain report is not beside the project")
def test_the_table_above_is_the_reports():
    rows = {row["id"]: row for row in json.loads(ROWS.read_text(encoding="utf-8"))}
    told_elsewhere = {  # numbers of the report that stand in another column than `limit`
        "F01": [12], "T03": [3], "G05": [30], "S04": [45], "S06": [15], "S07": [24], "S08": [36], "Q05": [5],
    }  # fmt: skip
    no_limits = {"L14": [2], "S10": [3]}  # two persons; a local promise: both stand in the note

    assert list(rows) == list(KNOWN)
    for id, row in rows.items():
        said = Counter(map(int, re.findall(r"\d+", str(row["limit"]).replace("Art. ", "")))) - Counter(
            no_limits.get(id, ())
        )
        said[0] = 0
        ours = Counter(int(re.findall(r"\d+", limit)[0]) for limit in KNOWN[id]) - Counter(told_elsewhere.get(id, ()))
        ours[0] = 0
        assert +ours == +said, id
        for rule in (rule for rule_id, rule in BOOK.limits.items() if row_of(rule_id) == id):
            marks = set(re.findall(r"V-\d+", row["mark"]))
            assert not rule.verified or set(rule.evidence.split(", ")) <= marks, rule.id
            assert "deemed" not in rule.effect or re.search("DEEMED|CONSENT|缺席默认", row["overrun"]), rule.id
        extended = [int(n) for n in re.findall(r"\+≤?(\d+)", str(row["extension"]))]
        assert set(extended) <= {int(limit.split("+")[1]) for limit in KNOWN[id] if "+" in limit}, id


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('unit = "hour"\n', "", "'unit' is missing"),
        ('from = "accepted"\n', 'from = "acepted"\n', "'acepted' is not one of: received, answered"),
        ('until = "decided"\n', "", "'until' is missing"),
        ('until = "decided"\n', 'until = "accepted"\n', "the limit ends at the mark at which it starts"),
        ('stops = ["hearing", "tender"', 'stops = ["hearing", "hearing"', "'hearing' stands twice"),
        ('stops = ["hearing", "tender"', 'stops = [{}, "tender"', "'{}' is not declared"),
        ('post = "chief"', 'post = "king"', "'king' is not one of: acceptance"),
        ('post = "chief"', 'post = "chief", times = 0', "an extension is at least 1, once"),
        ('post = "chief"', 'post = "chief", before_expiry = 1', "'before_expiry' is not of type bool"),
        ('effect_from = "start"\n', 'effect_from = "yesterday"\n', "'yesterday' is not one of: start, last_day"),
        ("amount = 60\nextension", 'amount = 60\ndirection = "before"\nextension', "knows no stops and no extension"),
        ('effect = "none"\nbasis = "《招标投标法》第24条"', 'effect = "lapse"\nbasis = "甲"', "silence has no effect"),
        ('effect = "card_only"\n', 'effect = "card_only"\neffect_from = "start"\n', "has no day from which it holds"),
        ('amount = 20\nstops', "amount = 0\nstops", "a limit of 0 cannot be prolonged"),
        ('amount = 7\ndirection = "before"', 'amount = 0\ndirection = "before"', "a limit of 0 cannot be 'before'"),
        ('evidence = "V-1"\n', "", "'evidence' is missing"),
        ('[[mark]]\ncode = "answered"\n', '[[mark]]\ncode = "received"\n', "'received' is declared twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_file_and_line(tmp_path, old, new, message):
    folder = shutil.copytree(RULES, tmp_path / "_rules")
    text = (folder / "limits.toml").read_text()
    text = (
        re.sub(r'(direction = "at_least"\n)(?:stops.*\n)?from.*\nuntil.*\n', r"\1", text) if "at_least" in old else text
    )
    assert old in text
    (folder / "limits.toml").write_text(text.replace(old, new, 1))

    with pytest.raises(Invalid) as invalid:
        book.load(folder)

    findings = [f for f in invalid.value.findings if message in f.message]
    assert findings
    assert findings[0].file == str(folder / "limits.toml")
    assert abs(findings[0].line - text[: text.index(old)].count("\n")) < 12
