"""A new secret key, as docs/runbook.md says: nobody is signed out, no guest loses an order."""

from typing import Any

import boto3
import pytest
from django.test import Client
from rest_framework.test import APIClient

from catalog.models import Variant
from orders.guest_secrets import order_secret
from shop.secret_key import read_secret_keys
from tests.conftest import PASSWORD, make_user
from tests.orders.conftest import mug  # noqa: F401  a fixture
from tests.orders.shopping import make_order

REGION, SECRET = "eu-central-1", "shop-rotated/secret-key"
EARLIER = "earlier-and-long-enough-for-the-token-signature"
NEW = "new-and-long-enough-for-the-token-signature-too"
TOKEN, REFRESH, ORDERS = "/api/v1/auth/token/", "/api/v1/auth/token/refresh/", "/api/v1/orders/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def keep(settings: Any) -> Any:
    """`keep(text)` makes it the secret in AWS, and starts the shop anew with it."""
    secrets = boto3.client("secretsmanager", region_name=REGION)
    secrets.create_secret(Name=SECRET, SecretString="none yet")

    def start(text: str) -> None:
        secrets.put_secret_value(SecretId=SECRET, SecretString=text)
        keys = read_secret_keys({"SHOP_SECRET_KEY_NAME": SECRET}, REGION)
        settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS = keys

    yield start
    secrets.delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)


def statuses(tokens: dict[str, str], browser: Client, number: str, secret: str) -> list[int]:
    """What the API answers to an access token, a refresh token, a session, a guest's secret."""
    bearer = {"Authorization": f"Bearer {tokens['access']}"}
    return [
        APIClient().get(ORDERS, headers=bearer).status_code,
        APIClient().post(REFRESH, {"refresh": tokens["refresh"]}).status_code,
        browser.get(ORDERS).status_code,
        APIClient().get(f"{ORDERS}{number}/", headers={"Order-Secret": secret}).status_code,
    ]


@pytest.mark.parametrize(
    ("kept", "expected"),
    [(f"{NEW}\n{EARLIER}\n", [200, 200, 200, 200]), (NEW, [401, 401, 401, 404])],
    ids=["the earlier key in the second line", "the earlier key gone"],
)
def test_what_the_earlier_key_signed(keep: Any, kept: str, expected: list[int]) -> None:
    keep(EARLIER)
    user = make_user("ada")
    tokens = signed_in()
    browser, order = Client(), make_order()
    browser.force_login(user)
    secret = order_secret(order.number)
    assert statuses(tokens, browser, order.number, secret) == [200, 200, 200, 200]

    keep(kept)

    assert statuses(tokens, browser, order.number, secret) == expected


def signed_in() -> dict[str, str]:
    tokens: dict[str, str] = (
        APIClient().post(TOKEN, {"username": "ada", "password": PASSWORD}).json()
    )
    return tokens


def test_what_is_signed_after_it_needs_no_earlier_key(keep: Any) -> None:
    keep(f"{NEW}\n{EARLIER}")
    make_user("ada")
    tokens = signed_in()
    renewed = APIClient().post(REFRESH, {"refresh": tokens["refresh"]}).json()

    keep(NEW)

    for access in (tokens["access"], renewed["access"]):
        bearer = {"Authorization": f"Bearer {access}"}
        assert APIClient().get(ORDERS, headers=bearer).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_request_sent_again_after_it_is_the_same_request(
    keep: Any,
    mug: Variant,  # noqa: F811  the fixture
) -> None:
    """The caller is the user of the token, whichever key signed it."""
    keep(EARLIER)
    make_user("ada")
    headers = {
        "Authorization": f"Bearer {signed_in()['access']}",
        "Idempotency-Key": "0d3c41a8-4f5e-4b57-9a53-5f0c7d566f5e",
    }
    line = {"sku": mug.pk, "quantity": 1}
    first = APIClient().post("/api/v1/cart/lines/", line, format="json", headers=headers)

    keep(f"{NEW}\n{EARLIER}")
    second = APIClient().post("/api/v1/cart/lines/", line, format="json", headers=headers)

    assert (second.status_code, second["Idempotent-Replayed"]) == (200, "true")
    assert second.json() == first.json()
