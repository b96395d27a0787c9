"""models.erp: what is wrong with an electrode and what to do about it, in words for whoever helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models.erp.signal_level import Fault


def electrode_advice(channel: str, faults: Sequence[Fault], tr: Callable[[str], str] = str) -> str:
    """Return one sentence about the worst fault of an electrode.

    Parameters
    ----------
    channel : str
        The electrode's name.
    faults : sequence of Fault
        The worst first; none: it is good.
    tr : callable
        Translates a string.
    """
    if not faults:
        return tr("{channel}: good.").format(channel=channel)
    return _sentences(tr)[faults[0]].format(channel=channel)


def _sentences(tr: Callable[[str], str]) -> dict[Fault, str]:
    return {
        Fault.MISSING: tr("{channel} sends nothing. Is its cable plugged in?"),
        Fault.FLAT: tr(
            "{channel} is flat: it touches nothing, or its cable is loose. Press it on, or plug it in."
        ),
        Fault.SATURATED: tr(
            "{channel} is at the end of its range. Moisten the electrode, check the reference, and wait a minute."
        ),
        Fault.MAINS: tr(
            "{channel} hears the mains. Moisten the electrode and the ground, and move chargers and cables away."
        ),
        Fault.NOISE: tr(
            "{channel} is noisy. Let jaw and forehead relax; if it stays, part the hair and press it on."
        ),
        Fault.DRIFT: tr("{channel} drifts. Wait a minute; if it stays, moisten it and keep its cable still."),
        Fault.ALONE: tr("{channel} has nothing in common with the others. Part the hair and press it on."),
        Fault.BRIDGED: tr(
            "{channel} shows the same as another electrode: gel or sweat joins them. Dry the skin between them."
        ),
    }
