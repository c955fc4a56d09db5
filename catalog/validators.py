"""What a SKU, a barcode, a currency and a picture must be. Pure, but for reading the upload."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.pictures import IMAGE_FORMATS, Picture, inspect_image

MAX_IMAGE_BYTES = 5_000_000
MAX_IMAGE_PIXELS = 25_000_000

SKU = "[A-Za-z0-9._-]+"

validate_sku = RegexValidator(
    rf"\A{SKU}\Z", _("A SKU has letters, digits, dots, dashes and underscores only.")
)
validate_currency = RegexValidator(r"\A[A-Z]{3}\Z", _("A currency is three capital letters: EUR."))


def validate_gtin(code: str) -> None:
    """A GTIN-8, -12, -13 or -14 with its check digit (GS1 General Specifications, 7.9)."""
    if not (code.isascii() and code.isdecimal() and len(code) in (8, 12, 13, 14)):
        raise ValidationError(gettext("A barcode (GTIN) has 8, 12, 13 or 14 digits."))
    if int(code[-1]) != gtin_check_digit(code[:-1]):
        raise ValidationError(
            gettext("The barcode's last digit does not fit the others: a typing error?")
        )


def gtin_check_digit(digits: str) -> int:
    """The digit that completes these: weights 3, 1, 3, … from the right, up to a full ten."""
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(digits)))
    return -total % 10


def validate_pairs(value: Any) -> None:
    """Options and attributes are words by name: {"colour": "Red"}."""
    if not isinstance(value, dict):
        raise ValidationError(gettext("Write names and values: colour=Red; size=M."))
    for name, text in value.items():
        if not (isinstance(text, str) and name.strip() and text.strip()):
            sentence = gettext("{name} needs a name and a value.")
            raise ValidationError(sentence.format(name=name or gettext("A nameless entry")))
        if ";" in name + text or "=" in name:
            sentence = gettext("{name}: no semicolon, and no = in the name.")
            raise ValidationError(sentence.format(name=name))


def validate_image(upload: File[Any]) -> None:
    """A JPEG, PNG or WebP by its content, of bounded bytes and pixels.

    A file that is stored already was checked when it came, and is not fetched for this; nor is
    one checked again that the shop wrote itself.
    """
    if getattr(upload, "_committed", False) or isinstance(upload.file, Picture):
        return
    if (upload.size or 0) > MAX_IMAGE_BYTES:
        sentence = gettext("The picture is over {most} MB.")
        raise ValidationError(sentence.format(most=MAX_IMAGE_BYTES // 1_000_000))
    kind, (width, height) = inspect_image(upload)
    if kind not in IMAGE_FORMATS:
        raise ValidationError(gettext("Pictures are JPEG, PNG or WebP."))
    if width * height > MAX_IMAGE_PIXELS:
        sentence = gettext("The picture has {width}x{height} pixels: too many.")
        raise ValidationError(sentence.format(width=width, height=height))
