"""One bad item for each rule on days that forms name, on the marks of rules, and on what silence brings about."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn import items
from engine.bpmn.check import check
from engine.bpmn.source import load
from engine.bpmn.tree import tag
from engine.model import Source
from engine.rules import book
from tests.commands.small import begins, day, effect, form, item, mark, step, timer

PROCESSES = Path(__file__).parents[2] / "processes"
REAL = book.load(PROCESSES / "_rules")
END = '<endEvent id="z"/>'


def rules(source: Source) -> list[str]:
    return sorted({f.rule for f in check(source, level="item", book=REAL)})


def renewal(*, start: str = mark("expires", date="expires_on"), forms: object = None, at: str = "decide") -> Source:
    given = {"case": form(expires_on=day())} if forms is None else forms
    return item(
        "L12", "s>decide decide>z silent>keep keep>z", begins(start),
        step("decide", mark("decided"), post="decider"), step("keep", post="issuer"),
        timer("silent", "L12", mark("decided"), effect("L12"), at=at), END, forms=given,
    )  # fmt: skip


def edited(source: Source, old: str, new: str) -> Source:
    assert old in source.xml.decode()
    return Source(
        item=source.item, file=source.file, xml=source.xml.decode().replace(old, new, 1).encode(),
        forms=source.forms, facts={},
    )  # fmt: skip


NO_DAY = {"type": "string", "title": "日期", "title_en": "Day"}


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        ({"case": form(expires_on=day())}, []),
        ({}, ["mark.date"]),
        ({"case": form()}, ["mark.date"]),
        ({"case": form(expires_on=NO_DAY)}, ["mark.date"]),
        ({"case": form(expires_on=day()) | {"required": []}}, ["mark.date"]),
        ({"decide": form(expires_on=day())}, ["mark.date"]),
    ],
)
def test_a_start_event_takes_its_day_from_a_required_date_of_the_filing_form(forms, expected):
    assert rules(renewal(forms=forms)) == expected


@pytest.mark.parametrize(
    ("on", "shown_on", "expected"),
    [
        ("pass", ["pass"], []),
        ("pass fail", ["pass"], ["mark.date"]),
        ("", ["pass"], ["mark.date"]),
        ("", ["pass", "fail"], []),
    ],
)
def test_a_step_names_a_day_with_every_outcome_that_reaches_the_mark(on, shown_on, expected):
    more = {"on": on} if on else {}
    field = day() | {"x-on": shown_on}
    source = item(
        "", "s>a a>z", begins(), step("a", mark("heard", date="on", **more), outcomes="pass fail"), END,
        forms={"a": {"type": "object", "properties": {"on": field}}},
    )  # fmt: skip

    assert rules(source) == expected


def test_a_called_flow_names_days_in_its_own_forms():
    inner = item("", "s>a a>z", begins(), step("a", mark("heard", date="on")), END, name="inner")
    body = item("", "s>c c>z", begins(), '<callActivity id="c" calledElement="inner"/>', END)

    def called(forms: dict[str, object]) -> list[str]:
        one = Source(item="inner", file="inner.bpmn", xml=inner.xml, forms=forms, facts={})
        merged = {f"c/{key}": value for key, value in forms.items()}
        return rules(Source(item="small", file="s.bpmn", xml=body.xml, forms=merged, facts={}, called={"inner": one}))

    assert called({"a": form(on=day())}) == []
    assert called({}) == ["mark.date"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('<sun:mark name="expires" date="expires_on"/>', '<sun:mark name="expires" at="received" date="expires_on"/>',
         ["mark.date"]),
        ('<endEvent id="z"/>', '<endEvent id="z"><extensionElements><sun:mark name="x" date="expires_on"/>'
         '</extensionElements></endEvent>', ["mark.date"]),
        ('from="expires"', 'from="received"', ["clock.sum", "limit.marks"]),
        ('<sun:limit rule="L12" from="expires" until="decided"/>', "", ["timer.limit"]),
        ('<sun:effect rule="L12"/>', "", ["effect.missing"]),
        ('<sun:effect rule="L12"/>', '<sun:effect rule="L99"/>', ["effect.missing", "effect.timer", "effect.unknown"]),
        ('<sun:effect rule="L12"/>', '<sun:effect rule="Q10"/>',
         ["effect.missing", "effect.timer", "effect.unverified"]),
        ('<sun:effect rule="L12"/>', '<sun:effect rule="L03"/>', ["effect.missing", "effect.none", "effect.timer"]),
        ('limit("L12")', "P30D", ["effect.timer"]),
        ('attachedToRef="decide"', 'attachedToRef="decide" cancelActivity="false"', ["effect.interrupts"]),
        ('<sun:effect rule="L12"/>', '<sun:effect rule="L12"/><sun:mark name="granted"/>', ["effect.grant"]),
        (
            '<sun:effect rule="L12"/>',
            '<sun:effect rule="L12"/><sun:document kind="grant"/>',
            ["document.field", "effect.grant"],
        ),
    ],
)  # fmt: skip
def test_an_item_whose_time_does_not_hold_together_is_refused(old, new, expected):
    found = rules(edited(renewal(), old, new))

    assert [rule for rule in found if not rule.startswith("sound.")] == expected


def test_a_limit_within_which_something_is_done_does_not_end_on_a_day_that_a_form_names():
    source = item(
        "L06", "s>a a>b b>z", begins(), step("a", mark("granted")),
        step("b", mark("delivered", date="on")), END, forms={"b": form(on=day())},
    )  # fmt: skip

    assert rules(source) == ["limit.date"]


def test_nothing_is_promised_of_what_must_last_and_a_notice_counts_back_from_a_day():
    lasting = item("T05b", "s>a a>b b>z", begins(), step("a", mark("notice_posted")),
                   step("b", mark("notice_ended")), END)  # fmt: skip
    early = item("L09", "s>a a>b b>z", begins(), step("a", mark("hearing_day")),
                 step("b", mark("hearing_notified")), END)  # fmt: skip

    assert rules(lasting) == []
    assert rules(edited(lasting, 'rule="T05b"', 'rule="T05b" promise="3"')) == ["limit.promise"]
    assert rules(early) == ["limit.date"]


@pytest.mark.parametrize(
    ("waits", "expected"), [('limit("T05b")', []), ("workdays(3)", ["mark.refused"]), ("P3D", ["mark.refused"])]
)
def test_no_timer_but_the_limits_own_ends_what_must_last(waits, expected):
    source = item("T05b", "s>a a>w w>b b>z", begins(), step("a", mark("notice_posted")),
                  timer("w", "T05b", mark("notice_ended")), step("b"), END)  # fmt: skip

    assert rules(edited(source, 'limit("T05b")', waits)) == expected


def test_no_end_of_a_flow_is_refused_for_coming_too_early_or_too_late():
    source = item("L09", "s>a a>z", begins(), step("a", mark("hearing_day", date="on")),
                  f'<endEvent id="z"><extensionElements>{mark("hearing_notified")}</extensionElements></endEvent>',
                  forms={"a": form(on=day())})  # fmt: skip

    assert rules(source) == ["mark.refused"]


def shipped() -> list[Path]:
    folders = [*PROCESSES.glob("*/flow.bpmn"), *(PROCESSES / "_shared").glob("*/flow.bpmn")]
    return sorted(flow.parent for flow in folders)


@pytest.mark.parametrize("folder", shipped(), ids=lambda folder: folder.name)
def test_no_timer_grants_in_any_flow(folder):
    """Marks and documents that grant stand on user tasks, so a person is between every timer and a grant."""
    source = load(folder, PROCESSES)
    main = items.flow(source)
    made = items.item(main)

    for path, marks in made.marks.items():
        assert "granted" not in {each.name for each in marks}, path
    for path, documents in made.documents.items():
        assert "grant" not in {each.kind for each in documents}, path
    assert not [f for f in check(source, level="item", book=REAL) if f.rule.startswith("effect.")]
    assert all(REAL.limits[rule].effect != "card_only" for rule in made.effects.values())


def test_a_timer_that_would_grant_is_refused_in_the_item_of_the_county():
    source = load(PROCESSES / "food_operation_licence", PROCESSES)
    xml = source.xml.decode()
    ends = [el for el in items.flow(source).process if tag(el) == "endEvent"]
    assert ends
    late = (
        '<bpmn:sequenceFlow id="l" sourceRef="late" targetRef="issue"/>'
        '<bpmn:boundaryEvent id="late" attachedToRef="decide"><bpmn:extensionElements><sun:mark name="granted"/>'
        "</bpmn:extensionElements><bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )
    wrong = Source(
        item=source.item, file=source.file, xml=xml.replace("</bpmn:process>", late + "</bpmn:process>").encode(),
        forms=source.forms, facts=source.facts, called=source.called,
    )  # fmt: skip

    assert "effect.grant" in {f.rule for f in check(wrong, level="item", book=REAL)}


def test_the_intake_takes_the_effect_of_its_limit():
    made = items.item(items.flow(load(PROCESSES / "food_operation_licence", PROCESSES)))

    assert made.effects == {"intake/silent": "L01"}
