"""Parameters of an address, as views read them."""

from collections.abc import Mapping

from django.utils.translation import gettext
from rest_framework.exceptions import ValidationError

LONGEST = 9  # digits: more are no number that anything here counts to


def whole_number(query: Mapping[str, str], name: str, *, default: int, most: int) -> int:
    """The parameter of this name, `default` where it is not there. Raises ValidationError for
    whatever is no whole number from 1 to `most`."""
    text = query.get(name, str(default))
    if text.isdecimal() and text.isascii() and len(text) <= LONGEST and 1 <= int(text) <= most:
        return int(text)
    sentence = gettext("A whole number from 1 to {most}.").format(most=most)
    raise ValidationError({name: [sentence]})
