"""A Piper voice speaks, and a damaged one says what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models.speech.messages import SpeechChunk, SpeechError
from models.speech.piper import PiperSynthesizer
from models.weights import installed


@pytest.fixture(scope="module")
def joe() -> PiperSynthesizer:
    path = installed("voice-en-joe")
    if path is None:
        pytest.skip("the voice is not installed (sayso models fetch voice-en-joe)")
    return PiperSynthesizer(path)


def seconds(chunks: list[SpeechChunk]) -> float:
    return sum(chunk.pcm.size / chunk.rate_hz for chunk in chunks)


def test_a_sentence_is_spoken_with_its_words(joe: PiperSynthesizer) -> None:
    text = "I would like a cup of tea, please. Thank you!"
    chunks = list(joe.speak(text, rate=1.0))
    assert len(chunks) == 2
    assert 1.5 < seconds(chunks) < 5.0
    assert all(np.abs(chunk.pcm.astype(int)).max() > 3000 for chunk in chunks)
    marks = [mark for chunk in chunks for mark in chunk.marks]
    assert [text[mark.start : mark.end] for mark in marks] == (
        ["I", "would", "like", "a", "cup", "of", "tea", "please", "Thank", "you"]
    )
    times = [mark.at_s for mark in marks]
    assert times == sorted(times)
    assert times[8] >= seconds(chunks[:1])


def test_a_word_after_a_pause_is_told_after_the_pause(joe: PiperSynthesizer) -> None:
    """The times are estimated; the voice's own pause at the comma says how well."""
    text = "I would like some tea and a biscuit, please come here."
    (chunk,) = joe.speak(text, rate=1.0)
    loud = np.abs(chunk.pcm.astype(int)) > 400
    edges = np.flatnonzero(loud)
    gaps = np.diff(edges)
    pause_ends_s = edges[np.argmax(gaps) + 1] / chunk.rate_hz
    please = next(mark for mark in chunk.marks if text[mark.start : mark.end] == "please")
    assert abs(please.at_s - pause_ends_s) < 0.35


def test_rate_is_the_speed(joe: PiperSynthesizer) -> None:
    text = "I would like a cup of tea."
    assert seconds(list(joe.speak(text, rate=2.0))) < 0.7 * seconds(list(joe.speak(text, rate=1.0)))


@pytest.mark.parametrize("text", ["[[h@l]] hello", "line\none", "😀", "日本語", "a\x00b", "x" * 300])
def test_odd_text_is_no_error(joe: PiperSynthesizer, text: str) -> None:
    for chunk in joe.speak(text, rate=1.0):
        assert all(0 <= mark.start < mark.end <= len(text) for mark in chunk.marks)


def test_nothing_is_loaded_before_it_is_needed(tmp_path: Path) -> None:
    PiperSynthesizer(tmp_path / "not there.onnx").speak("hello", rate=1.0)


def own_voice(folder: Path, model: bytes, config: bytes | None) -> PiperSynthesizer:
    path = folder / "mine.onnx"
    path.write_bytes(model)
    if config is not None:
        (folder / "mine.onnx.json").write_bytes(config)
    return PiperSynthesizer(path)


CONFIG = {
    "audio": {"sample_rate": 22050},
    "espeak": {"voice": "en-us"},
    "num_symbols": 2,
    "num_speakers": 1,
    "phoneme_id_map": {"a": [1]},
}


@pytest.mark.parametrize(
    ("model", "config", "words"),
    [
        (b"", json.dumps(CONFIG).encode(), "damaged or is not a Piper voice"),
        (b"not a network", json.dumps(CONFIG).encode(), "damaged or is not a Piper voice"),
        (b"x", None, "mine.onnx.json is not there"),
        (b"x", b"\xff\xfe\x00", "cannot be read"),
        (b"x", b"[]", "damaged or is not a Piper voice"),
        (b"x", b"{}", "damaged or is not a Piper voice"),
    ],
)
def test_a_damaged_voice_says_what_is_wrong(
    tmp_path: Path, model: bytes, config: bytes | None, words: str
) -> None:
    with pytest.raises(SpeechError, match=words):
        next(own_voice(tmp_path, model, config).speak("hello", rate=1.0))


def test_a_missing_voice_says_which_file(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=r"gone\.onnx is not there"):
        next(PiperSynthesizer(tmp_path / "gone.onnx").speak("hello", rate=1.0))
    with pytest.raises(SpeechError, match="is not there"):
        next(PiperSynthesizer(tmp_path).speak("hello", rate=1.0))


def test_a_truncated_voice_is_told(joe: PiperSynthesizer, tmp_path: Path) -> None:
    path = installed("voice-en-joe")
    assert path is not None
    with path.open("rb") as file:
        half = file.read(1_000_000)
    with pytest.raises(SpeechError, match="damaged"):
        next(own_voice(tmp_path, half, json.dumps(CONFIG).encode()).speak("hello", rate=1.0))


def test_the_language_is_known_without_loading(tmp_path: Path) -> None:
    assert own_voice(tmp_path, b"", json.dumps(CONFIG).encode()).language() == "en"
    assert own_voice(tmp_path, b"", b"\x00").language() == ""
    assert PiperSynthesizer(tmp_path / "gone.onnx").language() == ""
