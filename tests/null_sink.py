"""A private PulseAudio server whose only loudspeaker is recorded."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np
import pytest
from numpy.typing import NDArray

RATE_HZ = 48000
SINK = "sayso"


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
    name: str
    server: subprocess.Popen[bytes] = field(repr=False)

    def record(self, seconds: float) -> NDArray[np.int16]:
        """Return what is heard in the next `seconds`: mono int16 at 48 kHz. Blocks until it is recorded."""
        with self.recording() as microphone:
            return microphone.take(seconds)

    @contextmanager
    def recording(self) -> Iterator[Microphone]:
        """Record from now on; the sound is taken piece by piece."""
        command = ["parec", f"--device={self.name}.monitor", "--format=s16le", f"--rate={RATE_HZ}"]
        command += ["--channels=1", "--latency-msec=10", "--raw"]
        process = subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        assert process.stdout is not None
        microphone = Microphone(process.stdout)
        try:
            # The monitor delivers silence too: its first samples say that it is recording.
            microphone.take(0.01)
            yield microphone
        finally:
            process.kill()
            process.wait()
            microphone.close()

    def kill(self) -> None:
        """Take the sound device away, as a crashed sound server does."""
        self.server.kill()
        self.server.wait()


class Microphone:
    """A running recording: what arrives is kept until it is taken or forgotten."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._heard = bytearray()
        self._ended = False
        self._arrived = threading.Condition()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def take(self, seconds: float) -> NDArray[np.int16]:
        """Return the next `seconds` of sound, waiting until they are recorded."""
        wanted = 2 * round(seconds * RATE_HZ)
        with self._arrived:
            if not self._arrived.wait_for(lambda: len(self._heard) >= wanted or self._ended, seconds + 10):
                raise TimeoutError("nothing is recorded")
            if len(self._heard) < wanted:
                raise RuntimeError("the recording ended")
            data = bytes(self._heard[:wanted])
            del self._heard[:wanted]
        return np.frombuffer(data, "<i2").astype(np.int16)

    def forget(self) -> None:
        """Forget what was heard until now."""
        with self._arrived:
            self._heard.clear()

    def close(self) -> None:
        """Stop listening; the recorder must have ended."""
        self._thread.join()
        self._stream.close()

    def _listen(self) -> None:
        while data := self._stream.read(4096):
            with self._arrived:
                self._heard += data
                self._arrived.notify_all()
        with self._arrived:
            self._ended = True
            self._arrived.notify_all()


def start_server(folder: Path, name: str = SINK) -> NullSink:
    """Start a sound server in `folder` with one loudspeaker; whoever starts it ends it."""
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
    sink = f"--load=module-null-sink sink_name={name} rate={RATE_HZ} norewinds=1"
    command = ["pulseaudio", "-n", "--daemonize=no", "--system=false", "--exit-idle-time=-1"]
    command += ["--use-pid-file=no", "--disable-shm=yes", "--log-level=error", sink]
    command += [f"--load=module-native-protocol-unix auth-anonymous=1 socket={socket}"]
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    )
    # pactl waits for the server only if it exists: it is asked until it answers or the server has died.
    while subprocess.run(["pactl", "info"], env=environment, capture_output=True, check=False).returncode:
        if server.poll() is not None:
            pytest.skip(f"pulseaudio does not start here (status {server.returncode})")
    return NullSink(environment, folder, name, server)


@contextmanager
def null_sink(tmp_path: Path, name: str = SINK) -> Iterator[NullSink]:
    """Yield a private null sink; skips the test, with the reason, where PulseAudio is missing.

    The server's files are put in a folder with a short name: a socket's path has at most 107 characters.
    """
    del tmp_path
    with tempfile.TemporaryDirectory(prefix="sayso-sound-") as folder:
        sink = start_server(Path(folder), name)
        try:
            yield sink
        finally:
            sink.kill()
