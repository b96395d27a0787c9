"""A head over some tokens gives what the whole output layer gives for them, at less than the whole cost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tiny_model import write_tiny_model

from models.language import head as head_module
from models.language.errors import ModelError
from models.language.finder import Finder
from models.language.head import BelowHead, Head
from models.language.pieces import Script
from models.language.runtime import BatchToken, Runtime
from models.language.shortlist import Shortlists
from models.language.tree import Tree

PROMPT = "Partner: Would you like something to drink?\nMe: Yes, a cup of"


def never() -> bool:
    return False


def rows(runtime: Runtime, tokens: list[int], head: Head | None) -> list[NDArray[np.float32]]:
    """Read `tokens` twice, side by side; only one row of three is wanted."""
    runtime.clear()
    batch = [BatchToken(t, i, s, i % 3 == 0) for s in (0, 1) for i, t in enumerate(tokens)]
    runtime.decode(batch, head)
    wanted = [runtime.logits(i).copy() for i, item in enumerate(batch) if item.wanted]
    runtime.clear()
    return wanted


@pytest.fixture
def tiny_head(tiny_runtime: Runtime) -> Head:
    layer = tiny_runtime.output_layer()
    assert layer is not None
    return Head(layer, np.arange(5, 90, 3))


def test_its_logits_are_those_of_the_whole_layer(tiny_runtime: Runtime, tiny_head: Head) -> None:
    tokens = list(range(1, 24))
    for whole, short in zip(
        rows(tiny_runtime, tokens, None), rows(tiny_runtime, tokens, tiny_head), strict=True
    ):
        np.testing.assert_allclose(short, whole[tiny_head.tokens], atol=1e-3)


def test_the_real_models_too(real_model: Path) -> None:
    runtime = Runtime(real_model, 1)
    layer = runtime.output_layer()
    assert layer is not None
    head = Head(layer, np.arange(100, runtime.n_vocab, 7))
    tokens = runtime.tokenize(PROMPT, start=True)
    for whole, short in zip(rows(runtime, tokens, None), rows(runtime, tokens, head), strict=True):
        np.testing.assert_allclose(short, whole[head.tokens], atol=1e-3)
    runtime.close()


def test_a_row_with_all_tokens_serves_a_head_but_not_the_other_way_round(
    tiny_runtime: Runtime, tiny_head: Head
) -> None:
    tree = Tree(tiny_runtime)
    root = tree.root([1, 2, 3], never, tiny_head)
    (short,) = tree.grow([(root, 4)], tiny_head)
    assert short.row.head is tiny_head
    assert set(short.row.ids.tolist()) <= set(tiny_head.tokens.tolist())
    assert short.row.p.sum() == pytest.approx(1.0, abs=1e-4)
    assert tree.grow([(root, 4)], tiny_head)[0].row.head is tiny_head
    (whole,) = tree.grow([(root, 4)])
    assert whole.row.head is None
    (again,) = tree.grow([(root, 4)], tiny_head)
    assert again.row.head is None
    assert tree.root([1, 2, 3], never).row.head is None
    assert tree.root([1, 2, 3, 4], never, tiny_head) is not None
    np.testing.assert_allclose(
        whole.row.logits, Tree(tiny_runtime).root([1, 2, 3, 4], never).row.logits, atol=1e-2
    )


def test_a_graph_that_is_not_as_expected_is_noticed() -> None:
    below = BelowHead()
    with pytest.raises(ModelError):
        below.take(1)


def test_where_ggml_cannot_be_reached_the_whole_layer_is_used(
    tiny_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> None:
        raise OSError("no such library")

    head_module.ggml.cache_clear()
    monkeypatch.setattr(head_module, "load_shared_library", missing)
    assert tiny_runtime.output_layer() is None
    head_module.ggml.cache_clear()
    monkeypatch.undo()
    assert tiny_runtime.output_layer() is not None


def test_where_the_logits_are_not_a_product_the_whole_layer_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = Runtime(write_tiny_model(tmp_path / "tiny.gguf"), 1)
    whole = Runtime.logits

    def capped(self: Runtime, index: int) -> NDArray[np.float32]:
        row = whole(self, index)
        return np.tanh(row) if len(row) == self.n_vocab else row

    monkeypatch.setattr(Runtime, "logits", capped)
    assert runtime.output_layer() is None
    runtime.close()


@pytest.fixture(scope="module")
def shortlists(finder: Finder) -> Iterator[tuple[Finder, Shortlists]]:
    yield finder, Shortlists(finder.runtime, finder.pieces)


@pytest.mark.parametrize(
    ("script", "language", "texts"),
    [
        (Script.LATIN, "en", (" I don't know, maybe", " Could you help me", "?", "!", "…", " 7", "ing")),
        (Script.CYRILLIC, "ru", (" Закрой, пожалуйста, окно", " одышка", " шёпотом", "—", " 7")),
    ],
)
def test_what_people_write_is_on_the_list(
    shortlists: tuple[Finder, Shortlists], script: Script, language: str, texts: tuple[str, ...]
) -> None:
    finder, lists = shortlists
    head = lists.head(script, language)
    assert head is not None
    assert head is lists.head(script, language)
    known = set(head.tokens.tolist())
    for text in texts:
        assert set(finder.runtime.tokenize(text, start=False)) <= known, text
    assert len(known) < finder.runtime.n_vocab // 3


def test_without_a_word_list_nothing_is_left_out(shortlists: tuple[Finder, Shortlists]) -> None:
    assert shortlists[1].head(Script.LATIN, "tlh") is None


def test_little_of_the_probability_is_lost(shortlists: tuple[Finder, Shortlists]) -> None:
    finder, lists = shortlists
    head = lists.head(Script.LATIN, "en")
    assert head is not None
    tokens = finder.runtime.tokenize(PROMPT, start=True)
    lost = []
    for end in range(12, len(tokens) + 1):
        whole = finder.tree.root(tokens[:end], never).row
        lost.append(1.0 - float(whole.probabilities(head.tokens).sum()))
    assert np.mean(lost) < 0.03


def test_what_a_head_lacks_is_impossible(tiny_runtime: Runtime, tiny_head: Head) -> None:
    tree = Tree(tiny_runtime)
    short = tree.root([1, 2, 3], never, tiny_head).row
    asked = np.array([4, 5, 6, 8, 89, 250])
    p = short.probabilities(asked)
    assert (p > 0).tolist() == [False, True, False, True, True, False]
    whole = Tree(tiny_runtime).root([1, 2, 3, 4], never).row.probabilities(asked)
    assert (whole > 0).all()
