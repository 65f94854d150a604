"""What an officer may do on a step beside doing it: each way with its form, or grey with the reason. Rules decide."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from engine import commands
from engine.db import store
from engine.db.read import away, people
from engine.db.read import choices as choices_of
from engine.db.read.casefile import CaseFile, StepFact
from engine.db.read.people import Officer
from engine.db.read.signers import Asked
from engine.db.store import Connection
from engine.errors import CannotWithdraw
from engine.model import Item
from engine.rules.cards import ITEM
from webui import definitions, words
from webui.language import gettext, pick
from webui.messages import message, of_another
from webui.window.able import Able

HANDLING = ("desk",)  # audiences whose officers may be asked for an opinion
SEEING = ("desk", "monitor", "audit")  # audiences that a copy of a case may go to


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several: `why` not, else empty; `note`: what follows from it."""

    value: str
    title: str
    why: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field of a small form. `kind`: person | radio | text | hidden."""

    name: str
    title: str
    kind: str
    choices: tuple[Choice, ...] = ()
    value: str = ""

    @property
    def barred(self) -> tuple[Choice, ...]:
        return tuple(choice for choice in self.choices if choice.why)


@dataclass(frozen=True, kw_only=True)
class Way:
    """An action: `id` names it on the page, `code` in the address; `why`: why not, else empty; `key`: presses it."""

    id: str
    code: str
    title: str
    note: str
    fields: tuple[Field, ...] = ()
    why: str = ""
    key: str = ""
    of_case: bool = False


@dataclass(frozen=True, kw_only=True)
class Tried:
    """An action that was refused, or whose form lacks something: with what was typed."""

    code: str
    typed: MultiDict[str, str] = field(default_factory=MultiDict)
    why: str = ""
    lacking: Collection[str] = ()
    traced: bool = False

    @property
    def written(self) -> list[tuple[str, str]]:
        """What was written, to be copied where its form is gone."""
        titles = {"reason": gettext("理由"), "opinion": gettext("意见"), "text": gettext("要说的话")}
        return [(title, self.typed[name]) for name, title in titles.items() if self.typed.get(name)]

    def at(self, way: Way) -> bool:
        """Return whether it is this way of the page."""
        same = [f.value for f in way.fields if f.kind == "hidden"] == [
            self.typed.get(f.name, "") for f in way.fields if f.kind == "hidden"
        ]
        return self.code == way.code and same


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What the ways depend on: the step as it stands, who is asked on it, who could do it."""

    conn: Connection
    officer: Officer
    case: CaseFile
    step: StepFact
    of: Item
    asks: Sequence[Asked]
    able: Able
    today: date

    @property
    def mine(self) -> bool:
        return self.step.closed_at is None and self.step.claimed_by == self.officer.person


def of_step(scene: Scene) -> list[Way]:
    """Return the ways that a step has for the officer, in the order of the page."""
    case, step = scene.case, scene.step
    if case.closed_at is not None or case.fault:
        return []
    if step.closed_at is not None:
        return [*_withdrawing(scene)]
    found = [*_holding(scene)] if scene.mine else [*_from_outside(scene)]
    return found if case.item_id == ITEM else [*found, *copying(scene.conn, scene.officer, scene.today)]


def copying(conn: Connection, officer: Officer, today: date) -> list[Way]:
    """Return the way to send a copy of a case."""
    to = _colleagues(conn, officer, SEEING, today)
    fields = (_who("to", gettext("抄送给"), to), _text("text", gettext("要说的话")))
    note = gettext("收到的人可以看本件，不能办。")
    return [Way(id="copy", code="copy", title=gettext("抄送…"), note=note, fields=fields, of_case=True)]


def choices(scene: Scene) -> tuple[Choice, ...]:
    """Return who else could do the step, those who may first; the others with the reason."""
    found = [
        Choice(
            value=str(each.person),
            title=pick(each.name, each.name_en),
            why=of_another(each.refusal) if each.refusal else scene.able.absent(each.person),
        )
        for each in scene.able.of(scene.step.id)
        if each.person != scene.officer.person
    ]
    return tuple(sorted(found, key=lambda choice: bool(choice.why)))


def _holding(scene: Scene) -> Iterator[Way]:
    handed = next((ask for ask in scene.asks if ask.signed_at is None and ask.kind == "delegate"), None)
    waits = gettext("已委派%(name)s，等其意见。", name=pick(handed.name.name, handed.name.name_en)) if handed else ""
    yield _returning(scene)
    to = choices(scene)
    nobody = "" if any(not choice.why for choice in to) else gettext("没有别人能接手这一步，见“谁能办”。")
    reason = _text("reason", gettext("理由"))
    yield Way(
        id="transfer", code="transfer", title=gettext("转办…"), key="t", why=nobody,
        note=gettext("交给同岗位的另一人办；填过的留着，时限照走。"),
        fields=(_who("to", gettext("转给"), to), reason),
    )  # fmt: skip
    known = _colleagues(scene.conn, scene.officer, HANDLING, scene.today)
    officer = _who("officer", gettext("请谁"), known)
    kinds = (
        Choice(value="before", title=words.signer("before"), note=gettext("意见来了，您才能办出")),
        Choice(value="after", title=words.signer("after"), note=gettext("您先办，意见来了才算办完")),
    )
    yield Way(
        id="ask", code="ask", title=gettext("加签…"), key="s", why=waits,
        note=gettext("请另一人提意见；这一步仍由您办，时限照走。"),
        fields=(Field(name="kind", title=gettext("何时提"), kind="radio", choices=kinds), officer, reason),
    )  # fmt: skip
    yield Way(
        id="delegate", code="delegate", title=gettext("委派…"), why=waits,
        note=gettext("请一人先看，意见来了回到您手上；时限照走。"), fields=(officer, reason),
    )  # fmt: skip
    yield from _removing(scene, reason)


