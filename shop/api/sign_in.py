"""Tokens for API clients: JSON Web Tokens, an access token and one to renew it."""

from rest_framework.throttling import ScopedRateThrottle
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView


class TokenView(TokenObtainPairView):
    """Name and password in, an access token (an hour) and a refresh token (14 days) out."""

    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "sign-in"


class RefreshView(TokenRefreshView):
    """A refresh token in, a new access token out."""

    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "sign-in"
