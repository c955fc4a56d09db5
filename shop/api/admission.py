"""The last gate before a view."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle


class Admission(BaseThrottle):
    """Lets everybody in, and says so on the request.

    REST framework asks its throttles last: whoever comes here has a known format, is who they
    say and may do what they ask. Only they are given an answer that was stored.
    """

    def allow_request(self, request: Request, view: Any) -> bool:
        setattr(request._request, "admitted", True)  # noqa: B010  of no type that has it
        return True


def is_admitted(request: object) -> bool:
    return getattr(request, "admitted", False) is True
