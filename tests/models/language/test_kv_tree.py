"""Continuations forked from one cache give what reading each from the start would give."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_model import write_tiny_model

from models.language.errors import Cancelled, ModelError
from models.language.finder import Finder
from models.language.messages import ProposalRequest, Speaker, Turn
from models.language.runtime import N_BATCH, BatchToken, Runtime
from models.language.tree import N_NODES, Row, Tree

PROMPT = [1, 2, 3, 4, 5]


def never() -> bool:
    return False


class Counting(Runtime):
    """A runtime that counts the tokens it reads."""

    read = 0

    def decode(self, batch: list[BatchToken]) -> None:  # type: ignore[override]
        self.read += len(batch)
        super().decode(batch)


@pytest.fixture
def counting(tiny_model: Path) -> Counting:
    return Counting(tiny_model, 1)


def test_a_forked_row_equals_the_row_of_the_whole_text(tiny_runtime: Runtime) -> None:
    tree = Tree(tiny_runtime)
    root = tree.root(PROMPT, never)
    children = tree.grow([(root, 10), (root, 20)])
    (grandchild,) = tree.grow([(children[1], 30)])
    forked = [node.row.logits.copy() for node in (*children, grandchild)]
    for row, tail in zip(forked, ([10], [20], [20, 30]), strict=True):
        tiny_runtime.clear()
        fresh = Tree(tiny_runtime).root(PROMPT + tail, never)
        np.testing.assert_allclose(row, fresh.row.logits, atol=1e-2)


def test_only_the_tail_that_differs_is_read(counting: Counting) -> None:
    tree = Tree(counting)
    tree.root(PROMPT, never)
    for prompt, new in (([*PROMPT, 6], 1), ([*PROMPT, 7, 8], 2), ([*PROMPT, 7, 8], 0), ([1, 2, 9], 1)):
        counting.read = 0
        tree.root(prompt, never)
        assert counting.read == new


def test_choosing_a_continuation_reads_nothing(counting: Counting) -> None:
    tree = Tree(counting)
    root = tree.root(PROMPT, never)
    (child,) = tree.grow([(root, 10)])
    (grandchild,) = tree.grow([(child, 11)])
    counting.read = 0
    assert tree.root([*PROMPT, 10, 11], never) is grandchild
    assert tree.grow([(grandchild, 12)])[0].length == len(PROMPT) + 3
    assert counting.read == 1


def test_the_continuations_of_one_text_outlive_a_question_about_another(counting: Counting) -> None:
    tree = Tree(counting)
    root = tree.root(PROMPT, never)
    tea, coffee = tree.grow([(root, 10), (root, 20)])
    assert tree.root([*PROMPT, 10], never) is tea
    tree.grow([(tea, 11)])
    counting.read = 0
    assert tree.root([*PROMPT, 20], never) is coffee
    assert tree.root(PROMPT, never) is root
    assert tree.grow([(root, 10)]) == [tea]
    assert counting.read == 0
    tree.root([*PROMPT, 10, 11, 12, 13], never)
    assert counting.read == 2


def test_words_that_are_spelled_have_rows_too(tiny_runtime: Runtime) -> None:
    tree = Tree(tiny_runtime)
    tree.root(PROMPT, never)
    far = tree.root([*PROMPT, 10, 20, 30], never).row.logits.copy()
    near = tree.root([*PROMPT, 10], never)
    (fork,) = tree.grow([(near, 40)])
    rows = [far, near.row.logits.copy(), fork.row.logits.copy()]
    for row, tail in zip(rows, ([10, 20, 30], [10], [10, 40]), strict=True):
        tiny_runtime.clear()
        fresh = Tree(tiny_runtime).root(PROMPT + tail, never)
        np.testing.assert_allclose(row, fresh.row.logits, atol=1e-2)


def test_what_was_wanted_longest_ago_is_forgotten_first(counting: Counting) -> None:
    tree = Tree(counting)
    root = tree.root(PROMPT, never)
    _, recent = tree.grow([(root, 10), (root, 20)])
    tree.root([*PROMPT, 20], never)
    grandchildren = tree.grow([(recent, token) for token in range(N_NODES // 2)])
    tree.make_room(tree.n_free + 1)
    assert list(root.children.values()) == [recent]
    assert list(recent.children.values()) == grandchildren
    tree.make_room(N_NODES - 1)
    assert tree.n_free == N_NODES - 1
    counting.read = 0
    assert tree.root([*PROMPT, 20], never) is recent
    assert counting.read == 0


def test_what_was_grown_is_not_grown_again(counting: Counting) -> None:
    tree = Tree(counting)
    root = tree.root(PROMPT, never)
    nodes = tree.grow([(root, 10), (root, 11)])
    counting.read = 0
    assert tree.grow([(root, 11), (root, 10)]) == nodes[::-1]
    assert counting.read == 0


def test_sequences_come_back_when_they_are_dropped(tiny_runtime: Runtime) -> None:
    tree = Tree(tiny_runtime)
    for i in range(4 * N_NODES):
        root = tree.root([1, 2, 3 + i % 7], never)
        tree.make_room(20)
        nodes = tree.grow([(root, token) for token in range(10, 20)])
        tree.grow([(nodes[0], token) for token in range(10, 20)])
        tree.root([1, 2, 3 + i % 7, 10], never)
    tree.make_room(N_NODES - 1)
    assert tree.n_free == N_NODES - 1


def test_too_many_continuations_are_refused(tiny_runtime: Runtime) -> None:
    tree = Tree(tiny_runtime)
    root = tree.root(PROMPT, never)
    with pytest.raises(ModelError):
        tree.grow([(root, token) for token in range(N_NODES)])
    assert tree.grow([(root, 10)])


def test_a_cancelled_prompt_goes_on_where_it_stopped(tmp_path: Path) -> None:
    counting = Counting(write_tiny_model(tmp_path / "long.gguf", n_context=4 * N_BATCH), 1)
    prompt = [i % 200 for i in range(N_BATCH + 100)]
    tree = Tree(counting)
    answers = iter([False, True])
    with pytest.raises(Cancelled):
        tree.root(prompt, lambda: next(answers))
    counting.read = 0
    root = tree.root(prompt, never)
    assert counting.read == 100
    counting.clear()
    np.testing.assert_allclose(root.row.logits, Tree(counting).root(prompt, never).row.logits, atol=1e-2)


def test_a_full_cache_is_an_error_and_the_tree_goes_on(tiny_runtime: Runtime) -> None:
    tree = Tree(tiny_runtime)
    with pytest.raises(ModelError, match="llama"):
        tree.root([1] * (tiny_runtime.n_context + 1), never)
    assert tree.root(PROMPT, never).length == len(PROMPT)


def test_a_row_is_a_distribution(tiny_runtime: Runtime) -> None:
    row = Tree(tiny_runtime).root(PROMPT, never).row
    assert row.p.sum() == pytest.approx(1.0, abs=1e-4)
    assert row.probabilities(np.arange(tiny_runtime.n_vocab)).sum() == pytest.approx(1.0, abs=1e-3)
    assert row.mass(np.ones(tiny_runtime.n_vocab, np.bool_)) == pytest.approx(1.0, abs=1e-4)


def test_damaged_weights_are_an_error_not_an_answer() -> None:
    with pytest.raises(ModelError, match="damaged"):
        Row.of(np.full(5, np.nan, np.float32))


def test_a_model_that_sees_too_little_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="only 256 tokens"):
        Runtime(write_tiny_model(tmp_path / "short.gguf", n_context=256), 1)


def test_what_cannot_be_loaded_says_why(tmp_path: Path) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF" + bytes(200))
    with pytest.raises(ModelError, match=r"bad\.gguf"):
        Runtime(bad, 1)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_a_byte_level_vocabulary_answers_anything(tiny_runtime: Runtime, texts: list[str]) -> None:
    finder = Finder(tiny_runtime)
    for text in texts:
        words = finder.find(
            ProposalRequest(1, 0.0, text, turns=tuple(Turn(Speaker.ME, text) for text in texts), n_phrases=3)
        ).words
        assert sum(proposal.probability for proposal in words) <= 1.0 + 1e-6
    completed = finder.find(ProposalRequest(1, 0.0, "I l")).words
    assert completed[0].word == "like"
