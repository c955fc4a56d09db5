"""How often somebody may try to sign in, counted for all processes at once.

Windows are fixed: they begin at whole multiples of their length. The cache adds up
atomically, so that attempts sent at the same time are all counted.

Attempts count per address and per user name: many addresses guess one password no
faster than one does. The price is that a stranger can keep a user from signing in, for
as long as the stranger keeps trying; tokens and sessions that exist are not concerned.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from shop.api.addresses import network_of

PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86400}  # seconds
SIGN_IN = "sign-in"
LOGIN_VIEWS = {"admin:login", "rest_framework:login"}


class CallerThrottle(BaseThrottle):
    """For REST framework's views: the scope is the view's `throttle_scope`."""

    seconds: int | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        scope: str = getattr(view, "throttle_scope")  # noqa: B009 - APIView declares none
        self.seconds = seconds_to_wait(scope, callers(request.META, request.data))
        return self.seconds is None

    def wait(self) -> float | None:
        return self.seconds


class LoginThrottleMiddleware:
    """For the login pages of the admin and of the browsable API."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if request.method != "POST" or match is None or match.view_name not in LOGIN_VIEWS:
            return None
        seconds = seconds_to_wait(SIGN_IN, callers(request.META, request.POST))
        if seconds is None:
            return None
        return HttpResponse(
            f"Too many attempts to sign in. Try again in {seconds} seconds.",
            status=429,
            content_type="text/plain",
            headers={"Retry-After": str(seconds)},
        )


def callers(meta: Mapping[str, Any], form: Any) -> Iterator[str]:
    """Under which names an attempt counts."""
    yield f"address {network_of(meta.get('REMOTE_ADDR', ''))}"
    name = form.get("username") if isinstance(form, Mapping) else None
    if name:
        # As the forms read it, or ` ada` would be one more name to guess by.
        yield f"user {User.normalize_username(str(name).strip())}"


def seconds_to_wait(scope: str, names: Iterator[str]) -> int | None:
    """Count an attempt; the seconds until the next is allowed, or None for "go on".

    Whoever is over the limit by the first name is not counted by the others: a blocked
    address blocks no more users.
    """
    most, length = rate_of(scope)
    window, passed = divmod(int(time.time()), length)
    for name in names:
        key = hashlib.sha256(name.encode(errors="replace")).hexdigest()
        if count(f"throttle:{scope}:{window}:{key}", length) > most:
            return length - passed
    return None


def rate_of(scope: str) -> tuple[int, int]:
    """How many attempts in how many seconds: `10/min` is (10, 60)."""
    number, _, period = str(api_settings.DEFAULT_THROTTLE_RATES[scope]).partition("/")
    return int(number), PERIODS[period[0]]


def count(key: str, seconds: int) -> int:
    """One more; how many there are now. Kept for `seconds`."""
    while True:
        try:
            return cache.incr(key)
        except ValueError:  # the first, unless another comes in between
            if cache.add(key, 1, timeout=seconds):
                return 1
