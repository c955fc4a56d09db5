"""Signing in: how often, and what a new password ends."""

import base64
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import Client
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import RefreshToken

from limits.sign_in import Attempt
from tests.conftest import PASSWORD, make_user

TOKEN, REFRESH, ORDERS = "/api/v1/auth/token/", "/api/v1/auth/token/refresh/", "/api/v1/orders/"
LOGINS = ["/admin/login/", "/api-auth/login/"]
NOON = 1_767_268_800.0  # seconds; the beginning of a minute
ATTEMPTS = 20

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The time that limits see: twenty seconds into a minute, unless it is set."""
    clock = SimpleNamespace(now=NOON + 20)
    fake = SimpleNamespace(time=lambda: clock.now)
    monkeypatch.setattr("limits.services.time", fake)
    monkeypatch.setattr("limits.sign_in.time", fake)
    return clock


@pytest.fixture
def two_a_minute(settings):
    """Two wrong passwords an address, three a user."""
    settings.LIMITS = {
        **settings.LIMITS,
        "sign-in-address": "2/min",
        "sign-in-user": "3/min",
        "refresh-address": "2/min",
    }


def sign_in(name: Any = "ada", password: str = "wrong", address: str = "192.0.2.1") -> Any:
    form = {"username": name, "password": password}
    return APIClient().post(TOKEN, form, REMOTE_ADDR=address)


def statuses(*answers: Any) -> list[int]:
    return [answer.status_code for answer in answers]


def test_one_address_may_guess_so_often(two_a_minute):
    assert statuses(*(sign_in(name) for name in ("a", "b", "c"))) == [401, 401, 429]
    assert sign_in("d", address="192.0.2.2").status_code == 401


def test_an_ipv6_network_is_one_address(two_a_minute):
    guesses = [sign_in(f"{host}", address=f"2001:db8:1:2::{host}") for host in range(3)]
    assert statuses(*guesses) == [401, 401, 429]
    assert sign_in("a", address="2001:db8:1:3::1").status_code == 401


def test_one_name_may_be_guessed_so_often(two_a_minute):
    """GIVEN an address for each attempt WHEN they guess one password THEN they share a limit."""
    names = ["ada", " ada ", "ada", "ada"]
    answers = [sign_in(name, address=f"192.0.2.{host}") for host, name in enumerate(names)]
    assert statuses(*answers) == [401, 401, 401, 429]
    assert sign_in("eve", address="192.0.2.9").status_code == 401


def test_right_passwords_do_not_count(two_a_minute):
    """An office of many, behind one address."""
    names = [f"person{number}" for number in range(6)]
    for name in names:
        make_user(name)
    assert statuses(*(sign_in(name, PASSWORD) for name in names * 2)) == [200] * 12


def test_who_mistypes_and_then_gets_it_right_is_forgiven(two_a_minute):
    for name in ("ada", "eve", "bob"):
        make_user(name)
        assert statuses(sign_in(name), sign_in(name, PASSWORD)) == [401, 200]
    assert statuses(sign_in("x"), sign_in("y"), sign_in("z")) == [401, 401, 429]


def test_a_stranger_locks_nobody_out(two_a_minute):
    """GIVEN an admin who has signed in from home WHEN a thousand strangers guess THEN the admin
    gets in from there, and has a limit of wrong guesses of their own."""
    make_user("boss")
    assert sign_in("boss", PASSWORD, "192.0.2.7").status_code == 200
    strangers = [sign_in("boss", address=f"198.51.100.{host}") for host in range(4)]
    assert statuses(*strangers) == [401, 401, 401, 429]
    neighbours = [sign_in(name, address="192.0.2.7") for name in ("a", "b", "c")]
    assert statuses(*neighbours) == [401, 401, 429]

    assert sign_in("boss", PASSWORD, "192.0.2.7").status_code == 200
    assert statuses(*(sign_in("boss", address="192.0.2.7") for _ in range(3))) == [401, 401, 429]
    assert sign_in("boss", PASSWORD, "192.0.2.7").status_code == 429


def test_a_blocked_address_does_not_get_in_with_the_right_password(two_a_minute):
    make_user("ada")
    assert statuses(sign_in("a"), sign_in("b"), sign_in("ada", PASSWORD)) == [401, 401, 429]


def test_what_the_refused_is_told(two_a_minute, clock):
    answer = [sign_in() for _ in range(3)][-1]
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert answer.json()["detail"] == "Too many attempts to sign in. Try again in 40 seconds."
    assert (answer["Retry-After"], answer["Content-Type"]) == ("40", "application/problem+json")
    clock.now = NOON + 60
    assert sign_in().status_code == 401


@pytest.mark.parametrize("body", [[], "text", 1, None, {"username": ["ada"]}])
def test_a_body_that_is_no_form_guesses_nothing(two_a_minute, guest, body):
    assert statuses(*(guest.post(TOKEN, body) for _ in range(3))) == [400, 400, 400]


def test_refresh_tokens_that_are_none_count_apart(two_a_minute, guest):
    right = {"refresh": str(RefreshToken.for_user(make_user("ada")))}
    assert statuses(*(sign_in() for _ in range(3))) == [401, 401, 429]
    assert statuses(*(guest.post(REFRESH, {"refresh": "x"}) for _ in range(3))) == [401, 401, 429]
    assert statuses(*(guest.post(REFRESH, right) for _ in range(3))) == [200, 200, 200]


@pytest.mark.parametrize("path", LOGINS)
def test_the_login_pages_are_limited_too(two_a_minute, path, client):
    make_user("boss", is_staff=True)
    assert statuses(sign_in("a", address="192.0.2.2"), sign_in("b", address="192.0.2.2")) == [
        401,
        401,
    ]

    right = {"username": "boss", "password": PASSWORD}
    answer = client.post(path, right, REMOTE_ADDR="192.0.2.2")

    assert (answer.status_code, answer["Retry-After"]) == (429, "40")
    assert answer["Content-Type"] == "text/plain"
    assert answer.content == b"Too many attempts to sign in. Try again in 40 seconds."
    assert client.get(path, REMOTE_ADDR="192.0.2.2").status_code == 200


@pytest.mark.parametrize("path", LOGINS)
def test_the_login_pages_let_people_in(two_a_minute, path, client):
    make_user("boss", is_staff=True)
    form = {"username": "boss", "password": PASSWORD, "next": "/admin/"}
    assert client.post(path, form).status_code == 302


def guesses_at_once(right: str = "") -> list[int]:
    """What as many guesses at one moment are answered; the last is right, if there is one."""
    all_are_there = Barrier(ATTEMPTS, timeout=30)

    def one(number: int) -> int:
        all_are_there.wait()
        try:
            password = right if number == ATTEMPTS - 1 and right else "wrong"
            return int(sign_in("ada", password).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(ATTEMPTS) as pool:
        return sorted(pool.map(one, range(ATTEMPTS)))


@pytest.mark.django_db(transaction=True)
def test_of_guesses_at_once_two_are_answered(two_a_minute):
    assert guesses_at_once() == [401] * 2 + [429] * (ATTEMPTS - 2)


@pytest.mark.django_db(transaction=True)
def test_counted_before_they_are_compared_only_they_all_are(two_a_minute, monkeypatch):
    """Guard out: the counter is read, and added to whatever it is by then."""
    all_have_read = Barrier(ATTEMPTS, timeout=30)
    check = Attempt.check

    def check_together(attempt: Attempt) -> None:
        check(attempt)
        all_have_read.wait()

    monkeypatch.setattr(Attempt, "check", check_together)
    monkeypatch.setattr(Attempt, "failed", lambda attempt: None)
    assert guesses_at_once() == [401] * ATTEMPTS


@pytest.mark.django_db(transaction=True)
def test_a_right_guess_among_too_many_is_not_told(two_a_minute, monkeypatch):
    """GIVEN guesses that were all let through WHEN the right one is compared last THEN its answer
    is the others'."""
    make_user("ada")
    others = Barrier(ATTEMPTS, timeout=30)
    failed, succeeded = Attempt.failed, Attempt.succeeded

    def fail_then_tell(attempt: Attempt) -> None:
        try:
            failed(attempt)
        finally:
            others.wait()

    def succeed_last(attempt: Attempt) -> None:
        others.wait()
        succeeded(attempt)

    together = Barrier(ATTEMPTS, timeout=30)
    check = Attempt.check

    def check_together(attempt: Attempt) -> None:
        check(attempt)
        if not getattr(attempt, "seen", False):
            attempt.seen = True  # type: ignore[attr-defined]
            together.wait()

    monkeypatch.setattr(Attempt, "check", check_together)
    monkeypatch.setattr(Attempt, "failed", fail_then_tell)
    monkeypatch.setattr(Attempt, "succeeded", succeed_last)
    assert guesses_at_once(PASSWORD) == [401] * 2 + [429] * (ATTEMPTS - 2)


