"""Tokens for API clients: JSON Web Tokens, an access token and one to renew it."""

from typing import Any

from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.serializers import TokenRefreshSerializer
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

from shop.api.throttling import SIGN_IN, CallerThrottle


class TokenView(TokenObtainPairView):
    """Name and password in, an access token (an hour) and a refresh token (14 days) out."""

    throttle_classes = (CallerThrottle,)
    throttle_scope = SIGN_IN


class RefreshSerializer(TokenRefreshSerializer):
    """Refuses the token of a user who is gone, inactive, or has another password since."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, str]:
        JWTAuthentication().get_user(self.token_class(attrs["refresh"]))
        return super().validate(attrs)


class RefreshView(TokenRefreshView):
    """A refresh token in, a new access token out."""

    serializer_class = RefreshSerializer
    throttle_classes = (CallerThrottle,)
    throttle_scope = "refresh"
