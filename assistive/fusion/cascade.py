"""assistive.fusion: the cascading dwell: the time of a target follows its probability, in a few steps.

After Mott et al., Improving dwell-based gaze typing with dynamic, cascading dwell times, CHI 2017: likely keys are
quicker, unlikely ones slower, in steps small enough for a steady rhythm. Nothing is learned.
"""

from __future__ import annotations

from collections.abc import Sequence

# From how many times the probability of an average target on, and what of the usual time it then takes.
STEPS: Sequence[tuple[float, float]] = ((8.0, 0.6), (2.0, 0.75), (0.5, 0.9), (0.0, 1.1))


def cascaded(usual_s: float, probability: float, n_targets: int) -> float:
    """Seconds for a target that takes `usual_s` with a fixed dwell, given its probability among so many."""
    return next(share for least, share in STEPS if probability * n_targets >= least) * usual_s
