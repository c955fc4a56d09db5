"""SHOP_MAIL_FROM is an address, or `manage.py check` says what to set."""

from typing import Any

import pytest

from mails.checks import check_sender


@pytest.mark.parametrize(
    "sender",
    ["shop@example.com", "Café Müller <shop@bücher.example>", '"Shop, Berlin" <shop@example.com>'],
)
def test_senders(settings: Any, sender: str) -> None:
    settings.DEFAULT_FROM_EMAIL = sender
    assert check_sender(None) == []


@pytest.mark.parametrize(
    "sender", ["", "Corner Shop", "dän@example.com", "Shop\nBcc: x <shop@example.com>"]
)
def test_no_senders(settings: Any, sender: str) -> None:
    settings.DEFAULT_FROM_EMAIL = sender
    (error,) = check_sender(None)
    assert (error.id, error.msg) == ("mails.E001", f"SHOP_MAIL_FROM is {sender!r}.")
