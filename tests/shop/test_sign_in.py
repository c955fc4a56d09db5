"""Signing in: how often, and what a new password ends."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from rest_framework.settings import api_settings
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from shop.api import throttling
from tests.conftest import PASSWORD, make_user

TOKEN, REFRESH, ORDERS = "/api/v1/auth/token/", "/api/v1/auth/token/refresh/", "/api/v1/orders/"
LOGINS = ["/admin/login/", "/api-auth/login/"]
NOON = 1_767_268_800.0  # seconds; the beginning of a minute
ATTEMPTS = 20

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The time that throttles see: twenty seconds into a minute, unless it is set."""
    clock = SimpleNamespace(now=NOON + 20)
    monkeypatch.setattr("shop.api.throttling.time", SimpleNamespace(time=lambda: clock.now))
    return clock


@pytest.fixture
def two_a_minute(monkeypatch):
    rates = {"sign-in": "2/min", "refresh": "2/min"}
    monkeypatch.setattr(api_settings, "DEFAULT_THROTTLE_RATES", rates)


def sign_in(name: Any = "ada", password: str = "wrong", address: str = "192.0.2.1") -> Any:
    form = {"username": name, "password": password}
    return APIClient().post(TOKEN, form, REMOTE_ADDR=address)


def test_one_address_may_try_so_often(two_a_minute):
    assert [sign_in(name).status_code for name in ("a", "b", "c")] == [401, 401, 429]
    assert sign_in("d", address="192.0.2.2").status_code == 401


def test_one_name_may_be_tried_so_often(two_a_minute):
    """GIVEN an address for each attempt WHEN they guess one password THEN they share a limit."""
    names = ["ada", " ada ", "ada"]
    answers = [sign_in(name, address=f"192.0.2.{host}") for host, name in enumerate(names)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert sign_in("eve", address="192.0.2.9").status_code == 401


def test_a_blocked_address_blocks_no_names(two_a_minute):
    for name in ("a", "b", "ada", "ada", "ada"):
        sign_in(name)
    assert sign_in("ada", address="192.0.2.2").status_code == 401


def test_what_the_refused_is_told(two_a_minute, clock):
    answer = [sign_in() for _ in range(3)][-1]
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert (answer["Retry-After"], answer["Content-Type"]) == ("40", "application/problem+json")
    clock.now = NOON + 60
    assert sign_in().status_code == 401


@pytest.mark.parametrize("body", [[], "text", 1, None, {"username": ["ada"]}])
def test_a_body_that_is_no_form(two_a_minute, guest, body):
    answers = [guest.post(TOKEN, body).status_code for _ in range(3)]
    assert answers == [400, 400, 429]


def test_refreshing_counts_apart(two_a_minute, guest):
    refresh = {"refresh": str(RefreshToken.for_user(make_user("ada")))}
    assert [sign_in().status_code for _ in range(3)] == [401, 401, 429]
    assert [guest.post(REFRESH, refresh).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("path", LOGINS)
def test_the_login_pages_are_limited_too(two_a_minute, path, client):
    make_user("boss", is_staff=True)
    sign_in("boss", address="192.0.2.1")
    wrong = {"username": "boss", "password": "wrong"}
    assert client.post(path, wrong, REMOTE_ADDR="192.0.2.2").status_code == 200

    right = {"username": "boss", "password": PASSWORD}
    answer = client.post(path, right, REMOTE_ADDR="192.0.2.3")

    assert (answer.status_code, answer["Retry-After"]) == (429, "40")
    assert answer["Content-Type"] == "text/plain"
    assert answer.content == b"Too many attempts to sign in. Try again in 40 seconds."
    assert client.get(path, REMOTE_ADDR="192.0.2.3").status_code == 200


@pytest.mark.parametrize("path", LOGINS)
def test_the_login_pages_let_people_in(two_a_minute, path, client):
    make_user("boss", is_staff=True)
    form = {"username": "boss", "password": PASSWORD, "next": "/admin/"}
    assert client.post(path, form).status_code == 302


def attempts_let_through() -> int:
    """How many of ATTEMPTS at once are not refused."""
    all_are_there = Barrier(ATTEMPTS, timeout=30)

    def one(number: int) -> int:
        all_are_there.wait()
        try:
            names = throttling.callers({"REMOTE_ADDR": "192.0.2.1"}, {})
            return throttling.seconds_to_wait("sign-in", names) is None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(ATTEMPTS) as pool:
        return sum(pool.map(one, range(ATTEMPTS)))


@pytest.mark.django_db(transaction=True)
def test_attempts_at_once_are_all_counted(two_a_minute):
    assert attempts_let_through() == 2


@pytest.mark.django_db(transaction=True)
def test_read_then_written_they_are_not(two_a_minute, monkeypatch):
    """Guard out: the count is read and written, as REST framework's own throttles do."""
    all_have_read = Barrier(ATTEMPTS, timeout=30)

    def count(key: str, seconds: int) -> int:
        number = cache.get(key, 0) + 1
        all_have_read.wait()
        cache.set(key, number, seconds)
        return number

    monkeypatch.setattr(throttling, "count", count)
    assert attempts_let_through() == ATTEMPTS


def test_calls_of_an_attempt(two_a_minute, calls):
    """Two counters, each made once a minute and added to after."""
    with calls() as first:
        sign_in()
    with calls() as second:
        sign_in()
    counting = {"UpdateItem", "PutItem"}
    made = [
        [each.operation for each in some if each.operation in counting] for some in (first, second)
    ]
    assert made == [["UpdateItem", "PutItem"] * 2, ["UpdateItem"] * 2]


def test_a_new_password_ends_all_tokens(guest):
    user = make_user("ada")
    refresh = RefreshToken.for_user(user)
    access = {"Authorization": f"Bearer {refresh.access_token}"}
    assert guest.get(ORDERS, headers=access).status_code == 200
    user.set_password("another")
    user.save()

    answer = guest.get(ORDERS, headers=access)
    assert (answer.status_code, answer.json()["code"]) == (401, "password_changed")
    answer = guest.post(REFRESH, {"refresh": str(refresh)})
    assert (answer.status_code, answer.json()["code"]) == (401, "password_changed")


def test_a_user_who_is_gone_gets_no_new_token(guest):
    user = make_user("ada")
    refresh = str(RefreshToken.for_user(user))
    user.delete()
    answer = guest.post(REFRESH, {"refresh": refresh})
    assert (answer.status_code, answer.json()["code"]) == (401, "user_not_found")


def test_a_form_without_a_secret_does_not_count(two_a_minute):
    """GIVEN another site's form WHEN it is sent THEN it is refused before it counts."""
    browser = Client(enforce_csrf_checks=True)
    form = {"username": "ada", "password": "x"}
    assert [browser.post(LOGINS[0], form).status_code for _ in range(4)] == [403] * 4
