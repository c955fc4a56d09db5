"""What `manage.py check --deploy` says of settings that a shop must not have."""

import pytest
from django.core.checks import run_checks

GOOD = {
    "DEBUG": False,
    "INSECURE_HTTP": False,
    "PAYMENT_GATEWAY": "payments.gateways.stripe.StripeGateway",
    "DEFAULT_FROM_EMAIL": "Shop <orders@shop.test>",
    "ALLOWED_HOSTS": ["shop.test"],
}


def found() -> list[tuple[str | None, bool]]:
    """The errors by id, and whether each says what to do."""
    checks = run_checks(tags=["deploy"], include_deployment_checks=True)
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
def test_one_thing_wrong(settings, name, value, error):
    setattr(settings, name, value)
    assert found() == [(error, True)]


def test_a_laptop_is_not_asked(settings):
    settings.DEBUG = True
    assert run_checks(tags=["deploy"]) == []
