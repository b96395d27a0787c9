"""assistive.boards: what a setting is now, and what one step less or more would make it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from assistive.boards.steering_page import tone_names
from assistive.consents import FLASHING
from assistive.settings import Section, Settings

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class SettingChoice:
    """One setting as the person sees it.

    Attributes
    ----------
    path : str
        "section.field".
    title, sentence, value : str
        For the person, in their language.
    kind : {"toggle", "choice", "number", "text"}
        A text is set in the settings file.
    less, more : tuple of (str, str), or None
        What is written after "section.field=", and how it is shown; None at the end of the range. A toggle
        has only `more`, the other value.
    """

    path: str
    title: str
    sentence: str
    value: str
    kind: Literal["toggle", "choice", "number", "text"]
    less: tuple[str, str] | None = None
    more: tuple[str, str] | None = None


def setting_paths(settings: Settings) -> tuple[str, ...]:
    """Return the paths of all settings in the order of their tables, but for what has a page of its own."""
    sections = {name: getattr(settings, name) for name in type(settings).model_fields}
    return tuple(
        f"{name}.{field}"
        for name, section in sections.items()
        if isinstance(section, Section)
        for field in type(section).model_fields
        if f"{name}.{field}" != FLASHING
    )


def setting_choice(settings: Settings, path: str, tr: Translate) -> SettingChoice:
    """Return what the setting at `path` is, and its neighbours."""
    section_name, _, name = path.partition(".")
    section = getattr(settings, section_name)
    field, value = type(section).model_fields[name], getattr(section, name)
    title, sentence = tr(field.title or path), tr(field.description or "")
    if field.annotation is bool:
        other = ("false" if value else "true", _on_off(not value, tr))
        return SettingChoice(path, title, sentence, _on_off(value, tr), "toggle", more=other)
    choices = _choices(field)
    if choices:
        names = _names(tr)
        if section_name == "eeg":
            names |= _names_for_eeg(tr)
        elif section_name == "scanning":
            names |= _names_for_scanning(tr)
        values = choices if value in choices else (*choices, value)
        at = values.index(value)
        before, after = (
            (values[i], names.get(values[i], values[i])) if 0 <= i < len(values) else None
            for i in (at - 1, at + 1)
        )
        return SettingChoice(path, title, sentence, names.get(value, value), "choice", before, after)
    if field.annotation is float:
        return _number(path, field, value, settings.look.language, tr, title, sentence)
    return SettingChoice(path, title, sentence, str(value) or tr("not set"), "text")


def _choices(field: FieldInfo) -> tuple[str, ...]:
    """The values that the board offers for a field; none for a text that is typed."""
    if get_origin(field.annotation) is Literal:
        return get_args(field.annotation)
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    offered = extra.get("choices")
    return tuple(str(choice) for choice in offered) if isinstance(offered, list) else ()


def _number(
    path: str, field: FieldInfo, value: float, language: str, tr: Translate, title: str, sentence: str
) -> SettingChoice:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    step = Decimal(str(extra.get("step", 0.1)))
    unit = str(extra.get("unit", ""))
    low = next(Decimal(str(limit.ge)) for limit in field.metadata if hasattr(limit, "ge"))
    high = next(Decimal(str(limit.le)) for limit in field.metadata if hasattr(limit, "le"))
    now = Decimal(str(value))

    def shown(number: Decimal) -> str:
        if not unit:
            percent = f"{(100 * number).normalize():f} %"
            return percent.replace(".", ",") if language == "ru" else percent
        # A value between two steps is shown as it is; the others all with the digits of a step.
        digits = max(
            -int(step.normalize().as_tuple().exponent), -int(number.normalize().as_tuple().exponent), 0
        )
        text = f"{number:.{min(digits, 2)}f}"
        if language == "ru":
            text = text.replace(".", ",")
        return _with_unit(unit, tr).format(number=text)

    def neighbour(number: Decimal) -> tuple[str, str] | None:
        number = min(max(number, low), high)
        return None if number == now else (f"{number.normalize():f}", shown(number))

    # From a value between two steps (typed into the file) the first step goes to the nearest round one.
    less = (now / step).to_integral_value("ROUND_CEILING") * step - step
    more = (now / step).to_integral_value("ROUND_FLOOR") * step + step
    return SettingChoice(path, title, sentence, shown(now), "number", neighbour(less), neighbour(more))


def _with_unit(unit: str, tr: Translate) -> str:
    match unit:
        case "s":
            return tr("{number} s")
        case "ms":
            return tr("{number} ms")
        case _:
            return tr("{number} times")


def _on_off(value: bool, tr: Translate) -> str:
    return tr("on") if value else tr("off")


def _names(tr: Translate) -> dict[str, str]:
    """The values of choices that need words; the others (a grid, a voice engine) stand for themselves."""
    return (
        {
            "auto": tr("automatic"),
            "dark": tr("dark"),
            "light": tr("light"),
            "contrast": tr("high contrast"),
            "new": tr("new sentence"),
            "keep": tr("keep the sentence"),
            "en": "English",
            "ru": "русский",
            "fixed": tr("fixed"),
            "cascade": tr("cascade"),
            "bayes": tr("by Bayes"),
            "pointer": tr("the pointer"),
            "webcam": tr("a webcam"),
            "lsl": tr("a tracker over LSL"),
            "replay": tr("a recording"),
            "both": tr("both"),
            "right": tr("right"),
            "left": tr("left"),
            "horizontal": tr("sideways"),
            "vertical": tr("up and down"),
            "one_euro": "One-Euro",
            "saccade": tr("by saccades"),
            "none": tr("none"),
            "piper": "Piper",
            "espeak": "eSpeak",
        }
        | tone_names(tr)
        | {f"{n}x{m}": f"{n} × {m}" for n in range(1, 10) for m in range(1, 7)}
    )


def _names_for_eeg(tr: Translate) -> dict[str, str]:
    return {
        "off": tr("off"),
        "lsl": tr("an amplifier over LSL"),
        "gentle": tr("gentle"),
        "clear": tr("clear"),
    }


def _names_for_scanning(tr: Translate) -> dict[str, str]:
    return {
        "off": tr("off"),
        "linear": tr("one by one"),
        "row_column": tr("row by row"),
        "group": tr("by groups"),
        "huffman": tr("likely first"),
        "one_automatic": tr("one switch"),
        "one_step": tr("one that steps"),
        "hold": tr("one to hold"),
        "two": tr("two switches"),
    }
