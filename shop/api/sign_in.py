"""Tokens for API clients: JSON Web Tokens, an access token and one to renew it."""

from typing import Any

from rest_framework.serializers import CharField
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.serializers import TokenObtainPairSerializer, TokenRefreshSerializer
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from shop.api.throttling import SIGN_IN, CallerThrottle
from shop.api.tokens import RefreshToken


class TokenSerializer(TokenObtainPairSerializer):
    """Makes tokens that a new secret key does not end."""

    token_class = RefreshToken
    refresh = CharField(read_only=True)  # these two for the schema only
    access = CharField(read_only=True)


class TokenView(TokenObtainPairView):
    """Name and password in, an access token (an hour) and a refresh token (14 days) out."""

    serializer_class = TokenSerializer
    throttle_classes = (CallerThrottle,)
    throttle_scope = SIGN_IN


class RefreshSerializer(TokenRefreshSerializer):
    """Refuses the token of a user who is gone, inactive, or has another password since."""

    token_class = RefreshToken
    refresh = CharField(write_only=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        JWTAuthentication().get_user(self.token_class(attrs["refresh"]))
        return super().validate(attrs)


class RefreshView(TokenRefreshView):
    """A refresh token in, a new access token out."""

    serializer_class = RefreshSerializer
    throttle_classes = (CallerThrottle,)
    throttle_scope = "refresh"
