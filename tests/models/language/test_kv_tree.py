"""Continuations forked from one cache give what reading each from the start would give."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from tiny_model import write_tiny_model

from models.language import tree as tree_module
from models.language.errors import Cancelled, ModelError
from models.language.finder import Finder
from models.language.head import Head
from models.language.messages import ProposalRequest, Speaker, Turn
from models.language.row import Node, Row
from models.language.runtime import N_BATCH, BatchToken, Runtime
from models.language.tree import N_NODES, Tree

PROMPT = [1, 2, 3, 4, 5]


def never() -> bool:
    return False


class Counting(Runtime):
    """A runtime that counts the tokens it reads and the rows it computes."""

    read = 0
    wanted = 0

    def decode(self, batch: Sequence[BatchToken], head: Head | None = None) -> None:
        self.read += len(batch)
        self.wanted += sum(item.wanted for item in batch)
        super().decode(batch, head)


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


def test_a_prompt_that_ends_or_branches_before_the_trunk_does_forgets_nothing(counting: Counting) -> None:
    tree = Tree(counting)
    root = tree.root(PROMPT, never)
    (child,) = tree.grow([(root, 10)])
    counting.read = 0
    early = tree.root(PROMPT[:3], never)
    assert counting.read == 1  # its row was not kept
    other = tree.root([*PROMPT[:3], 90, 91], never)
    assert counting.read == 3
    (beside,) = tree.grow([(early, PROMPT[3])])
    counting.read = 0
    assert tree.root(PROMPT[:3], never) is early
    assert tree.root([*PROMPT[:3], 90, 91], never) is other
    assert tree.root([*PROMPT, 10], never) is child
    assert tree.root(PROMPT, never) is root
    assert counting.read == 0
    for node, prompt in ((early, PROMPT[:3]), (beside, PROMPT[:4]), (other, [*PROMPT[:3], 90, 91])):
        assert_row(node, prompt, counting)


def test_a_long_way_beside_the_trunk_becomes_the_trunk(counting: Counting) -> None:
    tree = Tree(counting)
    tree.root(PROMPT, never)
    beside = [*PROMPT[:3], *range(20, 40)]
    tree.grow([(tree.root(beside, never), 50)])
    longer = [*beside, 50, *range(60, 90)]
    counting.read = 0
    root = tree.root(longer, never)
    assert counting.read == 30
    assert_row(root, longer, counting)


def assert_row(node: Node, prompt: list[int], runtime: Runtime) -> None:
    row = node.row.logits.copy()
    runtime.clear()
    np.testing.assert_allclose(row, Tree(runtime).root(prompt, never).row.logits, atol=1e-2)


def test_what_was_wanted_longest_ago_is_forgotten_first(counting: Counting) -> None:
    tree = Tree(counting)
    root = tree.root(PROMPT, never)
    old, recent = tree.grow([(root, 10), (root, 20)])
    tree.root([*PROMPT, 20], never)
    n_kept = N_NODES - 1 - 2  # beside the trunk, the old one and the recent one
    grandchildren = tree.grow([(recent, token) for token in range(n_kept)])
    assert root.children == {10: old, 20: recent}  # nothing is forgotten before there is need
    assert tree.n_free == 1
    grandchildren += tree.grow([(recent, n_kept)])
    assert root.children == {20: recent}
    assert list(recent.children.values()) == grandchildren
    with pytest.raises(ModelError):
        tree.grow([(recent, n_kept + 1)])
    tree.make_room(N_NODES - 1)
    assert tree.n_free == N_NODES - 1
    counting.read = 0
    assert tree.root([*PROMPT, 20], never) is recent
    assert counting.read == 0


def test_a_row_is_computed_only_where_a_prompt_ends(counting: Counting, tiny_runtime: Runtime) -> None:
    tree = Tree(counting)
    tree.root(PROMPT, never)
    counting.wanted = 0
    end = tree.root([*PROMPT, 10, 20, 30], never)
    assert counting.wanted == 1
    passed = tree.root([*PROMPT, 10], never)
    (between,) = tree.grow([(passed, 20)])
    assert counting.wanted == 3
    assert between.children == {30: end}
    for node, tail in ((passed, [10]), (between, [10, 20]), (end, [10, 20, 30])):
        tiny_runtime.clear()
        fresh = Tree(tiny_runtime).root(PROMPT + tail, never)
        np.testing.assert_allclose(node.row.logits, fresh.row.logits, atol=1e-2)
    counting.wanted = 0
    assert tree.root([*PROMPT, 10, 20], never) is between
    assert tree.grow([(passed, 20)]) == [between]
    assert counting.wanted == 0


@pytest.mark.parametrize("n_rows", [1, 2, 4, 5, 6, 7, 8, 9, 95])
def test_a_group_of_rows_that_is_filled_up_gives_the_same_rows(tiny_runtime: Runtime, n_rows: int) -> None:
    tree = Tree(tiny_runtime)
    root = tree.root(PROMPT, never)
    nodes = tree.grow([(root, token) for token in range(n_rows)])
    again = tree.grow([(node, 7) for node in nodes[: tree.n_free]])
    last = (again or nodes)[-1].row.logits.copy()
    tail = [len(again) - 1, 7] if again else [n_rows - 1]
    tiny_runtime.clear()
    fresh = Tree(tiny_runtime).root(PROMPT + tail, never)
    np.testing.assert_allclose(last, fresh.row.logits, atol=1e-2)


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


prompts = st.lists(st.integers(1, 3), min_size=1, max_size=40)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(prompts, st.integers(0, 60)), min_size=1, max_size=12))
def test_whatever_was_asked_before_a_row_is_that_of_its_text(
    counting: Counting, tiny_runtime: Runtime, steps: list[tuple[list[int], int]]
) -> None:
    counting.clear()
    tree = Tree(counting)
    for prompt, width in steps:
        root = tree.root(prompt, never)
        assert root.length == len(prompt)
        tree.make_room(width + 1)
        for node in (root, *tree.grow([(root, token) for token in range(width)])[-1:]):
            text = prompt if node is root else [*prompt, width - 1]
            tiny_runtime.clear()
            fresh = Tree(tiny_runtime).root(text, never)
            np.testing.assert_allclose(node.row.logits, fresh.row.logits, atol=1e-2)
        counting.read = 0
        assert tree.root(prompt, never) is root
        assert counting.read == 0


class FakeRuntime:
    """Keeps the tokens of each sequence; a row is made from all tokens before it."""

    n_vocab = 10

    def __init__(self) -> None:
        self.sequences: dict[int, tuple[int, ...]] = {}
        self.rows: list[NDArray[np.float32]] = []

    def fork(self, source: int, target: int, length: int = -1) -> None:
        assert target not in self.sequences
        tokens = self.sequences.get(source, ())
        assert length <= len(tokens)
        self.sequences[target] = tokens if length < 0 else tokens[:length]

    def cut(self, sequence: int, length: int) -> bool:
        assert length <= len(self.sequences[sequence])
        self.sequences[sequence] = self.sequences[sequence][:length]
        return True

    def drop(self, sequence: int) -> None:
        del self.sequences[sequence]

    def clear(self) -> None:
        self.sequences.clear()

    def decode(self, batch: list[BatchToken], head: Head | None) -> None:
        assert head is None
        self.rows = []
        for token, position, sequence, _ in batch:
            tokens = self.sequences.get(sequence, ())
            assert position == len(tokens)
            self.sequences[sequence] = (*tokens, token)
            self.rows.append(row_after(self.sequences[sequence]))

    def logits(self, index: int) -> NDArray[np.float32]:
        return self.rows[index]


def row_after(tokens: tuple[int, ...]) -> NDArray[np.float32]:
    return np.array([hash((*tokens, token)) % 1000 / 100 for token in range(10)], np.float32)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_as_many_nodes_can_be_grown_as_are_said_to_be_free(
    data: st.DataObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree_module, "N_NODES", 12)
    monkeypatch.setattr(tree_module, "_DEEPEST", 3)
    runtime = FakeRuntime()
    tree = Tree(runtime)  # type: ignore[arg-type]
    for _ in range(data.draw(st.integers(1, 6))):
        prompt = data.draw(st.lists(st.integers(1, 2), min_size=1, max_size=6))
        root = tree.root(prompt, never)
        tree.make_room(7)
        assert tree.n_free >= 7
        texts = {root: tuple(prompt)}
        for _ in range(data.draw(st.integers(0, 3))):
            pairs = st.tuples(st.sampled_from(list(texts)), st.integers(1, 2))
            wanted = data.draw(st.lists(pairs, max_size=7))[: tree.n_free]
            for (node, token), child in zip(wanted, tree.grow(wanted), strict=True):
                texts[child] = (*texts[node], token)
        for node, text in texts.items():
            assert runtime.sequences[node.sequence] == text
            np.testing.assert_array_equal(node.row.logits, row_after(text))


def test_all_that_is_free_can_be_grown_where_a_prompt_passed_through() -> None:
    tree = Tree(FakeRuntime())  # type: ignore[arg-type]
    tree.root([1, 1], never)
    tree.root([1, 1, 2, 2], never)
    root = tree.root([1, 1], never)
    wanted = [(root, 2 + i) for i in range(tree.n_free)]
    for (_, token), child in zip(wanted, tree.grow(wanted), strict=True):
        np.testing.assert_array_equal(child.row.logits, row_after((1, 1, token)))
