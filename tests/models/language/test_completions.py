"""What a server answers is read in every dialect, and whatever else it may send is refused with a reason."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.language.server.completions import END, MalformedAnswer, Step, read_completions, read_json

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
LOGPROBS = st.fixed_dictionaries(
    {},
    optional={
        "tokens": st.lists(SCALARS, max_size=2),
        "token_logprobs": st.lists(SCALARS, max_size=2),
        "top_logprobs": st.lists(
            st.dictionaries(st.text(max_size=3), SCALARS, max_size=3) | SCALARS, max_size=2
        ),
        "content": ANYTHING
        | st.lists(
            st.fixed_dictionaries(
                {"token": SCALARS, "logprob": SCALARS, "top_logprobs": st.lists(ANYTHING, max_size=2)}
            ),
            max_size=2,
        ),
    },
)
ANSWERS = st.fixed_dictionaries(
    {
        "choices": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "index": SCALARS,
                    "text": SCALARS,
                    "logprobs": LOGPROBS | ANYTHING,
                    "finish_reason": SCALARS,
                },
            )
            | ANYTHING,
            max_size=3,
        )
    }
)


def choice(index: int, *tokens: str, **more: object) -> dict[str, object]:
    logprobs = {
        "tokens": list(tokens),
        "token_logprobs": [math.log(0.5)] * len(tokens),
        "top_logprobs": [{token: math.log(0.5), " else": math.log(0.25)} for token in tokens],
    }
    return {"index": index, "text": "".join(tokens), "logprobs": logprobs, **more}


def test_choices_come_in_the_order_of_the_prompts() -> None:
    lines = read_completions({"choices": [choice(1, " b"), choice(0, " a", ".")]}, 2)
    assert [[step.token for step in line] for line in lines] == [[" a", "."], [" b"]]
    assert lines[0][1].likeliest == pytest.approx({".": 0.5, " else": 0.25})


def test_what_was_written_is_among_the_likeliest_even_where_the_server_leaves_it_out() -> None:
    told = choice(0, " rare")
    told["logprobs"]["top_logprobs"] = [{" common": math.log(0.4)}]  # type: ignore[index]
    (line,) = read_completions({"choices": [told]}, 1)
    assert line == [Step(" rare", pytest.approx({" rare": 0.5, " common": 0.4}))]


def test_the_tokenizers_own_marks_are_spaces() -> None:
    (line,) = read_completions({"choices": [choice(0, "▁to", "Ġgo", "Ċ")]}, 1)
    assert [step.token for step in line] == [" to", " go", "\n"]


def test_a_text_that_ended_says_so() -> None:
    ended = {"text": "", "logprobs": None, "finish_reason": "stop"}
    assert read_completions({"choices": [ended]}, 1) == [[END]]
    (line,) = read_completions({"choices": [choice(0, " a", finish_reason="stop")]}, 1)
    assert line[1] == END
    (line,) = read_completions({"choices": [choice(0, " a", "", finish_reason="stop")]}, 1)
    assert [step.token for step in line] == [" a", ""]


def test_tokens_of_impossible_probability_are_no_trouble() -> None:
    told = choice(0, " a")
    told["logprobs"]["top_logprobs"] = [{" never": -math.inf, " surely": 1e-9}]  # type: ignore[index]
    (line,) = read_completions({"choices": [told]}, 1)
    assert line[0].likeliest[" never"] < 1e-300 and line[0].likeliest[" surely"] == 1.0


@given(st.lists(st.text(max_size=3), max_size=3), st.integers(0, 3))
def test_another_number_of_choices_than_of_prompts_is_refused(tokens: list[str], n_prompts: int) -> None:
    answer = {"choices": [choice(0, token) for token in tokens]}
    if len(tokens) == n_prompts <= 1:
        assert len(read_completions(answer, n_prompts)) == n_prompts
    else:
        with pytest.raises(MalformedAnswer):
            read_completions(answer, n_prompts)


@given(ANSWERS | ANYTHING, st.integers(1, 3))
@example({"choices": [{"index": True, "logprobs": {"content": []}}]}, 1)
@example({"choices": [{"index": 5, "logprobs": {"content": []}}]}, 1)
def test_whatever_comes_is_read_or_refused(answer: object, n_prompts: int) -> None:
    try:
        lines = read_completions(answer, n_prompts)
    except MalformedAnswer as refused:
        assert str(refused)
        return
    assert len(lines) == n_prompts
    for step in (step for line in lines for step in line):
        assert step.token in step.likeliest
        assert all(isinstance(text, str) and 0.0 <= p <= 1.0 for text, p in step.likeliest.items())


@given(st.binary(max_size=60) | ANYTHING.map(lambda value: json.dumps(value).encode()[:-1]))
def test_any_bytes_are_json_or_refused(body: bytes) -> None:
    try:
        read_json(body)
    except MalformedAnswer as refused:
        assert str(refused)
