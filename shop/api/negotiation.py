"""Which of its forms an answer takes, by the request's Accept."""

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

ANYTHING = "*/*"


class Negotiation(DefaultContentNegotiation):
    """An Accept that names nothing wants nothing in particular, as if it were not there
    (RFC 9110, 12.5.1)."""

    def get_accept_list(self, request: Request) -> list[str]:
        if not request.headers.get("Accept", "").strip(", \t"):
            return [ANYTHING]
        return super().get_accept_list(request)
