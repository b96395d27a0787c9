"""assistive.eeg: labelled epochs: of the flashes of a calibration, of choices that proved right, of their outcomes."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

import numpy as np

from assistive.eeg.epoch_file import EpochFile
from assistive.eeg.kept import Unfinished
from assistive.eeg.marker_text import FlashMark, OutcomeMark
from assistive.eeg.messages import ChoiceJudged
from models.erp.epochs import Epochs, joined
from models.erp.transfer import Labelled

SEQUENCES = 60  # whose epochs are remembered until their choice is judged
OUTCOMES_WAITING = 20
CHOICES = 12  # that proved right: then they are learned from
MOST_FLASHES = 1500  # of a session, the latest
MOST_OUTCOMES = 600
FEWEST_WRONG, FEWEST_RIGHT = 15, 60  # outcomes, for a model of error potentials

Value = TypeVar("Value")


class CalibrationFlashes:
    """Those that the person was told what to wait for."""

    def __init__(self) -> None:
        self._before: Unfinished | None = None
        self._epochs: list[Epochs] = []
        self._target: list[bool] = []
        self._rounds: list[str] = []  # what was waited for, one target after the other

    def begin(self, resumed: Unfinished | None = None) -> None:
        """Forget what there is, and begin with what was broken off."""
        self._before = resumed
        self._epochs, self._target, self._rounds = [], [], []

    def add(self, mark: FlashMark, epoch: Epochs) -> None:
        """Take what followed a flash; one that nobody knows the target of, and a pause, is passed over."""
        if not mark.wanted or not mark.targets:
            return
        if not self._rounds or self._rounds[-1] != mark.wanted:
            self._rounds.append(mark.wanted)
        self._epochs.append(epoch)
        self._target.append(mark.wanted in mark.targets)

    @property
    def so_far(self) -> Unfinished | None:
        """All of it, in the order of time; None: nothing."""
        new = _labelled(self._epochs, self._target)
        if self._before is None or new is None:
            return self._before if new is None else Unfinished(new, len(self._rounds))
        return Unfinished(_after(self._before.labelled, new), self._before.rounds + len(self._rounds))


class ChoiceFlashes:
    """Those of choices: once a choice proved right it is known which of its flashes were waited for."""

    def __init__(self) -> None:
        self._recent: OrderedDict[int, list[tuple[tuple[str, ...], Epochs]]] = OrderedDict()
        self._epochs: list[Epochs] = []
        self._target: list[bool] = []
        self._choices = 0

    def add(self, mark: FlashMark, epoch: Epochs) -> None:
        """Take what followed a flash."""
        if mark.wanted or not mark.targets:
            return
        if mark.number not in self._recent:
            _put(self._recent, mark.number, [], SEQUENCES)
        self._recent[mark.number].append((mark.targets, epoch))

    def judged(self, choice: ChoiceJudged) -> None:
        """A choice proved right, or was taken back: then it is not known what was waited for."""
        flashes = [flash for number in choice.sequences for flash in self._recent.pop(number, [])]
        if choice.right and flashes:
            self._choices += 1
            self._epochs += [epoch for _, epoch in flashes]
            self._target += [choice.target in targets for targets, _ in flashes]

    def enough(self) -> Labelled | None:
        """Those of the last `CHOICES` that proved right, each given out once; None: they are fewer."""
        if self._choices < CHOICES:
            return None
        found = _labelled(self._epochs, self._target)
        self._choices, self._epochs, self._target = 0, [], []
        return found


class Outcomes:
    """What followed the moments in which selections were shown, and which of those were wrong.

    Parameters
    ----------
    kept : EpochFile, optional
        From the days before.
    """

    def __init__(self, kept: EpochFile | None = None) -> None:
        self._file = kept
        self._shown: OrderedDict[int, tuple[float, Epochs]] = OrderedDict()
        self._wrong: OrderedDict[int, bool] = OrderedDict()
        self._new = 0

    def add(self, mark: OutcomeMark, epoch: Epochs) -> None:
        """Take what followed a selection's outcome."""
        _put(self._shown, mark.number, (mark.posterior, epoch), OUTCOMES_WAITING)
        self._match(mark.number)

    def judged(self, choice: ChoiceJudged) -> None:
        """It is known whether it was wrong; this may come before its epoch is whole."""
        _put(self._wrong, choice.number, not choice.right, OUTCOMES_WAITING)
        self._match(choice.number)

    @property
    def file(self) -> EpochFile | None:
        """All that is known of both; None: nothing."""
        return self._file

    @property
    def unsaved(self) -> int:
        """How many came since `saved` was called."""
        return self._new

    def saved(self) -> None:
        """They are on disk."""
        self._new = 0

    @property
    def enough(self) -> bool:
        """Whether a model of error potentials can be fitted."""
        if self._file is None:
            return False
        wrong = int(self._file.label.sum())
        return wrong >= FEWEST_WRONG and len(self._file.label) - wrong >= FEWEST_RIGHT

    def _match(self, number: int) -> None:
        if number not in self._shown or number not in self._wrong:
            return
        posterior, epoch = self._shown.pop(number)
        label, claimed = np.array([self._wrong.pop(number)]), np.array([posterior])
        self._new += 1
        if self._file is None:
            self._file = EpochFile(epoch, label, claimed)
            return
        epochs = joined([self._file.epochs, epoch])
        keep = np.arange(len(epochs))[-MOST_OUTCOMES:]
        self._file = EpochFile(
            epochs.at(keep),
            np.concatenate([self._file.label, label])[keep],
            np.concatenate([self._file.claimed, claimed])[keep],
        )


def with_choices(session: Labelled | None, choices: Labelled) -> Labelled:
    """The flashes of a session and of the choices after it, the latest `MOST_FLASHES` of them."""
    both = choices if session is None else _after(session, choices)
    keep = np.arange(len(both.target))[-MOST_FLASHES:]
    return Labelled(both.epochs.at(keep), both.target[keep])


def _after(first: Labelled, then: Labelled) -> Labelled:
    return Labelled(joined([first.epochs, then.epochs]), np.concatenate([first.target, then.target]))


def _labelled(epochs: list[Epochs], target: list[bool]) -> Labelled | None:
    if not epochs:
        return None
    order = np.argsort([epoch.t[0] for epoch in epochs], kind="stable")
    ordered = [epochs[i] for i in order]
    whole = Epochs(
        np.concatenate([epoch.t for epoch in ordered]),
        np.concatenate([epoch.data for epoch in ordered]),
        ordered[0].channels,
    )
    return Labelled(whole, np.array(target, dtype=bool)[order])


def _put(table: OrderedDict[int, Value], key: int, value: Value, most: int) -> None:
    table[key] = value
    while len(table) > most:
        table.popitem(last=False)
