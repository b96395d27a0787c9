"""How likely each character is to come next, read from a model of tokens."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_model import write_tiny_model

from models.language.characters import search as character_search
from models.language.characters.reader import FLOOR, CharacterReader
from models.language.errors import Cancelled
from models.language.finder import Finder
from models.language.head import Head
from models.language.messages import CharactersRequest, Speaker, Turn
from models.language.preflight import default_threads
from models.language.runtime import BatchToken, Runtime
from models.language.shortlist import Shortlists
from models.language.tree import N_NODES

EN = "abcdefghijklmnopqrstuvwxyz' \n"
RU = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя- \n"
ASCII = "".join(chr(code) for code in range(128) if not chr(code).isupper())


class Counting(Runtime):
    """Counts its decodes."""

    decodes = 0

    def decode(self, batch: Sequence[BatchToken], head: Head | None = None) -> None:
        self.decodes += 1
        super().decode(batch, head)


class Writer:
    """Someone who writes with one model."""

    def __init__(self, path: Path, n_threads: int) -> None:
        self.runtime = Counting(path, n_threads)
        self.finder = Finder(self.runtime)
        self.reader = self.fresh()

    def fresh(self) -> CharacterReader:
        lists = Shortlists(self.runtime, self.finder.pieces)
        return CharacterReader(self.finder.tree, self.finder.pieces, lists.head)

    def reset(self) -> None:
        """Forget all that was read."""
        self.finder = Finder(self.runtime)
        self.finder.tree._reset()
        self.reader = self.fresh()

    def ask(
        self, text: str, alphabet: str = EN, language: str = "en", said: str = "", *, stale: bool = False
    ) -> dict[str, float]:
        turns = (Turn(Speaker.PARTNER, said),) if said else ()
        request = CharactersRequest(1, 0.0, text, turns, language=language, alphabet=alphabet)
        root_tokens = partial(self.finder.tokens, request)
        return dict(self.reader.read(root_tokens, request, lambda: stale))

    def decodes_for(self, text: str) -> int:
        before = self.runtime.decodes
        self.ask(text)
        return self.runtime.decodes - before


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    writer = Writer(write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf"), 1)
    yield writer
    writer.runtime.close()


@pytest.fixture(scope="module")
def person(real_model: Path) -> Iterator[Writer]:
    writer = Writer(real_model, default_threads())
    yield writer
    writer.runtime.close()


def likeliest(p: dict[str, float]) -> str:
    return max(p, key=lambda character: p[character])


def by_hand(runtime: Runtime, prompt: list[int], text: str) -> dict[str, float]:
    """Go through every sequence of tokens that spells `text` in any case, and sum what can follow."""
    pieces = [piece.decode("utf-8", "replace").lower() for piece in runtime.pieces()]
    totals: defaultdict[str, float] = defaultdict(float)
    todo: list[tuple[list[int], str, float]] = [([], text, 1.0)]
    while todo:
        path, rest, weight = todo.pop()
        tokens = prompt + path
        runtime.clear()
        runtime.decode([BatchToken(t, i, 0, i == len(tokens) - 1) for i, t in enumerate(tokens)])
        logits = runtime.logits(len(tokens) - 1).astype(np.float64)
        p = np.exp(logits - logits.max())
        p /= p.sum()
        for token, piece in enumerate(pieces):
            if piece and rest.startswith(piece):
                todo.append(([*path, token], rest[len(piece) :], weight * p[token]))
            if len(piece) > len(rest) and piece.startswith(rest):
                totals[piece[len(rest)]] += weight * p[token]
            if not piece and not rest:
                totals["."] += 0.9 * weight * p[token]  # the text ends
                totals[" "] += 0.1 * weight * p[token]  # or another sentence follows
    of_alphabet = {character: totals[character] for character in ASCII}
    return {c: total / sum(of_alphabet.values()) for c, total in of_alphabet.items()}


@pytest.mark.parametrize("text", ["", "t", "to", "yo ", "a b"])
def test_every_way_to_spell_the_text_counts(tiny: Writer, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Without pruning the probabilities are exactly those of the model, over case and tokenisation."""
    monkeypatch.setattr(character_search, "PRUNED", 0.0)
    monkeypatch.setattr(character_search, "N_HYPOTHESES", 60)
    tiny.reset()
    found = tiny.ask(text, ASCII)
    request = CharactersRequest(1, 0.0, text, alphabet=ASCII)
    expected = by_hand(tiny.runtime, tiny.finder.tokens(request, ""), " " + text)
    tiny.reset()
    for character, p in expected.items():
        assert found[character] == pytest.approx(p, rel=0.01, abs=2 * FLOOR), repr(character)


def test_the_pruned_distribution_is_close_to_the_whole(
    person: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["", "i would l", "could you pl", "my back h"]
    pruned = [person.ask(text) for text in texts]
    monkeypatch.setattr(character_search, "PRUNED", 0.0005)
    monkeypatch.setattr(character_search, "N_HYPOTHESES", 12)
    person.reader = person.fresh()
    for text, few in zip(texts, pruned, strict=True):
        many = person.ask(text)
        assert sum(abs(few[c] - many[c]) for c in EN) / 2 < 0.1, text
    person.reader = person.fresh()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i would like a cup of te", "a"),
        ("I would like a cup of te", "a"),
        ("thank yo", "u"),
        ("can you help m", "e"),
        ("i don", "'"),
        ("i don'", "t"),
        ("i don’", "t"),
        ("good morning. how are yo", "u"),
    ],
)
def test_words_are_finished(person: Writer, text: str, expected: str) -> None:
    assert likeliest(person.ask(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("доброе утр", "о"), ("спасибо больш", "о"), ("сквозня", "к"), ("кто-т", "о")]
)
def test_russian_words_are_finished(person: Writer, text: str, expected: str) -> None:
    assert likeliest(person.ask(text, RU, "ru")) == expected


