"""Tokens that outlive a change of the secret key, as sessions do."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenError
from rest_framework_simplejwt.settings import api_settings

#: What numbers out of range, nesting without end and other kinds of values raise on the way.
ODD = (ArithmeticError, RecursionError, TypeError, ValueError)


class RotatingBackend(TokenBackend):
    """Signs with the secret key, and accepts what an earlier one has signed."""

    def __init__(self) -> None:
        super().__init__(api_settings.ALGORITHM, settings.SECRET_KEY)

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        """The token's payload. Raises TokenBackendError if no key has signed it, or nobody can
        read it."""
        try:
            return super().decode(token, verify)
        except TokenBackendError:
            for key in settings.SECRET_KEY_FALLBACKS:
                try:
                    return TokenBackend(self.algorithm, key).decode(token, verify)
                except TokenBackendError:
                    continue
            raise
        except ODD as error:
            raise TokenBackendError(gettext("Token is invalid")) from error


class Strict:
    """What both have, behind simplejwt's: keys that rotate, and a TokenError for claims of
    another kind."""

    def get_token_backend(self) -> TokenBackend:
        return RotatingBackend()

    def verify(self) -> None:
        try:
            super().verify()  # type: ignore[misc]  # tokens.Token's
        except ODD as error:
            raise TokenError(gettext("A claim of the token is of another kind.")) from error


class AccessToken(Strict, tokens.AccessToken):
    """An hour's."""


class RefreshToken(Strict, tokens.RefreshToken):  # type: ignore[misc]  # the stubs of its bases differ
    """Renews access tokens for 14 days."""

    access_token_class = AccessToken


def user_of(token: str) -> Any:
    """The user's id as an access token says it; None if it is none of ours, or no longer."""
    try:
        return AccessToken(token)[api_settings.USER_ID_CLAIM]  # type: ignore[arg-type]
    except (TokenError, KeyError, *ODD):
        return None
