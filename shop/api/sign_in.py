"""Signing in: passwords, whose guesses are counted, and tokens for API clients: JSON Web Tokens,
an access token and one to renew it.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.serializers import CharField
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer, TokenRefreshSerializer
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from bodies.serializers import KnownFieldsOnly
from limits.addresses import network_of_request
from limits.services import Counter, take
from limits.sign_in import Attempt
from shop.api.authentication import BearerAuthentication
from shop.api.tokens import RefreshToken


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


class TokenSerializer(KnownFieldsOnly, TokenObtainPairSerializer):
    """Makes tokens that a new secret key does not end."""

    token_class = RefreshToken
    refresh = CharField(read_only=True)  # these two for the schema only
    access = CharField(read_only=True)


class TokenView(TokenObtainPairView):
    """Name and password in, an access token (an hour) and a refresh token (14 days) out."""

    serializer_class = TokenSerializer


class RefreshSerializer(KnownFieldsOnly, TokenRefreshSerializer):
    """Refuses the token of a user who is gone, inactive, or has another password since.

    Such tokens are counted by address: valid ones cost their senders no limit.
    """

    token_class = RefreshToken
    refresh = CharField(write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        try:
            BearerAuthentication().get_user(self.token_class(attrs["refresh"]))
            return super().validate(attrs)
        except (TokenError, AuthenticationFailed):
            network = network_of_request(self.context["request"])
            too_many = gettext("Too many tokens that are none.")
            take([Counter("refresh-address", network, too_many)])
            raise


class RefreshView(TokenRefreshView):
    """A refresh token in, a new access token out."""

    serializer_class = RefreshSerializer
