"""Who acts on the command line: --as LOGIN with the password, and the code of the second factor where there is one."""

from __future__ import annotations

import getpass

from engine.commands import authenticate
from engine.db.accounts import login_of
from engine.db.store import begin, reading
from engine.errors import CodeNeeded
from engine.model import SYSTEM, Actor
from engine.settings import settings

OPERATOR = Actor(person=SYSTEM, channel="cli")  # whoever may run commands beside the database can read it anyway


def actor(login: str) -> Actor:
    """Return the officer, after checking the password (SUNLIT_TOKEN, else typed in) and the code (SUNLIT_CODE, same).

    Raises:
        WrongPassword, WrongSecondFactor, TooManyTries, AccountLocked: as at the sign-in page.
        PasswordFirst: others have set the password.
    """
    return entered(login, settings().token or getpass.getpass(f"password of {login}: "))


def entered(login: str, password: str, *, changing: bool = False) -> Actor:
    """Return the officer with this password. `changing`: it is going to be changed."""
    code = settings().code
    while True:
        try:
            with begin(Actor(person=SYSTEM, channel="cli")) as ctx:
                return authenticate(ctx, login, password, "cli", code, changing=changing)
        except CodeNeeded:
            code = getpass.getpass(f"code of {login}'s second factor: ")


def person(login: str) -> int:
    """Return the person id of a login.

    Raises:
        NotFound: there is no such account.
    """
    with reading() as conn:
        return login_of(conn, login)