def test_letter_by_letter_a_rare_word_is_still_spelled(person: Writer) -> None:
    """The tokens of a rare word look unlikely at first, and must be found again."""
    surprise = {}
    for end in range(3, 12):
        text = "у меня одышка"[:end]
        p = person.ask(text, RU, "ru")
        surprise[text] = p[("у меня одышка" + " ")[end]]
    assert min(surprise.values()) > 1e-4
    assert person.ask("у меня одышк", RU, "ru")["а"] + person.ask("у меня одышк", RU, "ru")["и"] > 0.5


def test_the_partner_is_heard(person: Writer) -> None:
    asked = "Do you want tea or coffee?"
    hot, cold = person.ask("", said=asked), person.ask("", said="Who is your favourite uncle?")
    assert hot["t"] + hot["c"] > cold["t"] + cold["c"]


def test_a_sentence_can_end(person: Writer) -> None:
    assert person.ask("how are you")["\n"] > 0.3
    assert person.ask("how are you", "abc .")["."] > 0.3
    assert person.ask("how are you", "abc ")[" "] > 0.9


def test_a_comma_that_cannot_be_written_is_a_space(person: Writer) -> None:
    written = person.ask("yes", EN + ",")
    assert written[","] > 0.05
    assert person.ask("yes", EN)[" "] > written[" "] + 0.5 * written[","]
    assert likeliest(person.ask("yes pleas")) == "e"


def test_a_character_costs_a_decode_only_where_tokens_end(person: Writer) -> None:
    person.reader = person.fresh()
    person.ask("")
    text = "i would like to watch television this afternoon"
    decodes = sum(person.decodes_for(text[:end]) for end in range(1, len(text) + 1))
    assert decodes <= 0.45 * len(text)


def test_what_is_undone_and_written_again_costs_nothing(person: Writer) -> None:
    text = "could you open the win"
    for end in range(len(text) + 1):
        person.ask(text[:end])
    assert [person.decodes_for(text[:end]) for end in range(len(text), -1, -1)] == [0] * (len(text) + 1)
    assert [person.decodes_for(text[:end]) for end in range(len(text) + 1)] == [0] * (len(text) + 1)


def test_after_other_readings_it_goes_on_where_it_was(tiny: Writer) -> None:
    """Others may have filled the tree meanwhile; what they pushed out is read again."""
    tiny.reset()
    text = "you like to"
    expected = [tiny.ask(text[:end]) for end in range(len(text) + 1)]
    tiny.reset()
    for end, before in enumerate(expected):
        root = tiny.finder.tree.root(tiny.runtime.tokenize(f"Other {end}", start=True), lambda: False)
        tiny.finder.tree.make_room(N_NODES - 1)
        tiny.finder.tree.grow([(root, token) for token in range(N_NODES - 2)])
        assert tiny.ask(text[:end]) == pytest.approx(before, abs=1e-3)


def test_a_text_that_appears_at_once_reads_as_if_it_was_written(tiny: Writer) -> None:
    tiny.reset()
    step_by_step = [tiny.ask("i like the"[:end]) for end in range(11)][-1]
    tiny.reset()
    assert tiny.ask("i like the") == pytest.approx(step_by_step, abs=1e-4)


def test_it_can_be_called_off_and_asked_again(tiny: Writer) -> None:
    tiny.reset()
    expected = tiny.ask("you like")
    tiny.reset()
    tiny.ask("yo")
    with pytest.raises(Cancelled):
        tiny.ask("you like", stale=True)
    assert tiny.ask("you like") == pytest.approx(expected, abs=1e-4)


def test_another_alphabet_and_another_conversation_do_not_mix(tiny: Writer) -> None:
    tiny.reset()
    letters = tiny.ask("to")
    assert set(tiny.ask("to", "abc")) == set("abc")
    assert tiny.ask("to", said="Where?") != letters
    assert tiny.ask("to") == pytest.approx(letters, abs=1e-4)


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60), alphabet=st.text(max_size=12))
def test_whatever_is_written_each_character_has_a_chance(tiny: Writer, text: str, alphabet: str) -> None:
    p = tiny.ask(text, alphabet)
    assert list(p) == list(dict.fromkeys(alphabet))
    if alphabet:
        assert sum(p.values()) == pytest.approx(1.0)
        assert min(p.values()) > 0.0


@pytest.mark.parametrize("text", ["like you " * 12_000, "x" * 100_000, "😀" * 500, "\x00\x07 to", "to\nyou"])
def test_long_and_strange_texts(tiny: Writer, text: str) -> None:
    p = tiny.ask(text)
    assert sum(p.values()) == pytest.approx(1.0)


def test_long_texts_cost_no_more_than_short_ones(tiny: Writer) -> None:
    tiny.reset()
    text = "you like to like the " * 40
    tiny.ask(text)
    assert max(tiny.decodes_for(text + "to like it"[:end]) for end in range(1, 11)) <= 6
