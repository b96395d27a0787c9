"""assistive.commands: `sayso doctor`: what is present on this computer, and what to do about what is not."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from assistive import doctor
from assistive.check_server import SERVER, check_server
from assistive.doctor import DesktopSeen, Finding, ScreenSeen, State
from assistive.folders import Folders, find_folders
from assistive.i18n import Translate, translator
from assistive.server_setting import server_address
from devices.i18n import N_
from models.gguf_header import check_gguf
from models.weights import installed, resolve_language_model, slim_folder, slim_of

if TYPE_CHECKING:  # pydantic may be one of the packages that are missing
    from assistive.messages import Trouble
    from assistive.settings import Settings
    from models.language.server.address import ServerAddress

PROBE_LIMIT_S = 20.0
LSL_LIMIT_S = 1.0

STATES = {State.OK: N_("ok"), State.MISSING: N_("missing"), State.PROBLEM: N_("problem")}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sayso doctor`."""
    parser.add_argument("--json", action="store_true", help="for programs: one JSON object")
    parser.add_argument(
        "--language", choices=["en", "ru"], help="the language of the answers (default: the settings')"
    )


def run(args: argparse.Namespace) -> int:
    """Print what was found; return 0 if the person can write and speak, 1 otherwise."""
    packages = doctor.check_packages(str)
    if packages.stops:
        findings, tr = [packages], translator("en")
    else:
        from assistive.store import read_settings

        folders, homeless = find_folders()
        settings, complaints = read_settings(folders.settings, translator)
        tr = translator(args.language or settings.look.language)
        findings = look_around(settings, complaints, folders, homeless, tr)
    able = doctor.can_write_and_speak(findings)
    if args.json:
        listed = [dataclasses.asdict(finding) for finding in findings]
        print(json.dumps({"can_write_and_speak": able, "findings": listed}, indent=2, ensure_ascii=False))
    else:
        print(as_text(findings, tr))
    return 0 if able else 1


def as_text(findings: Sequence[Finding], tr: Translate) -> str:
    """Return the findings for a person to read, and whether writing and speaking work."""
    width = max(len(tr(word)) for word in STATES.values())
    lines = []
    for finding in findings:
        lines.append(f"{tr(STATES[finding.state]):{width}}  {tr(finding.name)}: {finding.means}")
        if finding.todo:
            lines.append(f"{'':{width}}  -> {finding.todo}")
    if doctor.can_write_and_speak(findings):
        lines += ["", tr("The person can write and speak.")]
    else:
        lines += ["", tr("The person cannot write and speak yet; see the arrows above.")]
    return "\n".join(lines)


def look_around(
    settings: Settings,
    complaints: Sequence[Trouble],
    folders: Folders,
    homeless: Sequence[Trouble],
    tr: Translate,
) -> list[Finding]:
    """Make every check on this computer.

    Parameters
    ----------
    settings, complaints
        As `assistive.store.read_settings` gives them.
    folders, homeless
        As `assistive.folders.find_folders` gives them.
    tr : callable
        From an English sentence to the reader's.
    """
    desktop = ask_desktop()
    checks: list[tuple[str, Callable[[], Finding]]] = [
        (doctor.PYTHON, lambda: doctor.check_packages(tr)),
        (doctor.PROCESSOR, lambda: doctor.check_cores(tr, len(os.sched_getaffinity(0)))),
        (doctor.SCREEN, lambda: doctor.check_screen(tr, desktop)),
        (doctor.FONTS, lambda: doctor.check_fonts(tr, desktop)),
        (doctor.SOUND, lambda: doctor.check_sound(tr, desktop)),
        (doctor.VOICE, lambda: doctor.check_voices(tr, _natural_voice(settings), _espeak())),
        (doctor.MODEL, lambda: _check_model(settings, tr)),
        (SERVER, lambda: check_server(tr, server_address(settings.model), lambda at: _try_server(at, tr))),
        (
            doctor.CAMERA,
            lambda: doctor.check_camera(tr, finds_faces=installed("face-landmarker") is not None),
        ),
        (doctor.STREAMS, lambda: doctor.check_streams(tr, resolve_streams)),
        (doctor.SETTINGS, lambda: doctor.check_settings(tr, folders.settings, complaints)),
        (doctor.FOLDER, lambda: doctor.check_data_folders(tr, folders, homeless)),
    ]
    return [doctor.examine(name, check, tr) for name, check in checks]


def ask_desktop(command: Sequence[str] = (sys.executable, "-P", "-m", "assistive.ui.probe")) -> DesktopSeen:
    """Ask Qt in a process of its own; without a display, or when the display refuses, ask it offscreen."""
    environ = dict(os.environ)
    trouble = ""
    if environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        answer, trouble = _probe(command, environ)
        if answer is not None:
            return answer
    answer, no_answer = _probe(command, environ | {"QT_QPA_PLATFORM": "offscreen"})
    if answer is None:
        return DesktopSeen(trouble=no_answer, answered=False)
    return dataclasses.replace(answer, trouble=trouble)


def _probe(command: Sequence[str], environ: dict[str, str]) -> tuple[DesktopSeen | None, str]:
    """The answer, or None and why there is none."""
    try:
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, timeout=PROBE_LIMIT_S, check=True
        )
        told = json.loads(done.stdout)
        screens = tuple(ScreenSeen(**screen) for screen in told["screens"])
        return DesktopSeen(screens, tuple(told["outputs"]), tuple(told["fonts"])), ""
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines()
        return None, lines[-1] if lines else f"status {error.returncode}"
    except (OSError, subprocess.TimeoutExpired, ValueError, KeyError, TypeError) as error:
        return None, str(error)


def resolve_streams() -> list[tuple[str, str]]:
    """Return the name and the type of every stream that LSL finds within a second."""
    import pylsl

    pylsl.set_config_content("[log]\nlevel = -2\n")  # the doctor's own words are enough
    return [(stream.name(), stream.type()) for stream in pylsl.resolve_streams(LSL_LIMIT_S)]


def _natural_voice(settings: Settings) -> Path | None:
    banked = settings.voice.banked_voice.strip()
    return Path(banked).expanduser() if banked else installed("voice-en-joe")


def _espeak() -> bool:
    if find_spec("espeakng_loader") is None:
        return False
    import espeakng_loader

    return Path(espeakng_loader.get_library_path()).exists()


def _try_server(address: ServerAddress, tr: Translate) -> str:
    from models.language.server.client import try_server  # what talks to servers is loaded where there is one

    return try_server(address, tr)


def _check_model(settings: Settings, tr: Translate) -> Finding:
    return doctor.check_language_model(
        tr,
        lambda: resolve_language_model(settings.model.path, tr, settings.look.language),
        lambda path: check_gguf(path, tr),
        wanted=settings.model.proposals,
        slowed=lambda path: slim_folder(path).is_dir() and slim_of(path) is None,
    )
