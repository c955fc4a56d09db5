"""Fields of bodies: taken as JSON means them (no "3" for 3), texts of one line."""

import unicodedata
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

CONTROLS = {"Cc", "Zl", "Zp"}  # Unicode: controls, line and paragraph separators
JOINERS = {"\u200c", "\u200d"}  # invisible, and part of how Persian or Malayalam is spelt
# As ranges of a pattern, where there are no categories: these, and what is invisible.
CONTROL_RANGE = (
    r"\u0000-\u001f\u007f-\u009f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u180e"
    r"\u200b\u200e-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
)
ONE_LINE = rf"^[^{CONTROL_RANGE}]*[^\s{CONTROL_RANGE}][^{CONTROL_RANGE}]*$"
ONE_LINE_OR_NONE = rf"^[^{CONTROL_RANGE}]*$"


class WholeNumberField(serializers.IntegerField):
    """A JSON integer; strings, fractions and booleans are refused."""

    default_error_messages = {"invalid": _("A whole number, without quotes.")}

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return data


class OneOfField(serializers.ChoiceField):
    """One of a few words; whoever sends another is told which there are."""

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__(choices, **options)
        names = ", ".join(map(str, self.choices))
        sentence = format_lazy(_("One of {names}."), names=names)
        self.error_messages["invalid_choice"] = sentence


class TextField(serializers.CharField):
    """One line of text, from a JSON string; surrounding blanks are dropped.

    Line breaks and other control characters are refused: they would let a customer
    write paragraphs of their own into the shop's mails. So are invisible ones, which hide
    text, or turn around what stands beside it (Unicode's Cf, U+202E being the best known).
    """

    default_error_messages = {
        "several_lines": _("One line, without control characters."),
        "invisible": _("Without invisible characters, such as marks of the direction of writing."),
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        text = super().to_internal_value(data)
        if any(unicodedata.category(character) in CONTROLS for character in text):
            self.fail("several_lines")
        if any(is_invisible(character) for character in text) or is_blank(text):
            self.fail("invisible")
        return text


def is_invisible(character: str) -> bool:
    return unicodedata.category(character) == "Cf" and character not in JOINERS


def is_blank(text: str) -> bool:
    """Whether it consists of joiners, and of blanks that Python does not strip."""
    return bool(text) and all(unicodedata.category(each) in {"Cf", "Mn", "Zs"} for each in text)


class TruthField(serializers.BooleanField):
    """A JSON boolean; strings and numbers are refused."""

    default_error_messages = {"invalid": _("true or false, without quotes.")}

    def to_internal_value(self, data: Any) -> bool:
        if type(data) is not bool:
            self.fail("invalid")
        return data
