"""assistive: the settings file. Whatever is in it, Sayso starts, and nothing in it is ever thrown away."""

from __future__ import annotations

import contextlib
import json
import tomllib
from collections.abc import Callable, Collection, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from assistive.durable import plain_reason, set_aside, write_atomically
from assistive.messages import Trouble
from assistive.settings import SETTINGS_VERSION, Section, Settings

Table = MutableMapping[str, Any]
Tr = Callable[[str], str]
Migration = Callable[[Table], None]

# Version -> what turns a table of that version, in place, into one of the next. It meets values that no one
# has checked, and may be handed a plain dict or a tomlkit document.
MIGRATIONS: dict[int, Migration] = {}

MAX_FILE_BYTES = 2**18
_SHOWN_CHARACTERS = 40
_SHOWN_KEYS = 5


def untranslated(language: str) -> Tr:
    """Return the translation of an English program: none, whatever the language."""
    return str


def read_settings(
    path: Path,
    translation: Callable[[str], Tr] = untranslated,
    t: float = 0.0,
    migrations: Mapping[int, Migration] = MIGRATIONS,
) -> tuple[Settings, tuple[Trouble, ...]]:
    """Read the settings. Never raises for what it finds on the disk.

    A field that cannot be used falls back to its default; a file that cannot be read at all is set aside
    under a dated name. Either is told, in the language that the settings turn out to have.

    Parameters
    ----------
    path : Path
        The file; when it is missing the defaults are used, silently.
    translation : callable
        Gives the translate function of a language ("en", "ru").
    t : float
        The time for the troubles, in seconds on the shared clock.
    migrations : mapping
        Version to the function that turns a table of it into the next version, in place.

    Returns
    -------
    settings : Settings
    troubles : tuple of Trouble
        One for each field that fell back, and one for each other thing that was wrong.
    """
    try:
        table = _parse(_read(path))
    except FileNotFoundError:
        return Settings(), ()
    except (OSError, ValueError, RecursionError) as error:
        return Settings(), (_set_aside(path, error, translation(Settings().look.language), t),)
    version = _version(table)
    problems: list[Callable[[Tr], Trouble]] = []
    if version is None:
        problems.append(lambda tr: _bad_field(t, tr, "version", table["version"], SETTINGS_VERSION))
    elif version > SETTINGS_VERSION:
        problems.append(lambda tr: _from_the_future(t, tr, path))
    else:
        _migrate(table, version, migrations)
    settings, bad, unknown = _validated(table)
    tr = translation(settings.look.language)
    troubles = [problem(tr) for problem in problems]
    troubles += [_bad_field(t, tr, name, value, used, title) for name, value, used, title in bad]
    if unknown:
        troubles.append(_unknown_keys(t, tr, path, unknown))
    return settings, tuple(troubles)


