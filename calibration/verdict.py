"""calibration: what EEG is worth to a person, as a name only."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """Whether EEG is worth putting on."""

    HELPS = "helps"
    HELPS_A_LITTLE = "helps_a_little"
    UNUSABLE = "unusable"
