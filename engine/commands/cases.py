"""A case together with the definition it runs on. Definitions never change, so they are kept in the process."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from engine.bpmn.names import titles
from engine.bpmn.read import Program, read
from engine.db import definitions, find
from engine.db.context import Connection, Context
from engine.db.find import OpenCase
from engine.model import CaseState, Source


@dataclass(frozen=True, kw_only=True)
class Deployed:
    """A definition, runnable, with its files."""

    program: Program
    source: Source


@dataclass(frozen=True, kw_only=True)
class Case(OpenCase):
    """A locked case that can move."""

    deployed: Deployed

    @property
    def program(self) -> Program:
        return self.deployed.program

    @property
    def source(self) -> Source:
        return self.deployed.source


_deployed: dict[str, Deployed] = {}  # by SHA-256 of all files, so never out of date


def definition(conn: Connection, definition_id: int, sha256: str) -> Deployed:
    """Return a definition, read once a process."""
    if sha256 not in _deployed:
        source = definitions.source(conn, definition_id)
        _deployed[sha256] = Deployed(program=read(source), source=source)
    return _deployed[sha256]


@lru_cache(maxsize=256)
def _titles(sha256: str, path: str) -> tuple[str, str]:
    return titles(_deployed[sha256].source, path)


def element(conn: Connection, definition_id: int, sha256: str, path: str) -> tuple[str, str]:
    """Return the Chinese and English name of an element of a definition, of whatever kind; empty where it has none."""
    definition(conn, definition_id, sha256)
    return _titles(sha256, path)


def of_step(ctx: Context, step_id: int, verb: str) -> Case:
    """Return the case of a step, locked (find.case_of_step)."""
    return of(ctx.conn, find.case_of_step(ctx, step_id, verb))


def of_timer(ctx: Context, timer_id: int) -> Case:
    """Return the case of a timer, locked, whatever its state."""
    return of(ctx.conn, find.case_of_timer(ctx, timer_id))


def by_id(ctx: Context, case_id: int, verb: str, states: Collection[CaseState] = (CaseState.OPEN,)) -> Case:
    """Return a case in one of the states, locked."""
    return of(ctx.conn, find.case(ctx, case_id, verb, states))


def moving(ctx: Context, case: OpenCase) -> None:
    """Say that the flow of a case is moved now: a fault of it rolls back, and puts the case into state fault."""
    ctx.subject.moving = (case.id, case.version)


def of(conn: Connection, row: OpenCase) -> Case:
    """Return a case with its definition."""
    return Case(**vars(row), deployed=definition(conn, row.definition, row.sha256))
