"""What a request may take, and what is said when something that it needs does not answer.

A request has 20 seconds: API Gateway waits for 29. Whatever it does on the way (DynamoDB, a
queue, another attempt after a conflict) waits within them.
"""

import sys
from collections.abc import Callable
from html import unescape
from typing import Any

from django.contrib.messages import get_messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from django.views import defaults

from dynamodb.client.refusals import UnknownOutcome
from dynamodb.patience import deadline
from limits.errors import TooOften
from shop.api.errors import below_api, problem_response

REQUEST = 20.0  # seconds
PAUSE = 5  # seconds until it is worth another try

AWAY = _("The shop's tables do not answer. Nothing was changed; try again in some seconds.")
AWAY_TO_READ = _("The shop's tables do not answer. Try again in some seconds.")
BEFORE = _("Of what you sent before:")
MAYBE = _("It may have been done, or not: no answer came that tells.")
HOW_TO_LOOK = _("Look at what is there now (GET), and repeat only what is missing.")
HOW_TO_LOOK_UP = _("Send the same again with the same Idempotency-Key: it is done once.")
FAILED = _("Something went wrong here. Nothing was changed; trying again is safe.")
FAILED_AFTERWARDS = _("It was done; then something went wrong here. Look at what is there now.")


class FailureMiddleware:
    """Sets the deadline, and answers for what views raise and REST framework does not know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with deadline(REQUEST):
            return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        return answer_to(request, exception)


def answer_to(request: HttpRequest, error: BaseException | None) -> HttpResponseBase | None:
    """A 503 where the tables do not answer, a 429 for too much; None for any other error."""
    if isinstance(error, TooOften):
        return refuse(request, 429, "throttled", str(error.detail), error.wait)
    if isinstance(error, UnknownOutcome):
        return unknown_outcome(request, HOW_TO_LOOK)
    if isinstance(error, OperationalError):
        return unavailable(request)
    return None


def unavailable(request: HttpRequest) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        return refuse(request, 503, "unavailable", str(AWAY), PAUSE)
    return refuse(request, 503, "unavailable", f"{AWAY_TO_READ}{said_before(request)}", PAUSE)


def said_before(request: HttpRequest) -> str:
    """The messages that wait for the page asked for: what became of a form sent before it.

    They go on waiting, for the page when it comes. None where they lie in tables.
    """
    if below_api(request):
        return ""
    waiting = get_messages(request)
    try:
        texts = [unescape(strip_tags(str(message))) for message in waiting]
    except OperationalError:
        return ""
    waiting.used = False  # type: ignore[union-attr]
    return "\n\n".join(["", str(BEFORE), *texts]) if texts else ""


def unknown_outcome(request: HttpRequest, how: Any) -> HttpResponseBase:
    """`how`: the sentence that says how to find out whether it was done."""
    return refuse(request, 503, "outcome_unknown", f"{MAYBE} {how}", PAUSE)


def refuse(
    request: HttpRequest, status: int, code: str, detail: str, wait: int
) -> HttpResponseBase:
    """A problem below `/api/`, elsewhere a page of plain text."""
    if below_api(request):
        response: HttpResponseBase = problem_response(status=status, code=code, detail=detail)
    else:
        response = HttpResponse(detail, status=status, content_type="text/plain")
    response["Retry-After"] = str(wait)
    return response


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Django's handler500, called while the error is handled: also for those of middleware."""
    known = answer_to(request, sys.exc_info()[1])
    if known is not None:
        return known
    if not below_api(request):
        return defaults.server_error(request)
    done = getattr(request, "committed", False)  # by shop.api.unit_of_work
    detail = FAILED_AFTERWARDS if done else FAILED
    return problem_response(status=500, code="server_error", detail=str(detail))
