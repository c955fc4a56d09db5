"""Whose answers are kept, how long, and who gets them again."""

from datetime import timedelta
from typing import Any
from unittest.mock import Mock

import pytest
from django.http import JsonResponse
from django.utils import timezone
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from dynamodb.errors import ConflictError
from shop.api import unit_of_work
from shop.api.unit_of_work import UnitOfWorkMiddleware, principal
from shop.models import IdempotencyKey
from tests.conftest import PASSWORD

KEY = {"Idempotency-Key": "0123456789abcdef"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(rf):
    """POST to a view that counts its calls, with these headers."""
    calls = iter(range(1, 100))

    def through(status: int = 200, admitted: bool = True, **headers: str) -> Any:
        view = Mock(side_effect=lambda _: JsonResponse({"call": next(calls)}, status=status))
        request = rf.post("/api/v1/any/", headers={**KEY, **headers})
        request.admitted = admitted
        return UnitOfWorkMiddleware(view)(request)

    return through


def test_a_kept_answer(send):
    assert send(Cookie="sessionid=a").content == b'{"call": 1}'
    again = send(Cookie="sessionid=a")
    assert (again.content, again["Idempotent-Replayed"]) == (b'{"call": 1}', "true")


@pytest.mark.django_db(transaction=True)  # within another's, nothing is run again
def test_a_key_is_free_again_after_its_day(send):
    """GIVEN an expired key that DynamoDB has not deleted WHEN it comes again THEN it is new."""
    send(Cookie="sessionid=a")
    IdempotencyKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    answer = send(Cookie="sessionid=a")

    assert (answer.status_code, "Idempotent-Replayed" in answer) == (200, False)
    assert IdempotencyKey.objects.get().expires_at > timezone.now()


def test_nobody_s_keys_are_not_kept(send):
    assert (send().content, send().content) == (b'{"call": 1}', b'{"call": 2}')
    assert IdempotencyKey.objects.count() == 0


def test_two_guests_with_one_key_get_two_carts(guest):
    first, second = (guest.post("/api/v1/cart/", headers=KEY) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first["Cart-Token"] != second["Cart-Token"]


def test_a_new_cart_s_token_is_never_kept(customer):
    assert customer.post("/api/v1/cart/", headers=KEY).status_code == 201
    assert IdempotencyKey.objects.count() == 0


def test_tokens_are_never_kept(customer):
    """GIVEN a sign-in with a key WHEN the password changes THEN the key signs nobody in."""
    form = {"username": "customer", "password": PASSWORD}
    assert customer.post("/api/v1/auth/token/", form, headers=KEY).status_code == 200
    assert IdempotencyKey.objects.count() == 0
    customer.user.set_password("another")
    customer.user.save()
    assert customer.post("/api/v1/auth/token/", form, headers=KEY).status_code == 401


def test_a_key_survives_a_new_access_token(send, customer):
    tokens = [str(RefreshToken.for_user(customer.user).access_token) for _ in range(2)]
    assert tokens[0] != tokens[1]
    answers = [send(Authorization=f"Bearer {token}").content for token in tokens]
    assert answers == [b'{"call": 1}', b'{"call": 1}']


@pytest.mark.parametrize("status", [400, 401, 403, 406, 415, 429])
def test_who_may_not_ask_gets_no_kept_answer(send, status):
    """GIVEN an answer kept for a session WHEN the session may no longer ask THEN it is refused."""
    send(Cookie="sessionid=a")
    again = send(Cookie="sessionid=a", status=status, admitted=False)
    assert (again.status_code, again.content) == (status, b'{"call": 2}')


def test_who_failed_meanwhile_gets_the_kept_answer(send):
    """The cart of the first checkout is empty at the second."""
    send(Cookie="sessionid=a")
    assert send(Cookie="sessionid=a", status=400).content == b'{"call": 1}'


def test_principals_cannot_be_made_up(rf, customer):
    user = customer.user
    token = AccessToken.for_user(user)
    expired = AccessToken.for_user(user)
    expired.set_exp(lifetime=-timedelta(seconds=1))
    headers = [f"Bearer {token}", f"Bearer {expired}", f"user:{user.pk}", "Bearer x", ""]
    assert [principal(rf.get("/", headers={"Authorization": each})) for each in headers] == [
        f"user:{user.pk}\n\n",
        f"header:Bearer {expired}\n\n",
        f"header:user:{user.pk}\n\n",
        "header:Bearer x\n\n",
        "",
    ]


def test_the_session_cookie_s_name_is_a_setting(rf, settings):
    settings.SESSION_COOKIE_NAME = "shop-session"
    request = rf.get("/", headers={"Cookie": "shop-session=a; sessionid=b"})
    assert principal(request) == "\n\na"


def test_a_conflict_says_when_to_try_again(rf, monkeypatch):
    monkeypatch.setattr(unit_of_work, "retry_on_conflict", Mock(side_effect=ConflictError("x")))
    answer = UnitOfWorkMiddleware(Mock())(rf.post("/api/v1/any/"))
    assert (answer.status_code, answer["Retry-After"]) == (409, "1")


def test_another_session_is_another_caller(send):
    send(Cookie="sessionid=a")
    assert send(Cookie="sessionid=b").content == b'{"call": 2}'