@pytest.mark.django_db(transaction=True)
def test_what_is_forgiven_is_forgiven_once(two_a_minute, settings):
    """GIVEN mistakes of one's own WHEN ten right sign-ins come at once THEN no more is forgiven
    than was wrong: the network's counter is not lowered for other names."""
    settings.LIMITS = {**settings.LIMITS, "sign-in-address": "9/min", "sign-in-user": "9/min"}
    for _ in range(5):
        sign_in("ada")
    attempts = [Attempt(name="ada", network="192.0.2.1") for _ in range(10)]
    for attempt in attempts:
        attempt.check()
        attempt.check = lambda: None  # type: ignore[method-assign]  # all have read by now
    for attempt in attempts:
        attempt.succeeded()
    assert cache.get(attempts[0].by_network.key) == 0


def test_a_form_without_a_secret_does_not_count(two_a_minute):
    """GIVEN another site's form WHEN it is sent THEN it is refused before it counts."""
    browser = Client(enforce_csrf_checks=True)
    form = {"username": "ada", "password": "x"}
    assert statuses(*(browser.post(LOGINS[0], form) for _ in range(4))) == [403] * 4


def test_calls_of_an_attempt(two_a_minute, calls):
    """The counters: read, and added to in one call; a right password reads them again, and the
    first one from an address is remembered."""
    make_user("ada")
    made = []
    for password in ("wrong", PASSWORD, PASSWORD):
        with calls() as some:
            sign_in("ada", password)
        made.append([each.operation for each in some if each.table.endswith("cache")])
    forgiven = ["DeleteItem", "TransactWriteItems"]
    assert made == [
        ["BatchGetItem", "TransactWriteItems"],
        ["BatchGetItem", "BatchGetItem", "PutItem", *forgiven],
        ["BatchGetItem", "BatchGetItem"],
    ]


