"""models.speech: espeak-ng, the small voice for more than a hundred languages that is always there.

The C library comes inside the package `espeakng_loader`; its interface is espeak-ng's `speak_lib.h`
(https://github.com/espeak-ng/espeak-ng/blob/1.52.0/src/include/espeak-ng/speak_lib.h).
"""

from __future__ import annotations

import ctypes
import threading
from bisect import bisect_right
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from devices.i18n import N_
from models.speech.messages import SpeechChunk, SpeechError, WordMark
from models.speech.segments import Segment, segments

NORMAL_WORDS_PER_MINUTE = 175
SLOWEST_WORDS_PER_MINUTE = 80
FASTEST_WORDS_PER_MINUTE = 450

_AUDIO_OUTPUT_SYNCHRONOUS = 2
_INITIALIZE_DONT_EXIT = 0x8000
_PARAMETER_RATE = 1
_POSITION_CHARACTER = 1
_CHARS_UTF8 = 1
_END_PAUSE = 0x1000
_EVENT_LIST_TERMINATED = 0
_EVENT_WORD = 1

# The accent of the English Piper voice, so that the person does not change countries when espeak steps in.
_ACCENT = {"en": "en-us"}

# The library keeps its voice, its rate and its callback in C globals: one caller at a time.
_LIBRARY_LOCK = threading.Lock()


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


_SynthCallback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class EspeakSynthesizer:
    """espeak-ng for one language, with the exact time of every word.

    Any number of these may exist and be used from any thread.

    Parameters
    ----------
    language : str
        "en", "ru", or any other language of espeak-ng. A language it does not know is read by its
        English voice, which is better than silence.
    """

    def __init__(self, language: str) -> None:
        self.name = "espeak"
        self._language = language
        self._library: ctypes.CDLL | None = None
        self._rate_hz = 0

    def speak(self, text: str, *, rate: float) -> Iterator[SpeechChunk]:
        """Yield the speech for `text`, a sentence at a time. Raises SpeechError if the library is missing."""
        spoken_samples = 0
        for segment in segments(text):
            pcm, events = self._render(segment.text, rate)
            if pcm.size:
                marks = _marks(segment, events, spoken_samples, self._rate_hz)
                yield SpeechChunk(pcm=pcm, rate_hz=self._rate_hz, marks=marks)
                spoken_samples += pcm.size

    def _render(self, text: str, rate: float) -> tuple[NDArray[np.int16], list[tuple[int, int]]]:
        pieces: list[NDArray[np.int16]] = []
        events: list[tuple[int, int]] = []

        def collect(
            wav: ctypes._Pointer[ctypes.c_short], n_samples: int, event: ctypes._Pointer[_Event]
        ) -> int:
            if n_samples > 0:
                pieces.append(np.ctypeslib.as_array(wav, (n_samples,)).copy())
            i = 0
            while event[i].type != _EVENT_LIST_TERMINATED:
                if event[i].type == _EVENT_WORD:
                    events.append((event[i].text_position - 1, event[i].sample))
                i += 1
            return 0

        words_per_minute = round(NORMAL_WORDS_PER_MINUTE * rate)
        words_per_minute = min(max(words_per_minute, SLOWEST_WORDS_PER_MINUTE), FASTEST_WORDS_PER_MINUTE)
        data = text.encode()
        callback = _SynthCallback(collect)
        with _LIBRARY_LOCK:
            library = self._library or self._load()
            self._choose_voice(library)
            library.espeak_SetParameter(_PARAMETER_RATE, words_per_minute, 0)
            library.espeak_SetSynthCallback(callback)
            error = library.espeak_Synth(
                data, len(data) + 1, 0, _POSITION_CHARACTER, 0, _CHARS_UTF8 | _END_PAUSE, None, None
            )
        if error:
            raise SpeechError(
                N_("The voice espeak-ng could not say the text (error {error}).").format(error=error)
            )
        return np.concatenate(pieces) if pieces else np.zeros(0, np.int16), events

    def _load(self) -> ctypes.CDLL:
        try:
            import espeakng_loader

            library = ctypes.CDLL(espeakng_loader.get_library_path())
            data_path = espeakng_loader.get_data_path()
        except (ImportError, OSError, RuntimeError) as error:
            raise SpeechError(
                N_("The voice espeak-ng cannot be loaded: {error}.").format(error=error)
            ) from error
        library.espeak_Synth.argtypes = (
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.c_uint,
            ctypes.c_int,
            ctypes.c_uint,
            ctypes.c_uint,
            ctypes.POINTER(ctypes.c_uint),
            ctypes.c_void_p,
        )
        rate_hz = library.espeak_Initialize(
            _AUDIO_OUTPUT_SYNCHRONOUS, 0, data_path.encode(), _INITIALIZE_DONT_EXIT
        )
        if rate_hz <= 0:
            raise SpeechError(
                N_("The voice espeak-ng cannot start with its data in {path}.").format(path=data_path)
            )
        self._library, self._rate_hz = library, rate_hz
        return library

    def _choose_voice(self, library: ctypes.CDLL) -> None:
        base = self._language.replace("_", "-").split("-")[0]
        for name in (_ACCENT.get(self._language, self._language), base, "en-us"):
            if library.espeak_SetVoiceByName(name.encode("ascii", "replace")) == 0:
                return
        raise SpeechError(
            N_("The voice espeak-ng does not speak the language {language}.").format(language=self._language)
        )


def _marks(
    segment: Segment, events: list[tuple[int, int]], spoken_samples: int, rate_hz: int
) -> tuple[WordMark, ...]:
    """Give each word of the segment the first event inside it: espeak reports "3.5" as three words."""
    words = segment.words()
    starts = [start for start, _ in words]
    first: dict[int, int] = {}
    for position, sample in events:
        i = bisect_right(starts, position) - 1
        if i >= 0 and position < words[i][1]:
            first.setdefault(i, sample)
    return tuple(
        WordMark(
            segment.start + words[i][0],
            segment.start + words[i][1],
            (spoken_samples + sample) / rate_hz,
        )
        for i, sample in sorted(first.items())
    )
