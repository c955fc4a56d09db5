"""Signing in for API clients: JSON Web Tokens, an access token and one to renew it."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.serializers import CharField
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer, TokenRefreshSerializer
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from bodies.serializers import KnownFieldsOnly
from limits.addresses import network_of_request
from limits.services import Counter, take
from shop.api.bearers import Bearers
from shop.api.tokens import RefreshToken


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
            Bearers().get_user(self.token_class(attrs["refresh"]))
            return super().validate(attrs)
        except (TokenError, AuthenticationFailed):
            network = network_of_request(self.context["request"])
            too_many = gettext("Too many tokens that are none.")
            take([Counter("refresh-address", network, too_many)])
            raise


class RefreshView(TokenRefreshView):
    """A refresh token in, a new access token out."""

    serializer_class = RefreshSerializer


addresses = [
    path("token/", TokenView.as_view(), name="token"),
    path("token/refresh/", RefreshView.as_view(), name="token-refresh"),
]
