"""The settings file: whatever is in it, Sayso starts, and nothing in it is thrown away."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistive.messages import Trouble
from assistive.settings import SETTINGS_VERSION, DwellSettings, LookSettings, Section, Settings
from assistive.store import read_settings, settings_text, updated_settings_text

reuses_folder = hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def read(folder: Path, text: str) -> tuple[Settings, tuple[Trouble, ...]]:
    path = folder / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return read_settings(path)


def fields() -> Iterator[tuple[str, str]]:
    for section_name in Settings.model_fields:
        section = getattr(Settings(), section_name)
        if isinstance(section, Section):
            for name in type(section).model_fields:
                yield section_name, name


def other_value(section_name: str, name: str) -> Any:
    """A good value that is not the default, for any field."""
    section = type(getattr(Settings(), section_name))
    default = getattr(Settings(), section_name).model_dump()[name]
    candidates: list[Any] = [not default] if isinstance(default, bool) else []
    texts = [
        "light",
        "ru",
        "3x2",
        "espeak",
        "keep",
        "warm",
        "left",
        "vertical",
        "9",
        "none",
        "cascade",
        "lsl",
        "clear",
        "group",
        "two",
    ]
    texts += ["some/path é", "http://127.0.0.1:8080"]
    candidates += texts if isinstance(default, str) else []
    candidates += [default * 0.9, default * 1.1, default + 0.1] if isinstance(default, float) else []
    for candidate in candidates:
        if candidate == default:
            continue
        try:
            section.model_validate({name: candidate}, strict=True)
        except ValueError:
            continue
        return candidate
    raise AssertionError(f"no other value for {section_name}.{name}")


def everything_changed() -> Settings:
    settings = Settings()
    for section_name, name in fields():
        settings = settings.changed(f"{section_name}.{name}", other_value(section_name, name))
    return settings


def test_no_file_is_the_defaults_silently(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "none" / "settings.toml") == (Settings(), ())


def test_what_was_saved_is_read_again(tmp_path: Path) -> None:
    changed = everything_changed()
    assert read(tmp_path, settings_text(changed, "")) == (changed, ())


def test_only_what_differs_is_written() -> None:
    text = settings_text(Settings().changed("look.theme", "light"), "")
    assert tomllib.loads(text) == {"version": SETTINGS_VERSION, "look": {"theme": "light"}}


def test_a_path_that_is_no_text_does_not_keep_the_rest_from_being_saved(tmp_path: Path) -> None:
    odd = everything_changed().changed("voice.banked_voice", os.fsdecode(b"/voices/\xff.onnx"))
    settings, troubles = read(tmp_path, settings_text(odd, ""))
    assert settings == odd.changed("voice.banked_voice", "/voices/?.onnx")
    assert troubles == ()


@pytest.mark.parametrize("text", ["a\nb", "tab\t", "\0\x7f\x1b", '"""', "\\", "'", "\u2028", "🌞"])
def test_any_text_can_be_a_setting(tmp_path: Path, text: str) -> None:
    settings = Settings().changed("voice.banked_voice", text)
    for previous in ("", COMMENTED):
        assert read(tmp_path, settings_text(settings, previous))[0].voice == settings.voice


@pytest.mark.parametrize(("section", "name"), list(fields()))
def test_one_bad_field_falls_back_alone(tmp_path: Path, section: str, name: str) -> None:
    good = everything_changed()
    table: dict[str, Any] = tomllib.loads(settings_text(good, ""))
    bad = "!!" if not isinstance(table[section][name], str) else 17
    lines = []
    for section_name, content in table.items():
        if section_name == "version":
            continue
        lines.append(f"[{section_name}]")
        for field, value in content.items():
            value = bad if (section_name, field) == (section, name) else value
            lines.append(f"{field} = {str(value).lower() if isinstance(value, bool) else repr(value)}")

    settings, troubles = read(tmp_path, "\n".join(lines))

    default = Settings().value(f"{section}.{name}")
    assert settings == good.changed(f"{section}.{name}", default)
    (trouble,) = troubles
    assert trouble.key == f"settings:{section}.{name}"
    assert f"({section}.{name})" in trouble.what
    assert str(bad) in trouble.what
    assert (str(default).lower() if isinstance(default, bool) else str(default)) in trouble.works


