"""assistive: looks at this computer and says, in plain words, what is there and what to do about what is not.

Each check is a function from facts, or from a way to get them, to one `Finding`; nothing here needs a display, a
network or Qt.
"""

from __future__ import annotations

import os
import platform
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from assistive.folders import Folders
from assistive.i18n import Translate
from devices.i18n import N_
from models.gguf_header import GgufError, GgufInfo
from models.weights import WeightsError

if TYPE_CHECKING:  # pydantic may be one of the packages that are missing
    from assistive.messages import Trouble

PACKAGES = (
    "numpy",
    "pydantic",
    "tomlkit",
    "platformdirs",
    "pylsl",
    "PyQt6",
    "llama_cpp",
    "httpx",
    "wordfreq",
    "piper",
    "espeakng_loader",
    "mediapipe",
    "cv2",
)

# What is looked at.
PYTHON = N_("Python and its packages")
PROCESSOR = N_("Processor")
SCREEN = N_("Screen")
FONTS = N_("Fonts")
SOUND = N_("Sound")
VOICE = N_("Voice")
MODEL = N_("Language model")
CAMERA = N_("Camera")
STREAMS = N_("LSL streams")
SETTINGS = N_("Settings")
FOLDER = N_("Data folder")

HOUSE_FONT = "Inter"
MIN_CORES = 2  # one for the window and the gaze, one for the language model
MIN_FREE_BYTES = 200 * 2**20  # years of text, and room for the settings and a model's temporary files


class State(StrEnum):
    """How something was found."""

    OK = "ok"
    MISSING = "missing"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one thing.

    Parameters
    ----------
    name : str
        The thing, in English (translatable).
    state : State
        Whether it is there and works.
    means : str
        One sentence: what that means for the person.
    todo : str
        One sentence: what to do; "" when there is nothing to do.
    stops : bool
        Whether the person cannot write or cannot speak because of it.
    """

    name: str
    state: State
    means: str
    todo: str = ""
    stops: bool = False


@dataclass(frozen=True, slots=True)
class ScreenSeen:
    """A screen: its size in logical pixels, and in millimetres as far as it tells (`measured`)."""

    width_px: int
    height_px: int
    width_mm: float
    height_mm: float
    measured: bool


@dataclass(frozen=True, slots=True)
class DesktopSeen:
    """What the desktop offers.

    Parameters
    ----------
    screens : tuple of ScreenSeen
        Empty without a display.
    outputs : tuple of str
        Where sound can go, the default first.
    fonts : tuple of str
        Those of Sayso's fonts that are here, best first.
    trouble : str
        Why the display could not be used; "" when it could, or when there is none.
    answered : bool
        Whether Qt could be asked at all.
    """

    screens: tuple[ScreenSeen, ...] = ()
    outputs: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    trouble: str = ""
    answered: bool = True


def examine(name: str, check: Callable[[], Finding], tr: Translate) -> Finding:
    """Run one check; whatever it stumbles over becomes a finding, never a traceback."""
    try:
        return check()
    except Exception as error:
        return Finding(
            name,
            State.PROBLEM,
            tr("This could not be looked at ({reason}).").format(reason=f"{type(error).__name__}: {error}"),
            tr("Please report this; everything else was looked at all the same."),
        )


def can_write_and_speak(findings: Iterable[Finding]) -> bool:
    """Whether nothing that was found stops the person from writing and speaking."""
    return not any(finding.stops for finding in findings)


def check_packages(tr: Translate, find: Callable[[str], object | None] = find_spec) -> Finding:
    """Whether Python's packages are installed."""
    absent = [package for package in PACKAGES if find(package) is None]
    if absent:
        return Finding(
            PYTHON,
            State.MISSING,
            tr("Sayso cannot start, because these packages are not installed: {packages}.").format(
                packages=", ".join(absent)
            ),
            tr("Run `make run` in Sayso's folder; it installs them."),
            stops=True,
        )
    means = tr("Python {version} and all packages are here.").format(version=platform.python_version())
    return Finding(PYTHON, State.OK, means)


def check_cores(tr: Translate, cores: int) -> Finding:
    """Whether the processor has a core left for the language model."""
    if cores < MIN_CORES:
        return Finding(
            PROCESSOR,
            State.PROBLEM,
            tr("With a single processor core, proposed words come late; the letters are not slowed down."),
            tr("If words come too late, switch them off in the settings."),
        )
    means = tr("{cores} processor cores: enough for the board and the proposed words.").format(cores=cores)
    return Finding(PROCESSOR, State.OK, means)


