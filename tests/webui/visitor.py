"""A visitor with a browser's cookies: gets pages, sends forms with their CSRF token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.county import PASSWORD

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Visitor:
    app: Flask

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def page(self, path: str) -> str:
        """Return the text of a page that must be there."""
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, data: Any = None, *, htmx: bool = False) -> TestResponse:
        token = TOKEN.search(self.client.get("/signin", follow_redirects=True).text)
        headers = {"HX-Request": "true"} if htmx else {}
        body = {**(data or {}), "csrf_token": token.group(1) if token else ""}
        return self.client.post(path, data=body, headers=headers)

    def sign_in(self, login: str, password: str = PASSWORD, **more: str) -> TestResponse:
        return self.post("/signin", {"login": login, "password": password, **more})
