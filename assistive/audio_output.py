"""assistive: where sound goes, as the voice sees it."""

from __future__ import annotations

import threading
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class AudioOutput(Protocol):
    """One line of speech, and tones that sound together with it.

    Everything may be called from any thread; nothing blocks and nothing raises. All sound is mono int16
    at `rate_hz`.
    """

    rate_hz: int

    def write(self, pcm: NDArray[np.int16]) -> None:
        """Go on speaking with `pcm`; the first piece is heard at once."""
        ...

    def heard_s(self) -> float:
        """Return how many seconds of what was written since the last `stop` have been heard."""
        ...

    def stop(self) -> None:
        """Be silent at once and forget the speech; `heard_s` counts from 0 again."""
        ...

    def tone(self, pcm: NDArray[np.int16]) -> None:
        """Play `pcm` now, together with everything else that sounds."""
        ...

    def stop_tones(self) -> None:
        """Silence the tones."""
        ...

    def problem(self) -> str:
        """Return why nothing can be heard, as a sentence for people; "" while all is well."""
        ...

    def close(self) -> None:
        """Be silent for good."""
        ...


class FakeAudioOutput:
    """An output for tests: time passes when the test says so.

    Attributes
    ----------
    spoken : list of ndarray
        Every piece of speech, in order, with those that were stopped.
    tones : list of ndarray
        Every tone.
    broken : str
        What `problem` returns.
    """

    def __init__(self, rate_hz: int = 1000) -> None:
        self.rate_hz = rate_hz
        self.spoken: list[NDArray[np.int16]] = []
        self.tones: list[NDArray[np.int16]] = []
        self.tones_stopped = 0
        self.broken = ""
        self._changed = threading.Condition()
        self._written = 0
        self._heard = 0.0

    def advance(self, seconds: float) -> None:
        """Let `seconds` of what has been written be heard."""
        with self._changed:
            self._heard = min(self._heard + seconds * self.rate_hz, self._written)

    def wait_until_written(self, seconds: float, timeout_s: float = 5.0) -> bool:
        """Wait until at least `seconds` of speech wait to be heard or have been; False if they never come."""
        with self._changed:
            return self._changed.wait_for(lambda: self._written >= seconds * self.rate_hz, timeout_s)

    def write(self, pcm: NDArray[np.int16]) -> None:
        """Take a piece of speech."""
        with self._changed:
            self.spoken.append(pcm)
            self._written += pcm.size
            self._changed.notify_all()

    def heard_s(self) -> float:
        """Return what `advance` has let be heard."""
        with self._changed:
            return self._heard / self.rate_hz

    def stop(self) -> None:
        """Forget the speech."""
        with self._changed:
            self._written, self._heard = 0, 0.0

    def tone(self, pcm: NDArray[np.int16]) -> None:
        """Take a tone."""
        self.tones.append(pcm)

    def stop_tones(self) -> None:
        """Count that the tones were silenced."""
        self.tones_stopped += 1

    def problem(self) -> str:
        """Return `broken`."""
        return self.broken

    def close(self) -> None:
        """Do nothing."""
