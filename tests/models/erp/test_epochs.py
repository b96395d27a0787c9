"""Epochs: from recordings, and while the samples come in; nothing that reaches over a gap."""

from __future__ import annotations

import itertools

import mne
import numpy as np
import pytest
from eeg_person import CHANNELS, EegPerson
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.samples import EegChunk, Marker
from models.erp.cutter import AHEAD_S, MOST_PENDING, CutEpoch, EpochCutter
from models.erp.epochs import TIMES_S, Epochs, epochs_of, joined

PERSON = EegPerson()


def chunks(seed: int = 0, size: int = 25, began: float = 100.0, flashes: int = 20) -> list[EegChunk]:
    eeg, _, _ = PERSON.samples(flashes, seed)
    t = began + np.arange(len(eeg)) / PERSON.rate_hz
    return [
        EegChunk(t[i : i + size], eeg[i : i + size].astype(np.float32), CHANNELS, PERSON.rate_hz)
        for i in range(0, len(eeg), size)
    ]


def gap_before(chunk: EegChunk) -> EegChunk:
    return EegChunk(chunk.t, chunk.data, chunk.channels, chunk.rate_hz, gap=True)


def cut_all(samples: list[EegChunk | Marker]) -> list[CutEpoch]:
    cutter = EpochCutter()
    return [epoch for sample in samples for epoch in cutter.take(sample)]


def labels(epochs: list[CutEpoch], *, void: bool) -> list[str]:
    return [cut.marker.label for cut in epochs if (cut.epoch is None) == void]


def test_a_recording_is_cut_at_its_annotations() -> None:
    epochs, descriptions = epochs_of(PERSON.raw(30))
    assert epochs.data.shape == (30, len(CHANNELS), len(TIMES_S))
    assert epochs.channels == CHANNELS
    assert set(descriptions) == {"target", "nontarget"}
    np.testing.assert_allclose(np.diff(epochs.t), 0.2)


