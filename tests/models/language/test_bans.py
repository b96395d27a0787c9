"""What is banned is not proposed, however it is spelled, and nothing else is lost."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from models.language.bans import Bans

LETTERS = st.text(alphabet="abcdeéяжё'", min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("banned", "added", "before"),
    [
        ("damn", "damn", ""),
        ("Damn", "DAMN", "oh "),
        ("damn", "god-damn", ""),
        ("don’t", "don't", ""),
        ("don't", "DonʼT", ""),
        ("oh my god", "god", "oh my "),
        ("oh my god", "my God!", "Well, oh, "),
        ("oh my god", "oh my god please", ""),
        ("x-ray", "an x ray", ""),
        ("café", unicodedata.normalize("NFD", "café"), ""),
        ("ещё", "еще", ""),
        ("damn", "da\u00admn", ""),
        ("damn", "mn", "da"),
        ("👍", "ok 👍🏽", ""),
    ],
)
def test_every_spelling_is_found(banned: str, added: str, before: str) -> None:
    assert Bans([banned]).completed_by(added, before)


@pytest.mark.parametrize(
    ("banned", "added", "before"),
    [
        ("damn", "damned", ""),
        ("he", "he's", ""),
        ("ass", "class", ""),
        ("oh my god", "my god", ""),
        ("oh my god", "god", "my "),
        ("damn", " it", "damn"),  # the person wrote it
        ("damn", "", "damn"),
        ("👍", "ok", "👍"),
        ("", "anything", ""),
        (" \u200b", "a b", ""),
    ],
)
def test_nothing_else_is_lost(banned: str, added: str, before: str) -> None:
    assert not Bans([banned]).completed_by(added, before)


@given(st.lists(LETTERS, min_size=1, max_size=3), LETTERS, st.data())
def test_a_banned_phrase_never_comes_back_in_any_cut(
    words: list[str], other: str, data: st.DataObject
) -> None:
    phrase = " ".join(words)
    assume(any(c.isalpha() for c in words[-1]) and phrase[-1] != "'")
    bans = Bans([phrase])
    change = data.draw(
        st.sampled_from([str.upper, str.title, str.swapcase, lambda text: text.replace("'", "’")])
    )
    text = f"{other} {change(phrase)}"
    cut = data.draw(st.integers(0, len(text) - 1))
    assert bans.completed_by(text) == bans.completed_by(f"{other} {phrase}")
    pieces = [text[at : at + 2] for at in range(0, len(text), 2)]
    if bans.completed_by(text):
        completed = any(bans.completed_by(piece, "".join(pieces[:at])) for at, piece in enumerate(pieces))
        assert completed
        assert bans.completed_by(text[cut:], text[:cut]) or bans.completed_by(text[:cut])


@given(st.text(max_size=30), st.text(max_size=30), st.lists(st.text(max_size=5), max_size=3))
def test_any_text_can_be_asked_about(added: str, before: str, banned: list[str]) -> None:
    bans = Bans(banned)
    assert isinstance(bans.completed_by(added, before), bool)
    if not bans:
        assert not bans.completed_by(added, before)
