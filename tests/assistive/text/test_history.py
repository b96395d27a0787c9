"""The journal's entries give back the text, the page and the undo history."""

from __future__ import annotations

from assistive.boards.board import Action, Verb
from assistive.messages import JournalEntry
from assistive.text.compose import compose
from assistive.text.document import TextDocument
from assistive.text.history import edit_data, restore, snapshot


def written(sentence: str) -> tuple[TextDocument, list[JournalEntry]]:
    document, entries = TextDocument(), []
    for character in sentence:
        edit = compose(document.text, Action(Verb.WRITE, character), language="en")
        assert edit is not None
        document.apply(edit)
        data = edit_data(edit) | {"page": "letters"}
        entries.append(JournalEntry(float(len(entries)), len(entries) + 1, "edit", data))
    return document, entries


def test_what_was_written_is_back_with_its_undo() -> None:
    document, entries = written("tea please")
    entries.append(JournalEntry(99.0, 11, "page", {"page": "numbers"}))
    state = restore(entries)
    assert (state.document.text, state.page, state.number) == (document.text, "numbers", 11)
    state.document.undo()
    assert state.document.text == "Tea pleas"


def test_a_snapshot_stands_for_all_before_it() -> None:
    _, entries = written("tea")
    entries.append(JournalEntry(4.0, 4, "speak", {"text": "Tea", "page": "letters"}))
    state = restore([snapshot(restore(entries), 5.0, keep_history=True)])
    assert (state.document.text, state.conversation.own, state.document.finished) == ("Tea", ["Tea"], True)
    assert state.number == 4
    for _ in range(4):
        state.document.undo()
    assert state.document.text == ""


def test_a_snapshot_from_before_there_were_turns_keeps_the_text_and_what_was_said() -> None:
    document, entries = written("tea please")
    data = snapshot(restore(entries), 5.0, keep_history=True).data
    del data["turns"]
    old = JournalEntry(5.0, 10, "state", data | {"said": ["Hello."], "partner": "Tea?"})
    state = restore([old])
    assert state.document.text == document.text
    assert (state.conversation.last_said, state.conversation.partner) == ("Hello.", "Tea?")


def test_without_history_only_the_text_on_screen_is_kept() -> None:
    _, entries = written("tea")
    entries.append(JournalEntry(4.0, 4, "speak", {"text": "Tea", "page": "letters"}))
    state = restore([snapshot(restore(entries), 5.0, keep_history=False)])
    assert (state.document.text, state.conversation.own, state.document.can_undo) == ("Tea", [], False)


def test_an_entry_that_does_not_fit_is_passed_over() -> None:
    _, entries = written("tea")
    foreign = [
        JournalEntry(5.0, 4, "edit", {"removed": "xyz", "inserted": "", "proposed": False}),
        JournalEntry(5.0, 5, "dance", {}),
        JournalEntry(5.0, 6, "edit", {}),
    ]
    state = restore(entries + foreign)
    assert (state.document.text, state.number) == ("Tea", 6)


def test_a_call_for_help_that_nobody_has_answered_is_in_the_snapshot() -> None:
    _, entries = written("hi")
    entries.append(JournalEntry(3.0, 3, "help", {"calling": True, "reason": "", "page": "letters"}))
    assert restore([snapshot(restore(entries), 5.0, keep_history=False)]).help == ""
    entries.append(JournalEntry(4.0, 4, "help", {"calling": False, "page": "letters"}))
    assert restore([snapshot(restore(entries), 5.0, keep_history=False)]).help is None
