"""assistive.simulate: what a brain answers: the P300 to what was waited for, the error potential to what was not meant.

Courses and places are those of textbooks (Polich 2007, Clin Neurophysiol 118(10); Chavarriaga & Millan 2010, IEEE
TNSRE 18(4)), no person's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistive.simulate.scalp import heard_from

Floats = NDArray[np.float64]

P300_S = 0.3
P300_WIDTH_S = 0.06  # standard deviation of a bell
JITTER_S = 0.025  # standard deviation of the latency from one answer to the next
REACH_M = 0.07
LASTS_S = 1.0  # nothing is left of any answer after so long


@dataclass(frozen=True, slots=True)
class Wave:
    """One deflection of a response: a bell in time, heard around one electrode.

    Parameters
    ----------
    at_s, width_s : float
        Its peak after the event, and its standard deviation.
    height : float
        Of the peak, in shares of the response's amplitude.
    source : str
        The electrode at which it is largest.
    """

    at_s: float
    width_s: float
    height: float
    source: str


P300 = (Wave(P300_S, P300_WIDTH_S, 1.0, "Pz"),)
ERROR_POTENTIAL = (
    Wave(0.20, 0.025, 0.4, "FCz"),
    Wave(0.25, 0.03, -1.0, "FCz"),
    Wave(0.32, 0.04, 1.0, "FCz"),
    Wave(0.45, 0.06, -0.5, "FCz"),
)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer of the brain to what happened at `t`.

    Parameters
    ----------
    t : float
        Seconds on the shared clock, the latency of this answer included: its waves count from here.
    waves : sequence of Wave
    amplitude_uv : float
    """

    t: float
    waves: Sequence[Wave]
    amplitude_uv: float


class Responding:
    """Gives answers to the electrodes.

    Parameters
    ----------
    electrodes : sequence of str
    """

    def __init__(self, electrodes: Sequence[str]) -> None:
        self._heard = {
            wave.source: heard_from(wave.source, electrodes, REACH_M) for wave in (*P300, *ERROR_POTENTIAL)
        }
        self._count = len(electrodes)

    def at(self, t: Floats, responses: Sequence[Response]) -> Floats:
        """Return what the electrodes hear of these answers.

        Parameters
        ----------
        t : array of shape (n,)
            Seconds, in order.
        responses : sequence of Response

        Returns
        -------
        array of shape (n, electrodes)
            In microvolts.
        """
        heard = np.zeros((len(t), self._count))
        for response in responses:
            near = slice(*np.searchsorted(t, [response.t, response.t + LASTS_S]))
            since = t[near] - response.t
            for wave in response.waves:
                bell = np.exp(-0.5 * ((since - wave.at_s) / wave.width_s) ** 2)
                heard[near] += (response.amplitude_uv * wave.height * bell)[:, None] * self._heard[
                    wave.source
                ]
        return heard
