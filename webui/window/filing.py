"""What an intake holds: applicant, form, materials; what is missing; which days follow from filing today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.commands import Applicant
from engine.db.read.intake import File
from engine.model import Item, Source, Unit
from engine.rules import limits
from engine.rules.book import Book
from engine.rules.workdays import WorkCalendar
from webui import definitions, forms
from webui.clocks import unit_name
from webui.faults import words
from webui.forms import Fault, Form
from webui.language import gettext, pick

NEEDED = ("id_number", "name", "phone")
APPLICANT = ("kind", "name", "id_type", "id_number", "phone")


@dataclass(frozen=True, kw_only=True)
class Material:
    """A material of the item. `given`: handed in or obtained; `required`: the item needs it."""

    code: str
    name: str
    note: str
    shared: bool
    required: bool
    given: bool
    files: tuple[File, ...]


@dataclass(frozen=True, kw_only=True)
class Check:
    """A line of the side panel. `anchor`: where on the page it can be mended."""

    done: bool
    text: str
    anchor: str = ""


@dataclass(frozen=True, kw_only=True)
class DueDay:
    name: str
    amount: str
    on: date
    provisional: bool
    basis: str


def body(schema: Mapping[str, Any] | None, sent: MultiDict[str, str]) -> dict[str, Any]:
    """Return what was typed on the intake page, as it is kept in a draft."""
    applicant = {name: sent.get(f"applicant_{name}", "").strip() for name in APPLICANT}
    return {"applicant": applicant, "form": forms.raw(schema, sent), "materials": sent.getlist("material")}


def applicant(typed: Mapping[str, str]) -> Applicant:
    """Return the applicant as the command takes it; the kind of number follows from the kind of person."""
    kind = typed.get("kind") or "natural"
    id_type = "credit_code" if kind == "legal" else "identity_card"
    return Applicant(
        kind=kind,
        name=typed.get("name", ""),
        id_type=id_type,
        id_number=typed.get("id_number", ""),
        phone=typed.get("phone", ""),
    )


def applicant_words(where: str) -> str:
    """Return what is wrong with a field of the applicant."""
    return {
        "kind": gettext("请选个人或单位。"),
        "name": gettext("姓名或名称要 2 至 100 个字。"),
        "id_number": gettext("身份证号 18 位，统一社会信用代码 18 位，请对照证件。"),
        "phone": gettext("电话要 7 至 20 位数字。"),
    }.get(where, gettext("这里不对，请核对。"))


def materials(source: Source, given: Sequence[str], files: Sequence[File]) -> tuple[Material, ...]:
    """Return the check-list of the item."""
    found = []
    for material in definitions.materials(source):
        code = str(material["code"])
        attached = tuple(f for f in files if f.material == code)
        shared = material.get("source") == "shared"
        from_ = pick(material.get("shared_from", ""), material.get("shared_from_en"))
        found.append(
            Material(
                code=code,
                name=pick(str(material.get("name", code)), material.get("name_en")),
                note=gettext("共享：%(place)s", place=from_) if shared and from_ else _form(material),
                shared=shared,
                required=bool(material.get("required", True)),
                given=code in given or bool(attached),
                files=attached,
            )
        )
    return tuple(found)


def _form(material: Mapping[str, Any]) -> str:
    kinds = {"original": gettext("原件"), "copy": gettext("复印件"), "electronic": gettext("电子件")}
    form, copies = kinds.get(str(material.get("form")), ""), int(material.get("copies", 1))
    return gettext("%(form)s %(n)s 份", form=form, n=copies).strip()


def checks(typed: Mapping[str, str], drawn: Form, wanted: Sequence[Material]) -> tuple[Check, ...]:
    """Return what is complete and what is missing. A missing material keeps nobody from filing (see the page)."""
    missing = [name for name in NEEDED if not typed.get(name)]
    found = [Check(done=not missing, text=gettext("申请人资料"), anchor=f"applicant_{missing[0]}" if missing else "")]
    titles = {field.name: field.title for field in drawn.fields}
    found += [
        Check(
            done=False,
            text=gettext("%(field)s：%(fault)s", field=titles.get(fault.name, ""), fault=fault.message),
            anchor=f"f_{fault.name}",
        )
        for fault in drawn.faults
    ]
    if not drawn.faults:
        found.append(Check(done=True, text=gettext("申请内容填全了")))
    for material in wanted:
        if material.required and not material.given:
            found.append(
                Check(done=False, text=gettext("%(name)s待交", name=material.name), anchor=f"m_{material.code}")
            )
    if all(m.given for m in wanted if m.required):
        found.append(Check(done=True, text=gettext("材料收齐了")))
    return tuple(found)


def faults(source: Source, typed: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Return what is wrong with the typed form."""
    schema = definitions.form_schema(source, "case")
    return forms.faults(schema, forms.values(schema, typed))


def unnamed(typed: Mapping[str, str]) -> tuple[Fault, ...]:
    """Return what is still to be typed about the applicant, so that everything missing is said at once."""
    missing = [name for name in NEEDED if not typed.get(name)]
    return tuple(Fault(name=f"applicant_{name}", message=words("required", {})) for name in missing)


def dues(of: Item, book: Book, calendar: WorkCalendar, today: date) -> tuple[DueDay, ...]:
    """Return the last days of the item's limits if the case were received and accepted today."""
    found = []
    for limit in of.limits:
        rule = book.limits.get(limit.rule)
        if rule is None or rule.direction != "within" or limit.start not in ("received", "accepted"):
            continue
        name = pick(rule.name, rule.name_en)
        basis = pick(rule.basis, rule.basis_en)
        if limit.promise:
            promised = gettext("承诺办结")
            found.append(_due(promised, Unit.WORKING_DAY, limit.promise, calendar, today, gettext("本县承诺")))
        found.append(_due(name, rule.unit, rule.amount, calendar, today, basis))
    return tuple(found)


def _due(name: str, unit: Unit, amount: int, calendar: WorkCalendar, today: date, basis: str) -> DueDay:
    due = limits.due_on(unit, amount, today, (), calendar)
    return DueDay(name=name, amount=unit_name(unit, amount), on=due.on, provisional=due.provisional, basis=basis)
