"""A copy without the tokens of other scripts cuts texts and answers like the model that it was made of."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slim_models import write_byte_level, write_sentencepiece
from tiny_model import write_tiny_model

from models.gguf_file import Tensor, Value, read_gguf, write_gguf
from models.language.errors import ModelError
from models.language.finder import Finder
from models.language.kept_tokens import RANGES, byte_letters, kept_by_bytes
from models.language.messages import ProposalRequest
from models.language.runtime import BatchToken, Runtime
from models.language.slim import NOTICE, SOURCE_SHA256, write_slim
from models.language.slim_check import check_slim

WRITTEN = st.text(
    st.one_of(
        st.sampled_from("abcdefghijklmnopqrstuvwxyz'’ABC .,!?-0123456789\n\t  "),
        st.sampled_from("абвгдеёжзийклмнопрстуфхцчшщъыьэюя АБВїў«»—"),
        st.sampled_from("éüßłñøçåæőşığ😀👍🏽❤️👨‍👩‍👧🇬🇧☺→½€™…"),
        st.one_of(*(st.characters(min_codepoint=first, max_codepoint=last) for first, last in RANGES)),
    ),
    max_size=60,
)


class Pair:
    """A model and its smaller copy."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.source = source
        self.slim = folder / "slim.gguf"
        with self.slim.open("wb") as file:
            self.kept = write_slim(source, "5ac", file)
        self.before = Runtime(source, 1)
        self.after = Runtime(self.slim, 1)
        self.numbers = {old: new for new, old in enumerate(self.kept.tolist())}

    def same_tokens(self, text: str) -> bool:
        old, new = (runtime.tokenize(text, start=True) for runtime in (self.before, self.after))
        return [self.numbers.get(token) for token in old] == new

    def rows(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the logits after `text`: of the model where the copy has the token too, and of the copy."""
        rows = []
        for runtime in (self.before, self.after):
            tokens = runtime.tokenize(text, start=True)
            runtime.clear()
            runtime.decode([BatchToken(t, i, 0, i == len(tokens) - 1) for i, t in enumerate(tokens)])
            rows.append(runtime.logits(len(tokens) - 1).copy())
        return rows[0], rows[1]

    def close(self) -> None:
        self.before.close()
        self.after.close()


@pytest.fixture(scope="module")
def real_pair(real_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    pair = Pair(real_model, tmp_path_factory.mktemp("slim"))
    yield pair
    pair.close()


@pytest.fixture(scope="module", params=["byte-level", "sentencepiece", "real"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    if request.param == "real":
        yield request.getfixturevalue("real_pair")
        return
    folder = tmp_path_factory.mktemp("slim")
    write = write_byte_level if request.param == "byte-level" else write_sentencepiece
    pair = Pair(write(folder / "tiny.gguf"), folder)
    yield pair
    pair.close()


@settings(max_examples=150)
@given(text=WRITTEN)
def test_what_is_written_in_these_letters_is_cut_as_before(pair: Pair, text: str) -> None:
    assert pair.same_tokens(text)


def test_texts_in_other_scripts_can_still_be_read(pair: Pair) -> None:
    text = "She said 日本語 and شكرا."
    pieces = pair.after.pieces()
    read = b"".join(pieces[token] for token in pair.after.tokenize(text, start=False))
    assert read.decode().strip() == text


def test_the_tokens_of_other_scripts_are_gone(pair: Pair) -> None:
    texts = [piece.decode("utf-8", "replace") for piece in pair.after.pieces()]
    assert not any("日" in text or "ش" in text for text in texts)
    assert pair.after.n_vocab < 0.95 * pair.before.n_vocab


def test_every_token_that_stays_keeps_its_row_and_the_others_share_out_what_is_left(pair: Pair) -> None:
    for text in ("Partner: How are you?\nMe: I", "Собеседник: Как дела?\nЯ: Я"):
        before, after = pair.rows(text)
        np.testing.assert_allclose(before[pair.kept], after, atol=1e-3)


def test_the_copy_passes_its_check_and_says_what_it_is(pair: Pair) -> None:
    check_slim(pair.source, pair.slim, pair.kept)
    values = read_gguf(pair.slim).values
    assert values[SOURCE_SHA256].data == b"5ac"
    assert b"Modified by Sayso" in values[NOTICE].data  # type: ignore[operator]


def test_the_real_copy_gives_the_same_words_and_phrases(real_pair: Pair) -> None:
    before, after = Finder(real_pair.before), Finder(real_pair.after)
    for text, language in (("My back hur", "en"), ("Я хочу ", "ru")):
        request = ProposalRequest(1, 0.0, text, language=language, n_phrases=2)
        old, new = before.find(request), after.find(request)
        assert [word.word for word in old.words] == [word.word for word in new.words]
        assert [phrase.text for phrase in old.phrases] == [phrase.text for phrase in new.phrases]
        for was, now in zip(old.words, new.words, strict=True):
            assert now.probability == pytest.approx(was.probability, rel=0.02)


def test_hardly_any_probability_is_lost_on_what_people_write(real_pair: Pair) -> None:
    for text in ("Me: My back hurts a", "Я: У меня болит"):
        before, _ = real_pair.rows(text)
        p = np.exp(before - before.max())
        assert p[real_pair.kept].sum() / p.sum() > 0.99


def test_a_copy_that_cuts_or_answers_otherwise_is_refused(tmp_path: Path) -> None:
    pair = Pair(write_sentencepiece(tmp_path / "tiny.gguf"), tmp_path)
    pair.close()
    slim = read_gguf(pair.slim)
    wrong = tmp_path / "wrong.gguf"
    tokens = slim.values["tokenizer.ggml.tokens"].data
    assert isinstance(tokens, list)
    other = [b"aq" if token == b"an" else token for token in tokens]
    changed = {"tokenizer.ggml.tokens": Value(8, other, is_array=True)}
    with wrong.open("wb") as file:
        write_gguf(file, slim.values | changed, slim.tensors)
    with pytest.raises(ModelError, match="other tokens"):
        check_slim(pair.source, wrong, pair.kept)
    head = slim.tensors["output.weight"]
    swapped = head.data.reshape(len(pair.kept), -1)[::-1].reshape(-1)
    with wrong.open("wb") as file:
        write_gguf(
            file, slim.values, slim.tensors | {"output.weight": Tensor(head.shape, head.kind, swapped)}
        )
    with pytest.raises(ModelError, match="other probabilities"):
        check_slim(pair.source, wrong, pair.kept)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"tokenizer.ggml.model": Value.text("t5")}, "t5"),
        ({"tokenizer.ggml.unheard_of": Value(4, np.arange(3, dtype="<u4"), is_array=True)}, "unheard_of"),
        ({"tokenizer.ggml.eos_token_id": Value(4, np.array([10**6], "<u4"))}, "not known"),
    ],
)
def test_a_vocabulary_that_is_not_understood_is_left_alone(
    tmp_path: Path, change: dict[str, Value], why: str
) -> None:
    model = read_gguf(write_tiny_model(tmp_path / "tiny.gguf"))
    odd = tmp_path / "odd.gguf"
    with odd.open("wb") as file:
        write_gguf(file, model.values | change, model.tensors)
    with pytest.raises(ModelError, match=why):
        write_slim(odd, "5ac", io.BytesIO())


def test_a_copy_that_saves_nothing_is_not_made(tiny_model: Path) -> None:
    with pytest.raises(ModelError, match="few tokens"):
        write_slim(tiny_model, "5ac", io.BytesIO())


def test_writing_what_was_read_changes_nothing(tiny_model: Path) -> None:
    model = read_gguf(tiny_model)
    file = io.BytesIO()
    write_gguf(file, model.values, model.tensors)
    assert file.getvalue() == tiny_model.read_bytes()


@settings(max_examples=60)
@given(text=WRITTEN, data=st.data())
def test_any_part_of_a_text_may_be_a_token(text: str, data: st.DataObject) -> None:
    raw = text.encode()
    start = data.draw(st.integers(0, len(raw)))
    part = raw[start : data.draw(st.integers(start, len(raw)))]
    letters = byte_letters()
    assert kept_by_bytes(["".join(letters[byte] for byte in part).encode()], [1]).all()


def test_no_part_of_another_script_is_kept() -> None:
    letters = byte_letters()
    for text in ("日本", "word日", " شكر", "नमस्ते", "ไทย", "ב"):
        assert not kept_by_bytes(["".join(letters[byte] for byte in text.encode()).encode()], [1]).any()
