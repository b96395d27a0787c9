"""models.language.safety: the rules of the filter, read from data: which sentences could hurt if they were spoken unasked.

A pattern is a row of words with a space between them, matched against a sentence without its capitals and
contractions::

    word        this word                      stem*    words that begin so
    a|b|<list>  one of these                   *        any word
    word?       this word or none              ..       up to four words, none of them a negation
    ^  $        begin, end of a clause         !a|b     what comes next is none of these

`$` may stand among alternatives. Two words with a comma or a full stop between them are not neighbours.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from models.language.partial import fold

_RULES = Path(__file__).parent
_LANGUAGES = ("en", "ru")

_QUOTED = re.compile(r"""["“„«][^"”“»]*(?:["”“»]|\Z)""")
_PIECE = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[?]|[.!…\n]|[,;:()—–]")
_STOP = r"[,.?]"
_LOOK_BACK = 6  # words: how far before a sentence a negation or "he said" reaches
_SHORTEST_STEM = 3

_ENDINGS = {
    "en": re.compile(r"(?:'s|ing|ed|es|s|e)$"),
    "ru": re.compile(
        r"(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|ешь|ишь|ете|ите|ться|тся|ть|ти|[иы]й|ой|ей|ов|ев|ам|ям|ах|ях|ом|"
        r"ем|ым|им|ую|юю|ет|ит|ют|ут|ят|ат|л[аои]?|[аеиоуыэюяйь]+)$"
    ),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of sentence that nobody wants said for them.

    Attributes
    ----------
    name : str
    patterns : tuple of re.Pattern
    sentence : bool
        The person makes it theirs by having said such a sentence, not by having used its words: consent to
        an operation follows from no talk about operations.
    questions_pass : bool
        A question is none of this kind.
    others_pass : bool
        Nothing of this kind is what somebody else did or wants: it may be what the person has to tell.
    """

    name: str
    patterns: tuple[re.Pattern[str], ...]
    sentence: bool = False
    questions_pass: bool = False
    others_pass: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule recognised.

    Attributes
    ----------
    kind : Kind
    words : tuple of str
        The words that make it so; those that say nothing by themselves are left out.
    keys : frozenset of str
        Their stems.
    end : int
        How many words of the sentence come before the end of the match.
    """

    kind: Kind
    words: tuple[str, ...]
    keys: frozenset[str]
    end: int


class Rules:
    """The rules of one language.

    Parameters
    ----------
    language : str
        "en" or "ru".
    data : mapping
        The content of a rules file.

    Raises
    ------
    KeyError, ValueError
        The file is not as the rules in it say.
    """

    def __init__(self, language: str, data: Mapping[str, Any]) -> None:
        lists = {name: text.split() for name, text in data["lists"].items()}
        words = {name: frozenset(text.split()) for name, text in data["words"].items()}
        self._expanded: dict[str, str] = data["expand"]["words"]
        self._contracted: dict[str, str] = data["expand"]["endings"]
        self._joins, self._function = words["joins"], words["function"]
        self._negators, self._reporters = words["negators"], words["reporters"]
        self._first, self._others = words["first"], words["others"]
        self.language = language
        self._stem = lru_cache(maxsize=16384)(self._cut)
        self._ending = _ENDINGS[language]
        self._families = [re.compile(_either(family.split(), {})) for family in data["families"]["each"]]
        self._kinds = tuple(
            Kind(
                kind["name"],
                tuple(_compiled(pattern, lists, words["negators"]) for pattern in kind["patterns"]),
                kind.get("own") == "sentence",
                bool(kind.get("questions_pass")),
                bool(kind.get("others_pass")),
            )
            for kind in data["kind"]
        )

    def matches(self, sentence: str) -> Iterator[Match]:
        """Find what could hurt; what is negated, quoted, reported or asked is passed over as its kind says."""
        plain = self.plain(sentence)
        for kind in self._kinds:
            for pattern in kind.patterns:
                for found in pattern.finditer(plain):
                    if not self._harmless(kind, plain, found):
                        words = self._key_words(found.group())
                        stems = frozenset(map(self.stem, words))
                        yield Match(kind, words, stems, _n_words(plain[: found.end()]))

    def plain(self, text: str) -> str:
        """Return the words in lower case with contractions written out, each with a space after it.

        A comma, a full stop and a question mark stand for all signs that divide a sentence.
        """
        quoted = text.strip()[:1] in tuple('"“„«')
        text = fold(text if quoted else _QUOTED.sub(", ", text)).replace("ё", "е")
        words: list[str] = []
        for piece in _PIECE.findall(text):
            if piece in self._joins and words[-1:] == [","]:
                words.pop()
            words += self._spelled_out(piece)
        return "".join(word + " " for word in [".", *words, "."])

    def words(self, text: str) -> list[str]:
        """Return the words of `text`, as `plain` writes them."""
        return [word for word in self.plain(text).split() if not re.fullmatch(_STOP, word)]

    def stem(self, word: str) -> str:
        """Return what the forms of a word have in common."""
        return self._stem(word)

    def _cut(self, word: str) -> str:
        for number, family in enumerate(self._families):
            if family.fullmatch(word):
                return f"#{number}"
        stem = self._ending.sub("", word)
        return stem if len(stem) >= _SHORTEST_STEM else word

    def says_nothing(self, word: str) -> bool:
        """Whether this word is one of those that make no sentence harmful by themselves."""
        return word in self._function

    def _key_words(self, matched: str) -> tuple[str, ...]:
        words = tuple(word for word in matched.split() if not re.fullmatch(_STOP, word))
        return tuple(word for word in words if not self.says_nothing(word)) or words

    def _spelled_out(self, piece: str) -> list[str]:
        if piece in self._expanded:
            return self._expanded[piece].split()
        if re.fullmatch(r"\W", piece):
            return [{"?": "?"}.get(piece, "." if piece in ".!…\n" else ",")]
        for ending, full in self._contracted.items():
            if piece.endswith(ending) and piece != ending:
                return [*self._spelled_out(piece.removesuffix(ending)), full]
        return [piece]

    def _harmless(self, kind: Kind, plain: str, found: re.Match[str]) -> bool:
        clause = re.split(rf"{_STOP} ", plain[: found.start()])[-1].split()
        before = clause[-_LOOK_BACK:]
        if not self._negators.isdisjoint(before):
            return True
        if any(
            word in self._reporters and (i == 0 or clause[i - 1] not in self._first)
            for i, word in enumerate(clause)
        ):
            return True
        if kind.others_pass and not self._others.isdisjoint(clause):
            return True
        return kind.questions_pass and re.match(r"[^.?]*\?", plain[found.end() :]) is not None


@cache
def rules_for(language: str) -> Rules | None:
    """Return the rules of a language, or None where there are none: then nothing is ranked down."""
    if language not in _LANGUAGES:
        return None
    return Rules(language, tomllib.loads((_RULES / f"{language}.toml").read_text("utf-8")))


def _compiled(pattern: str, lists: Mapping[str, list[str]], negators: Iterable[str]) -> re.Pattern[str]:
    other = rf"(?!(?:{_either(sorted(negators), {})}) )(?!{_STOP} )"
    parts = [rf"(?:(?<=^)|(?<= ))(?!{_STOP} )" if pattern[0] != "^" else ""]
    for token in pattern.split():
        if token == "^":
            parts.append(rf"(?<={_STOP} )")
        elif token == "$":
            parts.append(rf"(?={_STOP} )")
        elif token == "..":
            parts.append(rf"(?:{other}\S+ ){{0,4}}?")
        elif token.startswith("!"):
            parts.append(rf"(?!(?:{_either(token[1:].split('|'), lists)}) )")
        else:
            optional = "?" if token.endswith("?") else ""
            choices = token.removesuffix("?").split("|")
            ends = rf"|(?={_STOP} )" if "$" in choices else ""
            words = _either([choice for choice in choices if choice != "$"], lists)
            parts.append(rf"(?:(?:{words}) {ends}){optional}")
    return re.compile("".join(parts))


def _either(choices: Iterable[str], lists: Mapping[str, list[str]]) -> str:
    """Return an expression that matches one of these words."""
    found: list[str] = []
    for choice in choices:
        if choice.startswith("<") and choice.endswith(">"):
            found += map(_word, lists[choice[1:-1]])
        else:
            found.append(_word(choice))
    return "|".join(found)


def _word(choice: str) -> str:
    if choice == "*":
        return r"[^\s,.?]+"
    return re.escape(choice[:-1]) + r"[^\s,.?]*" if choice.endswith("*") else re.escape(choice)


def _n_words(plain: str) -> int:
    return sum(1 for word in plain.split() if not re.fullmatch(_STOP, word))
