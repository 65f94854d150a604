"""The real rule against the demands made of it: a roster is without fault exactly when its people can do the run."""

from __future__ import annotations

import os
from collections import Counter
from random import Random

from engine.staffing.asking import part, takes_officers
from engine.staffing.check import faults
from engine.staffing.instance import Seat
from tests.rules.asked import BOOK, item, step, task
from tests.staffing.worlds import roster, world

WORLDS = int(os.environ.get("SUNLIT_TEST_ASKING", "500"))
EACH = 3  # rosters tried in each world


def test_people_can_do_a_run_exactly_when_their_roster_is_without_fault():
    seen: Counter[str] = Counter()
    for seed in range(WORLDS):
        rng = Random(seed)
        of = world(rng)
        asked = of.way
        for _ in range(EACH):
            who = roster(rng, of, asked)
            found = faults(asked, who, of.away)
            assert of.passes(who) == (not found), f"seed {seed}: {dict(who)}, {found}"
            seen.update({"passes": not found} if not found else {each.rule for each in found})
    assert all(seen[each] > WORLDS // 50 for each in ("passes", "SOD-03", "SOD-16", "SOD-20", "SOD-27", "DES-01")), seen


def test_who_is_offered_a_step_or_barred_is_everybody_with_its_post():
    for seed in range(50):
        of = world(Random(seed))
        for path in of.run.steps:
            asked = task(of.item, path, organ=of.organs[path])
            made = part(asked, of.officers, BOOK.exclusions)
            holders = {
                Seat(officer.person)
                for officer in of.officers
                for held in officer.own
                if (held.post, held.organ) == (asked.post, asked.organ)
            }
            assert holders == {seat for seat in (*made.may, *made.barred) if not seat.behalf}


def test_what_is_open_to_the_applicant_takes_no_officer_unless_others_are_bound_to_it():
    steps = [step("accept", "acceptance", applicant=True)]

    assert not takes_officers(item(steps=steps), "accept")
    assert takes_officers(item(steps=steps, bound=[("accept review", "DES-01")]), "accept")
    assert takes_officers(item(), "accept")
