"""Whom a complaint is about, as its filing form says: who it is must be known, or nobody could be kept out (SOD-21)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands import forms
from engine.db import organs, shield
from engine.db.context import Context
from engine.db.read import people
from engine.errors import ComplainedOf, Invalid
from engine.model import Source
from engine.rules.task import About, concerns, holds


def complained_of(ctx: Context, source: Source, form: Mapping[str, Any]) -> About | None:
    """Return whom a filing complains of, by the fields marked x-about; None where the item has no such field.

    An officer is named by name; where several are called so, the post and its organ tell them apart.

    Raises:
        Invalid: nobody, or more than one, is called so, or the post or organ does not exist.
        ComplainedOf: it is about the actor, who may not receive it either.
    """
    told = forms.about(source, form)
    if not told:
        return None
    where = {kind: name for kind, (name, _) in told.items()}
    said = {kind: value.strip() for kind, (_, value) in told.items()}
    if "post" in said and said["post"] not in ctx.book.posts:
        raise _wrong(source, where["post"], "there is no such post; choose one")
    by_code = {organ.code: organ.id for organ in organs.by_id(ctx.conn).values()}
    if "organ" in said and said["organ"] not in by_code:
        raise _wrong(source, where["organ"], "there is no such organ; choose one")
    post, organ = said.get("post", ""), by_code.get(said.get("organ", ""), 0)
    person = _officer(ctx, source, where["officer"], said["officer"], post, organ) if "officer" in said else None
    about = About(post=post, organ=organ, person=person, rule=shield.RULE)
    if concerns(ctx.person, ctx.assignments, about):
        raise ComplainedOf(basis=shield.RULE)
    return about


def _officer(ctx: Context, source: Source, field: str, name: str, post: str, organ: int) -> int:
    found = shield.officers(ctx.conn, name)
    if len(found) > 1 and post:
        posts = people.assignments(ctx.conn, found, ctx.today)
        found = [each for each in found if any(holds(a, post, organ, a.item or "") for a in posts[each])]
    if len(found) != 1:
        if found:
            raise _wrong(source, field, "several officers are called so; give the post and the organ", "several")
        raise _wrong(source, field, "no officer is called so", "nobody")
    return found[0]


def _wrong(source: Source, field: str, message: str, rule: str = "enum") -> Invalid:
    return Invalid(findings=(forms.finding(source.file, field, message, rule),))
