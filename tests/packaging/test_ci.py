"""The continuous integration's one command."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Stands in for make: `test` and `check-static` fail as they are told to.
MAKE = """#!/bin/bash
echo "$1" >>"$NOTES"
[[ $1 == test ]] && echo "======= 1 failed, 2 passed in 61.20s (0:01:01) ======="
[[ " $FAILING " != *" $1 "* ]]
"""


@pytest.mark.parametrize(
    ("failing", "status"), [("", 0), ("test", 1), ("check-static", 1), ("test check-static", 1)]
)
def test_both_halves_run_once_and_either_can_fail(tmp_path: Path, failing: str, status: int) -> None:
    copy = tmp_path / "sayso" / ".ci" / "run"
    copy.parent.mkdir(parents=True)
    copy.write_text((ROOT / ".ci" / "run").read_text())
    copy.chmod(0o755)
    make = tmp_path / "bin" / "make"
    make.parent.mkdir()
    make.write_text(MAKE)
    make.chmod(0o755)
    notes = tmp_path / "notes"

    done = subprocess.run(
        [copy],
        env={"PATH": f"{make.parent}:/usr/bin:/bin", "NOTES": str(notes), "FAILING": failing},
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == status
    assert notes.read_text().split() == ["test", "check-static"]
    assert done.stdout.splitlines()[-1] == "======= 1 failed, 2 passed in 61.20s (0:01:01) ======="
