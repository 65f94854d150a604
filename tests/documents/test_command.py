"""`sunlit document NUMBER FILE` writes a document as it is printed, and says so when there is none."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.__main__ import main
from engine.db import tables as t
from engine.db.store import reading
from tests import county

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_document_is_written_to_a_file(database_url, tmp_path):
    filed = county.file(county.found())
    with reading() as conn:
        number = conn.scalar(sa.select(t.document.c.number).where(t.document.c.case_ == filed.case))

    assert main(["document", number, str(tmp_path / "a.pdf")]) == 0
    assert main(["document", number, str(tmp_path / "b.pdf")]) == 0

    made = (tmp_path / "a.pdf").read_bytes()
    assert made.startswith(b"%PDF-")
    assert made == (tmp_path / "b.pdf").read_bytes()


def test_an_unknown_number_is_refused_and_nothing_is_written(database_url, tmp_path, capsys):
    county.found()

    assert main(["document", "云岭审准〔2026〕99号", str(tmp_path / "a.pdf")]) != 0

    assert "云岭审准〔2026〕99号" in capsys.readouterr().err
    assert list(tmp_path.glob("*.pdf")) == []
