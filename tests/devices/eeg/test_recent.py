"""The last seconds of EEG: an epoch is given out whole or not at all."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.eeg.recent import RecentEeg
from devices.samples import EegChunk


def chunk(
    first: int, count: int, *, gap: bool = False, channels: tuple[str, ...] = ("Cz",), hz: float = 100.0
) -> EegChunk:
    """Samples that tell their own number, taken at number / 100 s."""
    numbers = np.arange(first, first + count)
    data = np.repeat(numbers[:, None], len(channels), axis=1).astype(np.float32)
    return EegChunk(numbers / 100.0, data, channels, hz, gap)


def test_an_epoch_is_cut_from_several_chunks() -> None:
    recent = RecentEeg()
    assert recent.until is None and recent.between(0.0, 0.1) is None
    for first in range(0, 100, 7):
        recent.add(chunk(first, 7, gap=first == 0))
    epoch = recent.between(0.2, 0.5)
    assert epoch is not None
    assert epoch.data[:, 0].tolist() == list(range(20, 51))
    assert epoch.t[0] == 0.2 and epoch.t[-1] == 0.5


def test_an_epoch_that_is_not_complete_comes_later() -> None:
    recent = RecentEeg()
    recent.add(chunk(0, 50, gap=True))
    assert recent.between(0.3, 0.6) is None
    recent.add(chunk(50, 20))
    assert recent.between(0.3, 0.6) is not None


@pytest.mark.parametrize(
    "after",
    [
        chunk(60, 40, gap=True),
        chunk(50, 40, gap=True),
        chunk(60, 40, channels=("Cz", "Pz")),
        chunk(60, 40, hz=200.0),
    ],
)
def test_an_epoch_over_a_gap_is_void_and_those_beside_it_are_not(after: EegChunk) -> None:
    recent = RecentEeg()
    recent.add(chunk(0, 50, gap=True))
    recent.add(after)
    assert recent.between(0.45, 0.65) is None
    assert recent.between(0.10, 0.49) is not None
    assert (recent.between(0.60, 0.85) is not None) == (after.rate_hz == 100.0)


def test_samples_at_another_rate_than_they_should_have_are_no_epoch() -> None:
    recent = RecentEeg()
    recent.add(chunk(0, 100, gap=True, hz=50.0))
    assert recent.between(0.1, 0.9) is None


def test_what_is_old_is_forgotten() -> None:
    recent = RecentEeg(keep_s=2.0)
    for first in range(0, 1000, 10):
        recent.add(chunk(first, 10, gap=first % 50 == 0))
    assert recent.between(1.0, 1.2) is None
    assert recent.between(9.5, 9.9) is not None
    recent.add(chunk(1000, 0))
    assert recent.until == pytest.approx(9.99)


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 5)), max_size=20),
    st.integers(0, 150),
    st.integers(0, 40),
)
def test_what_is_given_out_is_consecutive(pieces: list[tuple[int, int]], start: int, length: int) -> None:
    recent, first = RecentEeg(), 0
    for count, missing in pieces:
        first += missing
        recent.add(chunk(first, count, gap=missing > 0))
        first += count
    epoch = recent.between(start / 100, (start + length) / 100)
    if epoch is not None:
        assert epoch.data[:, 0].tolist() == list(range(start, start + length + 1))
