"""The scenarios and the plan: they name what exists, reach every end and outcome, and fit into their days."""

import json
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from engine import errors

from .data import BOOK, BPMN, HANDLING, ITEMS, PROCESSES, SUN, county, demo_item, ends, label, process, steps, toml

every_item = pytest.mark.parametrize("item", ITEMS, ids=label)
LOGINS = {o["login"] for o in county()["officer"]}
VERBS = {"do", "answer", "claim", "complete", "release", "withdraw", "return", "deliver"}
FIRST, LAST = date(2026, 8, 3), date(2026, 9, 14)  # both Mondays


def scenarios(item: Path):
    return toml(item / "scenarios.toml")["scenario"]


def actors(act) -> list[str]:
    return [act["by"]] if isinstance(act["by"], str) else act["by"]


def raised(item: Path) -> dict[str, str]:
    """Return the messages that may be brought into a case of the item, each with the post that may."""
    flow = process(item / "flow.bpmn")
    names = {m.get("id"): m.get("name") for m in flow.getroottree().iter(f"{BPMN}message")}
    starts = [e for e in flow.iter(f"{BPMN}startEvent") if e.find(f".//{SUN}post") is not None]
    return {
        names[e.find(f".//{BPMN}messageEventDefinition").get("messageRef")]: e.find(f".//{SUN}post").get("code")
        for e in starts
    }


def working_days() -> list[date]:
    """Return the working days from FIRST to LAST, by the State Council's notice."""
    notice = json.loads((PROCESSES.parent / "engine/calendars/china_2023_2026.json").read_text())["years"]["2026"]
    days = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
    off, made_up = set(notice["days_off"]), set(notice["makeup_workdays"])
    return [d for d in days if d.isoformat() in made_up or (d.weekday() < 5 and d.isoformat() not in off)]


@every_item
def test_acts_name_steps_outcomes_and_people_that_exist(item):
    for scenario in scenarios(item):
        for act in scenario["acts"]:
            assert act["verb"] in VERBS
            if act["verb"] in {"withdraw", "return"}:
                assert act["reason"]
            if act["verb"] == "withdraw" and actors(act) == ["applicant"]:
                assert "path" not in act
                continue
            if act["verb"] == "return":
                assert act["to"] in steps(item)[act["path"]].returns
            if act["verb"] == "deliver":
                assert raised(item)[act["message"]] == act["by"]
                continue
            step = steps(item)[act["path"]]
            assert ("outcome" in act) == (act["verb"] in {"do", "complete", "answer"})
            assert act.get("outcome", step.outcomes[0]) in step.outcomes
            for by in actors(act):
                if act["verb"] == "answer":
                    assert (by, step.applicant) == ("applicant", True)
                    continue
                assert by in LOGINS or by.split("+")[0] == step.post, (scenario["id"], by)


@every_item
def test_acts_stand_in_order_of_time_after_the_filing(item):
    common = toml(item / "scenarios.toml")["filing"]
    for scenario in scenarios(item):
        filed = (0, (common | scenario.get("filing", {}))["at"])
        moments = [filed] + [(a["day"], a["at"]) for a in scenario["acts"]]
        moments += [(u["day"], u["at"])] if (u := scenario.get("until")) else []
        assert moments == sorted(moments), scenario["id"]


@every_item
def test_ids_are_unique_and_titles_stand_in_both_languages(item):
    assert set(Counter(s["id"] for s in scenarios(item)).values()) == {1}
    assert all(s["title"] and s["title_en"] for s in scenarios(item))


@every_item
def test_what_is_expected_exists(item):
    for scenario in scenarios(item):
        expect = scenario["expect"]
        assert ("result" in expect) == (expect["state"] == "closed")
        assert ("open" in expect) == (expect["state"] == "open")
        assert expect.get("result") in {None, *ends(item / "flow.bpmn")}
        assert {*expect.get("open", ())} <= set(steps(item))
        assert {*expect.get("overrun", ())} <= {*steps(item), "promise", *BOOK.limits}
        assert {lamp["lamp"] for lamp in expect.get("lamps", ())} <= {"green", "blue", "yellow", "red"}


