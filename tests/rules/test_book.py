import re
import shutil

import pytest

from engine.errors import Invalid
from engine.model import Unit
from engine.rules import book
from engine.rules.rule import Direction, Effect
from engine.rules.separation import excluded
from tests.rules.values import RULES

BOOK = book.load(RULES)
# The rules of time as the domain report numbers them; a letter behind an id splits one of several limits.
IDS = [f"{kind}{n:02}" for kind, last in zip("LXIFTGDSQ", (16, 8, 5, 6, 9, 5, 6, 10, 10), strict=True)
       for n in range(1, last + 1)]  # fmt: skip
POSTS = {
    "hearing_chair": "听证主持岗",
    "publisher": "公示公开岗",
    "card_reviewer": "效能复核岗",
    "appeal_panel": "效能申诉小组",
    "acceptance": "窗口受理岗", "reviewer": "审查岗", "rechecker": "复核岗", "inspector": "现场勘验岗",
    "decider": "决定岗", "issuer": "制证发证岗", "legal_reviewer": "法制审核岗", "monitor": "效能监督岗",
    "auditor": "审计岗", "administrator": "系统管理员", "list_manager": "清单管理岗", "flow_manager": "流程管理岗",
    "chief": "一把手",
    "security_administrator": "安全管理员",
    "audit_administrator": "审计管理员",
    "council_member": "集体决策成员",
    "procurement_supervisor": "采购监管岗",
    "purchaser": "采购经办岗",
    "contract_reviewer": "采购合同审核岗",
    "goods_checker": "采购验收岗",
    "trading_officer": "交易中心经办岗",
    "tender_supervisor": "招标投标监督岗",
    "market_supervisor": "事后监管岗",
    "subject": "被牌岗位",
}  # fmt: skip
HANDLING = ("acceptance", "reviewer", "rechecker", "inspector", "decider", "issuer")
SPECIAL = (
    "hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(RULES, tmp_path / "_rules")


def edit(folder, file, old, new):
    """Replace the first `old`; return the line of its end in the new text."""
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + new.rstrip("\n").count("\n") + 1


def test_every_rule_of_time_is_there():
    assert len(IDS) == 75
    assert {re.sub("[a-z]$", "", id) for id in BOOK.limits} == set(IDS)


def test_silence_never_grants():
    assert {rule.effect for rule in BOOK.limits.values()} <= set(Effect)
    assert not [effect for effect in Effect if "grant" in effect]
    effects = {id: rule.effect for id, rule in BOOK.limits.items() if rule.effect.startswith("deemed")}
    assert effects == {
        "L01": "deemed_acceptance", "F02": "deemed_acceptance", "L12": "deemed_renewal", "I04": "deemed_consent",
        "Q10": "deemed_consent",
    }  # fmt: skip


def test_only_rules_read_in_a_source_are_verified():
    unverified = {"L16", "D01", "S05a", "S06a", "S06b", "S06c", "S07", "S10", "Q05c", "Q10", "L07", "L11", "L14", "L15"}

    assert not [id for id in unverified if BOOK.limits[id].verified]
    assert all(BOOK.limits[id].verified for id in ("L01", "L03", "L06", "L09", "X04", "I02", "S01", "S03b", "S09"))
    for rule in BOOK.limits.values():
        assert not rule.verified or re.fullmatch(r"V-\d+(, V-\d+)*", rule.evidence)


def test_the_licensing_decision_stops_for_the_closed_list_only():
    rule = BOOK.limits["L03"]

    assert (rule.unit, rule.amount, rule.direction) == (Unit.WORKING_DAY, 20, Direction.WITHIN)
    assert rule.stops == SPECIAL
    assert rule.extension is not None
    assert (rule.extension.amount, rule.extension.times) == (10, 1)
    assert (rule.basis, rule.basis_en) == (
        "《行政许可法》第42条第1款、第82条", "Administrative Licensing Law art. 42(1), 82",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("id", "unit", "amount", "direction"),
    [
        ("L01", Unit.WORKING_DAY, 5, Direction.WITHIN),
        ("L09", Unit.WORKING_DAY, 7, Direction.BEFORE),
        ("X04", Unit.CALENDAR_DAY, 60, Direction.WITHIN),
        ("X03", Unit.WORKING_DAY, 5, Direction.WITHIN),
        ("F04", Unit.CALENDAR_DAY, 60, Direction.WITHIN),
        ("T02", Unit.CALENDAR_DAY, 20, Direction.AT_LEAST),
        ("T03a", Unit.CALENDAR_DAY, 15, Direction.BEFORE),
        ("S01", Unit.CALENDAR_DAY, 7, Direction.WITHIN),
        ("S09", Unit.MONTH, 3, Direction.WITHIN),
    ],
)
def test_each_rule_has_its_own_unit_and_direction(id, unit, amount, direction):
    rule = BOOK.limits[id]

    assert (rule.unit, rule.amount, rule.direction) == (unit, amount, direction)


def test_every_post_has_its_lane_name():
    assert {code: post.name for code, post in BOOK.posts.items()} == POSTS
    assert BOOK.posts["monitor"].audience == "monitor"
    assert BOOK.posts["decider"].power == "decide"


def test_every_constraint_is_there_with_its_basis():
    assert list(BOOK.constraints) == [*(f"SOD-{n:02}" for n in range(1, 33)), "DES-01"]  # one is the county's own
    assert all(c.checks for c in BOOK.constraints.values())
    assert {id for id, constraint in BOOK.constraints.items() if constraint.kind == "W"} == {"SOD-11", "SOD-28"}
    assert all(c.basis and c.basis_en and c.name and c.name_en for c in BOOK.constraints.values())


@pytest.mark.parametrize("post", HANDLING)
@pytest.mark.parametrize(
    ("other", "rule"), [("monitor", "SOD-01"), ("auditor", "SOD-01"), ("administrator", "SOD-01"), ("chief", "SOD-09")]
)
def test_supervision_administration_and_the_chief_exclude_handling(post, other, rule):
    found = excluded({post, other}, BOOK.exclusions)

    assert found is not None
    assert found[0].rule == rule


def test_kinds_of_supervision_exclude_each_other():
    for one, other in (("monitor", "auditor"), ("auditor", "administrator"), ("administrator", "monitor")):
        found = excluded({one, other}, BOOK.exclusions)
        assert found is not None
        assert found[0].rule == "SOD-02"


def test_the_administrator_handles_nothing():
    assert all(excluded({"administrator", post}, BOOK.exclusions) for post in (*HANDLING, "legal_reviewer"))
    assert excluded({"reviewer", "decider", "legal_reviewer"}, BOOK.exclusions) is None
    assert excluded({"chief", "monitor"}, BOOK.exclusions) is None


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("limits.toml", 'id = "L02"\n', 'id = "L01"\n', "'L01' is declared twice"),
        ("limits.toml", "amount = 20\n", "amount = -1\n", "'amount' is negative"),
        ("limits.toml", "amount = 20\n", 'amount = "20"\n', "'amount' is not of type int"),
        ("limits.toml", "amount = 20\n", "amount = true\n", "'amount' is not of type int"),
        ("limits.toml", 'unit = "month"\n', 'unit = "day"\n', "'day' is not one of: working_day, calendar_day"),
        ("limits.toml", 'effect = "lapse"\n', 'effect = "deemed_grant"\n', "'deemed_grant' is not one of: none"),
        ("limits.toml", 'stops = ["testing"]\n', 'stops = ["site_visit"]\n', "'site_visit' is not declared"),
        ("limits.toml", "extension = { amount = 10", "extension = { amount = 0", "an extension is at least 1, once"),
        ("limits.toml", "extension = { amount = 10", "extension = { days = 1, amount = 10", "'days' is not known"),
        ("limits.toml", "\n[[stop]]", "\ncolour = 1\n[[stop]]", "'colour' is not known here"),
        ("limits.toml", 'evidence = "V-1"\n', 'evidence = "V2-1"\nverified = true\nx = [\n]\n', "it is not TOML"),
        ("limits.toml", 'evidence = "M"\nverified = false\n', 'evidence = "M"\nverified = true\n', "'M' is no ev"),
        ("limits.toml", 'evidence = "V-1"\n', 'remark = ""\nevidence = "V-1"\n', "'remark' is not known here"),
        ("posts.toml", 'power = "decide"\n', 'power = "rule"\n', "'rule' is not one of: decide, execute"),
        ("posts.toml", 'name = "审查岗"\n', 'name = ""\n', "'name' is empty"),
        ("separations.toml", 'rule = "SOD-01"\n', 'rule = "SOD-99"\n', "'SOD-99' is not one of: SOD-01"),
        ("separations.toml", 'one = ["chief"]\n', 'one = ["boss"]\n', "'boss' is not declared"),
        ("lamps.toml", "yellow_percent = 80", "yellow_percent = 180", "'yellow_percent' is not a share"),
        ("lamps.toml", "short = 2", "shor = 2", "'short' is missing"),
        ("cards.toml", "yellow_points = 5 ", "yellow_points = 50 ", "a yellow card costs 0 to what a red one costs"),
        ("cards.toml", '["L01"]', '["L00"]', "'L00' is not declared"),
        ("cards.toml", "same_post = 3", "same_post = 1", "'same_post' is below 2"),
        ("cards.toml", "same_case = 2", "same_cases = 2", "'same_case' is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_with_file_and_line(folder, file, old, new, message):
    line = edit(folder, file, old, new)

    with pytest.raises(Invalid) as invalid:
        book.load(folder)

    findings = [f for f in invalid.value.findings if message in f.message]
    assert [f.file for f in findings] == [str(folder / file)]
    exact = "TOML" not in message and "missing" not in message and "known" not in message
    assert not exact or findings[0].line == line
    assert str(findings[0]).startswith(f"{folder / file}:{findings[0].line}: ")


def test_a_missing_field_is_found_at_its_table(folder):
    line = edit(folder, "limits.toml", 'id = "L04"\n', 'id = "L04"\n')
    edit(folder, "limits.toml", 'name_en = "Joint handling"\n', "")

    with pytest.raises(Invalid) as invalid:
        book.load(folder)

    assert [(f.line, f.message) for f in invalid.value.findings] == [(line - 1, "'name_en' is missing")]


def test_a_field_whose_line_is_not_found_is_told_at_its_own_table(folder):
    line = edit(folder, "limits.toml", 'unit = "month"\namount = 3\n', 'unit = "month"\n"amount" = -3\n')

    with pytest.raises(Invalid) as invalid:
        book.load(folder)

    table = (folder / "limits.toml").read_text().splitlines()[:line]
    assert [f.line for f in invalid.value.findings] == [len(table) - table[::-1].index("[[limit]]")]


def test_all_findings_are_told_not_only_the_first(folder):
    edit(folder, "posts.toml", 'power = "decide"', 'power = "rule"')
    edit(folder, "lamps.toml", "blue_percent = 50", "blue_percent = -1")
    edit(folder, "limits.toml", "amount = 20", "amount = -20")

    with pytest.raises(Invalid) as invalid:
        book.load(folder)

    assert len(invalid.value.findings) == 3


def test_a_backward_limit_with_stops_is_refused(folder):
    edit(folder, "limits.toml", 'direction = "before"\n', 'direction = "before"\nstops = ["hearing"]\n')

    with pytest.raises(Invalid, match="counts backwards"):
        book.load(folder)


def test_a_missing_file_is_named(folder):
    (folder / "posts.toml").unlink()

    with pytest.raises(Invalid, match=r"posts\.toml:1: .*cannot be read"):
        book.load(folder)


def test_a_table_written_otherwise_is_refused(folder):
    (folder / "posts.toml").write_text('post = [{ code = "acceptance" }]\n')

    with pytest.raises(Invalid, match=r"posts\.toml:1: .*is not written as \[\[post\]\]"):
        book.load(folder)
