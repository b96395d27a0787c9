"""assistive.boards: a language's board as data: its letters, labels, signs and phrases, checked when read."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from assistive.boards.board import Action, Verb
from assistive.consents import ASKS_FOR
from assistive.settings import Settings

LAYOUTS = Path(__file__).parent / "layouts"
OPENABLE = ("letters", "phrases", "numbers", "punctuation", "more", "steering", "eyes", "eeg", "settings/1")
WITH_ARGUMENT = (
    Verb.WRITE,
    Verb.WORD,
    Verb.SAY,
    Verb.OPEN,
    Verb.SETTING,
    Verb.DISMISS,
    Verb.CALIBRATE,
    Verb.EEG,
    Verb.CONFIRM,
    Verb.STEER,
)


class LayoutError(ValueError):
    """A layout cannot be used; the message names the file and the key."""


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def _parse_action(text: object) -> Action:
    """Read "verb argument", as in "say I am in pain."."""
    if not isinstance(text, str):
        raise ValueError("must be a text such as 'say Yes.' or 'open phrases'")
    verb_name, _, argument = text.strip().partition(" ")
    try:
        verb = Verb(verb_name)
    except ValueError:
        raise ValueError(f"'{verb_name}' is not a verb; the verbs are {', '.join(Verb)}") from None
    if (verb in WITH_ARGUMENT) != bool(argument):
        raise ValueError(
            f"'{verb}' needs something after it" if not argument else f"'{verb}' takes nothing after it"
        )
    if verb is Verb.OPEN and argument not in OPENABLE:
        raise ValueError(f"there is no page '{argument}'; the pages are {', '.join(OPENABLE)}")
    if verb is Verb.SETTING:
        path, _, value = argument.partition("=")
        if path in ASKS_FOR:
            raise ValueError(f"the setting '{path}' is the person's own: only Sayso's pages may offer it")
        try:
            Settings().changed(path, value)
        except KeyError:
            raise ValueError(f"there is no setting '{path}'") from None
        except ValidationError:
            raise ValueError(f"the setting '{path}' cannot be '{value}'") from None
    return Action(verb, argument)


def _characters(text: object) -> object:
    return tuple(text) if isinstance(text, str) else text


def _no_duplicates(letters: tuple[str, ...]) -> tuple[str, ...]:
    doubled = sorted({letter for letter in letters if letters.count(letter) > 1})
    if doubled:
        raise ValueError(f"has letters twice: {' '.join(doubled)}")
    foreign = [letter for letter in letters if not letter.isalpha()]
    if foreign:
        raise ValueError(f"has something that is not a letter: {' '.join(foreign)}")
    return letters


def _single_characters(signs: dict[str, str]) -> dict[str, str]:
    long = [sign for sign in signs if len(sign) != 1]
    if long:
        raise ValueError(f"has a key that is not one character: '{long[0]}'")
    return signs


Text = Annotated[str, AfterValidator(_not_blank)]
Letters = Annotated[
    tuple[str, ...], BeforeValidator(_characters), AfterValidator(_no_duplicates), Field(min_length=2)
]
Signs = Annotated[dict[str, Text], AfterValidator(_single_characters), Field(min_length=1)]


class _Table(BaseModel):
    """One table of a layout file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Table):
    """A label and what choosing it does. `name` is read aloud where the label alone cannot be."""

    label: Text
    action: Annotated[Action, BeforeValidator(_parse_action)]
    name: str = ""


class Labels(_Table):
    """Words of the board itself."""

    space: Text
    words: Text
    back: Text
    next: Text
    speak: Text
    stop: Text
    wake: Text
    help_back: Text
    say: Text
    edit: Text
    other: Text


class FixedRow(_Table):
    """The row that is always there, in reading order."""

    yes: Choice
    no: Choice
    wait: Choice
    pain: Choice
    phrases: Choice
    rest: Choice
    chime: Choice
    help: Choice


class Functions(_Table):
    """What changes the text, opens a page or sets something."""

    delete_letter: Choice
    delete_word: Choice
    undo: Choice
    numbers: Choice
    punctuation: Choice
    more: Choice
    clear: Choice
    repeat: Choice
    steering: Choice
    eyes: Choice
    eeg: Choice
    settings: Choice
    language: Choice
    mute: Choice
    unmute: Choice


class Layout(_Table):
    """The board of one language.

    Attributes
    ----------
    alphabet : tuple of str
        The letters in reading order.
    frequent : tuple of str
        The same letters, the most frequent first.
    frequent_signs : tuple of str
        Punctuation that stands beside the letters where there is room, the most frequent first.
    punctuation, numbers : dict
        From a sign to its spoken name, in reading order.
    phrases : tuple of str
        Sentences that are spoken at once.
    """

    language: Text
    alphabet: Letters
    frequent: Letters
    frequent_signs: Annotated[tuple[str, ...], BeforeValidator(_characters)] = ()
    phrases: Annotated[tuple[Text, ...], Field(min_length=1)]
    labels: Labels
    fixed: FixedRow
    functions: Functions
    punctuation: Signs
    numbers: Signs

    # A layout is read once and compared by identity: hashing 200 strings for every board would be slow.
    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    @model_validator(mode="after")
    def _same_letters(self) -> Layout:
        strange = set(self.alphabet) ^ set(self.frequent)
        if strange:
            raise ValueError(
                f"frequent: must have the letters of the alphabet; it differs in {' '.join(sorted(strange))}"
            )
        unknown = [sign for sign in self.frequent_signs if sign not in self.punctuation]
        if unknown:
            raise ValueError(f"frequent_signs: not among the punctuation: {' '.join(unknown)}")
        return self


def load_layout(language: str) -> Layout:
    """Return the layout that comes with Sayso for "en" or "ru".

    Raises
    ------
    LayoutError
        There is none, or it is damaged.
    """
    return read_layout(LAYOUTS / f"{language}.toml")


def read_layout(path: Path) -> Layout:
    """Read and check a layout file.

    Raises
    ------
    LayoutError
        It cannot be read, is not TOML, or a key is missing, unknown or wrong; one line for each fault, each
        with the file and the key.
    """
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LayoutError(f"{path.name}: cannot be read: {error.strerror}") from error
    except ValueError as error:  # not UTF-8, or not TOML
        raise LayoutError(f"{path.name}: is not a TOML file: {error}") from error
    try:
        return Layout.model_validate(data)
    except ValidationError as error:
        raise LayoutError(
            "\n".join(_fault(path, fault["loc"], fault["msg"]) for fault in error.errors())
        ) from error


def _fault(path: Path, place: tuple[int | str, ...], message: str) -> str:
    words = message.removeprefix("Value error, ")
    return ": ".join(part for part in (path.name, ".".join(str(step) for step in place), words) if part)
