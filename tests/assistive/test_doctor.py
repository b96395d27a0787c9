"""What the doctor says about computers in all states."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from null_sink import null_sink

from assistive import doctor
from assistive.check_server import SERVER
from assistive.commands.doctor import ask_desktop
from assistive.doctor import DesktopSeen, Finding, ScreenSeen, State
from assistive.folders import Folders, find_folders
from assistive.messages import Trouble
from models.gguf_header import check_gguf
from models.weights import WeightsError

SCREEN = ScreenSeen(1920, 1080, 527.0, 296.0, measured=True)


def same(sentence: str) -> str:
    return sentence


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return find_folders({"SAYSO_HOME": str(tmp_path / "sayso")})[0]


def test_a_computer_with_everything_needs_nothing(tmp_path: Path, folders: Folders) -> None:
    desktop = DesktopSeen((SCREEN,), ("Headphones",), ("Inter", "DejaVu Sans"))
    (tmp_path / "video0").touch()
    voice = tmp_path / "voice.onnx"
    voice.touch()
    (tmp_path / "voice.onnx.json").touch()

    findings = [
        doctor.check_packages(same),
        doctor.check_cores(same, 2),
        doctor.check_screen(same, desktop),
        doctor.check_fonts(same, desktop),
        doctor.check_sound(same, desktop),
        doctor.check_voices(same, voice, espeak=True),
        doctor.check_camera(same, tmp_path),
        doctor.check_streams(same, lambda: [("Tobii", "Gaze")]),
        doctor.check_settings(same, folders.settings, []),
        doctor.check_data_folders(same, folders, free=lambda path: 10**9),
    ]

    assert {finding.state for finding in findings} == {State.OK}
    assert all(finding.means and not finding.todo for finding in findings)
    assert doctor.can_write_and_speak(findings)


def test_a_computer_with_nothing_says_what_to_do_about_each(tmp_path: Path) -> None:
    nothing = DesktopSeen()

    findings = [
        doctor.check_packages(same, find=lambda package: None),
        doctor.check_cores(same, 1),
        doctor.check_screen(same, nothing),
        doctor.check_fonts(same, nothing),
        doctor.check_sound(same, nothing, tmp_path),
        doctor.check_voices(same, None, espeak=False),
        doctor.check_camera(same, tmp_path),
        doctor.check_streams(same, list),
    ]

    assert State.OK not in {finding.state for finding in findings}
    assert all(finding.means and finding.todo for finding in findings)
    stopping = [finding.name for finding in findings if finding.stops]
    assert stopping == [doctor.PYTHON, doctor.SCREEN, doctor.SOUND, doctor.VOICE]


def test_a_sound_card_that_cannot_be_reached_is_told_from_none_at_all(tmp_path: Path) -> None:
    (tmp_path / "pcmC0D0p").touch()

    assert doctor.check_sound(same, DesktopSeen(), tmp_path).state is State.PROBLEM


def test_a_screen_that_hides_its_size_is_a_problem_that_stops_nobody() -> None:
    finding = doctor.check_screen(same, DesktopSeen((ScreenSeen(1920, 1080, 508.0, 285.75, measured=False),)))

    assert finding.state is State.PROBLEM
    assert "508 x 286 mm" in finding.means
    assert not finding.stops


def test_another_font_stands_in() -> None:
    assert "DejaVu Sans" in doctor.check_fonts(same, DesktopSeen(fonts=("DejaVu Sans",))).means


def test_a_camera_that_this_account_may_not_use(tmp_path: Path) -> None:
    (tmp_path / "video0").touch()

    finding = doctor.check_camera(same, tmp_path, may=lambda path, mode: False)

    assert finding.state is State.PROBLEM
    assert "usermod" in finding.todo


def test_a_camera_without_the_model_that_finds_faces(tmp_path: Path) -> None:
    (tmp_path / "video0").touch()

    finding = doctor.check_camera(same, tmp_path, finds_faces=False)

    assert finding.state is State.PROBLEM
    assert "sayso models fetch" in finding.todo


def test_a_banked_voice_whose_description_is_missing_is_replaced_by_a_plain_one(tmp_path: Path) -> None:
    voice = tmp_path / "mine.onnx"
    voice.touch()

    finding = doctor.check_voices(same, voice, espeak=True)

    assert finding.state is State.MISSING
    assert str(voice) in finding.means
    assert not finding.stops


def test_a_file_that_is_not_a_model(tmp_path: Path) -> None:
    text = tmp_path / "poem.gguf"
    text.write_text("Roses are red" * 100)

    finding = doctor.check_language_model(same, lambda: text, check_gguf)

    assert finding.state is State.PROBLEM
    assert "not a GGUF" in finding.means
    assert not finding.stops


def test_a_model_that_was_never_fetched_and_one_that_is_gone(tmp_path: Path) -> None:
    def never() -> Path:
        raise WeightsError("Not fetched.", "The letters work.", "Fetch it.")

    assert doctor.check_language_model(same, never, check_gguf) == Finding(
        doctor.MODEL, State.MISSING, "Not fetched. The letters work.", "Fetch it."
    )
    gone = doctor.check_language_model(same, lambda: tmp_path / "gone.gguf", check_gguf)
    assert gone.state is State.MISSING
    assert doctor.check_language_model(same, never, check_gguf, wanted=False).state is State.OK


def test_a_data_folder_that_others_can_read(folders: Folders) -> None:
    folders.config.chmod(0o755)

    finding = doctor.check_data_folders(same, folders)

    assert finding.state is State.PROBLEM
    assert finding.todo == f"Run `chmod 700 {folders.config}`."


def test_a_full_disk_and_a_folder_where_nothing_can_be_written(folders: Folders) -> None:
    full = doctor.check_data_folders(same, folders, free=lambda path: 1000)
    unwritable = doctor.check_data_folders(same, replace(folders, data=Path("/proc")))

    assert "nearly full" in full.means
    assert "cannot write to /proc" in unwritable.means
    assert not full.stops


def test_what_the_folders_and_the_settings_complained_about_is_told(folders: Folders) -> None:
    trouble = Trouble(0.0, "home", "It is full.", "You can write.", "Make room.")

    for finding in (
        doctor.check_data_folders(same, folders, [trouble]),
        doctor.check_settings(same, folders.settings, [trouble]),
    ):
        assert finding.state is State.PROBLEM
        assert finding.means == "It is full. You can write."
        assert finding.todo == "Make room."


def test_what_a_check_stumbles_over_is_a_finding() -> None:
    def stumble() -> Finding:
        raise RuntimeError("liblsl is broken")

    finding = doctor.examine(doctor.STREAMS, stumble, same)

    assert finding.state is State.PROBLEM
    assert "liblsl is broken" in finding.means


def test_a_display_that_refuses_costs_only_the_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)

    desktop = ask_desktop()

    assert desktop.answered
    assert desktop.screens == ()
    assert desktop.trouble
    assert desktop.fonts
    assert doctor.check_screen(same, desktop).stops


def test_a_qt_that_dies_is_told_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)

    desktop = ask_desktop([sys.executable, "-c", "raise ImportError('libEGL.so.1 is missing')"])

    assert not desktop.answered
    for finding in (doctor.check_screen(same, desktop), doctor.check_sound(same, desktop)):
        assert "libEGL.so.1 is missing" in finding.means
        assert finding.stops


def test_a_real_display_tells_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    if not os.environ.get("DISPLAY"):
        pytest.skip("needs Xvfb")

    screens = ask_desktop().screens

    assert screens
    assert all(screen.width_mm > 50 for screen in screens)


@pytest.fixture
def answer(own_home: Path) -> dict[str, object]:
    """The real command's answer on this computer, without a display."""
    environ = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")
    }
    done = subprocess.run(
        [sys.executable, "-m", "assistive", "doctor", "--json", "--language", "en"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 1  # nobody can write without a screen
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_the_real_doctor_works_without_a_display(answer: dict[str, object]) -> None:
    findings = answer["findings"]
    assert isinstance(findings, list)
    assert answer["can_write_and_speak"] is False
    assert [finding["name"] for finding in findings] == [
        doctor.PYTHON,
        doctor.PROCESSOR,
        doctor.SCREEN,
        doctor.FONTS,
        doctor.SOUND,
        doctor.VOICE,
        doctor.MODEL,
        SERVER,
        doctor.CAMERA,
        doctor.STREAMS,
        doctor.SETTINGS,
        doctor.FOLDER,
    ]
    assert all(finding["todo"] for finding in findings if finding["state"] != "ok")


def test_a_settings_file_that_is_not_one_is_told_and_stops_nothing(own_home: Path) -> None:
    folder = own_home / "config"
    folder.mkdir(parents=True)
    (folder / "settings.toml").write_bytes(b"\x00\xff\x00")

    done = subprocess.run(
        [sys.executable, "-m", "assistive", "doctor", "--language", "ru"],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert "Traceback" not in done.stderr
    assert "Настройки: " in done.stdout
    assert "Sayso" in done.stdout


def test_with_a_screen_and_a_loudspeaker_the_person_can_write_and_speak(tmp_path: Path) -> None:
    if not os.environ.get("DISPLAY"):
        pytest.skip("needs Xvfb")
    with null_sink(tmp_path) as loudspeaker:
        environ = loudspeaker.environment | {
            "DISPLAY": os.environ["DISPLAY"],
            "SAYSO_HOME": str(tmp_path / "sayso"),
        }
        environ.pop("QT_QPA_PLATFORM", None)

        done = subprocess.run(
            [sys.executable, "-m", "assistive", "doctor"],
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "The voice is heard through" in done.stdout
    assert "The person can write and speak." in done.stdout
