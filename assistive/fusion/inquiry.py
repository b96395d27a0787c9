"""assistive.fusion: one belief about which of the flashing targets is meant, until it is sure enough.

The posterior is the prior (of the language model, over words, phrases and letters alike) times the likelihood of each
flash's epoch: its log-likelihood ratio is added to the members of the group that flashed, and it is over once the
posterior passes a threshold (Throckmorton et al. 2013, IEEE TNSRE 21(3)). Besides the targets there is `NOTHING`:
reading, resting, none of these; it is in no group, so that flashes that are not answered speak for it.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

NOTHING = ""  # the id of what is meant when no target is
FIRST_NOTHING = 0.05  # how probable that is before anything is known
UNDO_FLOOR = 0.035  # for keys that must stay within reach, as BciPy's backspace
MOST_SEQUENCES = 10  # as ACAT
TAKEN_BACK = math.log(0.01)  # the undo may itself be wrong, but seldom is


class Inquiry:
    """What is asked by flashing, from the first flash to the decision.

    Parameters
    ----------
    prior : mapping of str to float
        How probable each target is, in any scale; all equally where all are 0.
    nothing : float
        The probability that no target is meant, between 0 and 1.
    floors : mapping of str to float, optional
        The least probability of keys that must stay within reach, such as undo; they are asked about even where the
        prior does not name them.
    evidence : mapping of str to float, optional
        What is known already: `evidence` or `evidence_after_undo` of an inquiry before this one. What is not asked
        about any more is dropped.
    most_sequences : int
        After so many it is over, decided or not.

    Raises
    ------
    ValueError
        There is no target, a probability is none, or the floors leave nothing to the others.
    """

    def __init__(
        self,
        prior: Mapping[str, float],
        *,
        nothing: float = FIRST_NOTHING,
        floors: Mapping[str, float] | None = None,
        evidence: Mapping[str, float] | None = None,
        most_sequences: int = MOST_SEQUENCES,
    ) -> None:
        self._prior = _with_floors(prior, nothing, floors or {})
        known = evidence or {}
        self._evidence = {name: known.get(name, 0.0) for name in self._prior}
        self._answered = dict.fromkeys(self._prior, 0.0)
        self._most_sequences = most_sequences
        self._sequences = 0

    @property
    def posterior(self) -> dict[str, float]:
        """The probability of each target and of `NOTHING`; they sum to 1."""
        logs = {name: math.log(p) + self._evidence[name] for name, p in self._prior.items() if p > 0.0}
        most = max(logs.values())
        weights = {name: math.exp(each - most) for name, each in logs.items()}
        total = sum(weights.values())
        return {name: weights.get(name, 0.0) / total for name in self._prior}

    @property
    def prior(self) -> dict[str, float]:
        """The probability of each target and of `NOTHING` before any evidence."""
        return dict(self._prior)

    @property
    def evidence(self) -> dict[str, float]:
        """The sum of the log-likelihood ratios of each target's flashes, without the prior."""
        return dict(self._evidence)

    @property
    def exhausted(self) -> bool:
        """Whether the sequences have run out."""
        return self._sequences >= self._most_sequences

    def flash(self, group: Collection[str], llr: float) -> None:
        """Take in the epoch of one flash; to be called once for each.

        Parameters
        ----------
        group : collection of str
            The targets that flashed; one that is not asked about is passed over.
        llr : float
            ln p(epoch | the meant target flashed) - ln p(epoch | it did not). Not finite: the epoch is void.
        """
        if math.isfinite(llr):
            for name in self._evidence.keys() & set(group) - {NOTHING}:
                self._evidence[name] += llr
                self._answered[name] += llr

    def sequence_done(self) -> None:
        """One sequence has been flashed."""
        self._sequences += 1

    def decided(self, threshold: float) -> str | None:
        """Return what is at least as probable as the threshold: a target, or `NOTHING`; None: it is not sure yet.

        Nothing is chosen by the prior alone, nor by what was known before: a target must have been answered here, and
        before `NOTHING` is meant something must have flashed.
        """
        name, p = self.best
        answered = self._answered[name] > 0.0 or (name == NOTHING and any(self._answered.values()))
        return name if p >= threshold and answered else None

    @property
    def best(self) -> tuple[str, float]:
        """What is most probable, and how probable it is."""
        return max(self.posterior.items(), key=lambda item: item[1])

    def evidence_after_undo(self, chosen: str, llr_right: float = TAKEN_BACK) -> dict[str, float]:
        """Return what is still known after `chosen` was taken back: the others keep their evidence.

        Carrying it on is worth a fifth of the speed (Fowler et al. 2013). Where the next board came before the undo,
        how probable it was there is `1 - posterior[chosen]`.

        Parameters
        ----------
        chosen : str
            What was undone.
        llr_right : float
            What the undo says about it, as a log-likelihood ratio: the default where the person chose to undo; minus
            that of the error potential where only the EEG says so; -inf rules it out.
        """
        return {name: each + (llr_right if name == chosen else 0.0) for name, each in self._evidence.items()}


def _with_floors(prior: Mapping[str, float], nothing: float, floors: Mapping[str, float]) -> dict[str, float]:
    """The prior that sums to 1, with `NOTHING`, and with what lies below its floor raised to it."""
    targets = sorted((prior.keys() | floors.keys()) - {NOTHING})
    given = {name: float(prior.get(name, 0.0)) for name in targets}
    if not targets:
        raise ValueError("there is no target to ask about")
    if not all(0.0 <= p < math.inf for p in (*given.values(), *floors.values())):
        raise ValueError("a probability is negative or no number")
    if not 0.0 < nothing < 1.0 - sum(floors.values()):
        raise ValueError("the probabilities of nothing and of the floors must leave something to the others")
    most = max(given.values())  # divided by first: probabilities may be as small as numbers get
    given = {name: p / most for name, p in given.items()} if most > 0.0 else dict.fromkeys(targets, 1.0)
    raised: dict[str, float] = {}
    while True:  # what is raised takes from the others, which may put another below its floor
        room = 1.0 - nothing - sum(raised.values())
        total = sum(p for name, p in given.items() if name not in raised)
        scale = room / total if total > 0.0 else 0.0
        low = [name for name in targets if name not in raised and scale * given[name] < floors.get(name, 0.0)]
        if not low:
            break
        raised.update((name, floors[name]) for name in low)
    return {name: raised.get(name, scale * given[name]) for name in targets} | {NOTHING: nothing}
