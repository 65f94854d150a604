"""Who asked for a stop or an extension and who approved it, read from the acts of the flow."""

from __future__ import annotations

from engine.commands.settling import Settling
from engine.errors import NotApproved, SamePerson
from engine.model import Act
from engine.rules.separation import apart, latest, meets, persons

APART = "SOD-18"  # who asks for an extension or a stop does not approve it


def agreed(now: Settling, request: str) -> tuple[Act, Act]:
    """Return who asked in the step `request`, and who approved it since in a step that SOD-18 keeps apart from it.

    Raises:
        NotApproved: nobody asked, or nobody has approved it since.
        SamePerson: one person did both, in person or by a stand-in.
    """
    asker = asked_in(now, request)
    approver = latest(now.case.acts, apart(request, APART, now.case.program.item.separations), asker.step or 0)
    if approver is None:
        raise NotApproved(step=_name(now, request), basis=APART)
    keep_apart(now, asker, approver.path, persons(approver))
    return asker, approver


def asked_in(now: Settling, request: str) -> Act:
    """Return who completed the step `request` last.

    Raises:
        NotApproved: nobody has.
    """
    asker = latest(now.case.acts, (request,))
    if asker is None:
        raise NotApproved(step=_name(now, request), basis=APART)
    return asker


def keep_apart(now: Settling, asker: Act, path: str, approving: set[int]) -> None:
    """Make sure that nobody who asked approves in the step `path`.

    Raises:
        SamePerson: somebody does.
    """
    if meets(persons(asker), approving):
        raise SamePerson(step=_name(now, path), other=_name(now, asker.path), basis=APART)


def _name(now: Settling, path: str) -> str:
    step = now.case.program.item.steps.get(path)
    return step.name if step else path
