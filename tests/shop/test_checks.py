"""What `manage.py check` says of settings that no shop works with, or no deployment keeps."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings as in_force
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from limits.rates import parse_rate, with_changes
from shop.functions import Function
from shop.settings import choice, flag
from telemetry.logging_config import LEVELS

GOOD = {
    "DEBUG": False,
    "INSECURE_HTTP": False,
    "PAYMENT_GATEWAY": "tests.shop.test_checks.Gateway",
    "DEFAULT_FROM_EMAIL": "Shop <orders@shop.test>",
    "ALLOWED_HOSTS": ["shop.test"],
}

QUOTED = re.compile("'[^']+'")


class Gateway:
    """One that takes money, as far as its name says."""

    methods = ("card",)

    def pay(self) -> None:
        """Is not called."""


INSTANCE = Gateway()


def found() -> list[tuple[str | None, bool]]:
    """The shop's errors by id, and whether each says what to do."""
    checks = run_checks(tags=["deploy", "settings"], include_deployment_checks=True)
    return [(each.id, bool(each.hint)) for each in checks if each.is_serious()]


@pytest.fixture(autouse=True)
def good(settings):
    for name, value in GOOD.items():
        setattr(settings, name, value)


def test_nothing_wrong():
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("DEBUG", True, "shop.E001"),
        ("INSECURE_HTTP", True, "shop.E002"),
        ("PAYMENT_GATEWAY", "payments.gateways.testing.TestGateway", "shop.E003"),
        ("DEFAULT_FROM_EMAIL", "shop@example.com", "shop.E004"),
        ("DEFAULT_FROM_EMAIL", "Shop <orders@shop.EXAMPLE.com>", "shop.E004"),
        ("ALLOWED_HOSTS", [], "shop.E005"),
    ],
)
def test_what_a_laptop_may(settings, name, value, error):
    """And a deployment may not."""
    setattr(settings, name, value)
    assert found() == [(error, True)]
    assert run_checks(tags=["deploy", "settings"]) == []


@pytest.mark.parametrize(
    ("name", "error", "values"),
    [
        ("SHOP_TAX_RATE", "shop.E006", ["19", "1", "-0.1", "abc", "0,19", "19%", "NaN", ""]),
        ("SHOP_SHIPPING", "shop.E007", ["-4", "4,90", "4.905", "free", "Infinity", "1e30", ""]),
        ("SHOP_FREE_SHIPPING_FROM", "shop.E008", ["x", "-1", "50.001", "1e17", ""]),
        ("SHOP_CURRENCY", "shop.E009", ["euro", "eur", "EURO", "€", ""]),
        (
            "LIMITS",
            "shop.E010",
            [
                {"sign-in-user": rate}
                for rate in ("often", "10", "10/", "0/min", "-1/min", "1/month", "", "1/0min")
            ],
        ),
        (
            "IMAGE_BASE_URL",
            "shop.E011",
            ["cdn.x", "cdn.x/", "//cdn.x/", "ftp://cdn.x/", "https://cdn.x", "https://cdn.x/a",
             "https:///a/", "https://cdn.x/?a/", ""],
        ),
        (
            "ALLOWED_HOSTS",
            "shop.E012",
            [["https://a.de/"], ["https://a.de"], ["a.de/"], ["a.de:443"], ["a.de b.de"],
             ["a.de", "*.b.de"]],
        ),
        (
            "PUBLIC_URL",
            "shop.E020",
            ["shop.test", "https://shop.test/", "ftp://shop.test", "https://", "https://a b",
             "https://shop.test/?a", "https://u@shop.test", "https://shop.test:port"],
        ),
        (
            "PAYMENT_GATEWAY",
            "shop.E013",
            ["no.Where", "Gateway", "tests.shop.test_checks.Missing", "tests.shop.test_checks",
             "tests.shop.test_checks.INSTANCE",
             "payments.gateways.base.get_gateway", "payments.gateways.base.Notification", ""],
        ),
    ],
)  # fmt: skip
def test_what_no_shop_can_work_with(settings, name, error, values):
    """Without --deploy too: `make run` and `migrate` see it."""
    for value in values:
        setattr(settings, name, value)
        assert found() == [(error, True)], value
        assert [each.id for each in run_checks(tags=["settings"])] == [error], value


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("SHOP_TAX_RATE", ["0", "0.07", "0.999"]),
        ("SHOP_SHIPPING", ["0", "4.9", "4.900", "5", "9999999999999999.99"]),
        ("SHOP_FREE_SHIPPING_FROM", ["0", "100"]),
        ("LIMITS", [{"sign-in-user": rate} for rate in ("1/s", "20/15min", "5/hour", "100/day")]),
        ("IMAGE_BASE_URL", ["https://cdn.x/", "http://127.0.0.1:4566/images/", "https://x/a/b/"]),
        (
            "PUBLIC_URL",
            ["", "https://shop.test", "https://a.execute-api.eu-central-1.amazonaws.com/dev",
             "http://127.0.0.1:4566/_aws/execute-api/ab12/dev", "https://[::1]:8443"],
        ),
        ("ALLOWED_HOSTS", [["*"], [".shop.test", "127.0.0.1", "[::1]"], ["Shop.test"]]),
    ],
)  # fmt: skip
def test_what_is_right(settings, name, values):
    for value in values:
        setattr(settings, name, value)
        assert found() == [], value


