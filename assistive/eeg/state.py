"""assistive.eeg: what the board says of choosing by EEG."""

from __future__ import annotations

from dataclasses import dataclass

from assistive.eeg.messages import ElectrodeSignal
from calibration.verdict import Verdict


@dataclass(frozen=True, slots=True)
class EegState:
    """How it stands with the EEG; all words are in the person's language.

    Attributes
    ----------
    on : bool
        EEG comes in now. Whether it is wanted says the setting `eeg.source`.
    running : bool
        Keys flash, or pause for a moment, to be chosen.
    verdict : Verdict, optional
        What the model in use is worth; None: there is none.
    sentence : str
        What is happening, or why nothing flashes; "": nothing needs to be said.
    electrodes : tuple of ElectrodeSignal
        The latest signal of each, in the amplifier's order; empty: nothing is known.
    onset : str
        How the time of a flash is told, in a few words; "": nothing has flashed.
    offer : tuple of str
        Where the EEG says that the latest choice was wrong: the label of what was chosen, then of what may have been
        meant instead, where there is such; empty: nothing is offered.
    """

    on: bool = False
    running: bool = False
    verdict: Verdict | None = None
    sentence: str = ""
    electrodes: tuple[ElectrodeSignal, ...] = ()
    onset: str = ""
    offer: tuple[str, ...] = ()