def test_the_notice_names_the_field_its_value_and_what_is_used(tmp_path: Path) -> None:
    _, (trouble,) = read(tmp_path, "[dwell]\nletter_s = 40.0")
    assert trouble.what == "The setting “Time to choose a letter” (dwell.letter_s) cannot be 40.0."
    assert trouble.works == "Everything else works; 1.0 is used now."


@pytest.mark.parametrize(
    "line",
    ["letter_s = nan", "letter_s = -inf", "letter_s = true", "letter_s = 1979-05-27", "letter_s = [[1]]"],
)
def test_values_of_other_kinds_fall_back(tmp_path: Path, line: str) -> None:
    settings, troubles = read(tmp_path, f"[dwell]\nkeep_s = 0.7\n{line}")
    assert settings.dwell == DwellSettings(keep_s=0.7)
    assert [trouble.key for trouble in troubles] == ["settings:dwell.letter_s"]


def test_a_whole_number_will_do_for_seconds(tmp_path: Path) -> None:
    assert read(tmp_path, "[dwell]\nletter_s = 2") == (Settings(dwell=DwellSettings(letter_s=2.0)), ())


def test_a_section_that_is_no_table_leaves_the_others_alone(tmp_path: Path) -> None:
    settings, troubles = read(tmp_path, "look = 3\n[[voice]]\nrate = 2.0\n[sound]\nmuted = true")
    assert settings == Settings().changed("sound.muted", True)
    assert [trouble.key for trouble in troubles] == ["settings:look", "settings:voice"]


def test_unknown_names_are_told_and_kept(tmp_path: Path) -> None:
    text = '[look]\nthem = "light"\n[shop]\nopen = true\n'
    settings, (trouble,) = read(tmp_path, text)
    assert settings == Settings()
    assert trouble.what == 'The settings file has names that Sayso does not know: "look.them", "shop".'
    saved = tomllib.loads(settings_text(settings.changed("look.theme", "light"), text))
    assert saved["look"] == {"them": "light", "theme": "light"}
    assert saved["shop"] == {"open": True}


def test_many_unknown_names_are_one_notice(tmp_path: Path) -> None:
    _, (trouble,) = read(tmp_path, "\n".join(f"key{n} = 1" for n in range(400)))
    assert trouble.what.endswith('"key4" and 395 more.')


COMMENTED = """\
# Anna's settings. Ask her before you change them!
version = 1

[dwell]  # she tires in the evening
keep_s = 0.6   # blinks are long
letter_s = 1.2 # was 1.5

# she likes it dark
[look]
theme = "dark"
"""


def test_comments_order_and_spacing_stay(tmp_path: Path) -> None:
    settings, troubles = read(tmp_path, COMMENTED)
    assert troubles == ()
    assert settings_text(settings, COMMENTED) == COMMENTED
    changed = settings.changed("dwell.letter_s", 0.9).changed("look.theme", "light")
    expected = COMMENTED.replace("1.2", "0.9").replace('"dark"', '"light"')
    assert settings_text(changed, COMMENTED) == expected