ODD_IDS: list[Any] = ["abc", "", None, True, 1.5, [], {"a": 1}, "1e3", "٣", "9" * 40, -1]
ODD_TIMES: list[Any] = ["soon", None, [], 1e300, -1]
ODD_CLAIMS: list[dict[str, Any]] = [
    *({"user_id": value} for value in ODD_IDS),
    *({"exp": value} for value in ODD_TIMES),
    *({"iat": "x"}, {"jti": None}, {"token_type": []}, {"hash_password": {"a": 1}}),
]


@pytest.mark.parametrize("claims", ODD_CLAIMS, ids=repr)
def test_a_token_of_odd_claims_is_a_401(guest, claims):
    user = make_user("ada")
    payload = {**RefreshToken.for_user(user).access_token.payload, **claims}
    token = jwt.encode(payload, settings.SECRET_KEY, "HS256")
    answer = guest.get(ORDERS, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    refresh = jwt.encode({**payload, "token_type": "refresh", **claims}, settings.SECRET_KEY)
    assert guest.post(REFRESH, {"refresh": refresh}).status_code == 401
    keyed = {"Authorization": f"Bearer {token}", "Idempotency-Key": "0123456789abcdef"}
    assert guest.post("/api/v1/cart/lines/", {}, headers=keyed).status_code == 401


def test_a_token_nested_without_end_is_a_401(guest):
    head = base64.urlsafe_b64encode(b"[" * 6000).decode()
    answer = guest.get(ORDERS, headers={"Authorization": f"Bearer {head}.e30.x"})
    assert answer.status_code == 401


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
