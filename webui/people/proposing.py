"""A form that proposes something about people: drawn from a schema, refused beside what was typed, or sent on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.approving import KINDS
from engine.db import store
from engine.errors import Invalid, NotYourRole, OwnMatter, Refused, Stale
from webui import forms, words
from webui.errors import status_of
from webui.forms import Fault
from webui.language import gettext
from webui.messages import message
from webui.people.findings import told
from webui.roles import current_actor, current_officer


@dataclass(frozen=True, kw_only=True)
class Barred:
    """A choice that is not offered, and why."""

    name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Act:
    """What is proposed. `above`: links that lead here, text and address; `button`: what the button says.

    `follows`: what happens then, a sentence each, under `heading`; `barred`: choices that are not offered;
    `bar`: why this officer may not propose it, else empty; `audience`: whose header the page has.
    """

    title: str
    lead: str
    above: tuple[tuple[str, str], ...]
    schema: Mapping[str, Any]
    button: str
    heading: str = ""
    follows: tuple[str, ...] = ()
    barred: tuple[Barred, ...] = ()
    bar: str = ""
    audience: str = "admin"
    nav_here: str = "people.officers"


def lacking(kind: str, person: int | None = None) -> str:
    """Return why the officer may not propose this kind about a person, else empty; the command has the last word."""
    wanted, own = KINDS[kind].proposers, person == current_officer().person
    if own and KINDS[kind].own:
        return ""
    if all(each.post not in wanted for each in current_officer().assignments):
        book = store.book()
        return message(NotYourRole(posts=words.joined(words.post(post, book) for post in wanted)))
    return message(OwnMatter(basis="SOD-25")) if own else ""


def shown(act: Act, typed: Mapping[str, Any] | None = None, faults: Sequence[Fault] = (), notice: str = "") -> str:
    """Return the page of the form, with what was typed and what is wrong with it."""
    drawn = forms.form(act.schema, typed or {}, faults)
    return render_template("people/propose.html", act=act, form=drawn, notice=notice, nav_here=act.nav_here)


def proposed(act: Act, make: Callable[[Any, dict[str, Any]], int]) -> ResponseReturnValue:
    """Let `make` propose what was typed, and lead to the proposal; what was typed stays when it is refused."""

    def then(made: int) -> ResponseReturnValue:
        flash(gettext("提议已记下，第 %(number)d 号；等另一个人批准后执行。", number=made))
        return redirect(url_for("office.proposal", proposal=made), 303)

    return done(act, make, then)


def done(
    act: Act, make: Callable[[Any, dict[str, Any]], int], then: Callable[[int], ResponseReturnValue]
) -> ResponseReturnValue:
    """Let `make` do what was typed, and answer with `then`; what was typed stays when it is refused."""
    typed = forms.raw(act.schema, request.form)
    given, undated = _dated(act.schema, forms.values(act.schema, typed))
    wrong = {fault.name for fault in undated}
    faults = (*undated, *(each for each in forms.faults(act.schema, _texts(given)) if each.name not in wrong))
    if faults:
        return shown(act, typed, faults), 422
    try:
        with store.begin(current_actor()) as ctx:
            made = make(ctx, given)
    except Invalid as error:
        return shown(act, typed, [Fault(name=f.where, message=told(f)) for f in error.findings]), status_of(error)
    except (Refused, Stale) as error:
        return shown(act, typed, notice=message(error)), status_of(error)
    return then(made)


def choice(title: str, options: Sequence[tuple[object, str]], **more: Any) -> dict[str, Any]:
    """Return the schema of a field to choose in; `options`: value and name."""
    return {
        "type": "string",
        "title": title,
        "oneOf": [{"const": str(v), "title": name} for v, name in options],
        **more,
    }


def text(title: str, **more: Any) -> dict[str, Any]:
    """Return the schema of a field of text, 200 characters unless told otherwise."""
    return {"type": "string", "title": title, "maxLength": 200, **more}


def day(title: str, **more: Any) -> dict[str, Any]:
    """Return the schema of a day."""
    return {"type": "string", "format": "date", "title": title, **more}


def of(required: Sequence[str], **fields: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a form."""
    return {"type": "object", "properties": fields, "required": list(required)}


def _dated(schema: Mapping[str, Any], given: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[Fault, ...]]:
    """Return the values with days as days, and a fault for each that is none."""
    found, faults = dict(given), []
    for name, rule in schema["properties"].items():
        if rule.get("format") != "date" or name not in found:
            continue
        try:
            found[name] = date.fromisoformat(found[name])
        except ValueError:
            faults.append(Fault(name=name, message=gettext("这不是一个日期；请填年、月、日。")))
    return found, tuple(faults)


def _texts(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