@every_item
def test_a_red_lamp_comes_from_something_that_ran_over(item):
    for scenario in scenarios(item):
        red = any(lamp["lamp"] == "red" for lamp in scenario["expect"].get("lamps", ()))
        assert red == ("overrun" in scenario["expect"]), scenario["id"]


@every_item
def test_refusals_are_errors_of_the_engine(item):
    for scenario in scenarios(item):
        for act in scenario["acts"]:
            if refused := act.get("refused"):
                assert refused.get("rule", "SOD-03") in {*BOOK.constraints, *BOOK.limits}
                assert issubclass(getattr(errors, refused["error"]), errors.Refused)
                assert "rule" in refused or refused["error"] != "SamePerson"


def test_every_end_every_outcome_and_every_open_step_of_the_demo_item_occurs():
    item = demo_item()
    reached = {s["expect"].get("result") for s in scenarios(item)} - {None}
    waiting = {path for s in scenarios(item) for path in s["expect"].get("open", ())}
    chosen = {
        (a["path"], a["outcome"]) for s in scenarios(item) for a in s["acts"] if "outcome" in a and "refused" not in a
    }
    possible = {(path, outcome) for path, step in steps(item).items() for outcome in step.outcomes}

    assert reached == ends(item / "flow.bpmn")
    assert waiting == set(steps(item))
    assert chosen == possible


def test_every_act_finds_its_usual_form():
    for item in ITEMS:
        usual = {(u["path"], u["outcome"]) for u in toml(item / "scenarios.toml")["usual"]}
        for scenario in scenarios(item):
            for act in scenario["acts"]:
                assert "outcome" not in act or (act["path"], act["outcome"]) in usual


def test_the_same_person_never_passes_two_separated_steps_by_login():
    """Named officers of a scenario are refused wherever they would cross a separation, never let through."""
    for item in ITEMS:
        for scenario in scenarios(item):
            done: dict[str, set[str]] = {}
            for act in scenario["acts"]:
                if act["verb"] == "do" and "refused" not in act:
                    for by in set(actors(act)) & LOGINS:
                        done.setdefault(by, set()).add(steps(item)[act["path"]].post)
            assert all(len(posts & HANDLING) <= 1 for posts in done.values()), scenario["id"]


def test_the_plan_names_scenarios_and_organs_and_has_a_place_for_each_case():
    plan = county()["plan"]
    organs = {o["code"]: o["level"] for o in county()["organ"]}

    assert {b["scenario"] for b in plan["batches"]} <= {s["id"] for s in scenarios(demo_item())}
    assert (
        len(plan["places"]) == len({p["shop_name"] for p in plan["places"]}) == sum(b["count"] for b in plan["batches"])
    )
    for organ in (*plan["organs"], *(o for b in plan["batches"] for o in b.get("organs", ()))):
        assert organs[organ] in {"centre", "subcentre", "township"}


def test_the_plan_files_about_150_cases_and_leaves_a_third_open():
    batches = county()["plan"]["batches"]
    state = {s["id"]: s["expect"]["state"] for s in scenarios(demo_item())}
    opened = sum(b["count"] for b in batches if state[b["scenario"]] == "open")

    assert 140 <= sum(b["count"] for b in batches) <= 160
    assert 50 <= opened <= 60


def test_every_case_of_the_plan_reaches_its_expected_state_by_the_end_of_the_plan():
    """All acts of a case, shifted as far as they may be, fall before `until`, and the filing not before FIRST."""
    plan = county()["plan"]
    days, until = working_days(), plan["until"]
    by_id = {s["id"]: s for s in scenarios(demo_item())}
    filing = toml(demo_item() / "scenarios.toml")["filing"]

    for batch in plan["batches"]:
        acts = [(0, filing["at"])] + [(a["day"], a["at"]) for a in by_id[batch["scenario"]]["acts"]]
        shift = timedelta(minutes=max(13 * i % batch["spread"] for i in range(batch["count"])))
        for ago in batch["days_ago"]:
            filed = len(days) - 1 - ago
            assert filed >= 0
            for day, at in acts:
                assert datetime.combine(days[filed + day], time.fromisoformat(at)) + shift <= until, batch
