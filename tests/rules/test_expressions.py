import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rules.expressions import MAX_TEXT, BadExpression, compared, names, truth, value

SCOPE = {"review": "pass", "n": 3, "ok": True, "items": ["a", "b"], "nothing": None, "x": 1.5}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('review == "pass"', True),
        ("${review == 'pass' && !(n > 3)}", True),
        ("#{n lt 3 || ok eq true}", True),
        ("nothing == null and n in (1, 2, 3)", True),
        ('review.equals("pass") and items.contains("a") and items.size() == 2', True),
        ('"&& !x" == "&& !x"', True),
        ("len(items) + n * 2 - 1", 7),
        ("1 < n < 5", True),
        ("1 if ok else 2", 1),
        ("items[0]", "a"),
        ("-n", -3),
        ("7 mod 4", 3),
        ('review in ["pass", "return"]', True),
        ('结论 == "通过"', True),
    ],
)
def test_an_expression_has_its_value(text, expected):
    assert value(text, {**SCOPE, "结论": "通过"}) == expected


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os')", "().__class__", "n.real", "lambda: 1", "[x for x in items]", "open('a')", "n := 2",
        "f'{n}'",
        "'a' * 10", "9 ** 9", "items + items + missing", "{}", "{1: 2}", "print(n)", "n.bit_length()",
        "items.append(1)",
        "'%s' % n", "1 / 0", "items[7]", "nothing > 3", "10" * 20, "1e400", "0x1f", "1_000", "n is 3", "'\\x41'", "a b",
        "", "   ", "${}", "${a} == ${b}", "(" * 300, "not " * 400 + "ok", "n" * (MAX_TEXT + 1), "min()", "*items",
        "len(items, key=1)", "await n", "yield", "1;2", "n = 3", "\x00", "b'x'", "...", "1j", "max(items, n)", "_n",
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_is_refused(text):
    with pytest.raises(BadExpression):
        value(text, {**SCOPE, "_n": 1})


def test_sums_cannot_grow_without_bounds():
    long = "x" * 6000

    with pytest.raises(BadExpression):
        value("a + a", {"a": long})
    with pytest.raises(BadExpression):
        value("a * a * a", {"a": 10**14})


@pytest.mark.parametrize("text", ["n", "review", "nothing", "1", "items"])
def test_a_condition_is_true_or_false_and_nothing_else(text):
    with pytest.raises(BadExpression, match="not true or false"):
        truth(text, SCOPE)


def test_an_unknown_name_is_named():
    with pytest.raises(BadExpression, match="unknown name 'decide'"):
        truth('decide == "grant"', SCOPE)


def test_names_are_the_variables_asked_for():
    assert names("${a == 'b' && len(c) > d.size()}") == {"a", "c", "d"}


def test_compared_names_the_constants():
    found = compared('a == "x" and b in ("y", "z") and "w" != c and n > 3')

    assert found == {("a", "x"), ("b", "y"), ("b", "z"), ("c", "w")}


PIECES = st.sampled_from(
    ["n", "review", "items", "'a'", "1", "1.5", "==", "<", "and", "or", "not", "(", ")", "[", "]", ",", "+", "*", "&&",
     "||", "!", "in", "if", "else", ".size()", ".contains(", "len(", "${", "}", ".", "__class__", "lambda", ":", "\\n"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map(" ".join)))
def test_any_text_has_a_value_or_is_a_bad_expression(text):
    try:
        names(text)
        result = value(text, SCOPE)
    except BadExpression:
        return
    assert isinstance(result, str | int | float | bool | list | None)
    assert len(str(result)) < 20_000


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("${!review == 'pass'}", "ambiguous"),
        ("!n == 3", "ambiguous"),
        ("${not n == 3}", "ambiguous"),
        ("${1 < n < 5}", "in a row"),
        ("${review == 'pass' == true}", "in a row"),
        ("${empty review}", "'empty' is not read"),
        ("${order.amount > 3}", "<step>_<field>"),
        ("${ok ? 1 : 2}", "if condition else"),
        ("n = 3", "equality is =="),
        ("n == 3 # and never", "'#' is not allowed"),
        ("review == 'a' 'b'", "neither a name nor a value"),
        ("ｎ == 3", "not in plain letters"),
        ("n == ３", "is not allowed"),
        ("'a' * n", "only numbers"),
        ("(" * 31 + "n" + ")" * 31, "nested deeper"),
    ],
)
def test_what_engines_read_differently_or_hide_is_refused_with_the_reason(text, why):
    with pytest.raises(BadExpression, match=why):
        names(text)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("a == 5", {"a": "5"}),  # true in JUEL
        ("a == true", {"a": 1}),  # true in Python
        ("a and b", {"a": "false", "b": True}),  # true in Python, false in JUEL
        ("not a", {"a": 0}),
        ("1 if a else 2", {"a": "x"}),
        ("a mod 3", {"a": -7}),
        ("-a", {"a": True}),
        ("sum(a)", {"a": [[1], [2]]}),
        ("a.startsWith('x')", {"a": ["x"]}),
    ],
)
def test_values_that_engines_would_take_differently_have_no_value(text, scope):
    with pytest.raises(BadExpression):
        value(text, scope)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${!(review == 'pass')}", False),
        ("${!ok && n == 3}", False),
        ("${not (n == 4)}", True),
        ("not n == 4", True),  # ours, not JUEL's
        ("ok and\n  n == 3", True),
        ("missing == null", True),
        ("not missing", True),
        ("missing or missing", False),
        ("sum((1, 2.5))", 3.5),
        ("review == '# no comment ｆ'", False),
    ],
)
def test_what_all_read_alike_has_its_value(text, expected):
    assert value(text, {**SCOPE, "missing": None}) == expected


@pytest.mark.parametrize(
    "text", ["a == b", "a in b", "b.contains('x')", "max(b)", "len(b) > 1 and b == a", "a != b", "b < a"]
)
def test_work_is_bounded_however_large_the_values_are(text):
    large = ["x" * 1000] * 2000

    with pytest.raises(BadExpression):
        value(text, {"a": large, "b": large})
