"""assistive.recording: the gaze of a recording as a table (CSV), for research.

One row for each sample that reached the engine: its time and, where an eye tracker or a pointer told the place, the
columns that `devices.gaze.recording` reads; where a webcam saw a face, what was measured of it
(`models.gaze.features.EyeFeatures`). `chosen` is what the look at this moment chose, empty nearly always.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TextIO

from assistive.i18n import Translate
from assistive.recording.format import LONGEST_LINE, NOT_OURS, RecordingError
from models.gaze.features import Eye

PLACE = ("x", "y", "left_x", "left_y", "right_x", "right_y")
_EYE = tuple(field.name for field in fields(Eye))
_AXES = ("x", "y", "z")
FACE = (
    "verdict",
    *(f"{eye}_{name}" for eye in ("right", "left") for name in _EYE),
    *(f"head_{axis}_cm" for axis in _AXES),
    *(f"forward_{axis}" for axis in _AXES),
)
PATCH = tuple(f"patch_{number}" for number in range(2 * 6 * 10))

Row = dict[str, float | str]


@dataclass(slots=True)
class TableReport:
    """What came out of a recording.

    Parameters
    ----------
    samples : int
        Rows of the table.
    damaged, first_damaged_line : int
        Lines that could not be read, and the first of them (0: none).
    complete : bool
        Whether the recording was ended, not cut short.
    """

    samples: int = 0
    damaged: int = 0
    first_damaged_line: int = 0
    complete: bool = False


def write_gaze_table(recording: Path, out: TextIO, tr: Translate = str) -> TableReport:
    """Write the gaze of a recording as a table; what is damaged is left out and counted.

    Parameters
    ----------
    recording : Path
        As `assistive.recording.format` describes it; also one of another version of Sayso.
    out : TextIO
        Opened with ``newline=""``.
    tr : callable
        Translates the sentences of errors.

    Raises
    ------
    RecordingError
        It cannot be read, is something else, or holds no gaze.
    """
    try:
        return _written(recording, out, tr)
    except FileNotFoundError as error:
        raise RecordingError(tr("{file}: there is no such recording.").format(file=recording)) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise RecordingError(
            tr("{file}: the recording cannot be read ({reason}).").format(file=recording, reason=reason)
        ) from error


def _written(recording: Path, out: TextIO, tr: Translate) -> TableReport:
    report = TableReport()
    present: set[str] = set()
    for row in _rows(recording, report):
        present.update(row)
    if not report.samples:
        raise RecordingError(
            tr("{file}: there is no gaze in this recording, or this is not a recording of Sayso.").format(
                file=recording
            )
        )
    groups = (group for group in (PLACE, FACE, PATCH) if present & set(group))
    table = csv.DictWriter(
        out, ["t", *(name for group in groups for name in group), "chosen"], lineterminator="\n"
    )
    table.writeheader()
    report = TableReport()
    for row in _rows(recording, report):
        table.writerow(
            {
                name: "" if isinstance(value, float) and math.isnan(value) else value
                for name, value in row.items()
            }
        )
    return report


def _rows(recording: Path, report: TableReport) -> Iterator[Row]:
    """The samples in their order, each with what it chose; `report` is kept up to date."""
    waiting: Row | None = None  # until it is known whether it chose something
    by_look = False
    with recording.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), start=1):
            if not line.endswith(b"\n"):
                break  # half a line is what a crash leaves behind
            try:
                kind, content = _parsed(line)
                if kind == "selected" and waiting is not None and by_look:
                    waiting["chosen"] = " ".join(str(content["label"]).splitlines())
                elif kind == "in":
                    # What is pressed or clicked is no look; a deadline that has come ends one.
                    by_look = content["is"] not in ("Press", "SwitchEvent")
                    if row := _row(content):
                        if waiting is not None:
                            yield waiting
                        waiting = row
                        report.samples += 1
                elif kind == "end":
                    report.complete = True
            except NOT_OURS:
                report.damaged += 1
                report.first_damaged_line = report.first_damaged_line or number
    if waiting is not None:
        yield waiting


def _parsed(line: bytes) -> tuple[str, Any]:
    data = json.loads(line.decode("utf-8", "surrogatepass"))
    kind = next(iter(data), "")  # the header has more keys than one
    return kind, data[kind]


def _row(content: dict[str, Any]) -> Row | None:
    """A message's row; None: it is no gaze."""
    match content["is"]:
        case "GazeSample":
            row: Row = {"t": _time(content), "x": _number(content["x"]), "y": _number(content["y"])}
            for eye in ("left", "right"):
                x, y = content.get(eye) or (None, None)
                row |= {f"{eye}_x": _number(x), f"{eye}_y": _number(y)}
            return row
        case "EyeFeatures":
            row = {"t": _time(content), "verdict": str(content["verdict"]["value"])}
            for eye in ("right", "left"):
                seen = content.get(eye) or {}
                row |= {f"{eye}_{name}": _number(seen.get(name)) for name in _EYE}
            for name, axes in (("head_{}_cm", "position_cm"), ("forward_{}", "forward")):
                values = content.get(axes) or (None, None, None)
                row |= {name.format(axis): _number(v) for axis, v in zip(_AXES, values, strict=True)}
            if patches := content.get("patches"):
                row |= {name: _number(grey) for name, grey in zip(PATCH, patches, strict=True)}
            return row
    return None


def _time(content: dict[str, Any]) -> float:
    t = _number(content["t"])
    if not math.isfinite(t):
        raise ValueError("no time")
    return t


def _number(value: Any) -> float:
    """A number as `assistive.recording.codec` writes it; NaN for None."""
    if isinstance(value, dict):
        value = value["float"]
    elif isinstance(value, bool | str):
        raise ValueError("no number")
    return math.nan if value is None else float(value)
