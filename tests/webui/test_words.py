"""No code of ours is shown to people: every event, wish and refusal has a word in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.bpmn import faults
from engine.errors import Refused
from engine.model import Event
from engine.settings import ROOT
from webui import trail, words

CHINESE = re.compile("[\u4e00-\u9fff]")
FOUND_BY_VERB = r'(?:subject\.verb = |(?:of_step|by_id|case_of_step|find\.case)\(ctx, \w+, )"(\w+)"'


def wishes() -> set[str]:
    """Return the verbs under which commands are refused, as their sources name them."""
    sources = [Path(file).read_text(encoding="utf-8") for file in (ROOT / "engine/commands").glob("*.py")]
    return {verb for source in sources for verb in re.findall(FOUND_BY_VERB, source)} - {"sign_in"}


def refusals(kind: type[Refused] = Refused) -> set[str]:
    return {each.__name__ for each in kind.__subclasses__()}.union(*(refusals(each) for each in kind.__subclasses__()))


def test_every_event_is_told_and_every_code_has_a_word():
    assert set(words.NAMES) == set(trail._SAY) == set(Event)
    assert wishes() <= set(words.VERBS)
    assert {"claim", "complete", "trace", "query"} <= wishes()
    assert faults.Stuck.__name__ in refusals()
    assert refusals() <= set(words.REASONS)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("table", ["NAMES", "VERBS", "REASONS", "MARKS", "PROPOSALS", "CHANNELS", "DAYS"])
def test_words_are_in_the_language_of_the_page(app, table, language):
    with app.test_request_context(f"/?lang={language}"):
        said = [str(word) for word in getattr(words, table).values()]

    assert [bool(CHINESE.search(word)) for word in said] == [language == "zh"] * len(said)
