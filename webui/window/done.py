"""What was done in a case, as a line of its timeline: who, what, with which words, and whether it still stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask_babel import lazy_gettext

from engine.db.read.casefile import CaseFile, StepFact
from engine.model import Act, ActKind, Item, Source
from engine.rules.signatures import blind
from webui import definitions
from webui.language import gettext, moment, pick
from webui.window.moment import Moment

KINDS = {
    ActKind.SIGN: lazy_gettext("签名"),
    ActKind.TAKE_BACK: lazy_gettext("收回签名"),
    ActKind.ADVISE: lazy_gettext("提出意见"),
    ActKind.VOTE: lazy_gettext("表决"),
    ActKind.RETURN: lazy_gettext("退回"),
    ActKind.WITHDRAW: lazy_gettext("撤回"),
}
HIDDEN = (ActKind.SIGN, ActKind.VOTE)


def veiled(case: CaseFile, of: Item, person: int) -> CaseFile:
    """Return a case without what others found on open steps that are signed or voted on unseen by each other."""
    secret = {
        step.id
        for step in case.steps
        if step.closed_at is None
        and (declared := of.steps.get(step.path)) is not None
        and (declared.collective or blind(declared.persons))
    }
    if not secret:
        return case

    def kept(step: int | None, who: int) -> bool:
        return step not in secret or who == person

    return replace(
        case,
        acts=[a if kept(a.step, a.person) or a.kind not in HIDDEN else replace(a, outcome=None) for a in case.acts],
        filled=[f for f in case.filled if kept(f.step, f.person) or f.path.endswith("#advise")],
    )


def moment_of(case: CaseFile, of: Item, source: Source, act: Act) -> Moment:
    """Return an act as a line of the timeline."""
    filled = next((f for f in case.filled if f.step == act.step and f.person == act.person and f.at == act.at), None)
    filing = act.path == "case"
    result = definitions.outcome_name(source, act.path, act.outcome) if act.outcome and act.outcome != "done" else ""
    kind = KINDS.get(act.kind)
    return Moment(
        kind="past",
        title=gettext("收件") if filing else definitions.step_name(of, act.path),
        when=moment(act.at),
        text=" · ".join(filter(None, (who_did(case, act), str(kind) if kind else "", result))),
        quote=filled.opinion if filled else "",
        marks=tuple(_marks(case, act)),
    )


def who_did(case: CaseFile, act: Act) -> str:
    """Return who acted; a stand-in with the name of whom he stood in for."""
    name = who_acted(case, act.person)
    if act.on_behalf is None or act.on_behalf == act.person:
        return name
    return gettext("%(name)s 代 %(other)s 办理", name=name, other=who_acted(case, act.on_behalf))


def who_acted(case: CaseFile, person: int) -> str:
    """Return the name of who acted; an applicant does so from the portal."""
    if person == case.applicant:
        return gettext("申请人（网上）")
    who = case.people.get(person)
    return pick(who.name, who.name_en) if who else ""


def _marks(case: CaseFile, act: Act) -> Iterator[tuple[str, str]]:
    step = next((s for s in case.steps if s.id == act.step), None)
    if step is None:
        return
    if any(other.path == step.path and other.round > 1 for other in case.steps):
        yield "", gettext("第 %(n)d 轮", n=step.round)
    if act.kind is ActKind.ADVISE:
        yield "ink", gettext("加签意见")
    if act.kind is ActKind.COMPLETE and _taken_back(case.acts, act):
        yield "warn", gettext("已撤回")
    elif act.kind not in (ActKind.RETURN, ActKind.WITHDRAW, ActKind.TAKE_BACK) and _sent_back(case, step):
        yield "warn", gettext("已退回作废")


def _taken_back(acts: Sequence[Act], act: Act) -> bool:
    return any(a.kind is ActKind.WITHDRAW and a.step == act.step and a.at >= act.at for a in acts)


def _sent_back(case: CaseFile, step: StepFact) -> bool:
    """Return whether what was done on a step is void: it ended by a return, or is done anew because of one."""
    returns = {act.at for act in case.acts if act.kind is ActKind.RETURN}
    again = (s for s in case.steps if s.path == step.path and s.round > step.round)
    return step.ended_by == "returned" or any(s.opened_at in returns for s in again)
