"""models.erp: what the signal of an electrode is good for, and what may be wrong with it: names only."""

from __future__ import annotations

from enum import StrEnum


class SignalLevel(StrEnum):
    """What an electrode is good for, for a colour."""

    GOOD = "good"
    POOR = "poor"  # usable; better where it is mended
    BAD = "bad"  # tells nothing about the brain


class Fault(StrEnum):
    """What is wrong with an electrode, the worst first."""

    MISSING = "missing"
    FLAT = "flat"
    SATURATED = "saturated"
    MAINS = "mains"
    NOISE = "noise"
    DRIFT = "drift"
    ALONE = "alone"
    BRIDGED = "bridged"
