"""The sunlit command: what goes wrong is said in one line, with an exit code, and never with a traceback."""

from __future__ import annotations

import pytest

from engine.__main__ import VERBS, main
from tests import county

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(database_url, verb, capsys):
    try:
        code = main([verb, "--help"])
    except SystemExit as left:
        code = left.code

    assert code == 0
    assert f"usage: sunlit {verb}" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_said_in_one_line(database_url, configure, tmp_path, capsys):
    county.found()
    configure(SUNLIT_TOKEN=county.PASSWORD)
    (tmp_path / "file").write_text("in the way")

    assert main(["export", str(tmp_path / "file" / "folder"), "--as", "sun"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_real_time_cannot_be_moved_and_says_so(database_url, capsys):
    assert main(["clock", "advance", "1d"]) == 1
    assert "only the demo county" in capsys.readouterr().err


def test_due_without_a_question_lists_what_is_due_in_the_database(database_url, capsys):
    county.found()

    assert main(["due"]) == 0
    assert capsys.readouterr().out == "next: nothing\n"