def _returning(scene: Scene) -> Way:
    declared = scene.of.steps[scene.step.path].returns
    now = commands.returnable(scene.conn, scene.step.id) if declared else ()
    ends = words.joined(
        definitions.step_name(scene.of, each.path)
        for each in scene.case.steps
        if each.closed_at is None and each.id != scene.step.id
    )
    note = gettext("同时在办的也停下，要重新办：%(steps)s", steps=ends) if ends else ""
    why = "" if now else gettext("流程图没有规定这一步可以退回。")
    if declared and not now:
        why = gettext("可以退回的步骤本件还没有办过，或者流程现在回不去。")
    to = tuple(Choice(value=path, title=definitions.step_name(scene.of, path), note=note) for path in now)
    return Way(
        id="return", code="return", title=gettext("退回…"), key="b", why=why,
        note=gettext("退回去重新办；写过的意见留着，标明作废。本件的期限照走。"),
        fields=(Field(name="to", title=gettext("退回到"), kind="radio", choices=to), _text("reason", gettext("理由"))),
    )  # fmt: skip


def _removing(scene: Scene, reason: Field) -> Iterator[Way]:
    for ask in scene.asks:
        if ask.signed_at is None and (scene.mine or ask.asked_by == scene.officer.person):
            name = pick(ask.name.name, ask.name.name_en)
            yield Way(
                id=f"remove-{ask.id}", code="remove", title=gettext("减签：%(name)s…", name=name),
                note=gettext("不再等%(name)s的意见。", name=name),
                fields=(Field(name="signer", title="", kind="hidden", value=str(ask.id)), reason),
            )  # fmt: skip


def _from_outside(scene: Scene) -> Iterator[Way]:
    reason, holder = _text("reason", gettext("理由")), scene.step.claimed_by
    may = {each.person for each in scene.able.of(scene.step.id) if each.refusal is None}
    holds = {each.person for each in scene.able.of(scene.step.id)}
    if holder and scene.officer.person in may and (holder not in holds or holder in scene.able.gone):
        note = gettext("认领人外出，或者不再持有这个岗位；由您接着办，时限照走。")
        yield Way(id="take-over", code="take-over", title=gettext("接办…"), note=note, fields=(reason,))
    yield from _removing(scene, reason)
    text = _text("text", gettext("催办的话"))
    note = gettext("告诉认领人，没人认领的告诉能办的人；记入留痕。")
    yield Way(id="urge", code="urge", title=gettext("催办…"), note=note, fields=(text,))
    if not scene.able.somebody(scene.step.id):
        note = gettext("本单位没有人能办这一步：借县级人员池的人办，不放宽岗位分离。")
        yield Way(id="lend", code="lend", title=gettext("借岗…"), note=note, fields=(reason,))


def _withdrawing(scene: Scene) -> Iterator[Way]:
    mine = [act for act in scene.case.acts if act.step == scene.step.id and act.person == scene.officer.person]
    if not mine or scene.step.outcome is None:
        return
    code = commands.withdrawable(scene.conn, scene.step.id, scene.officer.person)
    yield Way(
        id="withdraw", code="withdraw", title=gettext("撤回…"), why=message(CannotWithdraw(why=code)) if code else "",
        note=gettext("收回您办出的这一步，接着办；时限接着走，不重新算。写过的意见留着，标明已撤回。"),
        fields=(_text("reason", gettext("理由")),),
    )  # fmt: skip


def _colleagues(conn: Connection, officer: Officer, audiences: Collection[str], today: date) -> tuple[Choice, ...]:
    """Return the officers with posts of these audiences, each once with the first post, by organ and name."""
    book = store.book()
    posts = {post.code for post in book.posts.values() if post.audience in audiences}
    held = [h for h in people.holders(conn, posts, today) if h.assignment.on_behalf is None]
    gone, organs = away.until(conn, {h.person for h in held}, today), choices_of.organ_names(conn)
    found: dict[int, Choice] = {}
    for h in sorted(held, key=lambda h: (h.assignment.organ, h.person)):
        organ = organs[h.assignment.organ]
        where = f"{pick(organ.name, organ.name_en)} · {words.post(h.assignment.post, book)}"
        if h.person != officer.person and h.person not in gone and h.person not in found:
            found[h.person] = Choice(value=str(h.person), title=f"{pick(h.name, h.name_en)}（{where}）")
    return tuple(found.values())


def _who(name: str, title: str, among: tuple[Choice, ...]) -> Field:
    return Field(name=name, title=title, kind="person", choices=among)


def _text(name: str, title: str) -> Field:
    return Field(name=name, title=title, kind="text")
