"""Who acts on the command line: --as LOGIN with the password from SUNLIT_TOKEN or asked for."""

from __future__ import annotations

import getpass

from engine.commands import authenticate
from engine.db.store import begin
from engine.model import SYSTEM, Actor
from engine.settings import settings

OPERATOR = Actor(person=SYSTEM, channel="cli")  # whoever may run commands beside the database can read it anyway


def actor(login: str) -> Actor:
    """Return the officer, after checking the password: SUNLIT_TOKEN, else typed in.

    Raises:
        WrongPassword, TooManyTries: as at the sign-in page.
    """
    password = settings().token or getpass.getpass(f"password of {login}: ")
    with begin(Actor(person=0, channel="cli")) as ctx:
        return authenticate(ctx, login, password, "cli")
