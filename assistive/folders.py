"""assistive: where the settings, the weights and the text are kept. Light, because the supervisor needs it too."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistive.durable import plain_reason, set_aside

if TYPE_CHECKING:
    from assistive.messages import Trouble

HOME_VARIABLE = "SAYSO_HOME"


@dataclass(frozen=True, slots=True)
class Folders:
    """Sayso's folders, each readable by its owner alone.

    Parameters
    ----------
    config : Path
        The settings.
    data : Path
        The weights, the choices, the calibrations.
    state : Path
        The journal, the recordings, the crash log, the lock of the running instance.
    """

    config: Path
    data: Path
    state: Path

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.config / "settings.toml"

    @property
    def journal(self) -> Path:
        """The journal of the text."""
        return self.state / "journal"

    @property
    def choices(self) -> Path:
        """The choices to learn from, when the person wants them kept."""
        return self.data / "choices.sqlite"

    @property
    def calibrations(self) -> Path:
        """The calibrations of the gaze."""
        return self.data / "calibrations"

    @property
    def eeg(self) -> Path:
        """What is known of the person's EEG, and its recordings when they want such."""
        return self.data / "eeg"

    @property
    def recordings(self) -> Path:
        """Where recordings are made, when the person wants them."""
        return self.state / "recordings"


def find_folders(
    environ: Mapping[str, str] = os.environ, tr: Callable[[str], str] = str, t: float = 0.0
) -> tuple[Folders, tuple[Trouble, ...]]:
    """Find the folders and make them where they are missing. Never raises for what the disk does.

    They are in ``$SAYSO_HOME`` if that is set, else where the desktop's conventions want them. A folder that
    cannot be made, and a state folder that cannot be written to, is replaced by a temporary one, with a copy
    of the journal, so that the person can still write and speak.

    Returns
    -------
    folders : Folders
    troubles : tuple of Trouble
        Empty, or the one called "home".
    """
    folders = _usual(environ)
    refused: list[tuple[Path, OSError]] = []
    for name in ("config", "data", "state"):
        folder: Path = getattr(folders, name)
        try:
            _make_private(folder)
            # A config or data folder on a disk that can only be read still gives what is in it.
            if name == "state" and not os.access(folder, os.W_OK | os.X_OK):
                raise _not_writable(folder)
        except OSError as error:
            refused.append((folder, error))
            with contextlib.suppress(OSError):
                folders = replace(folders, **{name: _temporary(environ, name)})
                if name == "state":
                    _bring(folder / folders.journal.name, folders.journal)
    if not refused:
        return folders, ()
    # Imported late: messages and settings take a tenth of a second that the supervisor must not spend.
    from assistive.messages import Trouble

    place, refusal = refused[-1]
    trouble = Trouble(
        t,
        "home",
        tr("Sayso cannot keep anything in {folder}: {reason}.").format(
            folder=place, reason=plain_reason(refusal, tr)
        ),
        tr("Writing and speaking work. What you write is kept until the computer is switched off."),
        tr("Have somebody make that folder writable, then open Sayso again."),
    )
    return folders, (trouble,)


def _usual(environ: Mapping[str, str]) -> Folders:
    if home := environ.get(HOME_VARIABLE):
        base = Path(home).expanduser().absolute()
        return Folders(base / "config", base / "data", base / "state")
    from platformdirs import PlatformDirs

    usual = PlatformDirs("sayso", appauthor=False)
    return Folders(usual.user_config_path, usual.user_data_path, usual.user_state_path)


def _make_private(folder: Path) -> None:
    if not folder.is_absolute():
        # An account without a home gives "~/...", which would be made in whatever folder this is.
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        with contextlib.suppress(OSError):
            folder.chmod(0o700)


def _not_writable(folder: Path) -> OSError:
    code = errno.EROFS if os.statvfs(folder).f_flag & os.ST_RDONLY else errno.EACCES
    return OSError(code, os.strerror(code), str(folder))


def _temporary(environ: Mapping[str, str], name: str) -> Path:
    """Return a folder that the next start after a crash finds again, and that nobody else can have put there."""
    import tempfile

    runtime = environ.get("XDG_RUNTIME_DIR", "")
    base = Path(runtime) if runtime and os.access(runtime, os.W_OK) else Path(tempfile.gettempdir())
    folder = base / f"sayso-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        folder = Path(tempfile.mkdtemp(prefix="sayso-"))
    (folder / name).mkdir(mode=0o700, exist_ok=True)
    return folder / name


def _bring(source: Path, target: Path) -> None:
    """Copy the journal along, unless the temporary folder has a newer one from before a crash."""
    import shutil

    if not source.is_file():
        return
    if target.exists():
        if target.stat().st_mtime >= source.stat().st_mtime:
            return
        set_aside(target)
    shutil.copyfile(source, target)
    target.chmod(0o600)
