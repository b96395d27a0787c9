"""devices.eeg: one connection to an LSL stream of EEG: samples come as chunks in microvolts on the shared clock.

The first second is held back, until it tells the unit and the rate, and is emitted then. 0.3 s without samples (twice
the usual time, where the program sends larger packets) are an outage: the device is LOST until samples come, and
the chunk that comes then has a gap before it, whatever its stamps say. After 3 s the connection is given up.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from devices.clock import Clock
from devices.driver import DeviceLost, Emit
from devices.eeg.lsl_channels import Montage
from devices.eeg.lsl_markers import MarkerListener
from devices.eeg.rate_check import RateCheck
from devices.eeg.silence import Silence
from devices.eeg.stamps import SampleClock, Stamped
from devices.eeg.units import Scale, UnitSource, find_scale
from devices.lsl_inlet import Inlet
from devices.lsl_stream import StreamGone
from devices.samples import DeviceState, DeviceStatus, EegChunk

DEVICE = "eeg"
WAIT_S = 0.1  # for the next samples; also how soon it stops
# Packets that come in quick succession are passed on together: 60 wake-ups a second at most.
GROUP_S = 0.016
HELD_S = 1.0

_Held = list[tuple[NDArray[np.float64], Stamped]]


class EegSession:
    """Follows one stream until it ends.

    Parameters
    ----------
    inlet : Inlet
    montage : Montage
        The channels to take.
    markers : str
        The marker stream to hear; "": the one of this stream's program.
    notes : sequence of str
        Sentences for the status RUNNING.
    tr : callable
        Translates sentences.
    """

    def __init__(
        self,
        inlet: Inlet,
        montage: Montage,
        markers: str,
        notes: Sequence[str],
        tr: Callable[[str], str],
    ) -> None:
        self._inlet = inlet
        self._montage = montage
        self._markers_named = bool(markers)
        self._markers = MarkerListener(markers or inlet.found.name)
        self._notes = list(notes)
        self._tr = tr
        self._clock = SampleClock(inlet.rate_hz)
        self._rate = RateCheck(inlet.rate_hz)
        self._scale: Scale | None = None
        self._held: _Held = []

    def follow(self, emit: Emit, stop: threading.Event, clock: Clock) -> None:
        """Emit samples, markers and statuses until `stop` is set.

        Raises
        ------
        StreamGone
        DeviceLost
            It is silent, or does not send at the rate that it promises.
        """
        silence = Silence(clock.now())
        silent = False
        told: str | None = None  # nothing before the first chunk: until then it does not run
        while not stop.is_set():
            rows, stamps = self._pull(stop)
            now = clock.now()
            pieces = self._clock.times(stamps, now, self._inlet.correction(now)) if len(stamps) else []
            if pieces:
                silence.heard(now)
                silent = False
            elif silence.lasts(now):
                if silence.is_lost(now):
                    raise DeviceLost(self._silent())
                if not silent:
                    silent, told = True, None
                    self._clock.skip()
                    if self._scale is not None:
                        emit(DeviceStatus(now, DEVICE, DeviceState.LOST, self._silent()))
            for marker in self._markers.pull(now, self._clock.offset_s):
                emit(marker)
            self._check_rate(stamps, now)
            for chunk in self._chunks(rows, pieces):
                emit(chunk)
            if pieces and self._scale is not None and told != (detail := " ".join(self._now_noted())):
                told = detail
                emit(DeviceStatus(now, DEVICE, DeviceState.RUNNING, detail))

    def _pull(self, stop: threading.Event) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """Wait for samples, and for those that follow at once: only together do they tell a late packet from a gap."""
        rows, stamps = self._inlet.pull(WAIT_S)
        if not len(stamps):
            return rows, stamps
        stop.wait(GROUP_S)
        with contextlib.suppress(StreamGone):  # it is told at the next call; these samples have come
            more_rows, more_stamps = self._inlet.pull(0.0)
            rows, stamps = np.concatenate([rows, more_rows]), np.concatenate([stamps, more_stamps])
        return rows, stamps

    def _chunks(self, rows: NDArray[Any], pieces: Sequence[Stamped]) -> list[EegChunk]:
        taken = [
            (rows[piece.start : piece.stop, list(self._montage.places)].astype(np.float64), piece)
            for piece in pieces
        ]
        if self._scale is None:
            self._held += taken
            enough = sum(len(piece.t) for _, piece in self._held) >= HELD_S * self._inlet.rate_hz
            if not (enough and self._rate.is_plausible):
                return []
            taken, self._held = self._held, []
            self._scale = find_scale(self._montage.units, np.concatenate([samples for samples, _ in taken]))
            self._notes += self._unit_noted(self._scale)
        return [self._chunk(samples, piece, self._scale) for samples, piece in taken]

    def _chunk(self, samples: NDArray[np.float64], piece: Stamped, scale: Scale) -> EegChunk:
        data = samples * scale.factors
        data[~np.isfinite(data)] = np.nan
        names, rate_hz = self._montage.names, self._inlet.rate_hz
        return EegChunk(piece.t, data.astype(np.float32), names, rate_hz, piece.gap)

    def _check_rate(self, stamps: NDArray[np.float64], now: float) -> None:
        measured_hz = self._rate.wrong(stamps, now)
        if measured_hz is not None:
            raise DeviceLost(
                self._tr(
                    "The EEG stream {name} promises {promised} samples a second, and {measured} arrive. Choose the same "
                    "rate in the amplifier and in its program; where the amplifier is wireless, bring it nearer. Gaze and "
                    "switches still work."
                ).format(
                    name=self._inlet.found.name,
                    promised=f"{self._inlet.rate_hz:g}",
                    measured=f"{measured_hz:.0f}",
                )
            )

    def _now_noted(self) -> list[str]:
        if not self._markers_named or self._markers.found:
            return self._notes
        missing = self._tr(
            "The markers that were chosen in the settings are not there: start the program that sends them. The EEG comes."
        )
        return [*self._notes, missing]

    def _unit_noted(self, scale: Scale) -> list[str]:
        name = self._inlet.found.name
        if scale.source is UnitSource.GUESSED:
            return [
                self._tr(
                    "The EEG stream {name} does not say in which unit its numbers are. They are scaled by the size of the "
                    "signal, so the microvolts shown are a guess; choosing works the same."
                ).format(name=name)
            ]
        if scale.source is UnitSource.CORRECTED:
            return [
                self._tr(
                    "The unit that the EEG stream {name} names cannot be right: no head gives such voltages. The numbers "
                    "are scaled by the size of the signal, so the microvolts shown are a guess."
                ).format(name=name)
            ]
        return []

    def _silent(self) -> str:
        return self._tr(
            "The EEG stream {name} sends nothing. Is the amplifier switched on and near enough? Sayso goes on by itself when "
            "it sends; gaze and switches still work."
        ).format(name=self._inlet.found.name)
