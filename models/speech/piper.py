"""models.speech: Piper, a natural voice from a file; also the person's own banked voice."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from devices.i18n import N_
from models.speech.messages import SpeechChunk, SpeechError, WordMark
from models.speech.segments import Segment, segments

if TYPE_CHECKING:
    from piper import PiperVoice

# What punctuation lasts, in phonemes.
_PAUSES = {",": 3.0, ";": 3.0, ":": 3.0, "—": 3.0, ".": 4.0, "!": 4.0, "?": 4.0, "…": 4.0}
_STRESS_MARKS = frozenset("ˈˌ")


class PiperSynthesizer:
    """A Piper voice (https://github.com/OHF-Voice/piper1-gpl): an .onnx file with its .onnx.json beside it.

    Nothing is loaded before the first call of `speak`.

    Parameters
    ----------
    model_path : Path
        The .onnx file.
    threads : int
        How many threads compute: one is five times faster than speech and leaves the others to the gaze
        and the language model.
    """

    def __init__(self, model_path: Path, *, threads: int = 1) -> None:
        self.name = "piper"
        self._model_path = model_path
        self._threads = threads
        self._voice: PiperVoice | None = None
        self._lock = threading.Lock()

    def language(self) -> str:
        """Return the language of the voice ("en"), or "" where its file does not tell. Loads no model."""
        try:
            config = json.loads(self._config_path().read_bytes())
            return str(config["espeak"]["voice"]).split("-")[0]
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def speak(self, text: str, *, rate: float) -> Iterator[SpeechChunk]:
        """Yield the speech for `text`, a sentence at a time.

        The times of the words are each word's share of its sentence's phonemes: the voice files do not
        carry the durations that the network computes inside.

        Raises
        ------
        SpeechError
            The voice's files are missing, damaged or not a Piper voice, or the network fails.
        """
        with self._lock:
            voice = self._voice = self._voice or self._load()
        spoken_samples = 0
        for segment in segments(text):
            pcm, weights = self._render(voice, segment, rate)
            if pcm.size:
                marks = _marks(segment, weights, spoken_samples, pcm.size, voice.config.sample_rate)
                yield SpeechChunk(pcm=pcm, rate_hz=voice.config.sample_rate, marks=marks)
                spoken_samples += pcm.size

    def _config_path(self) -> Path:
        return self._model_path.with_name(self._model_path.name + ".json")

    def _load(self) -> PiperVoice:
        for path in (self._model_path, self._config_path()):
            if not path.is_file():
                raise SpeechError(N_("The voice file {path} is not there.").format(path=path))
        try:
            config = json.loads(self._config_path().read_bytes())
        except (OSError, ValueError) as error:
            raise SpeechError(
                N_("The voice file {path} cannot be read: {error}.").format(
                    path=self._config_path(), error=error
                )
            ) from error
        try:
            import onnxruntime  # type: ignore[import-untyped]
            from piper import PiperConfig, PiperVoice

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self._threads
            options.inter_op_num_threads = 1
            # Spinning threads would keep a core busy while nothing is said.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            # Without it a long sentence would cost its memory for ever; the speed is the same (measured).
            options.enable_cpu_mem_arena = False
            options.log_severity_level = 4
            session = onnxruntime.InferenceSession(
                str(self._model_path), options, providers=["CPUExecutionProvider"]
            )
            voice = PiperVoice(session=session, config=PiperConfig.from_dict(config))
        except Exception as error:  # onnxruntime and piper raise a dozen types for a damaged file
            raise SpeechError(
                N_("The voice file {path} is damaged or is not a Piper voice ({error}).").format(
                    path=self._model_path, error=_first_line(error)
                )
            ) from error
        inputs = {node.name for node in session.get_inputs()}
        if not {"input", "input_lengths", "scales"} <= inputs:
            raise SpeechError(N_("The file {path} is not a Piper voice.").format(path=self._model_path))
        return voice

    def _render(
        self, voice: PiperVoice, segment: Segment, rate: float
    ) -> tuple[NDArray[np.int16], tuple[float, ...]]:
        from piper import SynthesisConfig

        # Piper reads double square brackets as raw phonemes.
        text = segment.text.replace("[", "(").replace("]", ")").replace("\n", " ")
        try:
            scale = voice.config.length_scale / rate
            parts = [
                chunk.audio_int16_array
                for chunk in voice.synthesize(text, SynthesisConfig(length_scale=scale))
            ]
            weights = tuple(_weight(voice, text[start:end]) for start, end in segment.words())
        except Exception as error:  # as above: whatever the network throws, another voice must step in
            raise SpeechError(
                N_("The voice {name} could not say the text ({error}).").format(
                    name=self._model_path.name, error=_first_line(error)
                )
            ) from error
        return np.concatenate(parts) if parts else np.zeros(0, np.int16), weights


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _weight(voice: Any, word: str) -> float:
    """Return how many phonemes the word has; its number of letters for voices without espeak phonemes."""
    from piper.config import PhonemeType

    if voice.config.phoneme_type != PhonemeType.ESPEAK:
        return float(len(word))
    phonemes = [p for sentence in voice.phonemize(word) for p in sentence]
    return float(max(1, sum(p not in _STRESS_MARKS for p in phonemes)))


def _marks(
    segment: Segment, weights: tuple[float, ...], spoken_samples: int, n_samples: int, rate_hz: int
) -> tuple[WordMark, ...]:
    words = segment.words()
    starts: list[float] = []
    at = 1.0  # the breath before the first word
    ends = [start for start, _ in words[1:]] + [len(segment.text)]
    for (_, end), next_start, weight in zip(words, ends, weights, strict=True):
        starts.append(at)
        at += weight + 1.0 + sum(_PAUSES.get(c, 0.0) for c in segment.text[end:next_start])
    return tuple(
        WordMark(
            segment.start + start, segment.start + end, (spoken_samples + n_samples * share / at) / rate_hz
        )
        for (start, end), share in zip(words, starts, strict=True)
    )
