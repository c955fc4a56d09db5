"""Tokens that outlive a change of the secret key, as sessions do."""

from typing import Any

from django.conf import settings
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError
from rest_framework_simplejwt.settings import api_settings


class RotatingBackend(TokenBackend):
    """Signs with the secret key, and accepts what an earlier one has signed."""

    def __init__(self) -> None:
        super().__init__(api_settings.ALGORITHM, settings.SECRET_KEY)

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        """The token's payload. Raises TokenBackendError if no key has signed it."""
        try:
            return super().decode(token, verify)
        except TokenBackendError:
            for key in settings.SECRET_KEY_FALLBACKS:
                try:
                    return TokenBackend(self.algorithm, key).decode(token, verify)
                except TokenBackendError:
                    continue
            raise


class AccessToken(tokens.AccessToken):
    """An hour's."""

    def get_token_backend(self) -> TokenBackend:
        return RotatingBackend()


class RefreshToken(tokens.RefreshToken):
    """Renews access tokens for 14 days."""

    access_token_class = AccessToken

    def get_token_backend(self) -> TokenBackend:
        return RotatingBackend()
