"""What a token can be in a word, whichever way its vocabulary was made."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.language.pieces import Pieces, Script, script_of

TEXTS = [
    " the",
    " The",
    "ing",
    "'",
    "’",
    "t",
    " don",
    ".",
    " (",
    "\n",
    " при",
    "вет",
    "7",
    " ",
    "-",
    " '",
    "', ",
    " naïve",
]
VOCABULARY = [text.encode() for text in TEXTS] + [b"\xd0", b"\xff ", b""]
END = len(VOCABULARY) - 1
PIECES = Pieces(VOCABULARY, [END])


def named(mask: np.ndarray) -> set[str]:
    return {TEXTS[i] if i < len(TEXTS) else str(VOCABULARY[i]) for i in np.flatnonzero(mask)}


def test_words_begin_with_a_space_and_have_one_script() -> None:
    assert named(PIECES.begins(Script.LATIN, space=True)) == {" the", " The", " don", " naïve"}
    assert named(PIECES.begins(Script.CYRILLIC, space=True)) == {" при"}


def test_words_go_on_with_letters_and_marks() -> None:
    assert named(PIECES.continues(Script.LATIN)) == {"ing", "t", "'", "’", "-"}
    assert named(PIECES.continues(Script.CYRILLIC)) == {"вет", "'", "’", "-"}


def test_a_word_ends_before_space_punctuation_and_the_end_of_the_text() -> None:
    ends = set(np.flatnonzero(PIECES.boundary))
    assert {TEXTS.index(t) for t in (" the", ".", " (", "\n", " ", " '", "', ", " при")} | {END} <= ends
    assert not ends & {TEXTS.index(t) for t in ("ing", "'", "’", "t", "вет", "7", "-")}
    assert TEXTS.__len__() not in ends  # half a letter


def test_tokens_are_found_by_their_beginning() -> None:
    assert {TEXTS[i] for i in PIECES.starting_with(" th")} == {" the", " The"}
    assert {TEXTS[i] for i in PIECES.starting_with("'")} == {"'", "’"}
    assert {TEXTS[i] for i in PIECES.beginnings_of(" don't")} == {" ", " don"}
    assert len(PIECES.in_script(PIECES.starting_with(" "), Script.CYRILLIC)) == 2


@given(
    st.lists(st.text(alphabet=" abжя'-.1é", max_size=4), max_size=30), st.text(alphabet=" abжя'-", max_size=3)
)
def test_the_index_agrees_with_looking_at_every_token(texts: list[str], prefix: str) -> None:
    pieces = Pieces([text.encode() for text in texts], [])
    wordy = np.concatenate(
        [np.flatnonzero(pieces.begins(s, space=True) | pieces.continues(s)) for s in Script]
    )
    found = {int(i) for i in wordy if texts[i].casefold().startswith(prefix)}
    spaces = {i for i, text in enumerate(texts) if text == " " and " ".startswith(prefix)}
    assert {int(i) for i in pieces.starting_with(prefix)} == found | spaces


def test_scripts() -> None:
    assert script_of("don't") is Script.LATIN
    assert script_of("из-за") is Script.CYRILLIC
    assert script_of("مرحبا") is Script.OTHER
    assert script_of("aж") is Script.OTHER
    assert script_of("'-7") is Script.NONE


@given(st.text())
def test_any_text_has_a_script(text: str) -> None:
    assert script_of(text) in Script
