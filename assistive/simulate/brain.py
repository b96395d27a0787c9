"""assistive.simulate: an imagined brain: it waits for what leads to its sentence, and its EEG answers what flashes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistive.eeg.marker_text import BoardMark, FlashMark, OutcomeMark, read_mark
from assistive.simulate.background_eeg import BackgroundEeg
from assistive.simulate.responses import ERROR_POTENTIAL, JITTER_S, LASTS_S, P300, Responding, Response, Wave
from assistive.simulate.wish import Wish
from devices.samples import Marker

Floats = NDArray[np.float64]


class ImaginedBrain:
    """Nobody's EEG: background, and responses to the markers that Sayso publishes.

    Parameters
    ----------
    sentence : str
        What the imagined person wants to say; in a calibration they wait for what they are told to.
    electrodes : sequence of str
        Of the 10-20 system.
    rate_hz : float
    p300_uv : float
        Of the answer to a flash of what is waited for.
    error_uv : float
        Of the answer to an outcome that was not meant; 0: none.
    seed : int

    Attributes
    ----------
    wish : Wish
    meant : str
        The id of what was waited for at the latest flash; "": nothing.
    """

    def __init__(
        self,
        sentence: str,
        electrodes: Sequence[str],
        rate_hz: float,
        *,
        p300_uv: float,
        error_uv: float = 0.0,
        seed: int = 0,
    ) -> None:
        self.wish = Wish(sentence)
        self._p300_uv, self._error_uv = p300_uv, error_uv
        background, self._chance = np.random.default_rng(seed).spawn(2)
        self._background = BackgroundEeg(electrodes, rate_hz, background)
        self._responding = Responding(electrodes)
        self._responses: list[Response] = []
        self.meant = ""

    def hear(self, marker: Marker) -> None:
        """See what this marker of Sayso tells of; those of other programs are passed over."""
        mark = read_mark(marker.label)
        match mark:
            case BoardMark():
                self.wish.read(mark.labels, mark.text)
            case FlashMark():
                self.meant = mark.wanted or self.wish.target
                if self.meant and self.meant in mark.targets:
                    self._answer(marker.t, P300, self._p300_uv)
            case OutcomeMark():
                if self.meant and mark.target != self.meant:
                    self._answer(marker.t, ERROR_POTENTIAL, self._error_uv)
                self.wish.chosen(mark.target)

    def samples(self, t: Floats) -> Floats:
        """Return the EEG at these times, which follow each other and those of the last call.

        Parameters
        ----------
        t : array of shape (n,)
            Seconds on the shared clock.

        Returns
        -------
        array of shape (n, electrodes)
            In microvolts.
        """
        eeg = self._background.next(len(t))
        if len(t):
            eeg += self._responding.at(t, self._responses)
            self._responses = [each for each in self._responses if each.t + LASTS_S > t[-1]]
        return eeg

    def _answer(self, t: float, waves: Sequence[Wave], amplitude_uv: float) -> None:
        self._responses.append(Response(t + self._chance.normal(0.0, JITTER_S), waves, amplitude_uv))
