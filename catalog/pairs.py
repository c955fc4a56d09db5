"""Options and attributes as people write them: `colour=Red; size=M`."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext


def parse_pairs(text: str) -> dict[str, str]:
    """`colour=Red; size=M` as a dict, in that order. Raises django's ValidationError."""
    pairs: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not (name and equals and value):
            sentence = gettext("Write names and values, as in colour=Red; size=M: not {part}.")
            raise ValidationError(sentence.format(part=part))
        if name in pairs:
            raise ValidationError(gettext("{name} is there twice.").format(name=name))
        pairs[name] = value
    return pairs


def format_pairs(pairs: Mapping[str, str]) -> str:
    """What `parse_pairs` reads back."""
    return "; ".join(f"{name}={value}" for name, value in pairs.items())
