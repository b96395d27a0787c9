"""The command line: what is not installed is said, not thrown."""

from __future__ import annotations

import sys

import pytest

from assistive.cli import main


def test_a_measuring_tool_that_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "psutil", None)
    monkeypatch.delitem(sys.modules, "benchmarks.ui", raising=False)
    assert main(["bench", "ui"]) == 1
    assert "psutil" in capsys.readouterr().out
