"""The page of a document: one template a kind, what is filled in escaped; no query, no clock, no chance."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

import jinja2
import segno
from markupsafe import Markup

from engine.notices.seal import seal
from engine.rules.documents import WAYS, Document

FOLDER = Path(__file__).parent
_UNITS = {"working_day": "个工作日", "calendar_day": "日", "month": "个月", "hour": "小时"}


def html(document: Document, *, alone: bool = True) -> str:
    """Return the document as one HTML page. `alone`: with its style in it, for a reader without our fonts.

    Raises:
        KeyError: there is no such kind.
        jinja2.UndefinedError: a fact is missing that the kind must have (engine/rules/documents.missing).
    """
    page = _environment().get_template(f"{document.kind}.html")
    return page.render(
        **document.facts,
        document=document,
        style=Markup(style()) if alone else "",  # noqa: S704 - our own file
        seal=Markup(seal(document.facts["organ"])),  # noqa: S704 - escaped there, letter by letter
        qr=_qr(document),
    )


def style() -> str:
    """Return the style sheet of all documents."""
    return (FOLDER / "notice.css").read_text(encoding="utf-8")


@lru_cache(1)
def _environment() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"day": day, "unit": _UNITS.__getitem__, "way": WAYS.__getitem__, "moment": moment}
    return found


def day(iso: str) -> str:
    """Return a date as documents write it: 2026年9月14日."""
    on = date.fromisoformat(iso)
    return f"{on.year}年{on.month}月{on.day}日"


def moment(iso: str) -> str:
    """Return a local date with its time, where it has one: 2026年9月14日 8时36分."""
    on, _, at = iso.replace("T", " ").partition(" ")
    try:
        hour, minute, *_ = (int(part) for part in at.split(":")) if at else (None, None)
        return day(on) if hour is None else f"{day(on)} {hour}时{minute:02}分"
    except ValueError:  # a form may hold any words
        return iso


def _qr(document: Document) -> Markup:
    said = f"{document.facts['case']} {document.number} {document.digest}"
    return Markup(segno.make(said, error="m", mask=2).svg_inline(border=0, omitsize=True))  # noqa: S704 - drawn, holds no text
