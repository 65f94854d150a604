"""Office actions as pages ask for them: a form in, one command, a sentence out. The only place that names the commands.

Each refuses by an engine error; what a form lacks is `Invalid` with `where` the field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from engine import commands
from engine.db import store
from engine.errors import Finding, Invalid
from webui import keys
from webui.language import gettext
from webui.roles import current_actor
from webui.taking import taking

Form = MultiDict[str, str]


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was done, in words; `case`: the case's id, where the step is not the place to go on."""

    said: str
    case: int | None = None


def transfer(step: int, form: Form) -> Done:
    to = person(form, "to")
    with taking(current_actor(), step, to) as ctx:
        commands.transfer(ctx, step, to=to, reason=form.get("reason", ""))
    return Done(said=gettext("已转办；您不再办这一步。"))


def take_over(step: int, form: Form) -> Done:
    actor = current_actor()
    with taking(actor, step, actor.person) as ctx:
        commands.transfer(ctx, step, to=actor.person, reason=form.get("reason", ""))
    return Done(said=gettext("这一步由您接着办。"))


def ask(step: int, form: Form) -> Done:
    officer = person(form, "officer")
    commands.foresee(commands.Share(step, officer, commands.Role.ASKED))
    with store.begin(current_actor()) as ctx:
        commands.add_signer(ctx, step, officer=officer, kind=form.get("kind", ""), reason=form.get("reason", ""))
    return Done(said=gettext("已请其提意见。"))


def delegate(step: int, form: Form) -> Done:
    officer = person(form, "officer")
    commands.foresee(commands.Share(step, officer, commands.Role.ASKED))
    with store.begin(current_actor()) as ctx:
        commands.add_signer(ctx, step, officer=officer, kind="delegate", reason=form.get("reason", ""))
    return Done(said=gettext("已委派；意见来了以后由您接着办。"))


def remove(_: int, form: Form) -> Done:
    signer = person(form, "signer")
    with store.begin(current_actor()) as ctx:
        commands.remove_signer(ctx, signer, reason=form.get("reason", ""))
    return Done(said=gettext("不再等这份意见。"))


def advise(_: int, form: Form) -> Done:
    signer = person(form, "signer")
    with store.begin(current_actor()) as ctx:
        commands.advise(ctx, signer, opinion=form.get("opinion", ""))
    return Done(said=gettext("您的意见已记下。"))


def vote(step: int, form: Form) -> Done:
    actor = current_actor()
    commands.foresee(commands.Share(step, actor.person, commands.Role.VOTE))
    with store.begin(actor) as ctx:
        commands.vote(ctx, step, outcome=form.get("outcome", ""), opinion=form.get("opinion", ""))
    return Done(said=gettext("您的一票已记下。"))


def send_back(step: int, form: Form) -> Done:
    with store.begin(current_actor()) as ctx:
        case = commands.return_step(ctx, step, to=form.get("to", ""), reason=form.get("reason", ""))
    return Done(said=gettext("已退回。"), case=case)


def withdraw(step: int, form: Form) -> Done:
    with store.begin(current_actor()) as ctx:
        commands.withdraw_step(ctx, step, reason=form.get("reason", ""))
    return Done(said=gettext("已撤回，这一步又在您手上；时限接着走，不重新算。"))


def urge(step: int, form: Form) -> Done:
    with store.begin(current_actor()) as ctx:
        commands.urge(ctx, step, text=form.get("text", ""))
    return Done(said=gettext("已催办。"))


def lend(step: int, form: Form) -> Done:
    with store.begin(current_actor()) as ctx:
        commands.lend(ctx, step, reason=form.get("reason", ""))
    return Done(said=gettext("这一步已借给县级人员池办理；时限照走。"))


def copy(case: int, form: Form) -> Done:
    to = person(form, "to")
    with store.begin(current_actor()) as ctx:
        commands.copy(ctx, case, to=[to], text=form.get("text", ""))
    return Done(said=gettext("已抄送。"), case=case)


def person(form: Form, name: str) -> int:
    """Return the key that a field chooses.

    Raises:
        Invalid: none is chosen.
    """
    found = form.get(name, 0, int)
    if not 0 < found <= keys.LAST:
        raise Invalid(findings=(Finding(file="", line=0, level="form", rule="required", message="choose", where=name),))
    return found


OF_STEP: Mapping[str, Callable[[int, Form], Done]] = {
    "transfer": transfer,
    "take-over": take_over,
    "ask": ask,
    "delegate": delegate,
    "remove": remove,
    "advise": advise,
    "vote": vote,
    "return": send_back,
    "withdraw": withdraw,
    "urge": urge,
    "lend": lend,
}
OF_CASE: Mapping[str, Callable[[int, Form], Done]] = {"copy": copy}
