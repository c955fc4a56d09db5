"""Sessions, and what stands on them: for requests that can have one.

The admin's pages and the browsable API have; a request of the API without a cookie has none, and
is spared four middlewares. Nobody is signed in there by a session, and a form's token guards
nothing: who signs in otherwise sends a header, which no other site's form can.
"""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware as Authentication
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware as Message
from django.contrib.sessions.middleware import SessionMiddleware as Session
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware as Csrf
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject

from shop.api.errors import below_api


def has_none(request: HttpRequest) -> bool:
    return below_api(request) and not request.META.get("HTTP_COOKIE")


class WithSessions:
    """Before a middleware of Django's: passes by what cannot have a session."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        if has_none(request):
            return self.without(request)
        return super().__call__(request)  # type: ignore[misc]  # Django's

    def without(self, request: HttpRequest) -> Any:
        return self.get_response(request)


class SessionMiddleware(WithSessions, Session):
    def without(self, request: HttpRequest) -> Any:
        """An answer that asked who it is varies by the cookie, as Django would say."""
        asked: list[HttpRequest] = []

        def nobody() -> AnonymousUser:
            asked.append(request)
            return AnonymousUser()

        request.user = SimpleLazyObject(nobody)  # type: ignore[assignment]
        response = self.get_response(request)
        if asked:
            patch_vary_headers(response, ("Cookie",))
        return response


class CsrfViewMiddleware(WithSessions, Csrf):
    def process_view(self, request: HttpRequest, *args: Any) -> Any:
        if has_none(request):
            return None
        return super().process_view(request, *args)


class AuthenticationMiddleware(WithSessions, Authentication):
    pass


class MessageMiddleware(WithSessions, Message):
    pass
