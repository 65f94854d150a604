"""What people do on the pages: file at the window, claim and complete steps, look at a case; and time that passes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.test import TestResponse

from engine import clock
from tests import county
from tests.county import at
from tests.webui.test_window_intake import APPLICANT
from tests.webui.visitor import Visitor
from worker.tick import tick

FILED = {"title": "云岭样例", "contact_name": "罗雨平"}
TAGS = re.compile(r"<(script|style|svg).*?</\1>|<[^>]+>", re.S)


@contextmanager
def on(moment: str) -> Iterator[None]:
    """Let it be a local time, "2026-03-02 10:00", and the worker have looked."""
    with clock.at(at(moment)):
        tick()
        yield


@dataclass(frozen=True)
class People:
    """Officers who sign in anew for all they do: weeks may lie between."""

    visit: Callable[..., Visitor]
    codes: dict[int, str] = field(default_factory=dict)  # query codes of cases

    def file(self, item: str, **form: Any) -> int:
        """File at the window; return the case."""
        clerk = self.visit("li")
        answer = self._file(clerk, item, form)
        assert answer.status_code == 303, words(answer.text)
        found = re.search(r"/cases/(\d+)/", answer.headers["Location"])
        code = re.search(
            r"\b([0-9A-HJKMNP-TV-Z]{5})[- ]?([0-9A-HJKMNP-TV-Z]{5})\b", words(clerk.page(answer.headers["Location"]))
        )
        assert found
        assert code
        self.codes[int(found[1])] = code[1] + code[2]
        return int(found[1])

    def refused_filing(self, item: str, **form: Any) -> str:
        """Try to file at the window; return what the page says."""
        answer = self._file(self.visit("li"), item, form)
        assert answer.status_code == 422, answer.status_code
        return words(answer.text)

    def _file(self, clerk: Visitor, item: str, form: Mapping[str, Any]) -> TestResponse:
        draft = clerk.post("/desk/intake", {"item": item}).headers["Location"]
        return self.send(clerk, f"{draft}/file", APPLICANT | FILED | form | {"material": "application_form"})

    def bring(self, who: str, case: int, message: str) -> TestResponse:
        """Bring a message into a case, by its button on the case page, where it is drawn."""
        officer, path = self.visit(who), f"/desk/cases/{case}/messages/{message}"
        assert path in officer.page(f"/desk/cases/{case}")
        return officer.post(path)

    def applicant(self, case: int) -> Visitor:
        """Return a visitor who has opened the case with receipt number and query code."""
        visitor = self.visit()
        answer = visitor.post("/progress", {"number": county.row(case).number, "code": self.codes[case]})
        assert answer.status_code == 303
        return visitor

    def answer(self, case: int, outcome: str, **form: Any) -> str:
        """Do the step that waits for the applicant, on the applicant's page; return what the page says then."""
        visitor = self.applicant(case)
        shown = visitor.page("/progress/answer")
        step = re.search(r'name="step" value="(\d+)"', shown)
        assert step, words(shown)
        answer = self.send(visitor, "/progress/answer", form | {"step": step[1], "outcome": outcome})
        assert answer.status_code == 303, words(answer.text)
        return words(visitor.page("/progress"))

    def try_to(self, who: str, case: int, path: str, outcome: str = "done", **form: Any) -> TestResponse:
        """Claim a step, unless it is claimed, and complete it; return the answer."""
        officer, step = self.visit(who), county.step(case, path).id
        if county.step(case, path).claimed_by is None:
            claimed = officer.post(f"/desk/steps/{step}/claim")
            if claimed.status_code != 303:
                return claimed
        return self.send(officer, f"/desk/steps/{step}/complete", form | {"outcome": outcome, "opinion": "已办"})

    def do(self, who: str, case: int, path: str, outcome: str = "done", **form: Any) -> None:
        answer = self.try_to(who, case, path, outcome, **form)
        assert answer.status_code == 303, words(answer.text)

    def refused(self, who: str, case: int, path: str, outcome: str = "done", **form: Any) -> str:
        """Try a step that is refused; return what the page says."""
        answer = self.try_to(who, case, path, outcome, **form)
        assert answer.status_code in (403, 409, 422), answer.status_code
        return words(answer.text)

    def open(self, who: str, case: int, path: str) -> str:
        """Claim a step; return what its page says."""
        officer, step = self.visit(who), county.step(case, path).id
        assert officer.post(f"/desk/steps/{step}/claim").status_code == 303
        return words(officer.page(f"/desk/steps/{step}"))

    def case(self, who: str, case: int) -> str:
        return words(self.visit(who).page(f"/desk/cases/{case}"))

    def trace(self, case: int) -> str:
        """Return what the auditor reads of a case."""
        return words(self.visit("sun").page(f"/audit/trace/{county.row(case).number}"))

    def send(self, who: Visitor, path: str, form: Mapping[str, Any]) -> TestResponse:
        typed = {name: str(value).lower() if isinstance(value, bool) else value for name, value in form.items()}
        return who.post(path, typed)


def words(page: str) -> str:
    """Return what a page says, without its markup, one blank between words."""
    return re.sub(r"\s+", " ", TAGS.sub(" ", page)).strip()