def check_screen(tr: Translate, desktop: DesktopSeen) -> Finding:
    """Whether there is a screen, and whether its real size is known."""
    if not desktop.answered:
        return _unanswered(SCREEN, tr, desktop)
    if not desktop.screens:
        means = tr("No screen can be used from here, so the board cannot be shown.")
        if desktop.trouble:
            means = tr("The desktop did not let Sayso open a window ({reason}).").format(
                reason=desktop.trouble
            )
        return Finding(
            SCREEN,
            State.MISSING,
            means,
            tr("Log in at the computer's own screen and start Sayso there."),
            stops=True,
        )
    sizes = ", ".join(f"{screen.width_mm:.0f} x {screen.height_mm:.0f} mm" for screen in desktop.screens)
    if not all(screen.measured for screen in desktop.screens):
        return Finding(
            SCREEN,
            State.PROBLEM,
            tr("The screen does not tell its real size; Sayso takes it for {sizes}.").format(sizes=sizes),
            tr("If the keys are smaller than 3 cm, choose a grid with fewer keys in the settings."),
        )
    return Finding(SCREEN, State.OK, tr("The board fits itself to the screen: {sizes}.").format(sizes=sizes))


def _unanswered(name: str, tr: Translate, desktop: DesktopSeen) -> Finding:
    return Finding(
        name,
        State.PROBLEM,
        tr("Qt, which draws the board and plays the sound, cannot start ({reason}).").format(
            reason=desktop.trouble
        ),
        tr("Run `make run` in Sayso's folder; it installs what Qt needs."),
        stops=True,
    )


def check_fonts(tr: Translate, desktop: DesktopSeen) -> Finding:
    """Whether the house font, or one that stands in for it, is here."""
    if not desktop.answered:
        return _unanswered(FONTS, tr, desktop)
    if not desktop.fonts:
        return Finding(
            FONTS,
            State.MISSING,
            tr("The fonts that Sayso was drawn for are not here; letters may look uneven."),
            tr("Install the package fonts-inter."),
        )
    if desktop.fonts[0] != HOUSE_FONT:
        return Finding(
            FONTS,
            State.MISSING,
            tr("The font {font} stands in for {wanted}; everything can be read.").format(
                font=desktop.fonts[0], wanted=HOUSE_FONT
            ),
            tr("Install the package fonts-inter."),
        )
    return Finding(FONTS, State.OK, tr("The letters are drawn in {font}.").format(font=desktop.fonts[0]))


def check_sound(tr: Translate, desktop: DesktopSeen, sound_devices: Path = Path("/dev/snd")) -> Finding:
    """Whether the voice can be heard."""
    if not desktop.answered:
        return _unanswered(SOUND, tr, desktop)
    if desktop.outputs:
        means = tr("The voice is heard through {output}.").format(output=desktop.outputs[0])
        return Finding(SOUND, State.OK, means)
    if any(sound_devices.glob("pcmC*p")):
        return Finding(
            SOUND,
            State.PROBLEM,
            tr("There is a sound card, but Sayso cannot reach it: nothing spoken will be heard."),
            tr("Start PipeWire or PulseAudio, or log in again; then ask the doctor once more."),
            stops=True,
        )
    return Finding(
        SOUND,
        State.MISSING,
        tr("No loudspeaker was found: nothing spoken will be heard, but the text is on the screen."),
        tr("Connect a loudspeaker or headphones and switch them on."),
        stops=True,
    )


def check_voices(tr: Translate, natural: Path | None, espeak: bool) -> Finding:
    """Whether there is a voice.

    Parameters
    ----------
    natural : Path or None
        The Piper voice that would speak English: the person's own, or the one that comes with Sayso.
    espeak : bool
        Whether espeak-ng's library is here.
    """
    there = natural is not None and natural.is_file() and Path(f"{natural}.json").is_file()
    if there and espeak:
        return Finding(
            VOICE, State.OK, tr("A natural voice speaks English, and espeak-ng the other languages.")
        )
    if there:
        return Finding(
            VOICE,
            State.MISSING,
            tr("A natural voice speaks English, but there is none for other languages."),
            tr("Run `make run` in Sayso's folder; it installs espeak-ng's voices."),
        )
    means = tr("The natural voice has not been fetched yet.")
    todo = tr("Run `sayso models fetch`.")
    if natural is not None:
        means = tr("The voice {path} is not whole: its .onnx or its .onnx.json file is missing.").format(
            path=natural
        )
        todo = tr("Put both files back, or choose another voice in the settings.")
    if espeak:
        means += " " + tr("A plainer voice speaks in its place.")
    else:
        means += " " + tr("Nothing can be spoken.")
    return Finding(VOICE, State.MISSING, means, todo, stops=not espeak)


