"""Recordings of gaze, the damaged ones too: samples come out, or a sentence that says why not."""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from devices.gaze.recording import Cadence, RecordingError, RecordingReport, read_gaze_csv, stream_gaze_csv

Write = Callable[[str | bytes], Path]


@pytest.fixture
def recording(tmp_path: Path) -> Write:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "look.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def places(path: Path) -> list[tuple[float, float, float]]:
    return [(s.t, s.x, s.y) for s in read_gaze_csv(path).samples]


PLAIN = [(0.0, 0.1, 0.2), (0.016, 0.3, 0.4)]


@pytest.mark.parametrize(
    "content",
    [
        "t,x,y\n0,0.1,0.2\n0.016,0.3,0.4\n",
        "t,x,y\r\n0,0.1,0.2\r\n0.016,0.3,0.4\r\n",
        "t,x,y\r0,0.1,0.2\r0.016,0.3,0.4",
        b"\xef\xbb\xbft,x,y\n0,0.1,0.2\n0.016,0.3,0.4",
        "t;x;y\n0;0.1;0.2\n0.016;0.3;0.4\n",
        "t;x;y\n0;0,1;0,2\n0,016;0,3;0,4\n",
        "t\tx\ty\n0\t0.1\t0.2\n0.016\t0.3\t0.4\n",
        '"y","T"," X ",note\n"0.2","0","0.1","a, b"\n0.4,0.016,0.3,\n',
        "t,x,y\n\n0,0.1,0.2\n\n\n0.016,0.3,0.4\n\n",
        "t, x, y\n 0 , 0.1 , 0.2 \n 1.6e-2, 3e-1, .4\n",
    ],
    ids=[
        "plain",
        "CRLF",
        "CR",
        "BOM",
        "semicolons",
        "decimal commas",
        "tabs",
        "quotes",
        "blank lines",
        "spaces",
    ],
)
def test_tables_of_every_making_are_read(recording: Write, content: str | bytes) -> None:
    assert places(recording(content)) == PLAIN


def test_the_place_is_between_the_eyes_or_that_of_the_only_eye_that_sees(recording: Write) -> None:
    path = recording(
        "t,left_x,left_y,right_x,right_y\n0,0.2,0.4,0.4,0.6\n1,nan,nan,0.4,0.6\n2,0.2,0.4,,\n3,0.2,,0.4,nan\n"
    )
    samples = read_gaze_csv(path).samples
    assert (samples[0].x, samples[0].y) == pytest.approx((0.3, 0.5))
    assert (samples[0].left, samples[0].right) == ((0.2, 0.4), (0.4, 0.6))
    assert (samples[1].x, samples[1].y) == (0.4, 0.6)
    assert (samples[2].x, samples[2].y) == (0.2, 0.4)
    assert not samples[3].valid, "half an eye is no eye"


def test_a_device_that_follows_one_eye_is_enough(recording: Write) -> None:
    assert places(recording("t,left_x,left_y\n0,0.2,0.4\n")) == [(0.0, 0.2, 0.4)]


def test_x_and_y_are_believed_before_the_eyes(recording: Write) -> None:
    samples = read_gaze_csv(
        recording("t,x,y,left_x,left_y,right_x,right_y\n0,.9,.8,.1,.1,.3,.3\n1,,,.1,.1,.3,.3\n")
    ).samples
    assert (samples[0].x, samples[0].y, samples[0].left) == (0.9, 0.8, (0.1, 0.1))
    assert not samples[1].valid


def test_damage_is_passed_over_and_counted(recording: Write) -> None:
    path = recording(
        "t,x,y\n"
        "10,0.1,0.1\n"
        "10.5,nan,0.1\n"  # no gaze
        "10.5,0.2,0.2\n"  # the same time
        "9,0.2,0.2\n"  # back in time
        "later,0.2,0.2\n"  # no time
        "inf,0.2,0.2\n"
        ",0.2,0.2\n"
        "11,oops,0.2\n"  # no gaze
        "11.5,-inf,0.2\n"  # no gaze
        "12,0.2\n"  # no gaze
        "12.5,960,540\n"  # far off the screen
        "60,0.3,0.3\n"  # after a gap
        "60.5,0.4,0."  # the recorder was switched off
    )
    recorded = read_gaze_csv(path)
    assert [s.t for s in recorded.samples] == [10, 10.5, 11, 11.5, 12, 12.5, 60, 60.5]
    assert [s.valid for s in recorded.samples] == [True, False, False, False, False, True, True, True]
    assert recorded.report == RecordingReport(
        path=str(path),
        rows=13,
        samples=8,
        damaged=3,
        first_damaged_line=6,
        backwards=1,
        duplicated=1,
        without_gaze=4,
        off_screen=1,
        gaps=1,
        longest_gap_s=47.5,
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "line 1: the recording is empty"),
        ("\n\n", "line 1: the recording is empty"),
        ("t,x,y\n", "line 2: the recording has a header but no rows"),
        ("x,y\n0,0\n", "line 1: the column t is missing.*x,y"),
        ("t,x\n0,0\n", "line 1: a pair of columns x and y is missing"),
        ("t,left_x,right_y\n0,0,0\n", "line 1: a pair of columns x and y is missing"),
        ("0.1,0.2,0.3\n", "line 1: the column t is missing"),
        ("t,x,y\n\nlater,0,0\nnan,0,0\n", "line 3: no row of the recording can be read"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "line 1: the column t is missing|not a table"),
        (b"\x7fELF\x02\x01\x01\0\0\0" * 100, "line 1: this is not a table"),
        ("t,x,y\n0,0.1,0.2\n".encode("utf-16"), "line 1: this is not a table"),
        (bytes(range(128, 256)) * 1000, "line 1: this is not a table"),
        ("t,x,y" * 100_000, "line 1: this is not a table"),
    ],
)
def test_what_is_no_recording_is_refused_with_the_file_the_line_and_the_reason(
    recording: Write, content: str | bytes, words: str
) -> None:
    path = recording(content)
    with pytest.raises(RecordingError, match=words) as refused:
        read_gaze_csv(path)
    assert str(path) in str(refused.value)
    assert str(refused.value).isprintable()


