"""Somebody takes a step: what comes of it is proven before the transaction; refused, who could take it is named."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from engine import clock, commands
from engine.db import store
from engine.db.read import away
from engine.db.store import Context
from engine.errors import NobodyLeft
from engine.model import Actor
from webui.language import gettext, pick
from webui.words import joined

MOST = 4  # who is named


@contextmanager
def taking(actor: Actor, step: int, to: int) -> Iterator[Context]:
    """Begin a transaction in which the person `to` takes a step.

    Raises:
        NobodyLeft: with who could take it instead.
    """
    commands.foresee(commands.Share(step, to))
    try:
        with store.begin(actor) as ctx:
            yield ctx
    except NobodyLeft as error:
        raise _named(error, step, actor.person) from error


def instead(refusal: NobodyLeft, able: Sequence[commands.Eligible], gone: Collection[int]) -> NobodyLeft:
    """Return the refusal with who of these officers could take the step instead; `gone`: who of them is away."""
    may = [pick(each.name, each.name_en) for each in able if each.refusal is None and each.person not in gone]
    if not may:
        return refusal
    said = gettext("可由%(names)s来办。", names=joined(may))
    if len(may) > MOST:
        said = gettext("可由%(names)s等 %(n)s 人来办。", names=joined(may[:MOST]), n=len(may))
    return replace(refusal, instead=said, instead_zh=said)


def _named(error: NobodyLeft, step: int, giver: int) -> NobodyLeft:
    today = clock.local_date(clock.now())
    with store.reading() as conn:
        able = [each for each in commands.officers(conn, step, today) if each.person != giver]
        gone = away.until(conn, {each.person for each in able}, today)
    return instead(error, able, gone)
