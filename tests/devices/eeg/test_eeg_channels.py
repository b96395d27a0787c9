"""Which channels of a stream are EEG."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.eeg.lsl_channels import Channel, ChannelError, choose_channels


def labelled(*labels: str) -> list[Channel]:
    return [Channel(label) for label in labels]


@pytest.mark.parametrize(
    ("channels", "names"),
    [
        (labelled("Fz", "Cz", "Oz"), ("Fz", "Cz", "Oz")),
        (labelled("", "", ""), ("1", "2", "3")),
        (labelled("TP9", "AF7", "AF8", "TP10", "Right AUX"), ("TP9", "AF7", "AF8", "TP10")),
        (
            labelled("EEG 1", "EEG 2", "ACC_X", "GyroY", "Battery", "Counter", "Validation"),
            ("EEG 1", "EEG 2"),
        ),
        ([Channel("1", "EEG"), Channel("2", "eeg"), Channel("3", "EOG"), Channel("4", "MISC")], ("1", "2")),
        ([Channel("marker", "EEG")], ("marker",)),
        (labelled("Fz", "fz", "Cz"), ("Fz (1)", "fz (2)", "Cz")),
    ],
)
def test_all_that_is_eeg_is_taken_each_with_a_name_of_its_own(
    channels: list[Channel], names: tuple[str, ...]
) -> None:
    assert choose_channels("amp", channels).names == names


def test_the_caregiver_chooses_by_label_or_number_in_their_order() -> None:
    channels = [Channel("Fz", unit="uV"), Channel("Cz"), Channel("TRIG", "STIM", "V")]
    chosen = choose_channels("amp", channels, ["trig", " FZ ", "2", "1"])
    assert chosen.names == ("TRIG", "Fz", "Cz")
    assert chosen.places == (2, 0, 1)
    assert chosen.units == ("V", "uV", "")


def test_a_label_that_is_a_number_goes_before_the_number_of_a_place() -> None:
    assert choose_channels("amp", labelled("2", "1", "3"), ["1"]).places == (1,)


@pytest.mark.parametrize("wanted", [["Oz"], ["0"], ["4"], [""], ["Fz", "Oz"]])
def test_a_chosen_channel_that_is_not_there_is_told_with_those_that_are(wanted: list[str]) -> None:
    with pytest.raises(ChannelError, match=r"amp has no channel .*Fz, Cz, Pz"):
        choose_channels("amp", labelled("Fz", "Cz", "Pz"), wanted)


def test_a_stream_without_eeg_is_told() -> None:
    with pytest.raises(ChannelError, match=r"no EEG in the stream amp. .*TRIG, ECG"):
        choose_channels("amp", labelled("TRIG", "ECG"))


@given(st.lists(st.builds(Channel, st.text(), st.sampled_from(["", "EEG", "Misc"]), st.text()), max_size=12))
def test_whatever_the_labels_are_names_differ_and_can_be_chosen(channels: list[Channel]) -> None:
    try:
        montage = choose_channels("amp", channels)
    except ChannelError:
        return
    assert len({name.casefold() for name in montage.names}) == len(montage.places)
    for name in montage.names:
        assert len(name) < 60
