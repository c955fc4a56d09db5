"""System checks of the settings: what no shop can work with, and what a deployment must not keep.

The first are found by every `manage.py` command that checks, the second by `check --deploy`.
"""

import inspect
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from email.utils import parseaddr
from functools import partial
from typing import Any, NamedTuple

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import Error, register
from django.utils.module_loading import import_string

from limits.rates import RATE
from outbox.subscriptions import subscriptions
from pricing.money import is_payable
from pricing.totals import LARGEST_TOTAL
from shop import public_url
from shop.functions import FUNCTIONS

TEST_GATEWAY = "payments.gateways.testing.TestGateway"
RESERVED = "example.com"  # RFC 2606: nobody's

# Patterns as text: no request checks anything, and `re` compiles them when one is first used.
HOST = r"(?i)\*|[a-z0-9.-]+|\[[a-f0-9:.]+\]"
CURRENCY = r"[A-Z]{3}"
BASE_URL = r"https?://[^/?#\s]+/([^?#\s]*/)?"


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


@register("settings")
def check_values(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[Error]:
    """An error for each setting whose value cannot be meant, and what to set instead."""
    return [
        Error(f"{rule.variable} is {value!r}.", rule.hint, id=code)
        for code, rule in RULES.items()
        if not rule.holds(value := getattr(settings, rule.setting))
    ]


@register("settings")
def check_gateway(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[Error]:
    """An error if the payment gateway cannot be imported, or is none, and why."""
    path = settings.PAYMENT_GATEWAY
    try:
        gateway = import_string(path)
    except ImportError as error:
        reason = str(error)
    else:
        if inspect.isclass(gateway) and hasattr(gateway, "pay"):
            return []
        reason = "it is no class that has pay()"
    return [
        Error(
            f"SHOP_PAYMENT_GATEWAY is {path!r}: {reason}.",
            "Set it to the dotted path of a class that is a PaymentGateway, as "
            "payments/gateways/base.py describes it.",
            id="shop.E013",
        )
    ]


@register("queues")
def check_queues(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[Error]:
    """An error for each queue whose messages nobody would take, and for what takes none."""
    polled = Counter(queue for function in FUNCTIONS.values() for queue in function.queues)
    found = [
        *(("shop.E030", queue) for queue in settings.QUEUES if polled[queue] != 1),
        *(("shop.E031", name) for name, each in FUNCTIONS.items() if not each.queues),
        *(("shop.E032", queue) for queue in polled if queue not in settings.QUEUES),
        *(
            ("shop.E033", each.name)
            for each in subscriptions().values()
            if each.queue not in settings.QUEUES
        ),
    ]
    return [queue_error(code, name) for code, name in found]


def queue_error(code: str, name: str) -> Error:
    message, hint = QUEUE_MESSAGES[code]
    return Error(message.format(name), hint, id=code)


def is_nobodys(address: str) -> bool:
    """Whether no mail can come from it: example.com, or below it."""
    domain = address.rpartition("@")[2].lower()
    return domain == RESERVED or domain.endswith(f".{RESERVED}")


def number(text: str) -> Decimal | None:
    """None for what is no number, or no finite one."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def is_share(text: str) -> bool:
    value = number(text)
    return value is not None and 0 <= value < 1


def is_amount(text: str) -> bool:
    """Whether it can be charged as it is: with more digits it would be rounded."""
    value = number(text)
    if value is None or not 0 <= value <= LARGEST_TOTAL:
        return False
    return is_payable(value, settings.SHOP_CURRENCY)


def are_hosts(names: Sequence[str]) -> bool:
    return all(re.fullmatch(HOST, name) for name in names)


def are_rates(limits: Mapping[str, str]) -> bool:
    return all(RATE.fullmatch(rate) for rate in limits.values())


def is_public_url(text: str) -> bool:
    return not text or public_url.parse(text) is not None


class Rule(NamedTuple):
    """`setting` comes from the environment's `variable`; `hint` says what holds."""

    variable: str
    setting: str
    holds: Callable[[Any], object]
    hint: str


AMOUNT = (
    "Set it to an amount of at least 0, with a point and no more digits after it than "
    "SHOP_CURRENCY has: 4.90 in EUR, 490 in JPY, 1.255 in KWD."
)
RULES = {
    "shop.E006": Rule(
        "SHOP_TAX_RATE",
        "SHOP_TAX_RATE",
        is_share,
        "Set it to a fraction, at least 0 and less than 1, with a point: 0.19, not 19.",
    ),
    "shop.E007": Rule("SHOP_SHIPPING", "SHOP_SHIPPING", is_amount, AMOUNT),
    "shop.E008": Rule("SHOP_FREE_SHIPPING_FROM", "SHOP_FREE_SHIPPING_FROM", is_amount, AMOUNT),
    "shop.E009": Rule(
        "SHOP_CURRENCY",
        "SHOP_CURRENCY",
        partial(re.fullmatch, CURRENCY),
        "Set it to the currency's three capital letters (ISO 4217): EUR.",
    ),
    "shop.E010": Rule(
        "SHOP_LIMITS",
        "LIMITS",
        are_rates,
        "Set it to limits by their names, split at commas, each a number, a slash and one of s, "
        "min, h, d, or so many of them: sign-in-address=20/15min,checkout-recipient=10/h.",
    ),
    "shop.E011": Rule(
        "SHOP_IMAGE_BASE_URL",
        "IMAGE_BASE_URL",
        partial(re.fullmatch, BASE_URL),
        "Set it to an address with http or https, a host and a slash at its end: "
        "https://cdn.example.com/images/.",
    ),
    "shop.E012": Rule(
        "SHOP_ALLOWED_HOSTS",
        "ALLOWED_HOSTS",
        are_hosts,
        "Set it to host names alone, split at commas, without https://, slash or port: "
        "shop.example.com, or .example.com for all below it.",
    ),
    "shop.E020": Rule(
        "SHOP_PUBLIC_URL",
        "PUBLIC_URL",
        is_public_url,
        "Set it to the address that customers see, with http or https and a host, and no slash at "
        "its end: https://shop.example.com.",
    ),
}

MESSAGES = {
    "shop.E001": (
        "Debugging is on: errors show the code and the settings to everybody.",
        "Remove SHOP_DEBUG from the environment.",
    ),
    "shop.E002": (
        "Cookies go over plain HTTP: sessions can be read on the way.",
        "Let SHOP_PUBLIC_URL begin with https://, and remove SHOP_INSECURE_HTTP from the "
        "environment.",
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
        "Set SHOP_PUBLIC_URL to the shop's address, or SHOP_ALLOWED_HOSTS to its host names.",
    ),
}

QUEUE_MESSAGES = {
    "shop.E030": (
        "The queue {!r} is not polled by exactly one function.",
        "Name it once in FUNCTIONS in shop/functions.py.",
    ),
    "shop.E031": (
        "The function {!r} polls no queue.",
        "Give it one in shop/functions.py, or take it out there and in zappa_settings.json.",
    ),
    "shop.E032": (
        "A function polls the queue {!r}, which there is not.",
        "Add it to QUEUES in shop/settings.py, or take it out of shop/functions.py.",
    ),
    "shop.E033": (
        "The subscription {!r} is on a queue that there is not.",
        "Name one of QUEUES in shop/settings.py: see shop/subscriptions.py.",
    ),
}
