"""The applicant does a step of the own case that is open to applicants, with the receipt: no post, no claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.commands import forms
from engine.commands.completing import Completed, complete
from engine.commands.drafts import Paper
from engine.db.context import Context
from engine.errors import Invalid, NotFound

MAX_PAPERS = 10  # in one answer; each at most drafts.MAX_BYTES
SUPPLEMENT = "supplement"  # material code of what comes later: a shared flow knows no item's materials


def answer(
    ctx: Context,
    case_id: int,
    step_id: int,
    *,
    outcome: str,
    form: Mapping[str, Any],
    papers: Sequence[Paper] = (),
) -> Completed:
    """Do a step of this case as its applicant.

    Raises:
        NotYourPost: the step is not open to applicants, or the actor is not the applicant.
        NotYourClaim: an officer has claimed the step, and does it for the applicant.
        NotFound: the step is of another case.
        Invalid: the form does not fit, or there are too many papers.
        StepClosed, CaseClosed, TimeFirst: as with complete.
    """
    if len(papers) > MAX_PAPERS:
        raise Invalid(findings=(forms.finding("answer", "papers", f"at most {MAX_PAPERS} files are taken at once"),))
    done = complete(ctx, step_id, outcome=outcome, form=form, opinion="", papers=papers)
    if done.case != case_id:
        raise NotFound(what="step", key=str(step_id))
    return done
