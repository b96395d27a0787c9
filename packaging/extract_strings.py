"""packaging: collects the sentences a person reads, and keeps the translations in step with them.

``.venv/bin/python -P packaging/extract_strings.py`` updates assistive/locale/*.po (translations are kept)
and compiles them; ``--missing`` only lists what has no translation yet.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from assistive.settings import Section, Settings

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "assistive" / "locale"
ROOMS = ("devices", "models", "calibration", "assistive")
# Functions that translate or mark what they are given.
MARKERS = {"tr", "N_"}
# What carries a sentence to the window, where it is translated.
CARRIERS = {
    "DeviceLost",
    "DeviceStatus",
    "DriverUnavailable",
    "ModelStatus",
    "Notice",
    "SpeechError",
    "Trouble",
    "WeightsError",
    "trouble",
}
# What the parts of such a sentence are called while they are put together.
PARTS = {"detail", "happened", "problem", "reason", "still_works", "to_do", "todo", "what", "works"}

Found = tuple[str, str]
"""An English sentence and the file it is in, from the root."""


def sentences() -> dict[str, list[str]]:
    """Return every sentence that a person may read, with the files it is in."""
    places: dict[str, list[str]] = {}
    for sentence, place in (*_in_code(), *_in_settings()):
        if sentence.strip() and place not in places.setdefault(sentence, []):
            places[sentence].append(place)
    return places


def _in_code() -> Iterator[Found]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.stem.startswith("fake"):  # made for tests
                continue
            place = path.relative_to(ROOT).as_posix()
            for text in _in_module(ast.parse(path.read_text("utf-8"))):
                yield text, place


def _in_module(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and _last_name(node.func) in MARKERS:
            yield from _texts(node.args[0]) if node.args else ()
        elif isinstance(node, ast.Call) and _last_name(node.func) in CARRIERS:
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from filter(_is_sentence, _texts(argument))
        elif isinstance(node, ast.Assign) and any(_last_name(name) in PARTS for name in node.targets):
            yield from filter(_is_sentence, _texts(node.value))


def _last_name(node: ast.expr) -> str:
    """The name without what it belongs to and without underscores in front: "tr" for tr and for self._tr."""
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name.lstrip("_")


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts that an expression can be; an f-string as the template that `assistive.i18n` recognises."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield _template(node)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from _texts(value)


def _template(node: ast.JoinedStr) -> str:
    pieces: list[str] = []
    for value in node.values:
        if isinstance(value, ast.FormattedValue):
            inner = value.value.func if isinstance(value.value, ast.Call) else value.value
            name = _last_name(inner) or "value"
            while f"{{{name}}}" in pieces:
                name += "_2"
            pieces.append(f"{{{name}}}")
        elif isinstance(value, ast.Constant):
            pieces.append(str(value.value).replace("{", "{{").replace("}", "}}"))
    return "".join(pieces)


def _is_sentence(text: str) -> bool:
    return text[:1].isupper() and " " in text


def _in_settings() -> Iterator[Found]:
    place = "assistive/settings.py"
    for field in Settings.model_fields.values():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, Section):
            for setting in section.model_fields.values():
                yield setting.title or "", place
                yield setting.description or "", place


def updated(po: bytes, language: str) -> Catalog:
    """Return the catalogue with today's sentences; what was translated before is kept, what is gone is dropped."""
    old = read_po(BytesIO(po), locale=language)
    new = Catalog(
        locale=language,
        header_comment=f"# What Sayso says, in the language {language}. Under the licence of Sayso.",
        project="sayso",
        version="0",
        copyright_holder="The Sayso founders",
        msgid_bugs_address="the issues of this repository",
        last_translator="The Sayso founders",
        language_team="The Sayso founders",
        # Only a change of the words may change the file.
        creation_date=old.creation_date,
        revision_date=old.creation_date,
        fuzzy=False,
    )
    for sentence, places in sorted(sentences().items()):
        before = old.get(sentence)
        new.add(sentence, before.string if before else "", locations=[(place, 0) for place in sorted(places)])
    return new


def compiled(po: bytes, language: str) -> bytes:
    """Return the .mo that belongs to a .po."""
    out = BytesIO()
    write_mo(out, read_po(BytesIO(po), locale=language))
    return out.getvalue()


def missing(po: bytes, language: str) -> list[str]:
    """Return the sentences that have no translation in this catalogue."""
    catalogue = read_po(BytesIO(po), locale=language)
    return [
        sentence
        for sentence in sorted(sentences())
        if not ((message := catalogue.get(sentence)) and message.string)
    ]


def main() -> int:
    """Update and compile every catalogue, or list what is missing (exit status 1 if anything is)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--missing", action="store_true", help="only list the sentences without a translation"
    )
    only_list = parser.parse_args().missing
    lacking = False
    for path in sorted(LOCALE.glob("*.po")):
        if not only_list:
            out = BytesIO()
            write_po(out, updated(path.read_bytes(), path.stem), width=100, include_lineno=False)
            path.write_bytes(out.getvalue())
            path.with_suffix(".mo").write_bytes(compiled(path.read_bytes(), path.stem))
        for sentence in missing(path.read_bytes(), path.stem):
            lacking = True
            print(f"{path.name}: {sentence}")
    return int(only_list and lacking)


if __name__ == "__main__":
    sys.exit(main())
