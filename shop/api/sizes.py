"""How large a request may be: what Lambda takes, everywhere, so that a laptop promises no more."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.formats import number_format
from django.utils.translation import gettext

from shop.api.errors import below_api

PIECE = 65_536  # bytes
MEGABYTE = 1_000_000


class RequestSizeMiddleware:
    """Refuses a larger one with its size and the limit, before any of it is taken apart.

    Below `/api/` there are no pictures, and a smaller limit (`DATA_UPLOAD_MAX_MEMORY_SIZE`). On
    Lambda API Gateway has refused it by then (`infrastructure/refusals.py`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        if size <= settings.LARGEST_REQUEST or below_api(request):
            return self.get_response(request)
        while request.read(PIECE):  # a browser shows no answer before it has sent everything
            pass
        return HttpResponse(
            gettext(
                "The request has {size} MB and may have {most} in all, pictures included. Nothing "
                "was saved. Go back, where all that you typed still is, and send smaller pictures, "
                "or fewer at once."
            ).format(size=megabytes(size), most=megabytes(settings.LARGEST_REQUEST)),
            status=413,
            content_type="text/plain; charset=utf-8",
        )


def megabytes(size: int) -> str:
    return number_format(size / MEGABYTE, 1)