@pytest.mark.parametrize(
    "text",
    [
        'look.theme = "light"\nvoice = { rate = 1.5 }\n',
        '[zoo]\na = 1\n[look.more]\nb = 2\n[look]\ntheme = "light"\n[voice]\nrate = 1.5\n',
        "look = 3\nversion = 1\n[voice]\nrate = 1.5\n",
        '\ufeff[look]\r\ntheme = "light"\r\n',
        "# only a comment",
        "version = true\n",
        "sound = []\n[[dwell]]\nletter_s = 2.0\n",
        "[sound]\nmuted = 1\n",
    ],
)
def test_every_way_to_write_toml_can_be_changed(tmp_path: Path, text: str) -> None:
    changed = everything_changed()
    saved = settings_text(changed, text.removeprefix("\ufeff"))
    assert read(tmp_path, saved)[0] == changed


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty or not a settings file"),
        (b" \n\n", "it is empty or not a settings file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff", "it is empty or not a settings file"),
        (b"a = 1\n" * 100_000, "it is empty or not a settings file"),
        (b"[look\ntheme = 3", "it has a mistake"),
        (b"a = " + b"[" * 50_000, "it is empty or not a settings file"),
        (b"a = " + b"1" * 50_000, "it is empty or not a settings file"),
    ],
    ids=["empty", "blank", "binary", "huge", "mistake", "nested", "long number"],
)
def test_a_file_that_cannot_be_read_is_set_aside(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(data)
    settings, (trouble,) = read_settings(path)
    (aside,) = tmp_path.iterdir()
    assert settings == Settings()
    assert aside.read_bytes() == data
    assert aside.name.startswith("settings.toml.aside-")
    assert trouble.what.startswith(f"The settings in {path} cannot be read: {reason}")
    assert trouble.todo == f"Nothing was deleted: the old file is kept as {aside}."


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["folder", "pipe"])
def test_what_is_no_file_is_set_aside_too(tmp_path: Path, make: Any) -> None:
    path = tmp_path / "settings.toml"
    make(path)
    settings, (trouble,) = read_settings(path)
    assert settings == Settings() and trouble.key == "settings"
    assert not path.exists()


