"""Signing in: passwords, whose guesses are counted."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

from limits.addresses import network_of_request
from limits.sign_in import Attempt


class LimitedBackend(ModelBackend):
    """Django's, for whatever way in: the API, the admin, the browsable API's page.

    Raises TooOften for who has guessed too often.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        network = network_of_request(request) if request else ""
        if username is None or password is None or not network:  # no person's, or no request's
            return super().authenticate(request, username, password, **kwargs)
        attempt = Attempt(name=username, network=network)
        attempt.check()
        user = super().authenticate(request, username, password, **kwargs)
        if user is None:
            attempt.failed()
        else:
            attempt.succeeded()
        return user
