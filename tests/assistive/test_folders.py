"""The folders: private, where the desktop wants them, and somewhere at least when the disk refuses."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from assistive.folders import Folders, find_folders
from assistive.instance import Instance


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    """A private temporary place, as the desktop gives one to each person."""
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    return folder


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_everything_is_under_one_home_when_that_is_asked_for(tmp_path: Path) -> None:
    folders, troubles = find_folders({"SAYSO_HOME": str(tmp_path / "home")})
    assert troubles == ()
    assert folders == Folders(*(tmp_path / "home" / name for name in ("config", "data", "state")))
    assert folders.settings == tmp_path / "home" / "config" / "settings.toml"
    assert folders.journal == tmp_path / "home" / "state" / "journal"
    assert [mode(folder) for folder in (folders.config, folders.data, folders.state)] == [0o700] * 3


def test_else_they_are_where_the_desktop_wants_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{variable}_HOME", str(tmp_path / variable))
    folders, troubles = find_folders({})
    assert troubles == ()
    assert folders == Folders(*(tmp_path / name / "sayso" for name in ("CONFIG", "DATA", "STATE")))


def test_a_folder_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir(mode=0o755)
    find_folders({"SAYSO_HOME": str(tmp_path)})
    assert mode(tmp_path / "state") == 0o700


def test_a_home_that_cannot_be_made_is_replaced_and_told(tmp_path: Path, runtime: Path) -> None:
    (tmp_path / "home").write_text("a file is in the way")
    environ = {"SAYSO_HOME": str(tmp_path / "home"), "XDG_RUNTIME_DIR": str(runtime)}
    folders, (trouble,) = find_folders(environ)
    assert folders.state == runtime / f"sayso-{os.getuid()}" / "state"
    assert folders.state.is_dir() and folders.config.is_dir() and folders.data.is_dir()
    assert trouble.key == "home"
    assert trouble.what.startswith(f"Sayso cannot keep anything in {tmp_path / 'home' / 'state'}: ")
    assert "until the computer is switched off" in trouble.works
    # After a crash the same folder is found again.
    assert find_folders(environ)[0] == folders


def test_a_home_that_can_only_be_read_still_gives_its_settings_and_text(
    tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, _ = find_folders({"SAYSO_HOME": str(tmp_path)})
    usual.journal.write_text("yesterday")
    # Root may write anywhere, so the system's answer has to be given for it.
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, how: path != usual.state and allowed(path, how))
    environ = {"SAYSO_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(runtime)}

    folders, (trouble,) = find_folders(environ)

    assert (folders.config, folders.data) == (usual.config, usual.data)
    assert folders.journal.read_text() == "yesterday"
    assert mode(folders.journal) == 0o600
    assert "Sayso has no permission there" in trouble.what

    folders.journal.write_text("yesterday and today")
    assert find_folders(environ)[0].journal.read_text() == "yesterday and today"

    usual.journal.write_text("tomorrow")
    later = folders.journal.stat().st_mtime + 10
    os.utime(usual.journal, (later, later))
    assert find_folders(environ)[0].journal.read_text() == "tomorrow"
    (aside,) = folders.state.glob("journal.aside-*")
    assert aside.read_text() == "yesterday and today"


def test_a_temporary_folder_that_somebody_else_can_read_is_not_used(
    tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (runtime / f"sayso-{os.getuid()}").mkdir(mode=0o777)
    (runtime / f"sayso-{os.getuid()}").chmod(0o777)
    (tmp_path / "home").write_text("")
    folders, _ = find_folders({"SAYSO_HOME": str(tmp_path / "home"), "XDG_RUNTIME_DIR": str(runtime)})
    assert folders.state.parent.parent == tmp_path
    assert mode(folders.state.parent) == 0o700


def test_with_no_place_at_all_there_is_still_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "home"))
    folders, (trouble,) = find_folders({"SAYSO_HOME": str(tmp_path / "home")})
    assert folders.state == tmp_path / "home" / "state"
    assert trouble.key == "home"


def test_only_one_sayso_has_the_state_folder(tmp_path: Path) -> None:
    first = Instance(tmp_path)
    second = Instance(tmp_path)
    assert (first.alone, second.alone) == (True, False)
    second.release()
    first.release()
    third = Instance(tmp_path)
    assert third.alone
    assert mode(tmp_path / "running.lock") == 0o600
    third.release()


def test_a_disk_without_locks_does_not_keep_sayso_closed(tmp_path: Path) -> None:
    claim = Instance(tmp_path / "missing")
    assert claim.alone
    claim.release()
