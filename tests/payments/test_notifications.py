"""Where providers tell what has happened: kept once, answered at once, done from the queue."""

import json
from functools import partial
from typing import Any

import pytest
from django.conf import settings as django_settings
from rest_framework.test import APIClient

from payments.gateways.testing import SIGNATURE, facts_of, notification_of, settle, signature_of
from payments.models import NotificationEntry
from tests.cart.races import at_once
from tests.payments.paying import ORDER, kinds, pay, take_all, waiting

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "/api/v1/payments/test/notifications/"
SUBSCRIBER = "payments.notifications"
TOO_LARGE = django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1


@pytest.fixture
def charged() -> tuple[bytes, dict[str, str]]:
    """What the provider sends when a slow payment has succeeded: the body, and its signature."""
    pay("test-later")
    row = settle(reference=ORDER, succeeds=True)
    return notification_of(row, facts_of(row)[-1])


def post(body: bytes, headers: dict[str, str], address: str = ADDRESS) -> Any:
    return APIClient().post(address, body, content_type="application/json", headers=headers)


def signed(body: bytes) -> Any:
    return post(body, {SIGNATURE: signature_of(body)})


def kept() -> list[str]:
    return [entry.pk for entry in NotificationEntry.objects.all()]


def test_kept_and_taken(charged: Any) -> None:
    answer = post(*charged)

    assert (answer.status_code, answer.content) == (204, b"")
    assert kept() == [f"test:evt:{ORDER}:charged:charged"]
    assert kinds() == ["pending"]  # nothing is done while the provider waits

    assert take_all(SUBSCRIBER) == [True]
    assert kinds() == ["pending", "charged"]


def test_what_is_kept_is_what_came(charged: Any) -> None:
    post(*charged)
    entry = NotificationEntry.objects.get()
    assert (entry.reference, entry.facts) == (ORDER, json.loads(charged[0])["facts"])


def test_the_same_again_is_kept_once(charged: Any) -> None:
    assert [post(*charged).status_code for _ in range(3)] == [204] * 3
    assert (len(kept()), len(waiting(SUBSCRIBER))) == (1, 1)

    take_all(SUBSCRIBER)
    assert post(*charged).status_code == 204
    assert (len(kept()), waiting(SUBSCRIBER)) == (1, [])


def test_the_same_ten_times_at_once_is_kept_once(charged: Any) -> None:
    answers = at_once(*[partial(post, *charged)] * 10)

    assert [answer.status_code for answer in answers] == [204] * 10
    assert (len(kept()), len(waiting(SUBSCRIBER))) == (1, 1)


@pytest.mark.parametrize("signature", ["", "0" * 64, "ä"])
def test_a_wrong_signature(charged: Any, signature: str) -> None:
    body, _ = charged
    answer = post(body, {SIGNATURE: signature} if signature else {})

    assert (answer.status_code, answer.json()["code"]) == (400, "untrusted_notification")
    assert answer.json()["detail"] == (
        "The notification is not one of the provider's: its signature is wrong."
    )
    assert (kept(), waiting(SUBSCRIBER)) == ([], [])


def test_the_signature_of_another_body(charged: Any) -> None:
    body, headers = charged
    assert post(body.replace(b"28.90", b"00.01"), headers).status_code == 400
    assert kept() == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"id": "1", "reference": "A"}',
        b'{"id": "1", "reference": "A", "facts": 5}',
        b'{"id": "1", "reference": "A/first", "facts": []}',
    ],
)
def test_signed_and_not_as_the_provider_writes_them(body: bytes) -> None:
    answer = signed(body)
    assert (answer.status_code, answer.json()["code"]) == (400, "untrusted_notification")
    assert kept() == []


def test_an_unknown_gateway(charged: Any) -> None:
    body, headers = charged
    answer = post(body, headers, address="/api/v1/payments/robber/notifications/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json()["detail"] == "The shop has no such payment gateway."
    assert kept() == []


def test_a_body_that_is_too_large() -> None:
    answer = signed(b" " * TOO_LARGE)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert kept() == []


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_posted(method: str) -> None:
    assert getattr(APIClient(), method)(ADDRESS).status_code == 405


def test_nobody_need_sign_in(charged: Any) -> None:
    """Neither helps a token, nor hurts a wrong one: the signature says who it is."""
    body, headers = charged
    assert post(body, {**headers, "Authorization": "Bearer nonsense"}).status_code == 204
    assert len(kept()) == 1


def test_calls(charged: Any, calls: Any) -> None:
    """One read and one write; a repeat one read."""
    with calls() as made:
        post(*charged)
    assert [call.operation for call in made] == ["GetItem", "TransactWriteItems"]
    with calls() as made:
        post(*charged)
    assert [call.operation for call in made] == ["GetItem"]


def test_calls_of_what_is_refused(charged: Any, calls: Any) -> None:
    with calls() as made:
        post(charged[0], {})
        signed(b"{}")
        signed(b" " * TOO_LARGE)
    assert made == []


def test_calls_of_its_taking(charged: Any, calls: Any) -> None:
    post(*charged)
    with calls() as made:
        take_all(SUBSCRIBER)
    scanned, *operations = [call.operation for call in made]
    assert scanned == "Scan"  # by the test itself
    assert operations == ["GetItem", "GetItem", "TransactWriteItems"]
