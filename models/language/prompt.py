"""models.language: the request as a dialogue that a base model goes on with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple
from zlib import crc32

from models.language.messages import Request, Speaker, Turn
from models.language.tones import manner

MAX_TEXT = 1000
"""Characters of the text that the model surely sees."""

STEP = 500
"""So many more may be let in, so that the cut stays where it is while the person writes."""

MAX_TURNS = 12
MAX_UTTERANCE = 200
MAX_ABOUT = 1000
MAX_EXAMPLES = 20
MAX_EXCHANGES = 40
MAX_EXAMPLE = 120

ENOUGH_EXCHANGES = 4
"""With so many exchanges of the person's own, the everyday ones that Sayso ships are left out."""

MAX_PINNED = 6
MAX_TOPICS = 12
MAX_TOPIC = 40

_SLACK = 6  # so many examples may go before they must, so that the others stay where they are

_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")

_OPENING = {
    "en": """\
Partner: Good morning! Did you sleep well?
Me: Yes, thank you. I slept very well last night.
Partner: What would you like for breakfast?
Me: I would like some toast and a cup of tea, please.
Partner: Are you warm enough?
Me: I'm a little cold. Can you close the window?
Me: Thanks, that's much better.
Partner: What do you want to do this afternoon?
Me: I don't know yet. Maybe we could go outside if it isn't raining.
Partner: Your sister called. She asked how you are doing.
Me: That's nice of her. Tell her I'm fine and I'll see her on Sunday.
Partner: Does anything hurt?
Me: My back hurts a bit. Could you help me sit up?
Partner: Should I turn on the television?
Me: No, not now. What time is it?

""",
    "ru": """\
Собеседник: Доброе утро! Как спалось?
Я: Хорошо, спасибо. Спалось очень крепко.
Собеседник: Что ты хочешь на завтрак?
Я: Я хочу кашу и чашку чая, пожалуйста.
Собеседник: Тебе не холодно?
Я: Мне немного холодно. Закрой, пожалуйста, окно.
Я: Спасибо, так гораздо лучше.
Собеседник: Чем займёмся днём?
Я: Пока не знаю. Может быть, пойдём погуляем, если не будет дождя.
Собеседник: Звонила твоя сестра, спрашивала, как у тебя дела.
Я: Скажи ей, что у меня всё хорошо и я жду её в воскресенье.
Собеседник: У тебя что-нибудь болит?
Я: Немного болит спина. Помоги мне сесть.
Собеседник: Включить телевизор?
Я: Нет, не сейчас. Сколько времени?

""",
}

_NAMES = {"en": ("Partner", "Me"), "ru": ("Собеседник", "Я")}

_PINNED = {"en": "(Remember: {})\n", "ru": "(Важно: {})\n"}

_TOPICS = {"en": "(They talk about {}.)\n", "ru": "Тема: {}.\n"}

_ABOUT = {"en": "Tell me about yourself.", "ru": "Расскажи о себе."}


class Prompt(NamedTuple):
    """What the model reads, in this order: what stays the same comes first and is read once.

    Parameters
    ----------
    opening : str
        Everyday exchanges in the person's language, then what the person says about themselves.
    examples : tuple of str
        The person's sentences, one a line, then exchanges of other days, oldest first: what is dropped
        first comes first.
    turns : tuple of str
        The conversation without its last turn, one turn a line, oldest first.
    kept : tuple of str
        Pinned lines, oldest first, then topics and a sentence in the wanted tone: near the end, where a small
        model minds them, and the last to be dropped.
    text : str
        The last turn and the line that the person is writing.
    """

    opening: str
    examples: tuple[str, ...]
    turns: tuple[str, ...]
    kept: tuple[str, ...]
    text: str

    @property
    def dialogue(self) -> str:
        """The conversation and the line that is being written."""
        return "".join(self.turns + self.kept) + self.text


