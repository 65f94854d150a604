"""The demo county: a tree of organs, officers whose posts do not exclude each other, nobody who could be real."""

import re

from engine.rules.separation import excluded

from .data import BOOK, PROCESSES, county, demo_item, steps

LEVELS = {"county", "centre", "subcentre", "township", "window"}
ORGANS = {o["code"]: o for o in county()["organ"]}
HELD = {o["login"]: {p["post"] for p in o["posts"]} for o in county()["officer"]}


def held(post: str, organ: str) -> set[str]:
    """Return who holds a post in an organ or in a window directly under it."""
    near = {organ} | {c for c, o in ORGANS.items() if o.get("parent") == organ and o["level"] == "window"}
    return {o["login"] for o in county()["officer"] for p in o["posts"] if p["post"] == post and p["organ"] in near}


def test_organs_form_one_tree_under_the_county():
    assert len(ORGANS) == len(county()["organ"])
    assert {o["level"] for o in ORGANS.values()} == LEVELS
    assert [c for c, o in ORGANS.items() if "parent" not in o] == [county()["county"]["code"]]
    for code in ORGANS:
        up = [code]
        while parent := ORGANS[up[-1]].get("parent"):
            assert parent not in up
            up.append(parent)
        assert ORGANS[up[-1]]["level"] == "county"


def test_windows_hang_under_a_place_that_receives_applications():
    for organ in ORGANS.values():
        if organ["level"] == "window":
            assert ORGANS[organ["parent"]]["level"] in {"centre", "subcentre", "township"}


def test_officers_hold_posts_that_exist_in_organs_that_exist():
    officers = county()["officer"]

    assert len(HELD) == len(officers) == len({o["name"] for o in officers}) == len({o["name_en"] for o in officers})
    for officer in officers:
        assert re.fullmatch(r"[a-z]+_[a-z]+", officer["login"])
        for post in officer["posts"]:
            assert post["post"] in BOOK.posts
            assert post["organ"] in ORGANS


def test_no_officer_holds_posts_that_exclude_each_other():
    """SOD-01, SOD-02, SOD-09."""
    assert {login: bar for login, posts in HELD.items() if (bar := excluded(posts, BOOK.exclusions))} == {}


def test_every_step_has_more_than_enough_people_wherever_a_case_is_filed():
    """There is one chief; whoever is in charge in the chief's absence is given the post."""
    for place in (c for c, o in ORGANS.items() if o["level"] in {"centre", "subcentre", "township"}):
        for step in steps(demo_item()).values():
            organ = place if step.organ == "case" else county()["county"]["code"]
            assert step.post == "chief" or len(held(step.post, organ)) > step.persons, (place, step)


def test_each_post_is_held_by_as_many_as_the_county_needs():
    least = {
        "reviewer": 3,
        "inspector": 4,
        "rechecker": 3,
        "decider": 3,
        "issuer": 2,
        "monitor": 2,
        "auditor": 2,
        "administrator": 2,
    }

    for post, number in least.items():
        assert len(held(post, county()["county"]["code"])) >= number, post
    assert sum("chief" in posts for posts in HELD.values()) == 1
    assert [login for login, posts in HELD.items() if not posts] == ["zhou_wangshu"]


def test_two_officers_found_the_county_and_neither_handles_cases():
    first, second = county()["county"]["founders"]

    assert first != second
    for founder in (first, second):
        assert HELD[founder] == {"flow_manager", "list_manager"}


def test_nobody_could_be_real():
    applicants = county()["applicant"]

    assert len({a["id"] for a in applicants}) == len({a["id_number"] for a in applicants}) == len(applicants)
    for applicant in applicants:
        assert re.fullmatch(r"999\w{15}", applicant["id_number"])
        assert applicant["kind"] == ("natural" if applicant["id_type"] == "identity_card" else "legal")
    text = (PROCESSES / "_demo" / "county.toml").read_text()
    assert {p[:8] for p in re.findall(r"\b0\d{3}-[\d-]+", text)} == {"0877-555"}
    assert set(re.findall(r'division = "(\d+)"', text)) == {"999927"}
