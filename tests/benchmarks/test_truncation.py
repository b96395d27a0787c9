"""The truncation check itself: it passes on a sound journal, and would notice an unsound one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assistive.text import journal
from benchmarks.truncation import check_truncations


def test_every_byte_is_checked(tmp_path: Path) -> None:
    checked = check_truncations(tmp_path, 5)
    assert checked == len((tmp_path / "written" / "journal").read_bytes()) + 1


def test_a_journal_that_forgets_an_entry_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(path: Path) -> Any:
        opened, entries, recovery = journal.open_journal(path)
        return opened, entries[:3], recovery

    monkeypatch.setattr("benchmarks.truncation.open_journal", forgetful)
    with pytest.raises(AssertionError, match="3 entries read, 4 expected"):
        check_truncations(tmp_path, 5)
