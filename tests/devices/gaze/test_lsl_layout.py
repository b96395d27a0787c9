"""The gaze is found among the channels of a stream by their labels and metadata, or refused in words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.gaze.lsl_layout import Channel, Columns, GazeLayout, LayoutError, Unit, find_layout


def labelled(*labels: str) -> list[Channel]:
    return [Channel(label) for label in labels]


def eyes(layout: GazeLayout) -> dict[str, tuple[int, int, int | None]]:
    found = {"both": layout.both, "left": layout.left, "right": layout.right}
    return {eye: (c.x, c.y, c.valid) for eye, c in found.items() if c is not None}


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (
            "left_x left_y left_pupil right_x right_y right_pupil",
            {"left": (0, 1, None), "right": (3, 4, None)},
        ),
        ("x y", {"both": (0, 1, None)}),
        ("Gaze_X Gaze_Y", {"both": (0, 1, None)}),
        ("confidence y x", {"both": (2, 1, None)}),
        ("LeftEyeX LeftEyeY RightEyeX RightEyeY", {"left": (0, 1, None), "right": (2, 3, None)}),
        ("X-Right Y-Right", {"right": (0, 1, None)}),
        (
            "time left_gaze_point_on_display_area_x left_gaze_point_on_display_area_y left_gaze_point_valid",
            {"left": (1, 2, 3)},
        ),
        ("screen_0 screen_1", {"both": (0, 1, None)}),
        ("left_x left_y right_x", {"left": (0, 1, None)}),
        ("x y x y", {"both": (0, 1, None)}),
        ("left_x left_y x y", {"both": (2, 3, None), "left": (0, 1, None)}),
    ],
)
def test_labels_of_gaze(labels: str, expected: dict[str, tuple[int, int, int | None]]) -> None:
    assert eyes(find_layout("it", labelled(*labels.split()))) == expected


@pytest.mark.parametrize(
    "labels",
    [
        "left_pupil right_pupil",
        "left_gaze_origin_x left_gaze_origin_y",
        "left_eye_velocity_x left_eye_velocity_y",
        "gaze_0 gaze_1",
        "left_x right_y",
        "x z",
        "x_y y_x",
        "head_x head_y",
    ],
)
def test_what_is_no_gaze_on_a_screen_is_named_in_the_refusal(labels: str) -> None:
    with pytest.raises(LayoutError) as refused:
        find_layout("it", labelled(*labels.split()))
    assert ", ".join(labels.split()) in str(refused.value)


def test_two_channels_without_any_label_are_x_and_y_but_three_are_not() -> None:
    assert eyes(find_layout("it", [Channel(), Channel()])) == {"both": (0, 1, None)}
    with pytest.raises(LayoutError, match=r"\?, \?, \?"):
        find_layout("it", [Channel(), Channel(), Channel()])


def test_metadata_of_xdf_tell_more_than_labels() -> None:
    channels = [
        Channel("a", "right", "ScreenX", "normalized"),
        Channel("b", "right", "ScreenY", "normalized"),
        Channel("c", "left", "PupilSize", "mm"),
    ]
    layout = find_layout("it", channels)
    assert eyes(layout) == {"right": (0, 1, None)}
    assert layout.unit is Unit.SHARE, "the unit of the pupil does not matter"


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("screencoords", Unit.SHARE), ("Pixels", Unit.PIXEL), ("px", Unit.PIXEL), ("", Unit.UNKNOWN)],
)
def test_units(unit: str, expected: Unit) -> None:
    assert find_layout("it", [Channel("x", unit=unit), Channel("y", unit=unit)]).unit is expected


@pytest.mark.parametrize("unit", ["mm", "Degrees", "rad"])
def test_lengths_and_angles_are_refused(unit: str) -> None:
    with pytest.raises(LayoutError, match=f"in {unit.lower()}.*shares of the screen"):
        find_layout("it", [Channel("x", unit=unit), Channel("y", unit=unit)])


@pytest.mark.parametrize(
    "channels",
    [
        labelled("confidence", "norm_pos_x", "norm_pos_y"),
        [Channel("x", "both", "", "pixels", "world"), Channel("y", "both", "", "pixels", "world")],
        [Channel("a", "both", "ScreenX", "normalized", "SceneCamera"), Channel("b", "both", "ScreenY")],
    ],
)
def test_glasses_with_a_camera_are_refused(channels: list[Channel]) -> None:
    with pytest.raises(LayoutError, match=r"camera on their head.*mounted at the screen"):
        find_layout("glasses", channels)


def test_hundreds_of_channels_are_not_all_listed() -> None:
    with pytest.raises(LayoutError) as refused:
        find_layout("it", labelled(*[f"EEG{n}" * 50 for n in range(500)]))
    assert len(str(refused.value)) < 3000


texts = st.text(max_size=12) | st.sampled_from(
    [
        "x",
        "y",
        "left_x",
        "left_y",
        "right_x",
        "right_y",
        "ScreenX",
        "ScreenY",
        "left",
        "right",
        "valid",
        "px",
        "mm",
    ]
)
channels_of_any_kind = st.lists(st.builds(Channel, texts, texts, texts, texts, texts), max_size=12)


@given(channels_of_any_kind)
def test_any_channels_are_a_layout_of_theirs_or_a_sentence(channels: list[Channel]) -> None:
    try:
        layout = find_layout("any", channels)
    except LayoutError as refused:
        assert "any" in str(refused)
        return
    places = [place for columns in eyes(layout).values() for place in columns if place is not None]
    assert places
    assert len(places) == len(set(places)), "no channel means two things"
    assert all(0 <= place < len(channels) for place in places)


@given(
    st.permutations(["left_x", "left_y", "right_x", "right_y"]),
    st.lists(st.sampled_from(["left_pupil", "", "gaze_origin_x", "time", "head_yaw"]), max_size=6),
    st.randoms(),
    st.sampled_from([str.upper, str.lower, str.title, lambda label: label.replace("_", " ")]),
)
def test_the_eyes_are_found_wherever_they_stand(
    gaze: list[str], others: list[str], random: object, write: object
) -> None:
    labels = [*gaze, *others]
    random.shuffle(labels)  # type: ignore[attr-defined]
    layout = find_layout("any", labelled(*map(write, labels)))  # type: ignore[arg-type]
    assert eyes(layout) == {
        eye: (labels.index(f"{eye}_x"), labels.index(f"{eye}_y"), None) for eye in ("left", "right")
    }


def test_a_place_needs_both_numbers_and_to_be_valid() -> None:
    columns = Columns(0, 1, 2)
    assert columns.place([0.25, 0.5, 1.0]) == (0.25, 0.5)
    for row in ([math.nan, 0.5, 1.0], [0.25, math.inf, 1.0], [0.25, 0.5, 0.0], [0.25, 0.5, math.nan]):
        assert math.isnan(columns.place(row)[0])
