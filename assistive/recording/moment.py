"""assistive.recording: where an engine is between two messages: dwells in progress, slots, notices, a help call.

A recording that begins in the middle of a day needs more than the text. This is taken from the engine and
from its parts as they are, so that a part that is added to them later is recorded too.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from enum import Enum
from typing import Any

from pydantic import BaseModel

from assistive.engine import Engine
from assistive.recording.codec import decode, encode

# The snapshot of the text has these; the examples are sentences of other days that no selection depends on.
# What is known of the eyes and of the EEG is kept as plain data; a calibration that is going on does not go on in a
# replay.
_ELSEWHERE = ("document", "conversation", "_examples", "gaze", "calibration", "eeg", "_eeg_shown")
GAZE, EEG = "gaze", "eeg"


def taken(engine: Engine, t: float) -> dict[str, Any]:
    """Return, ready for JSON, what the engine holds beside its text and its settings at time `t`.

    Raises
    ------
    TypeError
        A part holds something that cannot be recorded.
    """
    gaze, eeg = engine.gaze.kept(), engine.eeg.kept(t)
    engine.gaze.restore(gaze)  # filters begin anew, here as in the replay
    engine.eeg.restore(eeg)  # and so does what flashes
    return _taken(engine) | {GAZE: encode(gaze), EEG: encode(eeg)}


def put_back(engine: Engine, moment: dict[str, Any]) -> None:
    """Bring a new engine, made with the same settings and text, to that moment.

    Raises
    ------
    ValueError
        This is not the moment of an engine.
    """
    gaze, eeg = (decode(moment[name]) if name in moment else None for name in (GAZE, EEG))
    _put_back(engine, {name: part for name, part in moment.items() if name not in (GAZE, EEG)})
    try:
        if gaze is not None:
            engine.gaze.use(0.0, engine.settings, engine.window)
            engine.gaze.restore(gaze)
        if eeg is not None:
            engine.eeg.restore(eeg)
    except (KeyError, TypeError) as error:
        raise ValueError(f"no moment of a gaze or an EEG: {error!r}") from error


def _taken(thing: object) -> dict[str, Any]:
    return {
        name: {"part": _taken(value)} if _is_part(value) else encode(value)
        for name, value in vars(thing).items()
        if not _is_given(name, value)
    }


def _put_back(thing: object, moment: dict[str, Any]) -> None:
    for name, now in list(vars(thing).items()):
        if name not in moment or _is_given(name, now):
            continue
        if not _is_part(now):
            setattr(thing, name, decode(moment[name]))
        elif isinstance(moment[name], dict) and isinstance(moment[name].get("part"), dict):
            _put_back(now, moment[name]["part"])
        else:
            raise ValueError(f"no moment of an engine: {name}")


def _is_given(name: str, value: object) -> bool:
    """Whether a new engine has it already: its settings, its layout, its functions."""
    return name in _ELSEWHERE or isinstance(value, BaseModel) or callable(value)


def _is_part(value: object) -> bool:
    return hasattr(value, "__dict__") and not (is_dataclass(value) or isinstance(value, Enum))