@settings(max_examples=10, deadline=None)
@given(size=st.integers(1, 300), late=st.integers(0, 3))
def test_live_epochs_are_those_of_the_recording(size: int, late: int) -> None:
    raw = PERSON.raw(20)
    recorded, _ = epochs_of(raw)
    live: list[EegChunk | Marker] = list(chunks(size=size))
    for number, onset in enumerate(recorded.t):
        live.insert(
            min(len(live), int(onset * PERSON.rate_hz) // size + number + late), Marker(100.0 + onset, "")
        )
    found = [cut.epoch.data[0] for cut in cut_all(live) if cut.epoch is not None]
    np.testing.assert_allclose(found, recorded.data, atol=1e-3)


def test_epochs_over_bad_stretches_and_seams_are_void() -> None:
    raw = PERSON.raw(30)
    raw.set_annotations(
        raw.annotations
        + mne.Annotations(
            [2.31, 4.52, 4.52, 6.0], [0.0, 0.0, 0.0, 0.3], ["BAD boundary", "EDGE boundary", "note", "BAD_x"]
        )
    )
    epochs, _ = epochs_of(raw)
    for begin, end in ((2.31, 2.31), (6.0, 6.3)):
        assert not ((epochs.t + TIMES_S[-1] > begin) & (epochs.t < end)).any()
    assert ((epochs.t + TIMES_S[-1] > 4.52) & (epochs.t < 4.52)).any()  # a note voids nothing
    assert len(epochs) == 30 - 4 - 5


def test_epochs_beyond_the_end_are_left_out() -> None:
    raw = PERSON.raw(30)
    raw.set_annotations(mne.Annotations([1.0, raw.times[-1] - 0.5], 0.0, ["target", "nontarget"]))
    assert epochs_of(raw)[1] == ["target"]


def test_a_seam_is_no_response() -> None:
    raw = PERSON.raw(30)
    shifted = raw.copy().apply_function(lambda x: np.where(np.arange(len(x)) < 1000, x, x + 1e-3))
    noted = [
        copy.set_annotations(raw.annotations + mne.Annotations([4.0], [0.0], ["BAD boundary"]))
        for copy in (raw, shifted)
    ]
    first, second = (epochs_of(copy)[0] for copy in noted)
    np.testing.assert_allclose(first.data[-5:], second.data[-5:], atol=1e-6)


def test_recordings_without_flashes_or_eeg_are_refused() -> None:
    raw = PERSON.raw(10)
    with pytest.raises(ValueError, match="no annotation"):
        epochs_of(raw.copy().set_annotations(None))
    with pytest.raises(ValueError, match="no EEG channels"):
        epochs_of(raw.copy().set_channel_types(dict.fromkeys(CHANNELS, "misc"), verbose="error"))


def test_a_recording_made_at_some_hour_is_cut_at_the_same_samples() -> None:
    plain, dated = PERSON.raw(10), PERSON.raw(10)
    dated.set_meas_date(1.6e9)
    late = dated.copy().crop(0.5)
    np.testing.assert_allclose(epochs_of(dated)[0].data, epochs_of(plain)[0].data, atol=1e-9)
    np.testing.assert_allclose(epochs_of(late)[0].t, epochs_of(plain)[0].t - 0.5, atol=1e-6)


def test_an_epoch_over_a_gap_is_void() -> None:
    eeg = chunks()
    markers = [Marker(100.5, "before"), Marker(101.9, "over"), Marker(102.0, "after")]
    lost = [gap_before(chunk) if chunk.t[0] == 102.0 else chunk for chunk in eeg]
    found = cut_all([*markers, *lost])
    assert labels(found, void=True) == ["over"]
    assert sorted(labels(found, void=False)) == ["after", "before"]


def test_a_device_that_changes_its_rate_or_channels_voids_what_it_cuts_in_two() -> None:
    eeg = chunks()
    other = EegChunk(eeg[40].t, eeg[40].data[:, :3], CHANNELS[:3], PERSON.rate_hz)
    slower = [EegChunk(c.t[::2], c.data[::2], c.channels, c.rate_hz / 2) for c in eeg[40:]]
    over = Marker(float(eeg[40].t[0]) - 0.3, "over")
    for changed in ([other], slower):
        found = cut_all([over, *eeg[:40], *changed])
        assert labels(found, void=True) == ["over"]
    whole = cut_all([*slower, Marker(float(slower[0].t[0]) + 0.1, "whole")])
    assert labels(whole, void=False) == ["whole"]


def test_a_marker_of_another_clock_is_void_and_not_waited_for() -> None:
    eeg = chunks()
    found = cut_all([*eeg, Marker(100.0 + 3600.0, "an hour ahead"), Marker(100.0 - 3600.0, "an hour ago")])
    assert labels(found, void=True) == ["an hour ahead", "an hour ago"]
    ahead = float(eeg[-1].t[-1]) + AHEAD_S / 2
    assert not cut_all([*eeg, Marker(ahead, "soon")])


def test_markers_without_eeg_are_given_up_and_eeg_without_markers_is_forgotten() -> None:
    found = cut_all([Marker(0.1 * i, str(i)) for i in range(MOST_PENDING + 3)])
    assert labels(found, void=True) == ["0", "1", "2"]
    old = cut_all([*chunks(flashes=60), Marker(101.0, "long ago")])
    assert labels(old, void=True) == ["long ago"]


def test_whoever_waits_no_longer_gives_up_what_came_before() -> None:
    cutter = EpochCutter()
    for marker in (Marker(1.0, "early"), Marker(2.0, "late")):
        assert not cutter.take(marker)
    assert labels(cutter.give_up(2.0), void=True) == ["early"]
    assert not cutter.give_up(2.0)
    assert labels(cutter.give_up(3.0), void=True) == ["late"]


def test_a_clock_that_goes_back_begins_anew() -> None:
    eeg = chunks()
    found = cut_all([*eeg[:20], Marker(100.5, "x"), *eeg[:20]])
    assert labels(found, void=False) == ["x"]
    assert len(found) == 1


def test_an_empty_chunk_is_nothing() -> None:
    assert not EpochCutter().take(EegChunk(np.zeros(0), np.zeros((0, 2), np.float32), ("a", "b"), 250.0))


def test_epochs_of_several_sessions_are_joined_one_after_the_other() -> None:
    first, second = epochs_of(PERSON.raw(10))[0], epochs_of(PERSON.raw(12, 1))[0]
    both = joined([first, second.of_channels(CHANNELS[:-1])])
    assert len(both) == 22
    assert all(a < b for a, b in itertools.pairwise(both.t))
    assert both.t[10] - both.t[9] > 5.0
    assert np.isnan(both.data[10:, -1]).all()


def test_a_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        Epochs(np.zeros(2), np.zeros((2, 3, 4)), ("a", "b", "c"))


def test_a_recording_that_was_cropped_counts_from_its_own_beginning() -> None:
    whole, _ = epochs_of(PERSON.raw(30))
    cropped = PERSON.raw(30).crop(2.0, None)
    cut, _ = epochs_of(cropped)
    kept = whole.t[whole.t >= 2.0]
    np.testing.assert_allclose(cut.t, kept - 2.0, atol=1 / PERSON.rate_hz)
