"""Propose to record an absence, and to end one early; both forms are the officer's own too (webui/account.py)."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from engine import clock, commands
from engine.db import store
from engine.db.read import officers
from engine.db.read.officers import Absence
from webui import words
from webui.language import day as day_of
from webui.language import gettext
from webui.people.blueprint import bp
from webui.people.facts import after_return
from webui.people.posts import above
from webui.people.proposing import Act, choice, day, lacking, of, proposed, shown
from webui.roles import ADMIN, role


@bp.get("/<int:person>/absence")
@role(ADMIN)
def absence_form(person: int) -> ResponseReturnValue:
    """Ask from when to when an officer is away."""
    return shown(_absence(person))


@bp.post("/<int:person>/absence")
@role(ADMIN)
def propose_absence(person: int) -> ResponseReturnValue:
    """Propose to record an absence."""
    return proposed(_absence(person), lambda ctx, given: commands.propose_absence(ctx, officer=person, **given))


@bp.get("/absences/<int:absence>/end")
@role(ADMIN)
def absence_end_form(absence: int) -> ResponseReturnValue:
    """Ask for the new last day of an absence, and say what follows."""
    return shown(_end(absence))


@bp.post("/absences/<int:absence>/end")
@role(ADMIN)
def propose_absence_end(absence: int) -> ResponseReturnValue:
    """Propose to end an absence early."""
    return proposed(_end(absence), lambda ctx, given: commands.propose_end_of_absence(ctx, absence, **given))


def absence_schema() -> dict[str, object]:
    """Return the form of an absence, which officers fill in for themselves too."""
    return of(
        ("from_on", "to_on", "kind"),
        from_on=day(gettext("第一天"), default="@today"),
        to_on=day(gettext("最后一天")),
        kind=choice(gettext("原因"), [(kind, str(name)) for kind, name in words.ABSENCES.items()]),
    )


def ending(away: Absence, above: tuple[tuple[str, str], ...], bar: str = "") -> Act:
    """Return the form that ends an absence early. `above`: links that lead to it; `bar`: why it is barred."""
    return Act(
        title=gettext("提前结束外出"),
        lead=gettext(
            "%(kind)s，%(first)s至%(last)s；安全管理员或者一把手批准后生效",
            kind=words.known(words.ABSENCES, away.kind),
            first=day_of(away.from_on),
            last=day_of(away.to_on),
        ),
        above=above,
        schema=of(
            ("to_on",),
            to_on=day(gettext("最后一天"), default="@today", description=gettext("填昨天就是立即结束")),
        ),
        button=gettext("提出结束"),
        follows=tuple(after_return(away, clock.local_date(clock.now()))),
        bar=bar,
    )


def _absence(person: int) -> Act:
    today = clock.local_date(clock.now())
    with store.reading() as conn:
        officer = officers.one(conn, person, today)
    return Act(
        title=gettext("外出登记"),
        lead=gettext("安全管理员或者一把手批准后生效；外出期间由登记的代岗人办"),
        above=above(officer, gettext("外出登记")),
        schema=absence_schema(),
        button=gettext("提出登记"),
        bar=lacking("absence", person),
    )


def _end(absence: int) -> Act:
    with store.reading() as conn:
        away = officers.one_absence(conn, absence)
        officer = officers.one(conn, away.person, clock.local_date(clock.now()))
    return ending(away, above(officer, gettext("提前结束外出")), lacking("end_of_absence", away.person))
