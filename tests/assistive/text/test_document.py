"""Text: every selection can be undone, and what was spoken is marked as spoken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.boards.board import Action, Verb
from assistive.messages import SpanStyle
from assistive.text.compose import compose, last_character, partial_word
from assistive.text.document import Edit, TextDocument


def choose(document: TextDocument, *actions: Action, language: str = "en", new: bool = True) -> None:
    for action in actions:
        if action.verb is Verb.SPEAK:
            document.speak()
            continue
        edit = compose(
            document.text, action, language=language, finished=document.finished, new_after_speaking=new
        )
        if edit is not None:
            document.apply(edit)


def letters(characters: str) -> list[Action]:
    return [Action(Verb.WRITE, c) for c in characters]


def word(text: str) -> Action:
    return Action(Verb.WORD, text)


SPEAK = Action(Verb.SPEAK)


def test_a_sentence_from_letters_and_words() -> None:
    document = TextDocument()
    choose(document, word("I"), word("would"), *letters("li"), word("like"), word("tea"), *letters("."))
    assert document.text == "I would like tea. "


def test_the_first_letter_of_a_sentence_is_a_capital_and_so_is_a_lone_i() -> None:
    document = TextDocument()
    choose(document, *letters("yes, i am. ok"))
    assert document.text == "Yes, I am. Ok"


def test_a_decimal_number_keeps_together() -> None:
    document = TextDocument()
    choose(document, *letters("at 3.5"))
    assert document.text == "At 3.5"


def test_a_proposed_word_is_marked_until_the_next_choice() -> None:
    document = TextDocument()
    choose(document, word("I"), *letters("wo"), word("would"))
    assert [s.style for s in document.spans()] == [SpanStyle.OWN, SpanStyle.PROPOSED]
    assert document.spans()[1].text == "would "
    choose(document, *letters("l"))
    assert [s.style for s in document.spans()] == [SpanStyle.OWN]


def test_after_speaking_the_next_word_begins_a_new_sentence_and_undo_brings_the_old_one_back() -> None:
    document = TextDocument()
    choose(document, *letters("hello"), SPEAK, word("thanks"))
    assert document.text == "Thanks "
    document.undo()
    assert document.text == "Hello"
    assert document.spans()[0].style is SpanStyle.SPOKEN
    document.undo()
    assert document.text == "Hello"
    assert not document.finished, "undoing Speak lets the person go on with the sentence"
    assert document.spans()[0].style is SpanStyle.SPOKEN, "it was heard all the same"
    choose(document, *letters("s"))
    assert document.text == "Hellos"


def test_punctuation_goes_on_with_a_spoken_sentence() -> None:
    document = TextDocument()
    choose(document, *letters("hello"), SPEAK, *letters("!"))
    assert document.text == "Hello! "


def test_keep_goes_on_with_the_spoken_sentence() -> None:
    document = TextDocument()
    choose(document, *letters("hello "), SPEAK, *letters("you"), new=False)
    assert document.text == "Hello you"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("cafe\u0301", "caf"),
        ("hi 👩‍👩‍👧", "hi "),
        ("👍🏽", ""),
        ("🇷🇺", "🇷"),
        ("سلام", "سلا"),
        ("a\u0000", "a"),
    ],
)
def test_delete_letter_takes_what_a_person_sees_as_one_letter(text: str, left: str) -> None:
    assert text[: len(text) - len(last_character(text))] == left


@pytest.mark.parametrize(
    ("text", "left"),
    [("I am fine ", "I am "), ("I am", "I "), ("don't", ""), ("wait...", "wait.."), ("  ", "")],
)
def test_delete_word(text: str, left: str) -> None:
    edit = compose(text, Action(Verb.DELETE_WORD), language="en")
    assert edit is not None
    assert text[: len(text) - len(edit.removed)] + edit.inserted == left


@pytest.mark.timeout(5)
def test_delete_word_at_the_end_of_100_000_letters_without_a_space_takes_no_time() -> None:
    edit = compose("a" * 100_000 + "!", Action(Verb.DELETE_WORD), language="en")
    assert edit is not None
    assert edit.removed == "!"
    long = compose("a" * 100_000, Action(Verb.DELETE_WORD), language="en")
    assert long is not None
    assert 0 < len(long.removed) < 1000


def test_a_hundred_thousand_characters() -> None:
    document = TextDocument()
    document.apply(Edit("", "word " * 20_000))
    choose(document, *letters("end"), Action(Verb.CLEAR))
    assert document.text == ""
    document.undo()
    assert len(document.text) == 100_003
    assert partial_word(document.text) == "end"


actions = st.one_of(
    st.builds(Action, st.just(Verb.WRITE), st.sampled_from(list("abi .,?!'5я\u0301😀ع\n "))),
    st.builds(Action, st.just(Verb.WORD), st.sampled_from(["I", "don't", "чай", "tea", "Ж"])),
    st.sampled_from([Action(Verb.DELETE_LETTER), Action(Verb.DELETE_WORD), Action(Verb.CLEAR), SPEAK]),
)


@given(st.lists(actions, max_size=30), st.sampled_from(["en", "ru"]), st.booleans())
def test_any_choices_followed_by_as_many_undos_give_back_the_text(
    chosen: list[Action], language: str, new: bool
) -> None:
    document = TextDocument()
    choose(document, Action(Verb.WRITE, "start"), language=language, new=new)
    before = document.text
    steps = len(document.history)
    choose(document, *chosen, language=language, new=new)
    assert "".join(span.text for span in document.spans()) == document.text
    while len(document.history) > steps:
        document.undo()
    assert document.text == before
