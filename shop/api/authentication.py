"""Who sends a token."""

from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from rest_framework_simplejwt.authentication import JWTAuthentication


class BearerAuthentication(JWTAuthentication):
    """`Authorization: Bearer …`, the scheme in any case (RFC 9110, 11.1)."""

    def get_raw_token(self, header: bytes) -> bytes | None:
        scheme, _, token = header.strip().partition(b" ")
        if scheme.lower() == b"bearer":
            header = b"Bearer " + token
        return super().get_raw_token(header)


class BearerScheme(SimpleJWTScheme):  # type: ignore[no-untyped-call]  # the library's own
    """The same in the OpenAPI schema."""

    target_class = "shop.api.authentication.BearerAuthentication"
