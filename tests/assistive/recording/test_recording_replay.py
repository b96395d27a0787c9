"""A recording replays to the same text, selection by selection, and says where it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from diarist import QUICK, STORIES, STORIES_FOLDER, Diarist
from hypothesis import given, settings
from hypothesis import strategies as st

from assistive.boards.layout import Layout, load_layout
from assistive.cli import main
from assistive.messages import ChangeSetting, PartnerSaid, Trouble
from assistive.recording.format import RecordingError
from assistive.recording.player import Difference, replay
from devices.samples import GazeSample


@pytest.fixture
def tea(tmp_path: Path) -> Path:
    """A recording of "tea" spelled and spoken."""
    return Diarist().write("tea").look("speak").keep(tmp_path / "tea.jsonl")


def change(path: Path, edit: Callable[[list[dict[str, Any]]], object]) -> Path:
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    edit(lines)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


# ------------------------------------------------------------ the recordings that are kept in the repository


@pytest.mark.parametrize("name", STORIES)
def test_what_was_recorded_comes_out_again(name: str) -> None:
    replayed = replay(STORIES_FOLDER / f"{name}.jsonl")
    assert replayed.first_difference is None
    assert replayed.complete
    assert replayed.selections


def test_the_texts_of_the_kept_recordings() -> None:
    came = {name: replay(STORIES_FOLDER / f"{name}.jsonl") for name in STORIES}
    assert {name: replayed.text for name, replayed in came.items()} == {
        "a_cup_of_tea": "I would like tea",
        "the_window_in_russian": "Д",
        "from_the_middle_of_a_day": "Calm",
    }
    midday = came["from_the_middle_of_a_day"].selections
    assert [step.text for step in midday if step.verb == "write"] == ["Cal", "Calm", "Calms", "Calmse"]
    assert came["the_window_in_russian"].utterances[:2] == ("Окна", "Да.")


# ------------------------------------------------------------ any moment, any text


@settings(max_examples=12)
@given(
    st.lists(
        st.sampled_from(["a", "t", "undo", "speak", "help", "rest", "blink", "glance", "mute"]), max_size=5
    ),
    st.data(),
)
def test_a_recording_may_begin_at_any_moment(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[str], data: st.DataObject
) -> None:
    person = Diarist(proposer=lambda request: ("tell", "ask", request.text[-1:] + "x"))
    begins = data.draw(st.integers(0, len(deeds)))
    for number, deed in enumerate([*deeds, "a"]):
        if number == begins:
            person.begin()
        if deed == "blink":
            person.blink(0.3)
        elif deed == "glance":
            person.look("help", 0.7)
        elif deed == "mute":
            person.tell(
                ChangeSetting(person.clock.now(), "sound.muted", not person.engine.settings.sound.muted)
            )
        elif any(deed in (t.id, t.label) for t in person.board.targets):
            person.look(deed, 1.8)
    path = person.keep(tmp_path_factory.mktemp("any") / "moment.jsonl")
    replayed = replay(path)
    assert replayed.first_difference is None
    assert replayed.text == person.engine.document.text


def test_text_that_the_board_has_no_keys_for_replays_too(tmp_path: Path) -> None:
    strange = "Ça va? 你好 \ud800 🙂\n"
    person = Diarist(proposer=lambda request: (strange.strip(),) if not request.text else ())
    person.tell(PartnerSaid(person.clock.now(), strange)).look("word:0")
    replayed = replay(person.keep(tmp_path / "strange.jsonl"))
    assert replayed.first_difference is None
    assert "你好 \ud800 🙂" in replayed.text


def test_a_change_of_language_while_recording(tmp_path: Path) -> None:
    person = Diarist().write("a")
    person.tell(ChangeSetting(person.clock.now(), "look.language", "ru")).write("я")
    assert replay(person.keep(tmp_path / "both.jsonl")).first_difference is None


def test_a_message_that_the_engine_cannot_handle_is_passed_over_as_it_was(tmp_path: Path) -> None:
    person = Diarist().write("a")
    person.messages.append(GazeSample("later", 0.5, 0.5))  # type: ignore[arg-type]
    person.write("b")
    with pytest.raises(RecordingError, match="damaged"):
        replay(person.keep(tmp_path / "odd.jsonl"))
    del person.messages[person.messages.index(next(m for m in person.messages if m.t == "later"))]
    person.messages.insert(-1, Trouble(person.clock.now(), "x", None))  # type: ignore[arg-type]
    assert replay(person.keep(tmp_path / "odder.jsonl")).text == "Ab"


# ------------------------------------------------------------ what is not the same


def look_elsewhere(lines: list[dict[str, Any]]) -> None:
    """The second letter is looked at where no key is."""
    chosen = [i for i, line in enumerate(lines) if "selected" in line]
    for line in lines[chosen[0] : chosen[1]]:
        if line.get("in", {}).get("is") == "GazeSample":
            line["in"]["y"] = -0.5


def test_other_looks_are_another_text_from_that_selection_on(tea: Path) -> None:
    replayed = replay(change(tea, look_elsewhere))
    assert replayed.text == "Ta"
    assert replayed.first_difference == Difference(2, 'write "e"', 'write "a"')


def test_a_selection_that_is_missing_at_the_end_is_a_difference(tea: Path) -> None:
    def speak_less(lines: list[dict[str, Any]]) -> None:
        chosen = [i for i, line in enumerate(lines) if "selected" in line]
        lines[:] = [
            line
            for i, line in enumerate(lines)
            if not (i > chosen[2] and line.get("in", {}).get("is") == "GazeSample")
        ]

    assert replay(change(tea, speak_less)).first_difference == Difference(4, "speak", "")


def test_another_recorded_utterance_is_a_difference(tea: Path) -> None:
    def said(lines: list[dict[str, Any]]) -> None:
        next(line for line in lines if "said" in line)["said"] = "Coffee"

    assert replay(change(tea, said)).first_difference == Difference(4, "Coffee", "Tea")


def test_a_selection_that_was_not_recorded_is_a_difference(tea: Path) -> None:
    def forget(lines: list[dict[str, Any]]) -> None:
        del lines[next(i for i, line in enumerate(lines) if line.get("entry", {}).get("kind") == "speak")]

    difference = replay(change(tea, forget)).first_difference
    assert difference == Difference(4, "", 'speak text "Tea" [letters]')


# ------------------------------------------------------------ damaged and foreign files


def test_a_recording_that_was_cut_anywhere_replays_up_to_there_or_says_why_not(tea: Path) -> None:
    whole = tea.read_bytes()
    header = whole.index(b"\n") + 1
    for cut in (header, header + 5, len(whole) // 3, len(whole) // 2, len(whole) - 20, len(whole) - 1):
        tea.write_bytes(whole[:cut])
        replayed = replay(tea)
        assert (replayed.first_difference, replayed.complete) == (None, False)
        assert "Tea".startswith(replayed.text)
    for cut in (0, 1, header // 2, header - 2):
        tea.write_bytes(whole[:cut])
        with pytest.raises(RecordingError):
            replay(tea)


@settings(max_examples=60)
@given(st.data())
def test_bytes_that_were_changed_end_in_a_difference_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray((STORIES_FOLDER / "from_the_middle_of_a_day.jsonl").read_bytes())
    at = data.draw(st.integers(0, min(len(whole) - 1, 30_000)))
    whole[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    path = tmp_path_factory.mktemp("bytes") / "changed.jsonl"
    path.write_bytes(whole)
    try:
        replay(path)
    except RecordingError as error:
        assert str(path) in str(error)


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
    st.sampled_from(["sayso recording", "sayso", "t", "settings", "state", "moment", "layouts"]),
)
def test_any_header_is_understood_or_refused(
    tmp_path_factory: pytest.TempPathFactory, value: Any, key: str
) -> None:
    lines = (STORIES_FOLDER / "from_the_middle_of_a_day.jsonl").read_text("utf-8").splitlines()[:40]
    header = json.loads(lines[0]) | {key: value}
    path = tmp_path_factory.mktemp("header") / "any.jsonl"
    path.write_text("\n".join([json.dumps(header), *lines[1:], ""]), "utf-8")
    try:
        replay(path)
    except RecordingError as error:
        assert str(path) in str(error)


@settings(max_examples=100)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["is", "enum", "value", "float", "deque", "maxlen", "dict", "set", "t", "x", "number"]
                ),
                inner | st.sampled_from(["GazeSample", "Press", "VoicePhase", "JournalAcked"]),
                max_size=4,
            )
        ),
    ),
    st.sampled_from(["in", "entry", "selected", "said", "text", "else"]),
)
def test_any_line_is_understood_or_refused(
    tmp_path_factory: pytest.TempPathFactory, value: Any, kind: str
) -> None:
    lines = (STORIES_FOLDER / "from_the_middle_of_a_day.jsonl").read_text("utf-8").splitlines()[:20]
    path = tmp_path_factory.mktemp("line") / "any.jsonl"
    path.write_text("\n".join([*lines, json.dumps({kind: value}), *lines[1:], ""]), "utf-8")
    try:
        replay(path)
    except RecordingError as error:
        assert "line 21 is damaged" in str(error)


def test_a_line_of_endless_depth_is_refused(tea: Path) -> None:
    lines = tea.read_bytes().splitlines(keepends=True)
    for deep in (b"[" * 400 + b"]" * 400, b"[" * 100_000 + b"]" * 100_000):
        tea.write_bytes(b"".join([*lines[:10], b'{"in":' + deep + b"}\n", *lines[10:]]))
        with pytest.raises(RecordingError, match="line 11 is damaged"):
            replay(tea)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("sayso recording", 99, "the format 99"),
        ("sayso", "999.0.0", "newer"),
        ("layouts", {"en": "of another day", "ru": ""}, "another layout (en)"),
        ("settings", {"look": {"smell": "roses"}}, "settings that this Sayso does not have"),
        ("state", {"number": 1, "t": 1.0, "kind": "state", "data": {"text": "x"}}, "damaged"),
        ("moment", [], "not a recording"),
    ],
)
def test_a_header_from_elsewhere_is_refused_in_plain_words(
    tea: Path, key: str, value: object, words: str
) -> None:
    change(tea, lambda lines: lines[0].update({key: value}))
    with pytest.raises(RecordingError) as caught:
        replay(tea)
    assert words in str(caught.value)


def test_another_layout_is_refused(tea: Path) -> None:
    def turned_round(language: str) -> Layout:
        layout = load_layout(language)
        return layout.model_copy(update={"alphabet": layout.alphabet[::-1]})

    with pytest.raises(RecordingError, match="another layout"):
        replay(tea, layout_for=turned_round)


def test_a_damaged_line_is_named(tea: Path) -> None:
    lines = tea.read_bytes().splitlines(keepends=True)
    lines[10] = b'{"in": {"is": "Path", "t": 1}}\n'
    tea.write_bytes(b"".join(lines))
    with pytest.raises(RecordingError, match="line 11 is damaged"):
        replay(tea)


# ------------------------------------------------------------ on the command line


def test_the_command_prints_what_was_written_and_exits_with_0(
    tea: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    assert main(["replay", str(tea), "--json", str(out)]) == 0
    printed = capsys.readouterr().out
    assert [line.split()[1:] for line in printed.splitlines()[:3]] == [
        ["1", "t", "T"],
        ["2", "e", "Te"],
        ["3", "a", "Tea"],
    ]
    assert "Said: Tea" in printed
    assert "It is the same as what was recorded." in printed
    data = json.loads(out.read_text("utf-8"))
    assert (data["same"], data["text"], len(data["selections"])) == (True, "Tea", 4)


def test_the_command_exits_with_1_where_it_is_not_the_same(
    tea: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", str(change(tea, look_elsewhere))]) == 1
    assert "from selection 2 on" in capsys.readouterr().out


def test_the_command_says_why_it_cannot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path, content in (
        ("nowhere", None),
        ("empty", b""),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00"),
        (".", None),
    ):
        file = tmp_path / path
        if content is not None:
            file.write_bytes(content)
        assert main(["replay", str(file)]) == 1
        caught = capsys.readouterr()
        assert caught.out == ""
        assert str(file) in caught.err
    assert QUICK.privacy.recordings is False
