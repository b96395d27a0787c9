"""benchmarks: what a P300 model says of recorded flashes that it was not fitted to, and its answers to simulated ones.

Each block of time of a recording is scored by a model that was fitted to the others, with a purge between. A simulated
flash is answered by a recorded epoch of its kind: of a target where the meant one flashed, of another where it did not.
Within one selection both are taken in the order of time from a random place of one block on, so that what drifts and
what overlaps in the recording stays together.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.eeg_files import Recording
from calibration.erp import judge
from calibration.verdict import Verdict
from models.erp.blocks import contiguous_blocks
from models.erp.epochs import LENGTH_S
from models.erp.p300 import fit_p300

BLOCKS = 5
FEWEST = 2  # epochs of each kind in a block
ODDBALL_S = (
    0.4  # flashes further apart are no speller's: one round of nine would last as long as dwelling on all
)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Held-out epochs of one block, in the order of time: the log-likelihood ratio of each, and which are targets."""

    llr: NDArray[np.float64]
    target: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class HeldOutEeg:
    """One recording.

    Parameters
    ----------
    name : str
        Of the file.
    soa_s : float
        Seconds from one flash to the next.
    rarity : float
        Share of the flashes that were targets.
    verdict : Verdict
        Of the calibrations with the other blocks: the worst of them, told before anything held out was seen.
    blocks : tuple of Block
        All of it.
    """

    name: str
    soa_s: float
    rarity: float
    verdict: Verdict
    blocks: tuple[Block, ...]


class Answers:
    """The log-likelihood ratios of the flashes of one selection."""

    def __init__(self, eeg: HeldOutEeg, chance: random.Random) -> None:
        block = chance.choice(eeg.blocks)
        later = np.roll(np.arange(len(block.llr)), -chance.randrange(len(block.llr)))
        self._llr = {kind: block.llr[later[block.target[later] == kind]] for kind in (True, False)}
        self._used = {True: 0, False: 0}

    def llr(self, meant: bool) -> float:
        """The answer to one more flash, in which the meant target was or was not."""
        own, n = self._llr[meant], self._used[meant]
        self._used[meant] += 1
        return float(own[n % len(own)])


def soa_s(recording: Recording) -> float:
    """The usual time from one flash to the next, in seconds."""
    return float(np.median(np.diff(recording.epochs.t)))


def held_out(recording: Recording) -> HeldOutEeg:
    """Score each block of a recording by a model that was fitted to the others; say how far it is.

    Raises
    ------
    ValueError
        There are too few epochs to learn from.
    """
    epochs, target = recording.epochs, recording.target
    blocks: list[Block] = []
    verdicts: list[Verdict] = []
    for i, (training, test) in enumerate(contiguous_blocks(epochs.t, BLOCKS)):
        model = fit_p300(epochs.at(training), target[training])
        verdicts.append(judge(model).verdict)
        if FEWEST <= target[test].sum() <= len(test) - FEWEST:
            blocks.append(Block(model.llr(epochs.at(test)), target[test]))
        print(f"\r{recording.name}: block {i + 1} of {BLOCKS} ", end="", flush=True)
    print("\r" + " " * 60 + "\r", end="", flush=True)
    if not blocks:
        raise ValueError(f"{recording.name}: no block of time has enough flashes of both kinds")
    worst = max(verdicts, key=list(Verdict).index)
    return HeldOutEeg(recording.name, soa_s(recording), float(target.mean()), worst, tuple(blocks))


def of_spellers(recordings: Sequence[Recording]) -> list[HeldOutEeg]:
    """Score all recordings with which something can be chosen; tell which are left out, and why.

    Raises
    ------
    ValueError
        None is left.
    """
    found = []
    for recording in recordings:
        if soa_s(recording) > ODDBALL_S:
            print(
                f"left out: {recording.name}, flashes {soa_s(recording):.2f} s apart are an oddball, no speller"
            )
            continue
        scored = held_out(recording)
        if scored.verdict is Verdict.UNUSABLE:
            print(f"left out: {recording.name}, its calibration says that EEG does not help")
            continue
        found.append(scored)
    if not found:
        raise ValueError("there is no recording of a speller whose calibration says that EEG helps")
    return found


def seconds_of(flashes: int, soa: float) -> float:
    """The time from the first of so many flashes until the epoch of the last one is complete."""
    return max(0, flashes - 1) * soa + LENGTH_S
