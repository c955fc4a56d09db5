"""`manage.py check --deploy`: settings that are right on a laptop and wrong in a shop."""

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, register

TEST_GATEWAY = "payments.gateways.testing.TestGateway"
RESERVED = "example.com"  # RFC 2606: nobody's


@register("deploy", deploy=True)
def check_deployment(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[Error]:
    """An error for each setting that a deployment must not keep, and what to do about it."""
    found = {
        "shop.E001": settings.DEBUG,
        "shop.E002": settings.INSECURE_HTTP,
        "shop.E003": settings.PAYMENT_GATEWAY == TEST_GATEWAY,
        "shop.E004": is_nobodys(parseaddr(settings.DEFAULT_FROM_EMAIL)[1]),
        "shop.E005": not settings.ALLOWED_HOSTS,
    }
    return [Error(*MESSAGES[code], id=code) for code, wrong in found.items() if wrong]


def is_nobodys(address: str) -> bool:
    """Whether no mail can come from it: example.com, or below it."""
    domain = address.rpartition("@")[2].lower()
    return domain == RESERVED or domain.endswith(f".{RESERVED}")


MESSAGES = {
    "shop.E001": (
        "Debugging is on: errors show the code and the settings to everybody.",
        "Remove SHOP_DEBUG from the environment.",
    ),
    "shop.E002": (
        "Cookies go over plain HTTP: sessions can be read on the way.",
        "Remove SHOP_INSECURE_HTTP from the environment.",
    ),
    "shop.E003": (
        "The test gateway takes no money: every order counts as paid.",
        "Set SHOP_PAYMENT_GATEWAY to a gateway that does.",
    ),
    "shop.E004": (
        "Mails come from example.com, which is nobody's: SES refuses to send them.",
        "Set SHOP_MAIL_FROM to an address that is confirmed with SES.",
    ),
    "shop.E005": (
        "No host name is allowed: every request gets a 400.",
        "Set SHOP_ALLOWED_HOSTS to the shop's host names, split at commas.",
    ),
}
