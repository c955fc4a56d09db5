"""One unsafe API request is one transaction: committed whole, or not at all.

* A conflict with another request (`ConflictError`) runs the request again.
* An answer of 400 or above rolls everything back.
* What fails after the commit (`on_commit`) is logged: the answer is what was committed.
* With an `Idempotency-Key`, the answer is stored in the same transaction; the same
  request sent again gets the stored answer, and another request with that key a 422.
* A stored answer is given to who is let in (`admission`), and holds no credential: those are
  made again from the rest of it (`derived_fields` of the view).
* Keys of nobody in particular are ignored, and so are those of requests whose answer is nothing
  but a credential.

Nothing is read for the key on the way: its insertion fails when the key is known.
"""

import hashlib
import logging
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.formats import number_format
from django.utils.translation import gettext

from dynamodb.client.refusals import UnknownOutcome
from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError
from dynamodb.patience import deadline
from shop.api.admission import is_admitted
from shop.api.answers import forget_expired, keep, stored_answer
from shop.api.errors import below_api, problem_response
from shop.api.failures import HOW_TO_LOOK, HOW_TO_LOOK_UP, REQUEST, unavailable, unknown_outcome
from shop.models import IdempotencyKey

logger = logging.getLogger(__name__)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
KEY = re.compile(r"[A-Za-z0-9_-]{16,128}")
# Signing in, and a new cart (another empty one does no harm): the answers are credentials.
NOT_KEPT = re.compile(r"/api/v1/(auth/.*|cart/)")
LOOK_UP = 4.0  # seconds of a request's that are left to find out what became of it

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RolledBack(Exception):
    """Carries an error answer out of the transaction that it must not commit."""

    def __init__(self, response: HttpResponseBase):
        self.response = response


class Raised(HttpResponse):
    """Carries a view's error of the database past Django, which would make a 500 of it."""

    def __init__(self, error: DatabaseError):
        super().__init__(status=500)
        self.error = error


class UnitOfWorkMiddleware:
    """Wraps unsafe requests below `/api/`; others pass untouched."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in SAFE_METHODS or not below_api(request):
            return self.get_response(request)
        try:
            request.body  # noqa: B018 - read once here, since an attempt may be repeated
        except RequestDataTooBig:
            return too_large()
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return self.run(request, None)
        if not KEY.fullmatch(key):
            return problem_response(
                status=400,
                code="invalid_idempotency_key",
                detail=gettext(
                    "Idempotency-Key must be 16 to 128 letters, digits, - or _: a UUID will do."
                ),
            )
        caller = principal(request)
        if not caller or NOT_KEPT.fullmatch(request.path_info):
            return self.run(request, None)
        return self.run_once(request, key)

    def process_exception(self, request: HttpRequest, exception: Exception) -> Raised | None:
        if request.method in SAFE_METHODS or not below_api(request):
            return None
        return Raised(exception) if isinstance(exception, DatabaseError) else None

    def run(self, request: HttpRequest, key: IdempotencyKey | None) -> HttpResponseBase:
        """The request in its transaction, as often as it takes."""
        try:
            with deadline(REQUEST - LOOK_UP):
                return retry_on_conflict(partial(self.attempt, request, key))
        except RolledBack as rolled_back:
            return rolled_back.response
        except ConflictError:
            logger.warning("Gave up on a %s: too many conflicts", request.method)
            response = problem_response(
                status=409,
                code="conflict",
                detail=gettext(
                    "Too many changes at the same time. Nothing was changed; try again."
                ),
            )
            response["Retry-After"] = "1"
            return response
        except UnknownOutcome as error:
            logger.warning("What became of a %s is not known: %s", request.method, error)
            return self.find_out(request, key)
        except OperationalError as error:
            logger.warning("A %s could not be done: %s", request.method, error)
            return unavailable(request)

    def attempt(self, request: HttpRequest, key: IdempotencyKey | None) -> HttpResponseBase:
        """Once through the view and the commit. Raises ConflictError if it is worth another."""
        answers: list[HttpResponseBase] = []
        tell(request, committed=False)
        try:
            with transaction.atomic():
                transaction.on_commit(partial(tell, request, committed=True))
                answers.append(self.answer(request))
                if key is not None:
                    keep(answers[0], key, request)
        except IntegrityError as error:
            # Another request made the same row first, or answered with this key: the
            # next attempt sees what it wrote.
            known = key and answers and stored_answer(key, request)
            if known:
                raise RolledBack(known) from error
            if key:
                forget_expired(key)
            raise ConflictError(str(error)) from error
        except Exception:
            if not is_committed(request):
                raise
            logger.exception("A %s was done; what was to follow failed", request.method)
        return answers[0]

    def answer(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, Raised):
            raise response.error
        if response.status_code >= 400:
            raise RolledBack(response)
        return response

    def run_once(self, request: HttpRequest, key: str) -> HttpResponseBase:
        record = IdempotencyKey(
            key=hash_of(principal(request), key),
            fingerprint=hash_of(request.method, request.get_full_path_info(), request.body),
            expires_at=IdempotencyKey.expiry(),
        )
        response = self.run(request, record)
        # Such as: the cart is empty, since the first request has ordered what was in it.
        refused = 400 <= response.status_code < 500 and "Idempotent-Replayed" not in response
        if refused and is_admitted(request):
            return self.look_up(record, request) or response
        return response

    def find_out(self, request: HttpRequest, key: IdempotencyKey | None) -> HttpResponseBase:
        """What became of a request whose commit was not answered: the stored answer tells, if
        there is one. If there is none now, that tells nothing: it may yet be on its way."""
        if key is None or not is_admitted(request):
            return unknown_outcome(request, HOW_TO_LOOK)
        return self.look_up(key, request) or unknown_outcome(request, HOW_TO_LOOK_UP)

    def look_up(self, key: IdempotencyKey, request: HttpRequest) -> HttpResponseBase | None:
        try:
            return stored_answer(key, request)
        except OperationalError:
            return None


def too_large() -> HttpResponseBase:
    most = number_format(settings.DATA_UPLOAD_MAX_MEMORY_SIZE, force_grouping=True)
    detail = gettext("A body may have {most} bytes.").format(most=most)
    return problem_response(status=413, code="too_large", detail=detail)


def principal(request: HttpRequest) -> str:
    """Who asks, as far as headers say: a key of one caller means nothing for another.

    Empty for nobody in particular.
    """
    parts = (
        authorized(request.headers.get("Authorization", "")),
        request.headers.get("Cart-Token", ""),
        request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""),
    )
    return "\n".join(parts) if any(parts) else ""


def authorized(header: str) -> str:
    """The user of a valid access token, whichever token it is; else the header itself.

    Nothing is read: a token that was revoked fails in the view, with a 401.
    """
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        from shop.api.tokens import user_of  # with the first token, as in `authentication`

        user = user_of(token.strip())
        if user is not None:
            return f"user:{user}"
    return f"header:{header}" if header else ""


def hash_of(*parts: Any) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def tell(request: HttpRequest, *, committed: bool) -> None:
    """Whether it was done, for whoever answers when something fails afterwards."""
    setattr(request, "committed", committed)  # noqa: B010  of no type that has it


def is_committed(request: HttpRequest) -> bool:
    return getattr(request, "committed", False) is True