def test_a_file_that_is_not_there_or_not_a_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path, Path("a\0b")):
        with pytest.raises(RecordingError, match="no such recording"):
            read_gaze_csv(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(recording: Write) -> None:
    path = recording("t,x,y\n0,0,0\n")
    path.chmod(0)
    with pytest.raises(RecordingError, match="cannot be read"):
        read_gaze_csv(path)


def test_a_file_of_this_systems_memory_that_fails_while_it_is_read_is_refused() -> None:
    with pytest.raises(RecordingError, match=r"cannot be read|line 1"):
        read_gaze_csv("/proc/self/mem")


def test_a_stray_quote_spoils_one_row_only(recording: Write) -> None:
    assert len(places(recording('t,x,y\n0,"0.1,0.2\n0.016,0.3,0.4\n0.032,0.3,0.4\n'))) == 3


@pytest.mark.parametrize(("rate_hz", "n_rows"), [(1000, 5000), (1, 60)])
def test_fast_and_slow_devices_have_no_gaps(recording: Write, rate_hz: int, n_rows: int) -> None:
    rows = "".join(f"{i / rate_hz},0.5,0.5\n" for i in range(n_rows))
    recorded = read_gaze_csv(recording("t,x,y\n" + rows))
    assert len(recorded.samples) == n_rows
    assert recorded.report.gaps == 0


def test_a_long_recording_is_read_as_it_comes(recording: Write) -> None:
    path = recording("t,x,y\n" + "".join(f"{i / 1000},0.5,0.5\n" for i in range(20_000)))
    report = RecordingReport(str(path))
    stream = stream_gaze_csv(path, report)
    next(stream)
    assert report.samples == 1
    stream.close()


def test_a_gap_is_measured_by_what_is_usual_for_the_device() -> None:
    fast, slow = Cadence(), Cadence()
    assert [fast.gap(dt) for dt in (0.016, 0.016, 0.2, 0.016, 0.3)] == [0, 0, 0, 0, 0.016]
    assert [slow.gap(dt) for dt in (1.0, 1.1, 3.0, 1.0, 9.0)] == [0, 0, 0, 0, pytest.approx(1.05)]
    assert Cadence().gap(100.0) == 0, "nothing is usual yet"


cells = st.one_of(
    st.floats().map(str),
    st.floats(-1, 2).map(str),
    st.sampled_from(["", "nan", "NA", "1e999", '"', '""', "0,5", "-", "1_0", "\0", "٣"]),
    st.text(max_size=4),
)
tables = st.builds(
    lambda separator, header, rows, newline: newline.join(
        [separator.join(header), *map(separator.join, rows)]
    ),
    st.sampled_from(",;\t"),
    st.permutations(["t", "x", "Y", "left_x", "left_y", "right_x", "right_y", "extra"]).map(lambda p: p[:6]),
    st.lists(st.lists(cells, max_size=7), max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
)


@given(st.one_of(st.binary(max_size=300), tables.map(lambda s: s.encode("utf-8", "surrogatepass"))))
@example(b"t,left_x,left_y,right_x,right_y\n0,1.7e308,0,1.7e308,0\n")
@example(b't,x,y\n0,"\r",1')
def test_whatever_is_in_the_file_it_is_samples_in_order_or_a_sentence(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.csv"
        path.write_bytes(content)
        try:
            recorded = read_gaze_csv(path)
        except RecordingError as error:
            assert str(path) in str(error)
            return
    samples, report = recorded.samples, recorded.report
    assert samples
    assert all(before.t < after.t for before, after in pairwise(samples))
    for s in samples:
        assert math.isfinite(s.t)
        assert s.valid or (math.isnan(s.x) and math.isnan(s.y))
    assert report.rows == report.samples + report.damaged + report.backwards + report.duplicated
    assert report.samples == len(samples)
