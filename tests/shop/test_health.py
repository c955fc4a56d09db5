"""Whether the shop is up."""

import pytest
from rest_framework.test import APIClient

from dynamodb.client.client import Client
from dynamodb.errors import ConflictError

pytestmark = pytest.mark.django_db(transaction=True)

HEALTH = "/api/v1/health/"


def test_it_is(guest: APIClient) -> None:
    answer = guest.get(HEALTH)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_it_is_not(guest: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(client: Client, operation: str, *args: object, **options: object) -> None:
        raise ConflictError("Nobody answers.")

    monkeypatch.setattr(Client, "call", refuse)

    answer = guest.get(HEALTH)

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer["Retry-After"] == "5"
