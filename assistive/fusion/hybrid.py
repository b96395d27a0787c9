"""assistive.fusion: gaze and EEG in one posterior; each counts as much as it has proved to be worth.

P(k | gaze, EEG) is proportional to pi_k p(gaze | k)^a p(EEG | k)^b. Given the target, what the eyes and what the EEG err
by have nothing to do with each other, so both exponents would be 1 if what each claims were true; they are learned
from what was meant. Either may be missing: then it says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

from assistive.boards.board import Target
from assistive.fusion.belief import density
from assistive.fusion.inquiry import FIRST_NOTHING, MOST_SEQUENCES, NOTHING, TAKEN_BACK, Inquiry

STEPS = 10  # of the exponent, from 0 to 1
TRUSTED = 4.0  # how strongly an exponent of 1 is believed in before anything is known: its prior is value ** TRUSTED
MEMORY = 0.95  # of what was known is left after another selection: what has failed comes back
MOST_LOST = 3.0  # nats that one selection may speak against a modality: one slip of the person is no failure


class Reliability:
    """How much a modality's evidence is worth, 0..1, by what was meant in the selections that were kept.

    The exponent has a distribution over a few values, each weighed by how probable it would have made what was meant;
    older selections are forgotten step by step (a power prior: Ibrahim & Chen 2000, Statistical Science 15(1)).
    """

    def __init__(self) -> None:
        self._values = [step / STEPS for step in range(STEPS + 1)]
        self._first = [TRUSTED * math.log(max(value, 0.5 / STEPS)) for value in self._values]
        self._logs = list(self._first)

    def kept(self) -> tuple[float, ...]:
        """What is known, as plain data."""
        return tuple(self._logs)

    def restore(self, kept: Sequence[float]) -> None:
        """Go on from `kept`; ValueError if it is not that of such a distribution."""
        if len(kept) != len(self._logs) or not all(map(math.isfinite, kept)):
            raise ValueError("this does not say how much a modality is worth")
        self._logs = list(kept)

    @property
    def weight(self) -> float:
        """The exponent of its likelihood, 0..1: 0 is not believed at all."""
        most = max(self._logs)
        shares = [math.exp(each - most) for each in self._logs]
        return sum(value * share for value, share in zip(self._values, shares, strict=True)) / sum(shares)

    def learn(self, prior: Mapping[str, float], evidence: Mapping[str, float], meant: str) -> None:
        """A selection was kept, or the right one is known after an undo.

        Parameters
        ----------
        prior : mapping of str to float
            The probability of each target before this modality said anything.
        evidence : mapping of str to float
            What it said of each of them, unweighted: log-likelihoods, in any offset.
        meant : str
            The target that was meant; where it was not asked about, nothing is learned.
        """
        if prior.get(meant, 0.0) <= 0.0 or not evidence:
            return
        said = [math.log(posterior_of(prior, (evidence, value))[meant] + 1e-300) for value in self._values]
        best = max(said)
        for i, each in enumerate(said):
            new = max(each - best, -MOST_LOST)
            self._logs[i] = self._first[i] + MEMORY * (self._logs[i] - self._first[i]) + new


def posterior_of(
    prior: Mapping[str, float], *weighted: tuple[Mapping[str, float], float]
) -> dict[str, float]:
    """Return the prior times each likelihood to the power of its weight, made to sum to 1.

    A target that a modality says nothing of gets what it says of `NOTHING`, or 0.
    """
    logs = {
        name: math.log(p) + sum(weight * said.get(name, said.get(NOTHING, 0.0)) for said, weight in weighted)
        for name, p in prior.items()
        if p > 0.0
    }
    most = max(logs.values())
    weights = {name: math.exp(each - most) for name, each in logs.items()}
    total = sum(weights.values())
    return {name: weights.get(name, 0.0) / total for name in prior}


def gaze_evidence(
    targets: Sequence[Target], at: tuple[float, float], sd: tuple[float, float]
) -> dict[str, float]:
    """Return what a look says of each target that can be chosen, and of `NOTHING`, as log-likelihoods.

    Parameters
    ----------
    targets : sequence of Target
        What is on the board.
    at : tuple of float
        The mean of the look (`belief.Belief.place`), shares of the window.
    sd : tuple of float
        Standard deviation of its error, in the same shares. Who means nothing may look anywhere in the window.
    """
    said = {t.id: math.log(max(density(t.rect, at, sd), 1e-300)) for t in targets if t.choosable}
    return said | {NOTHING: 0.0}


class HybridInquiry:
    """An inquiry that hears the flashes and the present look.

    Parameters
    ----------
    prior, nothing, floors, evidence, most_sequences
        As of `inquiry.Inquiry`; `evidence` is that of the EEG.
    gaze, eeg : Reliability
        What each has proved to be worth; they outlive the inquiry. Their weights stay the same during it.
    """

    def __init__(
        self,
        prior: Mapping[str, float],
        gaze: Reliability,
        eeg: Reliability,
        *,
        nothing: float = FIRST_NOTHING,
        floors: Mapping[str, float] | None = None,
        evidence: Mapping[str, float] | None = None,
        most_sequences: int = MOST_SEQUENCES,
    ) -> None:
        self._prior = Inquiry(prior, nothing=nothing, floors=floors).prior
        self._flashes = Inquiry(
            prior, nothing=nothing, floors=floors, evidence=evidence, most_sequences=most_sequences
        )
        self._gaze, self._eeg = gaze, eeg
        self._weights = gaze.weight, eeg.weight
        self._look: dict[str, float] = {}
        self._before = self.posterior

    @property
    def posterior(self) -> dict[str, float]:
        """The probability of each target and of `NOTHING`; they sum to 1."""
        gaze, eeg = self._weights
        return posterior_of(self._prior, (self._look, gaze), (self._flashes.evidence, eeg))

    @property
    def best(self) -> tuple[str, float]:
        """What is most probable, and how probable it is."""
        return max(self.posterior.items(), key=lambda item: item[1])

    @property
    def prior(self) -> dict[str, float]:
        """The probability of each target and of `NOTHING` before any evidence."""
        return dict(self._prior)

    @property
    def evidence(self) -> dict[str, float]:
        """What the flashes said of each target, unweighted."""
        return self._flashes.evidence

    @property
    def exhausted(self) -> bool:
        """Whether the sequences have run out."""
        return self._flashes.exhausted

    def flash(self, group: Collection[str], llr: float) -> None:
        """Take in the epoch of one flash, as `inquiry.Inquiry.flash`."""
        self._flashes.flash(group, llr)

    def sequence_done(self) -> None:
        """One sequence has been flashed."""
        self._flashes.sequence_done()

    def look(self, evidence: Mapping[str, float]) -> None:
        """Take in the present look in place of what it was until now; empty: the gaze is lost.

        The samples of a look share the error of the calibration: it counts once, however long it lasts.
        """
        self._look = dict(evidence)

    def decided(self, threshold: float) -> str | None:
        """Return what is at least as probable as the threshold; None: not sure yet.

        Nothing is chosen by the prior alone: what is chosen is more probable than it was at the beginning.
        """
        name, p = self.best
        return name if p >= threshold and p > self._before[name] else None

    def evidence_after_undo(self, chosen: str, llr_right: float = TAKEN_BACK) -> dict[str, float]:
        """Return what the flashes still say after `chosen` was taken back, as `inquiry.Inquiry.evidence_after_undo`."""
        return self._flashes.evidence_after_undo(chosen, llr_right)

    def meant(self, name: str) -> None:
        """What was chosen was kept, or `name` is what was meant instead: each that said something is judged by it.

        Each is judged alone: beside one that is sure, another could fail for long without being noticed.
        """
        self._gaze.learn(self._prior, self._look, name)
        flashes = self._flashes.evidence
        if any(flashes.values()):
            self._eeg.learn(self._prior, flashes, name)
