"""assistive.recording: the lines of a recording.

A recording is a text file of JSON lines (UTF-8; half a surrogate pair the way Python's "surrogatepass" does).
The first line is the header: what the engine was made of. Then, in order, everything that reached the engine
and, to compare with, what came out of it::

    {"sayso recording": 1, "sayso": "0.1.0", "t": ..., "settings": {...}, "state": {...}, "moment": ..., "layouts": {...}}
    {"in": {"is": "GazeSample", ...}}
    {"selected": {"is": "Selection", ...}}
    {"entry": {"number": 1, "t": ..., "kind": "edit", "data": {...}}}
    {"said": "..."}
    {"text": "..."}
    {"end": true}

Without the last line the recording was cut short; a last line without its newline is left out.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, get_args

from pydantic import ValidationError

from assistive import __version__
from assistive.asking import TURNS_IN_CONTEXT
from assistive.boards.layout import Layout
from assistive.engine import Engine
from assistive.messages import Incoming, JournalEntry, Outgoing, Selection, TextShown, Utterance
from assistive.recording.codec import decode, encode
from assistive.recording.moment import taken
from assistive.settings import Language, Settings
from assistive.text.history import Restored, snapshot

FORMAT = 1
LONGEST_LINE = 64 * 2**20
# What taking apart a line that somebody else wrote can end in.
NOT_OURS = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)

Translate = Callable[[str], str]


class RecordingError(Exception):
    """A recording cannot be replayed; the message names the file and says why in plain words."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the engine was made of when the recording began.

    Parameters
    ----------
    t : float
        When that was, in seconds on the shared clock.
    settings : Settings
    state : JournalEntry
        The text, as from `assistive.text.history.snapshot`.
    moment : dict, optional
        Where the engine was in between (see moment.py); None: it was about to be started.
    sayso : str
        The version that recorded.
    layouts : dict
        From a language to the fingerprint of its layout; filled in when the file is made.
    """

    t: float
    settings: Settings
    state: JournalEntry
    moment: dict[str, Any] | None = None
    sayso: str = __version__
    layouts: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A recorded utterance."""

    text: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The recorded text on the screen."""

    text: str


@dataclass(frozen=True, slots=True)
class End:
    """The recording is complete."""


Line = Incoming | Selection | JournalEntry | Said | Shown | End


def header_at_start(settings: Settings, restored: Restored, t: float) -> Header:
    """Return the header for an engine of these that is about to be started at time `t`."""
    return Header(t, settings, _snapshot(restored, t))


def header_midway(engine: Engine, t: float) -> Header:
    """Return the header for an engine that has been running; call it between two messages.

    Raises
    ------
    TypeError
        The engine holds something that cannot be recorded.
    """
    return Header(t, engine.settings, _snapshot(engine.restorable(), t), taken(engine, t))


def fingerprint(layout: Layout) -> str:
    """Return a text that another layout does not have."""
    content = json.dumps(layout.model_dump(mode="json"), ensure_ascii=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def header_line(header: Header, layout_for: Callable[[str], Layout]) -> bytes:
    """Return the first line of a recording."""
    return _line(
        {
            "sayso recording": FORMAT,
            "sayso": header.sayso,
            "t": header.t,
            "settings": header.settings.model_dump(mode="json"),
            "state": _entry_data(header.state),
            "moment": header.moment,
            "layouts": {language: fingerprint(layout_for(language)) for language in get_args(Language)},
        }
    )


def message_line(message: Incoming | Outgoing) -> bytes:
    """Return the line for what goes into the engine or comes out of it; b"" for what is not recorded.

    Raises
    ------
    TypeError, ValueError
        The message holds something that cannot be recorded.
    """
    match message:
        case Selection():
            return _line({"selected": encode(message)})
        case JournalEntry():
            return _line({"entry": _entry_data(message)})
        case Utterance():
            return _line({"said": message.text})
        case TextShown():
            return _line({"text": "".join(span.text for span in message.spans)})
    if isinstance(message, get_args(Incoming)):
        return _line({"in": encode(message)})
    return b""


END_LINE = b'{"end":true}\n'


def read_recording(path: Path, tr: Translate = str) -> tuple[Header, Iterator[Line]]:
    """Read a recording: its header now, its lines as they are asked for.

    Raises
    ------
    RecordingError
        It cannot be read, is something else, or comes from a newer Sayso. The iterator raises it where a line
        is damaged.
    """
    lines = _lines(path, tr)
    first = next(lines, None)
    if first is None:
        raise RecordingError(tr("{file}: this recording is empty.").format(file=path))
    header = _header(path, first, tr)
    return header, _messages(path, lines, tr)


def _lines(path: Path, tr: Translate) -> Iterator[bytes]:
    try:
        if not path.is_file():
            raise RecordingError(tr("{file}: there is no such recording.").format(file=path))
        with path.open("rb") as file:
            yield from _whole_lines(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RecordingError(
            tr("{file}: the recording cannot be read ({reason}).").format(file=path, reason=reason)
        ) from error


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    first = True
    while line := file.readline(LONGEST_LINE):
        # Half a line at the end is what a crash or a full disk leaves behind; at the start it is no header.
        if line.endswith(b"\n") or first:
            yield line
        first = False


def _header(path: Path, line: bytes, tr: Translate) -> Header:
    foreign = tr("{file}: this is not a recording of Sayso, or its beginning is damaged.").format(file=path)
    try:
        data = _parsed(line)
        version = data["sayso recording"]
        if isinstance(version, int) and version != FORMAT:
            raise RecordingError(
                tr(
                    "{file}: this recording has the format {number}; this Sayso reads the format {known}."
                ).format(file=path, number=version, known=FORMAT)
            )
        sayso, entry, layouts, moment = data["sayso"], data["state"], data["layouts"], data["moment"]
        if _newer(sayso):
            raise RecordingError(
                tr(
                    "{file}: this recording was made by Sayso {version}, which is newer than this one."
                ).format(file=path, version=sayso)
            )
        state = JournalEntry(float(entry["t"]), int(entry["number"]), entry["kind"], dict(entry["data"]))
        settings = Settings.model_validate(data["settings"])
        if state.kind != "state" or not isinstance(moment, dict | None):
            raise ValueError("no state of an engine")
        return Header(float(data["t"]), settings, state, moment, sayso, dict(layouts))
    except ValidationError as error:
        raise RecordingError(
            tr("{file}: this recording was made with settings that this Sayso does not have.").format(
                file=path
            )
        ) from error
    except NOT_OURS as error:
        raise RecordingError(foreign) from error


def _newer(version: str) -> bool:
    def numbers(text: str) -> tuple[int, ...]:
        return tuple(int(digits) for digits in re.findall(r"\d+", text)[:3])

    return numbers(version) > numbers(__version__)


def _messages(path: Path, lines: Iterator[bytes], tr: Translate) -> Iterator[Line]:
    for number, line in enumerate(lines, start=2):
        try:
            yield _message(_parsed(line))
        except NOT_OURS as error:
            raise RecordingError(
                tr("{file}: line {number} is damaged; it cannot be replayed.").format(
                    file=path, number=number
                )
            ) from error


def _message(data: dict[str, Any]) -> Line:
    (kind,) = data
    content = data[kind]
    match kind:
        case "in":
            message = decode(content)
            if isinstance(message, get_args(Incoming)) and math.isfinite(message.t):
                return message  # type: ignore[no-any-return]
        case "selected":
            message = decode(content)
            if isinstance(message, Selection):
                return message
        case "entry":
            return JournalEntry(
                float(content["t"]), int(content["number"]), str(content["kind"]), dict(content["data"])
            )
        case "said":
            return Said(str(content))
        case "text":
            return Shown(str(content))
        case "end":
            return End()
    raise ValueError("no line of a recording")


def _entry_data(entry: JournalEntry) -> dict[str, Any]:
    return {"number": entry.number, "t": entry.t, "kind": entry.kind, "data": entry.data}


def _snapshot(restored: Restored, t: float) -> JournalEntry:
    """The text with its undo steps; of the conversation no more than the proposals saw of it."""
    turns = restored.conversation.turns[-TURNS_IN_CONTEXT:]
    recent = replace(restored, conversation=type(restored.conversation)(turns))
    return snapshot(recent, t, keep_history=True)


def _line(data: dict[str, Any]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


def _parsed(line: bytes) -> dict[str, Any]:
    data = json.loads(line.decode("utf-8", "surrogatepass"), parse_constant=_no_constant)
    if not isinstance(data, dict):
        raise ValueError("not an object")
    return data


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
