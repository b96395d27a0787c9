"""A private PulseAudio server whose only loudspeaker is recorded."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

RATE_HZ = 48000
_SINK = "sayso"


@dataclass(slots=True)
class NullSink:
    """A loudspeaker that nobody hears.

    Attributes
    ----------
    environment : dict
        The variables with which a process plays here (a copy of this process's, with changes).
    """

    environment: dict[str, str]
    folder: Path
    server: subprocess.Popen[bytes] = field(repr=False)

    def record(self, seconds: float) -> NDArray[np.int16]:
        """Return what is heard in the next `seconds`: mono int16 at 48 kHz. Blocks until it is recorded."""
        with self.recording() as microphone:
            return microphone.take(seconds)

    @contextmanager
    def recording(self) -> Iterator[Microphone]:
        """Record from now on; the sound is taken piece by piece."""
        command = ["parec", f"--device={_SINK}.monitor", "--format=s16le", f"--rate={RATE_HZ}"]
        command += ["--channels=1", "--latency-msec=10", "--raw"]
        process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        microphone = Microphone(process)
        try:
            # The monitor delivers silence too: its first samples say that it is recording.
            microphone.take(0.01)
            yield microphone
        finally:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()

    def kill(self) -> None:
        """Take the sound device away, as a crashed sound server does."""
        self.server.kill()
        self.server.wait()


@dataclass(slots=True)
class Microphone:
    """A running recording."""

    process: subprocess.Popen[bytes]

    def take(self, seconds: float) -> NDArray[np.int16]:
        """Return the next `seconds` of sound, waiting until they are recorded."""
        assert self.process.stdout is not None
        wanted = 2 * round(seconds * RATE_HZ)
        data = bytearray()
        while len(data) < wanted:
            piece = self.process.stdout.read(wanted - len(data))
            if not piece:
                raise RuntimeError("the recording ended")
            data += piece
        return np.frombuffer(bytes(data), "<i2").astype(np.int16)


def start_server(folder: Path, sinks: int = 1) -> NullSink:
    """Start a sound server in `folder` with `sinks` loudspeakers; whoever starts it ends it."""
    for program in ("pulseaudio", "parec"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: pulseaudio, pulseaudio-utils)")
    socket = folder / "pulse.socket"
    socket.unlink(missing_ok=True)
    environment = {k: v for k, v in os.environ.items() if k not in ("PULSE_SINK", "PULSE_COOKIE", "DISPLAY")}
    environment |= {
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "PULSE_RUNTIME_PATH": str(folder),
        "PULSE_SERVER": f"unix:{socket}",
    }
    # norewinds: otherwise the null sink has two seconds of silence ready before the first sound.
    sink = f"--load=module-null-sink sink_name={_SINK} rate={RATE_HZ} norewinds=1"
    command = ["pulseaudio", "-n", "--daemonize=no", "--system=false", "--exit-idle-time=-1"]
    command += ["--use-pid-file=no", "--disable-shm=yes", "--log-level=error", *[sink] * sinks]
    command += [f"--load=module-native-protocol-unix auth-anonymous=1 socket={socket}"]
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    )
    # pactl waits for the server only if it exists: it is asked until it answers or the server has died.
    while subprocess.run(["pactl", "info"], env=environment, capture_output=True, check=False).returncode:
        if server.poll() is not None:
            pytest.skip(f"pulseaudio does not start here (status {server.returncode})")
    return NullSink(environment, folder, server)


@contextmanager
def null_sink(tmp_path: Path) -> Iterator[NullSink]:
    """Yield a private null sink; skips the test, with the reason, where PulseAudio is missing.

    The server's files are put in a folder with a short name: a socket's path has at most 107 characters.
    """
    del tmp_path
    with tempfile.TemporaryDirectory(prefix="sayso-sound-") as folder:
        sink = start_server(Path(folder))
        try:
            yield sink
        finally:
            sink.kill()
