"""Whose a token is."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework_simplejwt.authentication import JWTAuthentication
from rest_framework_simplejwt.exceptions import InvalidToken
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.tokens import Token

from shop.api.tokens import ODD

NOBODY = _("Token contained no recognizable user identification")


class Bearers(JWTAuthentication):
    """simplejwt's, with the scheme in any case (RFC 9110, 11.1).

    For user ids as our tokens have them; any other is a 401 like any token that is none.
    """

    def get_raw_token(self, header: bytes) -> bytes | None:
        scheme, _, token = header.strip().partition(b" ")
        if scheme.lower() == b"bearer":
            header = b"Bearer " + token
        return super().get_raw_token(header)

    def get_user(self, validated_token: Token) -> Any:
        user_id = validated_token.get(api_settings.USER_ID_CLAIM)
        if not (isinstance(user_id, str) and user_id.isascii() and user_id.isdecimal()):
            raise InvalidToken(str(NOBODY))
        try:
            return super().get_user(validated_token)
        except ODD as error:  # more digits than an id has
            raise InvalidToken(str(NOBODY)) from error
