"""Requests whose views meet a conflict are run again: for apps that expect a row lock.

Where they are written for `select_for_update()` that waits, the second one here raises
`ConflictError` at its commit. Nothing of it is written then, and the same request, run again,
sees what the first has done.
"""

import logging
from collections.abc import Callable
from copy import copy
from functools import partial
from io import BytesIO

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from dynamodb.conflicts import retry_uncommitted, run_uncommitted
from dynamodb.errors import ConflictError, PartlyCommitted

logger = logging.getLogger("dynamodb.middleware")
NOTHING_DONE = "Somebody else changed the same at the same moment. Nothing was changed; try again."
PARTLY_DONE = (
    "Somebody else changed the same at the same moment. A part of what you asked for has been "
    "done, the rest has not: look before you try again."
)
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Conflicted(HttpResponse):
    """Carries a view's conflict past Django, which would make a 500 of it."""

    def __init__(self, error: ConflictError | PartlyCommitted):
        super().__init__(status=500)  # so that no middleware keeps what this attempt has done
        self.error = error


class ConflictMiddleware:
    """Place it before SessionMiddleware and all that looks at who asks: what stands after it in
    MIDDLEWARE is run again with the view.

    Once something of the attempt has been committed, or when the body is too large to be kept,
    the request is not run again. It is answered with a 409 then, as it is when its tries or its
    time are used up. Who handles conflicts within, by `retry_on_conflict`, is left alone.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if hasattr(request, "session"):
            raise ImproperlyConfigured(
                "In MIDDLEWARE, ConflictMiddleware comes before SessionMiddleware: a request that "
                "is run again needs its session anew."
            )
        repeatable = is_small(request)
        if repeatable:
            request.body  # noqa: B018 - read once here, since an attempt may be repeated
        begin = partial(restore, request, dict(vars(request)))
        run = retry_uncommitted if repeatable else run_uncommitted
        try:
            return run(partial(self.attempt, request, begin))
        except PartlyCommitted as error:
            return self.refuse(request, error, PARTLY_DONE)
        except ConflictError as error:
            return self.refuse(request, error, NOTHING_DONE)

    def attempt(self, request: HttpRequest, begin: Callable[[], None]) -> HttpResponseBase:
        begin()
        response = self.get_response(request)
        if isinstance(response, Conflicted):
            raise response.error
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> Conflicted | None:
        if isinstance(exception, ConflictError | PartlyCommitted):
            return Conflicted(exception)
        return None

    def refuse(self, request: HttpRequest, error: Exception, text: str) -> HttpResponseBase:
        """The answer to who cannot be helped; `text` says whether anything was done."""
        logger.warning("Gave up on %s %s: %s", request.method, request.path, error)
        headers = {"Retry-After": "1"} if text == NOTHING_DONE else {}
        return HttpResponse(text, status=409, content_type="text/plain", headers=headers)


def is_small(request: HttpRequest) -> bool:
    """Whether the body is one that Django itself would keep in memory, and would read at all."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return False
    return most is None or length <= most


def restore(request: HttpRequest, begun: dict[str, object]) -> None:
    """The request as it came, without what an attempt has put there: user, session, forms."""
    vars(request).clear()
    vars(request).update(begun)
    request.META = copy(request.META)
    if hasattr(request, "_body"):
        request._stream = BytesIO(request._body)
