"""A system check of the sender, found by every `manage.py` command that checks."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, register

from mails.addresses import envelope_form
from mails.errors import WrongMailAddress


@register("settings")
def check_sender(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[Error]:
    """An error unless SHOP_MAIL_FROM is one address, or a name with one."""
    sender = settings.DEFAULT_FROM_EMAIL
    try:
        envelope_form(sender)
    except WrongMailAddress:
        return [wrong(sender)]
    return []


def wrong(sender: str) -> Error:
    return Error(
        f"SHOP_MAIL_FROM is {sender!r}.",
        "Set it to an address that is confirmed with SES, if you like with a name before it: "
        "Corner Shop <shop@example.com>.",
        id="mails.E001",
    )
