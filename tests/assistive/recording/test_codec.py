"""Any message comes back from a recording as it went in."""

from __future__ import annotations

import json
import math
from collections import deque
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistive.messages import Incoming, JournalEntry, TextShown, Trouble, Utterance
from assistive.recording.codec import decode, encode
from assistive.recording.format import message_line
from assistive.settings import Settings
from devices.samples import GazeSample
from models.language.messages import Proposals

TEXTS = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(TEXTS, inner, max_size=3)
        | st.lists(inner, max_size=3).map(lambda items: deque(items, maxlen=8))
    ),
    max_leaves=8,
)


def messages(kind: type[Incoming]) -> st.SearchStrategy[Incoming]:
    fields = get_type_hints(kind)
    return st.builds(
        kind,
        **{
            name: ANY if hint is Any else TEXTS if hint is str else st.from_type(hint)
            for name, hint in fields.items()
        },
    )


def through_a_file(value: Any) -> Any:
    text = json.dumps(encode(value), allow_nan=False)
    return decode(json.loads(text))


@given(st.one_of([messages(kind) for kind in get_args(Incoming)]))
def test_any_message_comes_back(message: Incoming) -> None:
    again = through_a_file(message)
    assert type(again) is type(message)
    assert repr(again) == repr(message)  # NaN is not equal to itself, -0.0 is to 0.0
    assert message_line(message).endswith(b"\n")


@given(ANY)
def test_any_plain_value_comes_back(value: Any) -> None:
    assert repr(through_a_file(value)) == repr(value)


def test_eyes_that_are_closed_stay_closed() -> None:
    again = through_a_file(GazeSample(1.0, math.nan, math.nan, left=(0.1, math.nan)))
    assert not again.valid
    assert again.left[0] == 0.1
    assert math.isnan(again.left[1])


def test_a_file_cannot_name_code_to_run() -> None:
    for foreign in ({"is": "Popen", "args": "true"}, {"enum": "os.system", "value": "true"}, {"exec": 1}, {}):
        with pytest.raises(ValueError, match="no message"):
            decode(foreign)


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be recorded"):
        encode(Settings())


def test_of_what_comes_out_only_what_is_compared_is_recorded() -> None:
    assert message_line(JournalEntry(1.0, 1, "edit", {"inserted": "я"})).count("я".encode()) == 1
    assert message_line(Utterance(1.0, 1, "Yes.", "en", 1.0, 1.0)) == b'{"said":"Yes."}\n'
    assert message_line(TextShown(1.0, ())) == b'{"text":""}\n'
    assert get_args(Incoming)
    assert {Trouble, GazeSample, Proposals} <= set(get_args(Incoming))