def check_language_model(
    tr: Translate,
    find: Callable[[], Path],
    read: Callable[[Path], GgufInfo],
    wanted: bool = True,
    slowed: Callable[[Path], bool] = lambda path: False,
) -> Finding:
    """Whether the language model is here and whole.

    Parameters
    ----------
    find : callable
        Returns the model's path; raises `WeightsError`.
    read : callable
        Reads and checks its header; raises `GgufError`.
    wanted : bool
        Whether the settings ask for proposals at all.
    slowed : callable
        Whether the model at a path is used only because its smaller copy cannot be.
    """
    if not wanted:
        return Finding(
            MODEL, State.OK, tr("Proposed words are switched off in the settings; none is needed.")
        )
    try:
        info = read(find())
    except WeightsError as error:
        return Finding(MODEL, State.MISSING, f"{error.happened} {error.still_works}", error.to_do)
    except GgufError as error:
        state = State.MISSING if error.problem == "missing" else State.PROBLEM
        return Finding(MODEL, state, f"{error.happened} {error.still_works}", error.to_do)
    means = tr("{model} proposes words.").format(model=info.name or info.path.name)
    if slowed(info.path):
        slower = tr("Its smaller copy is damaged or out of date: the words come, more slowly.")
        return Finding(MODEL, State.PROBLEM, f"{means} {slower}", tr("Run `sayso models slim`."))
    return Finding(MODEL, State.OK, means)


def check_camera(
    tr: Translate,
    dev: Path = Path("/dev"),
    may: Callable[[Path, int], bool] = os.access,
    finds_faces: bool = True,
) -> Finding:
    """Whether a camera is here, this account may use it, and the model that finds faces has been fetched."""
    cameras = sorted(dev.glob("video*"))
    if not cameras:
        return Finding(
            CAMERA,
            State.MISSING,
            tr("No camera was found, so the eyes cannot be followed by webcam; all other inputs work."),
            tr("Connect a camera if the person writes by webcam."),
        )
    usable = [camera for camera in cameras if may(camera, os.R_OK | os.W_OK)]
    if not usable:
        return Finding(
            CAMERA,
            State.PROBLEM,
            tr("There is a camera, but this account may not use it."),
            tr("Add the account to the group video (`sudo usermod -aG video NAME`) and log in again."),
        )
    if not finds_faces:
        return Finding(
            CAMERA,
            State.PROBLEM,
            tr(
                "There is a camera, but the model that finds faces has not been fetched; all other inputs work."
            ),
            tr("Run `sayso models fetch`."),
        )
    return Finding(CAMERA, State.OK, tr("A camera is here ({path}).").format(path=usable[0]))


def check_streams(tr: Translate, resolve: Callable[[], Sequence[tuple[str, str]]]) -> Finding:
    """Which eye trackers and EEG devices send through the Lab Streaming Layer.

    `resolve` returns the name and the type of each stream.
    """
    streams = resolve()
    if not streams:
        return Finding(
            STREAMS,
            State.MISSING,
            tr("No eye tracker or EEG sends data through LSL; all other inputs work."),
            tr("If the person uses such a device, start its program and ask the doctor once more."),
        )
    listed = ", ".join(f"{stream} ({kind})" for stream, kind in sorted(streams))
    return Finding(STREAMS, State.OK, tr("These devices are sending: {streams}.").format(streams=listed))


def check_settings(tr: Translate, path: Path, complaints: Sequence[Trouble]) -> Finding:
    """Whether the settings file could be used as it is."""
    if complaints:
        return Finding(SETTINGS, State.PROBLEM, *_sentences(tr, complaints[0]))
    return Finding(SETTINGS, State.OK, tr("The settings are in {path}.").format(path=path))


def check_data_folders(
    tr: Translate,
    folders: Folders,
    homeless: Sequence[Trouble] = (),
    free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
) -> Finding:
    """Whether the folders can be written to, are private, and have room.

    Parameters
    ----------
    folders : Folders
        Of the settings, the weights and the text; they exist.
    homeless : sequence of Trouble
        Why others had to stand in for them.
    free : callable
        The bytes that are free on the disk of a folder.
    """
    if homeless:
        return Finding(FOLDER, State.PROBLEM, *_sentences(tr, homeless[0]))
    for folder in (folders.state, folders.config, folders.data):
        if not _writable(folder):
            return Finding(
                FOLDER,
                State.PROBLEM,
                tr("Sayso cannot write to {folder}: what is new there is lost at the end.").format(
                    folder=folder
                ),
                tr("Give this account the right to write there, or set SAYSO_HOME to another folder."),
            )
        if free(folder) < MIN_FREE_BYTES:
            return Finding(
                FOLDER,
                State.PROBLEM,
                tr("The disk with {folder} is nearly full: what is written may be lost.").format(
                    folder=folder
                ),
                tr("Make some room on this disk."),
            )
        if stat.S_IMODE(folder.stat().st_mode) & 0o077:
            return Finding(
                FOLDER,
                State.PROBLEM,
                tr("Other accounts on this computer can look into {folder}.").format(folder=folder),
                tr("Run `chmod 700 {folder}`.").format(folder=folder),
            )
    means = tr("What is written is kept in {folder}, for the person alone.").format(folder=folders.state)
    return Finding(FOLDER, State.OK, means)


def _sentences(tr: Translate, trouble: Trouble) -> tuple[str, str]:
    return f"{tr(trouble.what)} {tr(trouble.works)}", tr(trouble.todo)


def _writable(folder: Path) -> bool:
    """Try it: permissions alone do not tell of a disk that is full or read-only."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"Sayso")
    except OSError:
        return False
    return True