@pytest.mark.parametrize(
    ("currency", "shipping", "errors"),
    [
        ("JPY", "490", []),
        ("JPY", "4.90", ["shop.E007"]),  # 5 yen would be charged
        ("KWD", "1.255", []),
        ("KWD", "1.2555", ["shop.E007"]),
    ],
)
def test_an_amount_has_its_currency_s_digits(settings, currency, shipping, errors):
    settings.SHOP_CURRENCY, settings.SHOP_SHIPPING = currency, shipping
    assert [each.id for each in run_checks(tags=["settings"])] == errors


@pytest.mark.parametrize(
    ("rate", "meaning"),
    [
        ("2/s", (2, 1)),
        ("3/second", (3, 1)),
        ("4/min", (4, 60)),
        ("5/hour", (5, 3600)),
        ("6/d", (6, 86400)),
        ("20/15min", (20, 900)),
    ],
)
def test_a_rate_is_read_as_it_is_checked(rate, meaning):
    assert parse_rate(rate) == meaning


def test_a_limit_is_changed_by_its_name():
    assert with_changes(["cart-address=1/s"]) == {**with_changes([]), "cart-address": "1/s"}
    with pytest.raises(ValueError, match="'carts=1/s' is none of sign-in-address, "):
        with_changes(["carts=1/s"])


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("no.Where", "No module named 'no'"),
        ("payments.gateways.base.Notification", "it is no class that has pay()"),
    ],
)
def test_why_a_gateway_is_none(settings, path, reason):
    settings.PAYMENT_GATEWAY = path
    (error,) = run_checks(tags=["settings"])
    assert error.msg == f"SHOP_PAYMENT_GATEWAY is {path!r}: {reason}."


@pytest.mark.parametrize(
    ("value", "meaning"),
    [
        *(("1", True), ("true", True), ("Yes", True), ("ON", True)),
        *(("0", False), ("False", False), ("no", False), ("off", False), ("", False)),
    ],
)
def test_a_switch(monkeypatch, value, meaning):
    monkeypatch.setenv("SHOP_METRICS", value)
    assert flag("SHOP_METRICS", default=not meaning) is meaning


@pytest.mark.parametrize("default", [True, False])
def test_a_switch_that_is_not_set(monkeypatch, default):
    monkeypatch.delenv("SHOP_METRICS", raising=False)
    assert flag("SHOP_METRICS", default=default) is default


def test_a_switch_that_is_none(monkeypatch):
    monkeypatch.setenv("SHOP_METRICS", "perhaps")
    with pytest.raises(ImproperlyConfigured) as refused:
        flag("SHOP_METRICS")
    assert str(refused.value) == (
        "SHOP_METRICS is 'perhaps': set it to one of 1, true, yes, on, 0, false, no, off."
    )


def test_a_choice_is_written_as_it_is_listed(monkeypatch):
    monkeypatch.setenv("SHOP_LOG_LEVEL", "debug")
    assert choice("SHOP_LOG_LEVEL", "INFO", LEVELS) == "DEBUG"


def checked(**variables: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check` on the defaults, but for `variables`."""
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
        env={
            "PATH": os.environ["PATH"],
            "SHOP_SECRET_KEY": os.environ["SHOP_SECRET_KEY"],
            **variables,
        },
        cwd=in_force.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_defaults():
    done = checked()
    assert (done.returncode, done.stdout) == (
        0,
        "System check identified no issues (0 silenced).\n",
    )


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("SHOP_INSECURE_HTTP", "set it to one of 1, true, yes, on, 0, false, no, off."),
        ("SHOP_LOG_LEVEL", "set it to one of DEBUG, INFO, WARNING, ERROR, CRITICAL."),
        ("SHOP_LOG_FORMAT", "set it to one of json, line."),
        ("SHOP_TAX_RATE", "\n\tHINT: Set it to a fraction, at least 0 and less than 1"),
    ],
)
def test_the_command(name, sentence):
    done = checked(**{name: "perhaps"})
    assert done.returncode == 1
    said = done.stderr.partition(f"{name} is 'perhaps'")[2]
    assert said.lstrip(":. ").startswith(sentence)


@pytest.mark.parametrize(
    ("functions", "queues", "errors"),
    [
        ({"shop": ("orders", "mail-events"), "jobs": ("catalog",)}, {}, []),
        ({"shop": ("orders", "mail-events")}, {}, ["shop.E030 'catalog'"]),
        (
            {"shop": ("orders", "mail-events", "catalog"), "jobs": ("catalog",)},
            {},
            ["shop.E030 'catalog'"],
        ),
        (
            {"shop": ("orders", "mail-events", "catalog"), "jobs": ()},
            {},
            ["shop.E031 'jobs'"],
        ),
        (
            {"shop": ("orders", "mail-events"), "jobs": ("catalog", "imports")},
            {},
            ["shop.E032 'imports'"],
        ),
        (
            {"shop": ("orders", "mail-events"), "jobs": ("catalogue",)},
            {"orders": "o", "mail-events": "m", "catalogue": "c"},
            ["shop.E033 'catalog.projections'", "shop.E033 'catalog.rebuilding'",
             "shop.E033 'catalog.availability'", "shop.E033 'catalog.categories'",
             "shop.E033 'catalog.swatches'"],
        ),
    ],
)  # fmt: skip
def test_every_queue_has_its_function(settings, monkeypatch, functions, queues, errors):
    """Polled by one, neither by none nor by two; and no function and no subscriber without."""
    table = {name: Function(queues=polled, timeout=1) for name, polled in functions.items()}
    monkeypatch.setattr("shop.checks.FUNCTIONS", table)
    if queues:
        settings.QUEUES = queues
    checked = run_checks(tags=["queues"])
    assert [f"{each.id} {re.findall(QUOTED, each.msg)[0]}" for each in checked] == errors
    assert all(each.hint for each in checked)
