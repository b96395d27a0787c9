"""assistive.eeg: how probable each flashing target is before the EEG has said anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from assistive.boards.board import Target, TargetKind, Verb
from assistive.fusion.inquiry import UNDO_FLOOR
from assistive.fusion.prior import is_weighed

ANY_TARGET = (
    0.1  # of the prior is shared equally, as for the gaze: no letter is out of reach, however unlikely
)
# What is offered where the error potential says that the last choice was more probably wrong than right.
OFFERED = {"offer:undo": 0.3, "offer:instead": 0.15}
FLOORS = {
    Verb.UNDO: UNDO_FLOOR,
    Verb.DELETE_LETTER: 0.01,
    Verb.SPEAK: 0.02,
    Verb.HELP: 0.01,
    Verb.HELP_BACK: 0.01,
    Verb.REST: 0.01,
}
MOST_FLOORS = 0.5  # all floors together leave this much to the others
WRITING = (TargetKind.LETTER, TargetKind.WORD, TargetKind.PHRASE, TargetKind.GROUP)


def prior_of(targets: Collection[Target], weighed: Mapping[str, float]) -> dict[str, float]:
    """Return the prior over what flashes.

    Parameters
    ----------
    targets : collection of Target
        What flashes.
    weighed : mapping of str to float
        What the language model and the counts of this person say of the targets whose time is weighed
        (`assistive.fusion.prior.TargetPrior.p`). On a page on which nothing is written they say nothing: it was
        opened for what is on it, and all are equally probable.
    """
    equal = 1.0 / len(targets)
    if not any(target.kind in WRITING and is_weighed(target) for target in targets):
        return {target.id: equal for target in targets}
    return {
        target.id: ANY_TARGET * equal + (1.0 - ANY_TARGET) * weighed.get(target.id, 0.0) for target in targets
    }


def floors_of(targets: Collection[Target]) -> dict[str, float]:
    """Return the least probability of the keys that must stay within reach, and of an undo that is offered."""
    floors = {target.id: OFFERED.get(target.id, FLOORS.get(target.action.verb, 0.0)) for target in targets}
    scale = min(1.0, MOST_FLOORS / max(sum(floors.values()), 1e-9))
    return {name: scale * floor for name, floor in floors.items() if floor > 0.0}
