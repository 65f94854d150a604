"""People in full: posts, stand-ins, absences, accounts, ties. Person, account and post are three things.

Every change is proposed by one person and approved by another, neither of whom it is about; what was true when it was
proposed is asked again when it is approved, under the lock.
"""

from collections.abc import Mapping

from engine.commands.people import absences, accounts, leaving, officers, posts, rules, stand_ins
from engine.commands.proposing import Kind

KINDS: Mapping[str, Kind] = {
    **posts.KINDS,
    **stand_ins.KINDS,
    **absences.KINDS,
    **officers.KINDS,
    **accounts.KINDS,
    **leaving.KINDS,
    **rules.KINDS,
}
