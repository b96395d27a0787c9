"""assistive.recording: messages as JSON and back, without losing anything.

Numbers, texts, booleans and None stand for themselves, a tuple is an array. Everything else is an object
whose first key says what it is::

    {"is": "GazeSample", "t": 1.5, "x": {"float": "nan"}, "y": 0.5}     a dataclass, defaults left out
    {"enum": "VoicePhase", "value": "word"}
    {"float": "inf"}, {"list": [...]}, {"set": [...]}, {"frozenset": [...]}, {"dict": [[key, value], ...]},
    {"deque": [...], "maxlen": 8}
"""

from __future__ import annotations

import dataclasses
import math
from collections import deque
from enum import Enum
from types import ModuleType
from typing import Any

from assistive import confirming, help_call, input_watch, messages, steering
from assistive.boards import board
from assistive.eeg import calibration_view
from assistive.eeg import messages as eeg_messages
from assistive.fusion import bayes_dwell, dwell, pace, prior, reading, scanning, yes_no
from assistive.gaze import messages as gaze_messages
from calibration import gaze, screen, store, verdict
from devices import samples
from models.erp import signal_level
from models.gaze import features
from models.language import messages as language_messages

# Only what is defined here can be read from a file: a recording never names code to run.
_ROOMS: tuple[ModuleType, ...] = (
    messages,
    gaze_messages,
    eeg_messages,
    calibration_view,
    verdict,
    signal_level,
    features,
    screen,
    store,
    gaze,
    steering,
    input_watch,
    board,
    dwell,
    pace,
    prior,
    reading,
    bayes_dwell,
    scanning,
    help_call,
    confirming,
    yes_no,
    samples,
    language_messages,
)
KINDS: dict[str, Any] = {
    name: kind
    for room in _ROOMS
    for name, kind in vars(room).items()
    if isinstance(kind, type) and (dataclasses.is_dataclass(kind) or issubclass(kind, Enum))
}


def encode(value: Any) -> Any:
    """Return `value` in a form that JSON has.

    Raises
    ------
    TypeError
        It holds something that is no message and no plain data.
    """
    if isinstance(value, Enum):
        return {"enum": _name(value), "value": value.value}
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else {"float": repr(float(value))}
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, list):
        return {"list": [encode(item) for item in value]}
    if isinstance(value, set):
        return {"set": [encode(item) for item in value]}
    if isinstance(value, frozenset):
        return {"frozenset": [encode(item) for item in value]}
    if isinstance(value, dict):
        return {"dict": [[encode(key), encode(item)] for key, item in value.items()]}
    if isinstance(value, deque):
        return {"deque": [encode(item) for item in value], "maxlen": value.maxlen}
    fields: dict[str, Any] = {"is": _name(value)}
    for field in dataclasses.fields(value):
        item = getattr(value, field.name)
        # By identity: 0.0 and -0.0, 1 and True are equal, but not the same.
        if item is not field.default:
            fields[field.name] = encode(item)
    return fields


def decode(data: Any) -> Any:
    """Return what `encode` was given.

    Raises
    ------
    ValueError
        It was not made by `encode`, or by one that knew other messages.
    """
    if isinstance(data, list):
        return tuple(decode(item) for item in data)
    if not isinstance(data, dict):
        return data
    try:
        return _decode_object(data)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no message: {error}") from error


def _decode_object(data: dict[str, Any]) -> Any:
    match next(iter(data), None):
        case "is":
            fields = {name: decode(item) for name, item in data.items() if name != "is"}
            return KINDS[data["is"]](**fields)
        case "enum":
            return KINDS[data["enum"]](data["value"])
        case "float":
            return float(data["float"])
        case "list":
            return [decode(item) for item in data["list"]]
        case "set":
            return {decode(item) for item in data["set"]}
        case "frozenset":
            return frozenset(decode(item) for item in data["frozenset"])
        case "dict":
            return {decode(key): decode(item) for key, item in data["dict"]}
        case "deque":
            return deque((decode(item) for item in data["deque"]), data["maxlen"])
        case other:
            raise ValueError(f"no message: {other}")


def _name(value: Any) -> str:
    name = type(value).__name__
    if KINDS.get(name) is not type(value):
        raise TypeError(f"a {name} cannot be recorded")
    return name