def settings_text(
    settings: Settings, previous_text: str, migrations: Mapping[int, Migration] = MIGRATIONS
) -> str:
    """Return the settings as TOML, with the comments, the order and the unknown keys of `previous_text`.

    Only what differs from the default, or is in the text already, is written.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    header = "# Sayso's settings. What is not here has its default.\n"
    try:
        before = _parse(previous_text.encode()) if previous_text else {}
    except (ValueError, RecursionError):
        # read_settings has set such a file aside already.
        before, previous_text = {}, ""
    settings = _encodable(settings)
    try:
        document = tomlkit.parse(previous_text or header)
        version = _version(before) or SETTINGS_VERSION
        _migrate(document, version, migrations)
        # A file from a newer Sayso keeps its number, for the day that one reads it again.
        _put(document, "version", max(version, SETTINGS_VERSION))
        _put_sections(document, settings)
        text = tomlkit.dumps(document)
        if _validated(_parse(text.encode()))[0] == settings:
            return text
    except (TOMLKitError, ValueError, RecursionError, AttributeError, TypeError, LookupError):
        # The two TOML libraries disagree about this text. What it said stays, as a comment.
        pass
    document = tomlkit.parse(header)
    _put(document, "version", SETTINGS_VERSION)
    _put_sections(document, settings)
    return tomlkit.dumps(document) + "".join(f"# {line}\n" for line in previous_text.splitlines())


def updated_settings_text(path: Path, settings: Settings, changed: Collection[str] | None = None) -> str:
    """Return the text that a settings file should have now, given what is in it.

    Keeps a copy of a file that Sayso does not fully understand before it is overwritten.

    Parameters
    ----------
    path : Path
    settings : Settings
    changed : collection of str, optional
        The fields ("section.field") that were changed in Sayso; what somebody has typed into the others
        meanwhile stays. Without it, all are written.

    Raises
    ------
    OSError
        The copy could not be made; the file must not be overwritten.
    """
    try:
        data = _read(path)
        table = _parse(data)
    except FileNotFoundError:
        return settings_text(settings, "")
    except (ValueError, RecursionError):
        set_aside(path)
        return settings_text(settings, "")
    if (version := _version(table) or 0) > SETTINGS_VERSION:
        _keep_copy(path, data, version)
    if changed is not None:
        _migrate(table, version, MIGRATIONS)
        typed = _validated(table)[0]
        for field in changed:
            typed = typed.changed(field, settings.value(field))
        settings = typed
    return settings_text(settings, data.decode("utf-8-sig"))


def _read(path: Path) -> bytes:
    # Opening a pipe could wait for ever. A folder is refused by the system itself.
    if path.is_fifo():
        return b""
    with path.open("rb") as file:
        return file.read(MAX_FILE_BYTES + 1)


def _parse(data: bytes) -> dict[str, Any]:
    """Return the table in a file; ValueError if there is none."""
    if not data.strip():
        raise ValueError("empty")
    if len(data) > MAX_FILE_BYTES:
        raise ValueError("too large")
    # Editors on other systems put a byte order mark in front, and end lines their own way.
    return tomllib.loads(data.decode("utf-8-sig"))


def _version(table: Mapping[str, Any]) -> int | None:
    """Return the version that a file says it has, this one's where it says nothing, None for nonsense."""
    value = table.get("version", SETTINGS_VERSION)
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    return None


def _migrate(table: Table, version: int, migrations: Mapping[int, Migration]) -> None:
    for step in range(version, SETTINGS_VERSION):
        if step in migrations:
            # A value of the wrong type is told about where it is validated.
            with contextlib.suppress(AttributeError, LookupError, TypeError, ValueError):
                migrations[step](table)


def _validated(
    table: Mapping[str, Any],
) -> tuple[Settings, list[tuple[str, Any, Any, str]], list[str]]:
    """Return the settings, what fell back (name, value, default, title), and the unknown keys."""
    settings = Settings()
    bad: list[tuple[str, Any, Any, str]] = []
    unknown: list[str] = []
    for section_name, content in table.items():
        if section_name == "version":
            continue
        section = getattr(settings, section_name) if section_name in Settings.model_fields else None
        if not isinstance(section, Section):
            unknown.append(section_name)
            continue
        if not isinstance(content, Mapping):
            bad.append((section_name, content, None, ""))
            continue
        good: dict[str, Any] = {}
        for name, value in content.items():
            if name not in type(section).model_fields:
                unknown.append(f"{section_name}.{name}")
                continue
            try:
                checked = type(section).model_validate({name: value}, strict=True)
            except ValidationError:
                field = type(section).model_fields[name]
                bad.append((f"{section_name}.{name}", value, getattr(section, name), field.title or name))
            else:
                good[name] = getattr(checked, name)
        settings = settings.model_copy(update={section_name: section.model_copy(update=good)})
    return settings, bad, unknown


