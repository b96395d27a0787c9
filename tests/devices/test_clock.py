"""The clock is the one that LSL streams are stamped with."""

from __future__ import annotations

import pylsl
import pytest

from devices.clock import LslClock, VirtualClock


def test_it_counts_the_seconds_of_the_lab_streaming_layer() -> None:
    before = pylsl.local_clock()
    now = LslClock().now()
    assert before <= now <= pylsl.local_clock()


def test_a_virtual_clock_moves_only_when_told_and_never_back() -> None:
    clock = VirtualClock(5.0)
    assert clock.advance(1.5) == clock.now() == 6.5
    with pytest.raises(ValueError, match="back"):
        clock.advance(-1)