def build_prompt(request: Request, before: str) -> Prompt:
    """Return the prompt after which the next word of the person follows.

    Parameters
    ----------
    request : Request
        Who the person is and what was said in this conversation.
    before : str
        The person's text up to the last word boundary.
    """
    language = request.language if request.language in _NAMES else "en"
    partner, me = _NAMES[language]
    names = {Speaker.ME: me, Speaker.PARTNER: partner}

    def lines(turns: Iterable[Turn]) -> tuple[str, ...]:
        said = ((names[turn.speaker], _one_line(turn.text[-MAX_UTTERANCE:])) for turn in turns)
        return tuple(f"{name}: {text}\n" for name, text in said if text)

    exchanges = ["".join(lines(exchange[:MAX_TURNS])) for exchange in request.exchanges[-MAX_EXCHANGES:]]
    exchanges = [exchange for exchange in exchanges if exchange]
    opening = _OPENING[language] if len(exchanges) < ENOUGH_EXCHANGES else ""
    about = _one_line(request.about[:MAX_ABOUT])
    if about:
        opening += f"{partner}: {_ABOUT[language]}\n{me}: {about}\n\n"
    sentences = [said for example in request.examples if (said := _one_line(example[:MAX_EXAMPLE]))]
    examples = (
        *(f"{me}: {said}\n" for said in _newest(sentences)),
        *(f"\n{exchange}" for exchange in exchanges),
    )
    turns = [turn for turn in request.turns if turn.text.strip()]
    turns = turns[_step(len(turns), MAX_TURNS, MAX_TURNS // 2) :]
    spoken = lines(turns)
    speaker = f"{me} ({tone.manner})" if (tone := manner(request.steering.tone, language)) else me
    text = "".join(spoken[-1:]) + f"{speaker}: {_one_line(_tail(before))}".rstrip()
    return Prompt(opening, examples, spoken[:-1], _kept(request, language), text)


def _kept(request: Request, language: str) -> tuple[str, ...]:
    """Return what the person wants the model to mind, one a line."""
    pinned = [line for pin in request.pinned if (line := _one_line(pin[:MAX_UTTERANCE]))]
    kept = [_PINNED[language].format(line) for line in pinned[-MAX_PINNED:]]
    topics = [topic for word in request.steering.topics if (topic := _one_line(word[:MAX_TOPIC]))]
    if topics:
        kept.append(_TOPICS[language].format(", ".join(topics[-MAX_TOPICS:])))
    tone = manner(request.steering.tone, language)
    if tone is not None:
        kept.append(f"{_NAMES[language][1]} ({tone.manner}): {tone.example}\n")
    return tuple(kept)


def _newest(examples: list[str]) -> list[str]:
    """Return the newest examples, `MAX_EXAMPLES` - `_SLACK` to `MAX_EXAMPLES` of them.

    Whoever keeps the list lets the oldest go whenever a sentence comes. The first that is used is chosen by
    its checksum, so that it stays the first for some sentences, and only the new one is read.
    """
    examples = examples[-MAX_EXAMPLES:]
    if len(examples) <= MAX_EXAMPLES - _SLACK:
        return examples
    first = min(range(_SLACK), key=lambda i: crc32(examples[i].encode("utf-8", "replace")))
    return examples[first:]


def _tail(text: str) -> str:
    """Return the end of `text`, `MAX_TEXT` to `MAX_TEXT` + `STEP` characters, cut between two words.

    A cut at a fixed distance from the end would move with every letter, and all that was evaluated would
    be evaluated again. Among the places that are allowed, the one with the smallest checksum of what
    follows stays the choice for some hundred characters, whoever cut the text before.
    """
    if len(text) <= MAX_TEXT + STEP:
        return text
    text = text[-(MAX_TEXT + STEP) :]
    cuts = [match.end() for match in _UNSEEN.finditer(text, 0, STEP)] or [STEP]
    return text[min(cuts, key=lambda cut: crc32(text[cut : cut + 16].encode("utf-8", "replace"))) :]


def _step(length: int, limit: int, step: int) -> int:
    """Return how many of `length` items go, oldest first: none up to limit + step, then whole steps."""
    return 0 if length <= limit + step else (length - limit) // step * step


def _one_line(text: str) -> str:
    return _UNSEEN.sub(" ", text).strip()


def everyday_lines(language: str) -> list[str]:
    """Return what a person says in the dialogues that open every prompt."""
    if language not in _NAMES:
        return []
    me = f"{_NAMES[language][1]}: "
    return [line.removeprefix(me) for line in _OPENING[language].splitlines() if line.startswith(me)]