def test_a_folder_that_is_a_file_does_not_stop_the_start(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("")
    settings, (trouble,) = read_settings(tmp_path / "config" / "settings.toml")
    assert settings == Settings()
    assert "is as it was" in trouble.todo


FUTURE = """\
version = 9
[look]
theme = "solarized"
language = "ru"
[hologram]
depth = 3
"""


def test_a_file_from_the_future_is_understood_as_far_as_possible(tmp_path: Path) -> None:
    settings, troubles = read(tmp_path, FUTURE)
    assert settings.look == LookSettings(language="ru")
    assert [trouble.key for trouble in troubles] == [
        "settings:version",
        "settings:look.theme",
        "settings:unknown",
    ]


def test_a_file_from_the_future_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    settings, _ = read(tmp_path, FUTURE)
    text = updated_settings_text(path, settings.changed("sound.muted", True))
    assert (tmp_path / "settings.toml.version-9").read_text() == FUTURE
    saved = tomllib.loads(text)
    assert saved["version"] == 9
    assert saved["hologram"] == {"depth": 3}
    assert saved["sound"] == {"muted": True}

    path.write_text(text)
    updated_settings_text(path, settings)
    copies = [p.read_text() for p in tmp_path.iterdir() if p != path]
    assert sorted(copies) == sorted([FUTURE, text])
    updated_settings_text(path, settings)
    assert len(list(tmp_path.iterdir())) == 3


def test_a_file_broken_while_sayso_runs_is_set_aside_before_it_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text("half edi[ted")
    text = updated_settings_text(path, Settings().changed("sound.muted", True))
    (aside,) = tmp_path.iterdir()
    assert aside.read_text() == "half edi[ted"
    assert tomllib.loads(text)["sound"] == {"muted": True}


def test_changes_made_by_hand_while_sayso_runs_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(COMMENTED)
    assert "Ask her before" in updated_settings_text(path, Settings())
    path.unlink()
    assert tomllib.loads(updated_settings_text(path, Settings())) == {"version": SETTINGS_VERSION}


def test_what_is_typed_while_sayso_runs_stays_when_something_else_is_changed_on_the_board(
    tmp_path: Path,
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[model]\npath = "/big.gguf"\n\n[look]\ntheme = "light"\n')
    board = Settings().changed("look.theme", "contrast").changed("look.language", "ru")
    path.write_text(updated_settings_text(path, board, ["look.theme"]))
    settings, _ = read_settings(path)
    assert settings.model.path == "/big.gguf"
    assert (settings.look.theme, settings.look.language) == ("contrast", "en")
    assert Settings().differing(board) == {"look.theme", "look.language"}


def test_an_old_file_is_migrated_when_read_and_when_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistive.store.SETTINGS_VERSION", 3)
    old = 'version = 1\n[looks] # mine\ntheme = "light"\n'

    def rename(table: Any) -> None:
        table["look"] = table.pop("looks")

    def trip(table: Any) -> None:
        raise KeyError("nothing to do here")

    migrations = {1: rename, 2: trip}
    path = tmp_path / "settings.toml"
    path.write_text(old)
    settings, troubles = read_settings(path, migrations=migrations)
    assert (settings.look.theme, troubles) == ("light", ())
    saved = settings_text(settings, old, migrations)
    assert tomllib.loads(saved) == {"version": 3, "look": {"theme": "light"}}


def test_notices_come_in_the_language_of_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[look]\nlanguage = "ru"\ntheme = "pink"', encoding="utf-8")
    _, (trouble,) = read_settings(path, lambda language: lambda text: f"{language}: {text}", t=7.0)
    assert trouble.todo == "ru: Choose it anew on the settings page."
    assert trouble.t == 7.0


def test_text_that_the_two_libraries_read_differently_stays_as_a_comment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assistive.store._put_sections", FailsOnce())
    text = settings_text(Settings().changed("sound.muted", True), COMMENTED)
    assert tomllib.loads(text) == {"version": 1, "sound": {"muted": True}}
    assert all(f"# {line}\n" in text for line in COMMENTED.splitlines())


class FailsOnce:
    """The writer of sections, the first time as if it had met a fault of the library."""

    def __init__(self) -> None:
        from assistive.store import _put_sections

        self.write = _put_sections
        self.failed = False

    def __call__(self, document: Any, settings: Settings) -> None:
        if not self.failed:
            self.failed = True
            raise AttributeError("a fault of the library")
        self.write(document, settings)


@reuses_folder
@given(data=st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_bytes_at_all_start_sayso(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(data)
    settings, _ = read_settings(path)
    kept = [p.read_bytes() for p in tmp_path.iterdir()]
    assert data in kept
    assert tomllib.loads(updated_settings_text(path, settings))
    for leftover in tmp_path.iterdir():
        leftover.unlink()


toml_values = st.recursive(
    st.booleans().map(lambda b: str(b).lower())
    | st.integers(-(10**20), 10**20).map(str)
    | st.floats().map(lambda f: str(f))
    | st.sampled_from(["'light'", '"ru"', "'''\nx'''", "1979-05-27", "07:32:00", '"\\u0000"']),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda values: f"[{', '.join(values)}]")
        | inner.map(lambda value: f"{{ a = {value} }}")
    ),
    max_leaves=3,
)
toml_names = st.sampled_from([f"{s}.{n}" for s, n in fields()] + ["version", "look", "dwell.x", "'a b'"])


@reuses_folder
@given(
    lines=st.dictionaries(toml_names, toml_values, max_size=5),
    path_of=st.sampled_from([f"{s}.{n}" for s, n in fields()]),
)
def test_a_change_is_saved_over_any_readable_file(
    tmp_path: Path, lines: dict[str, str], path_of: str
) -> None:
    text = "".join(f"{name} = {value}\n" for name, value in lines.items())
    settings, troubles = read(tmp_path, text)
    assert all(trouble.what.isprintable() for trouble in troubles)
    for leftover in tmp_path.glob("settings.toml.*"):
        leftover.unlink()
    section, _, name = path_of.partition(".")
    changed = settings.changed(path_of, other_value(section, name))
    assert read(tmp_path, settings_text(changed, text))[0] == changed