def _encodable(settings: Settings) -> Settings:
    """Replace what TOML has no form for: bytes in a file's name that are no characters."""
    table = settings.model_dump()
    for content in table.values():
        if isinstance(content, dict):
            for name, value in content.items():
                if isinstance(value, str):
                    content[name] = value.encode("utf-8", "replace").decode()
    return Settings.model_validate(table)


def _put_sections(document: Any, settings: Settings) -> None:
    """Write sections into a tomlkit document, touching only what has to change."""
    import tomlkit

    for section_name in Settings.model_fields:
        section = getattr(settings, section_name)
        if not isinstance(section, Section):
            continue
        content = document.get(section_name)
        present = content if isinstance(content, MutableMapping) else {}
        default = type(section)()
        for name in type(section).model_fields:
            value = getattr(section, name)
            if name not in present and value == getattr(default, name):
                continue
            if not isinstance(document.get(section_name), MutableMapping):
                document[section_name] = tomlkit.table()
            _put(document[section_name], name, value)


def _put(table: Any, name: str, value: Any) -> None:
    old = table.get(name)
    # In TOML true is not 1, whatever Python thinks.
    if name not in table or old != value or isinstance(old, bool) != isinstance(value, bool):
        table[name] = value


def _keep_copy(path: Path, data: bytes, version: int) -> None:
    copy = path.with_name(f"{path.name}.version-{version}")
    if copy.exists():
        if copy.read_bytes() == data:
            return
        set_aside(copy)
    write_atomically(copy, data)


def _set_aside(path: Path, error: Exception, tr: Tr, t: float) -> Trouble:
    if isinstance(error, OSError):
        reason = plain_reason(error, tr)
    elif isinstance(error, tomllib.TOMLDecodeError):
        reason = tr("it has a mistake ({detail})").format(detail=_shown(str(error)))
    else:
        reason = tr("it is empty or not a settings file")
    try:
        todo = tr("Nothing was deleted: the old file is kept as {path}.").format(path=set_aside(path))
    except OSError:
        todo = tr("Nothing was deleted: {path} is as it was.").format(path=path)
    return Trouble(
        t,
        "settings",
        tr("The settings in {path} cannot be read: {reason}.").format(path=path, reason=reason),
        tr("Sayso works, with the settings that it comes with."),
        todo,
    )


def _bad_field(t: float, tr: Tr, name: str, value: Any, used: Any, title: str = "") -> Trouble:
    shown_name = f"“{tr(title)}” ({name})" if title else name
    what = tr("The setting {name} cannot be {value}.").format(name=shown_name, value=_shown(value))
    if used is None:
        works = tr("Everything else works; the settings in it have their usual values.")
    else:
        works = tr("Everything else works; {used} is used now.").format(used=_shown(used))
    return Trouble(t, f"settings:{name}", what, works, tr("Choose it anew on the settings page."))


def _unknown_keys(t: float, tr: Tr, path: Path, unknown: list[str]) -> Trouble:
    names = ", ".join(_shown(name) for name in unknown[:_SHOWN_KEYS])
    if len(unknown) > _SHOWN_KEYS:
        names = tr("{names} and {count} more").format(names=names, count=len(unknown) - _SHOWN_KEYS)
    return Trouble(
        t,
        "settings:unknown",
        tr("The settings file has names that Sayso does not know: {names}.").format(names=names),
        tr("Everything works; they are left alone."),
        tr("Look for a misspelling in {path}.").format(path=path),
    )


def _from_the_future(t: float, tr: Tr, path: Path) -> Trouble:
    return Trouble(
        t,
        "settings:version",
        tr("The settings were written by a newer Sayso."),
        tr(
            "Everything that this one understands is used; a copy of {path} is kept before it is changed."
        ).format(path=path),
        tr("Update Sayso when you can."),
    )


def _shown(value: Any) -> str:
    """Return a value as a short piece of one line, control characters escaped."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        text = type(value).__name__
    text = "".join(c if c.isprintable() else " " for c in text)
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"
