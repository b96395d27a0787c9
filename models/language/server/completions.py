"""models.language.server: what an OpenAI-compatible server answers to ``/v1/completions``, whatever dialect it speaks.

Two shapes of log-probabilities are in use: OpenAI's older one (``tokens`` and ``top_logprobs``, a table of texts for
each token: vLLM, LMDeploy, llama-cpp-python) and the one of its chat (``content``, a list of tokens with lists of
alternatives: llama.cpp's own server). See platform.openai.com/docs/api-reference/completions.
"""

from __future__ import annotations

import json
import math
from typing import Any, NamedTuple

from devices.i18n import N_

_WRONG_FORM = N_("a part of it has the wrong form")
_WRONG_NUMBER = N_("it has not one choice for each prompt")
_NO_LOGPROBS = N_("it has no log-probabilities")

_SPACES = str.maketrans({"▁": " ", "Ġ": " ", "Ċ": "\n"})
"""Some servers show the tokenizer's own marks in place of the space and the new line."""


class Step(NamedTuple):
    """A token that the server wrote, and what it might have written in its place.

    Parameters
    ----------
    token : str
        What was written; "" where the text ended.
    likeliest : dict of str to float
        The likeliest next tokens, by their text, with their probabilities; the one that was written is among
        them. Probabilities are of all tokens where the server says so, and sum to less than one: the rest is
        not told.
    """

    token: str
    likeliest: dict[str, float]


END = Step("", {"": 1.0})
"""The text ended here, and nothing else is told."""


class MalformedAnswer(Exception):
    """The server answered with something else; the message says what is wrong with it (English, translatable)."""


def read_json(body: bytes) -> Any:
    """Return what `body` holds.

    Raises
    ------
    MalformedAnswer
        It is no JSON, or nested without end.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        if body.lstrip()[:1] == b"<":
            raise MalformedAnswer(N_("a web page came in place of an answer")) from error
        raise MalformedAnswer(N_("it is no JSON")) from error


def read_completions(answer: Any, n_prompts: int) -> list[list[Step]]:
    """Return what was written after each of `n_prompts` prompts, token by token.

    Parameters
    ----------
    answer : object
        The decoded body of the answer.
    n_prompts : int
        How many prompts were sent.

    Raises
    ------
    MalformedAnswer
        It is no answer to so many prompts with log-probabilities.
    """
    choices = answer.get("choices") if isinstance(answer, dict) else None
    if not isinstance(choices, list) or len(choices) != n_prompts:
        raise MalformedAnswer(_WRONG_NUMBER)
    written: dict[int, list[Step]] = {}
    for place, choice in enumerate(choices):
        if not isinstance(choice, dict):
            raise MalformedAnswer(_WRONG_FORM)
        index = choice.get("index", place)
        written[index if isinstance(index, int) else place] = _steps(choice)
    if set(written) != set(range(n_prompts)):
        raise MalformedAnswer(_WRONG_NUMBER)
    return [written[index] for index in range(n_prompts)]


def _steps(choice: dict[str, Any]) -> list[Step]:
    ended = choice.get("finish_reason") == "stop"
    logprobs = choice.get("logprobs")
    if logprobs is None and ended and choice.get("text") == "":
        return [END]
    steps = _told(logprobs)
    # Some servers leave the token out that ends the text.
    return [*steps, END] if ended and not (steps and steps[-1].token == "") else steps


def _told(logprobs: Any) -> list[Step]:
    if not isinstance(logprobs, dict):
        raise MalformedAnswer(_NO_LOGPROBS)
    if isinstance(content := logprobs.get("content"), list):
        return [_chat_step(entry) for entry in content]
    tokens, tops = logprobs.get("tokens"), logprobs.get("top_logprobs")
    chosen = logprobs.get("token_logprobs")
    if not (isinstance(tokens, list) and isinstance(tops, list) and isinstance(chosen, list)):
        raise MalformedAnswer(_NO_LOGPROBS)
    if not len(tokens) == len(tops) == len(chosen):
        raise MalformedAnswer(_WRONG_FORM)
    return [_table_step(*entry) for entry in zip(tokens, chosen, tops, strict=True)]


def _table_step(token: Any, logprob: Any, top: Any) -> Step:
    if not isinstance(top, dict):
        raise MalformedAnswer(_WRONG_FORM)
    return _step(token, [*top.items(), (token, logprob)])


def _chat_step(entry: Any) -> Step:
    top = entry.get("top_logprobs") if isinstance(entry, dict) else None
    if not isinstance(top, list) or not all(isinstance(other, dict) for other in top):
        raise MalformedAnswer(_WRONG_FORM)
    return _step(entry.get("token"), [(other.get("token"), other.get("logprob")) for other in [*top, entry]])


def _step(token: Any, entries: list[tuple[Any, Any]]) -> Step:
    likeliest: dict[str, float] = {}
    for text, logprob in entries:
        shown = _shown(text)
        likeliest[shown] = max(likeliest.get(shown, 0.0), _probability(logprob))
    return Step(_shown(token), likeliest)


def _shown(token: Any) -> str:
    if not isinstance(token, str):
        raise MalformedAnswer(_WRONG_FORM)
    return token.translate(_SPACES)


def _probability(logprob: Any) -> float:
    if isinstance(logprob, bool) or not isinstance(logprob, int | float) or math.isnan(logprob):
        raise MalformedAnswer(_WRONG_FORM)
    return math.exp(max(min(logprob, 0.0), -700.0))
