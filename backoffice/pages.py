"""What a form or a list showed when it was made: it comes back with what was typed.

One signed hidden field holds it all, so that no field of it can be left out or invented.
What it says was on the screen anyway.
"""

import secrets
from dataclasses import dataclass, field
from typing import Any

from django.core.signing import BadSignature, dumps, loads
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

FIELD = "_page"
MAIN = ""  # the form itself, among the prefixes of its formsets
Shown = dict[str, Any]  # by field, its value as `values.encode` has it


class ForeignPage(Exception):
    """The hidden field was not made by this shop, for this person and address."""


@dataclass(frozen=True)
class Page:
    """One rendering: its number, and what it showed, by formset's prefix and primary key."""

    number: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    shown: dict[str, dict[str, Shown]] = field(default_factory=dict)

    def row(self, prefix: str, key: Any) -> Shown | None:
        """What was shown of a row; None if it was not."""
        return self.shown.get(prefix, {}).get(str(key))


def hidden_field(request: HttpRequest, page: Page) -> SafeString:
    signed = dumps([page.number, page.shown], salt=salt(request), compress=True)
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, signed)


def read_page(request: HttpRequest) -> Page | None:
    """The page that a POST comes from; None if it says nothing of one. Raises ForeignPage."""
    signed = request.POST.get(FIELD)
    if not signed:
        return None
    try:
        number, shown = loads(signed, salt=salt(request))
    except BadSignature as error:
        raise ForeignPage from error
    return Page(number, shown)


def salt(request: HttpRequest) -> str:
    return f"backoffice.pages:{request.user.pk}:{request.path_info}"
