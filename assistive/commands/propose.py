"""assistive.commands: `sayso propose TEXT`: what the language model proposes for a text, as tables."""

from __future__ import annotations

import argparse
import queue
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistive.boards.layout import load_layout
from assistive.folders import find_folders
from assistive.i18n import Translate, translator
from assistive.store import read_settings
from devices.clock import LslClock
from models.language.errors import ModelError
from models.language.messages import (
    Characters,
    CharactersRequest,
    ExpansionRequest,
    Expansions,
    ModelState,
    ModelStatus,
    ProposalRequest,
    Proposals,
    Question,
    Response,
    Speaker,
    Steering,
    Tokens,
    TokensRequest,
    Tone,
    Turn,
)
from models.language.process import LanguageProcess
from models.weights import WeightsError, resolve_language_model

ANSWER_WITHIN_S = 120.0
LEAST_SHOWN = 0.001  # rarer characters are shown together

Inbox = queue.SimpleQueue[Response | ModelStatus]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `sayso propose`."""
    parser.add_argument("text", nargs="?", default="", help="what is written so far")
    parser.add_argument(
        "--partner",
        action="append",
        default=[],
        metavar="TEXT",
        help="what the partner said; may be repeated",
    )
    parser.add_argument("--expand", metavar="LETTERS", help='an abbreviation, such as "i w some wa" or iwsw')
    parser.add_argument("--characters", action="store_true", help="the next character, of those on the board")
    parser.add_argument("--tokens", action="store_true", help="the next tokens of the model")
    parser.add_argument("--tone", type=Tone, choices=list(Tone), default=Tone.NEUTRAL, metavar="TONE")
    parser.add_argument("--topic", action="append", default=[], metavar="WORD", help="may be repeated")
    parser.add_argument("--ban", action="append", default=[], metavar="WORDS", help="may be repeated")
    parser.add_argument("--pin", action="append", default=[], metavar="LINE", help="may be repeated")
    parser.add_argument("--language", choices=("en", "ru"), help="default: the board's")
    parser.add_argument("--model", type=Path, metavar="GGUF", help="another language model")


def run(args: argparse.Namespace) -> int:
    """Ask the model and print its answers; return 0, or 1 with a sentence on what is wrong."""
    folders, _ = find_folders()
    settings, _ = read_settings(folders.settings, translator)
    tr = translator(settings.look.language)
    language = args.language or settings.look.language
    inbox: Inbox = queue.SimpleQueue()
    try:
        model = args.model or resolve_language_model(settings.model.path, tr)
        process = LanguageProcess(model, inbox.put, LslClock(), language=language, tr=tr)
        process.start()
        try:
            for question in _questions(args, language, settings.model.about):
                process.request(question)
                _show(_answers(inbox, tr), tr)
        finally:
            process.close()
    except (WeightsError, ModelError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _questions(args: argparse.Namespace, language: str, about: str) -> Iterator[Question]:
    common: dict[str, Any] = {
        "generation": 0,
        "t": 0.0,
        "text": args.text,
        "turns": tuple(Turn(Speaker.PARTNER, line) for line in args.partner),
        "about": about,
        "language": language,
        "pinned": tuple(args.pin),
        "steering": Steering(args.tone, tuple(args.topic), tuple(args.ban)),
    }
    yield ProposalRequest(**common, n_phrases=3)
    if args.expand is not None:
        yield ExpansionRequest(**common, abbreviation=args.expand)
    if args.characters:
        layout = load_layout(language)
        signs = " " + "".join((*layout.alphabet, *layout.punctuation)).lower()
        yield CharactersRequest(**common, alphabet="".join(dict.fromkeys(signs)))
    if args.tokens:
        yield TokensRequest(**common)


def _answers(inbox: Inbox, tr: Translate) -> Iterator[Response]:
    """Return the answers to what was asked last, the complete one last."""
    until = time.monotonic() + ANSWER_WITHIN_S
    lost = 0
    while True:
        try:
            message = inbox.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            raise ModelError(
                tr("The language model did not answer within {seconds} s. Choose a smaller one.").format(
                    seconds=round(ANSWER_WITHIN_S)
                )
            ) from None
        if not isinstance(message, ModelStatus):
            yield message
            if not isinstance(message, Expansions) or message.complete:
                return
        elif message.state is ModelState.LOST:
            lost += 1
            if lost == 2:  # it was asked again once, and is not asked a third time
                raise ModelError(message.detail)
        elif message.state is ModelState.FAILED:
            raise ModelError(message.detail)


def _show(answers: Iterator[Response], tr: Translate) -> None:
    first_s: float | None = None
    for answer in answers:
        if isinstance(answer, Expansions) and not answer.complete:
            first_s = answer.elapsed_s if first_s is None else first_s
            continue
        lines = list(_lines(answer, tr))
        took = tr("{milliseconds} ms").format(milliseconds=round(answer.elapsed_s * 1000))
        if first_s is not None:
            took += ", " + tr("the first after {milliseconds} ms").format(milliseconds=round(first_s * 1000))
        lines[0] += f" ({took})"
        print("\n".join(lines).encode("utf-8", "replace").decode("utf-8"))


def _lines(answer: Response, tr: Translate) -> Iterator[str]:
    match answer:
        case Proposals():
            yield tr("Words")
            yield from (_line(word.word, word.probability) for word in answer.words)
            yield ""
            yield tr("Phrases")
            yield from (_line(phrase.text, phrase.probability) for phrase in answer.phrases)
        case Expansions():
            yield tr("Expansions") if answer.matching else tr("Nothing matches; the closest expansions")
            yield from (_line(expansion.text, expansion.probability) for expansion in answer.expansions)
        case Characters():
            yield tr("Characters")
            likely = [pair for pair in answer.probabilities if pair[1] >= LEAST_SHOWN]
            likely.sort(key=lambda pair: -pair[1])
            yield from (_line(_visible(character), p) for character, p in likely)
            yield _line(tr("all others"), 1.0 - sum(p for _, p in likely))
        case Tokens():
            yield tr("Tokens")
            yield from (_line("+ " + _visible(token.text), token.probability) for token in answer.passed)
            yield from (_line(_visible(token.text), token.probability) for token in answer.tokens)
    yield ""


def _line(text: str, p: float) -> str:
    return f"  {p:7.1%}  {text}"


def _visible(text: str) -> str:
    return text.replace(" ", "␣").replace("\n", "⏎")
