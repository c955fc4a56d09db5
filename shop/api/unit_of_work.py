"""One unsafe API request is one transaction: committed whole, or not at all.

* A conflict with another request (`ConflictError`) runs the request again.
* An answer of 400 or above rolls everything back.
* With an `Idempotency-Key`, the answer is stored in the same transaction; the same
  request sent again gets the stored answer, and another request with that key a 422.
* Keys of nobody in particular are ignored, and so are those of requests whose answer
  opens something: stored, it would outlive the password and lie there in clear.

Nothing is read for the key on the way: its insertion fails when the key is known.
"""

import hashlib
import logging
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError
from rest_framework_simplejwt.settings import api_settings as jwt_settings

from dynamodb.conflicts import retry_on_conflict
from dynamodb.duplicates import deferred_duplicates
from dynamodb.errors import ConflictError
from shop.api.errors import below_api, problem_response
from shop.api.tokens import AccessToken
from shop.models import IdempotencyKey

logger = logging.getLogger(__name__)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
KEY = re.compile(r"[A-Za-z0-9_-]{16,128}")
REPLAYED_HEADERS = ("Content-Type", "Location")
# Signing in, and a new cart (another empty one does no harm): the answers are credentials.
NOT_KEPT = re.compile(r"/api/v1/(auth/.*|cart/)")
# Whoever may not ask does not get the answer of somebody who might.
NOT_REPLAYED = {401, 403}

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RolledBack(Exception):
    """Carries an error answer out of the transaction that it must not commit."""

    def __init__(self, response: HttpResponseBase):
        self.response = response


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
            return problem_response(
                status=413,
                code="too_large",
                detail=f"A body may have {settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,} bytes.",
            )
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return self.run(request, None)
        if not KEY.fullmatch(key):
            return problem_response(
                status=400,
                code="invalid_idempotency_key",
                detail="Idempotency-Key must be 16 to 128 letters, digits, - or _: a UUID will do.",
            )
        caller = principal(request)
        if not caller or NOT_KEPT.fullmatch(request.path_info):
            return self.run(request, None)
        return self.run_once(request, key)

    def run(self, request: HttpRequest, key: IdempotencyKey | None) -> HttpResponseBase:
        try:
            return retry_on_conflict(lambda: self.attempt(request, key))
        except RolledBack as rolled_back:
            return rolled_back.response
        except ConflictError:
            logger.warning("Gave up on a %s: too many conflicts", request.method)
            response = problem_response(
                status=409,
                code="conflict",
                detail="Too many changes at the same time. Nothing was changed; try again.",
            )
            response["Retry-After"] = "1"
            return response

    def attempt(self, request: HttpRequest, key: IdempotencyKey | None) -> HttpResponseBase:
        try:
            with deferred_duplicates(), transaction.atomic():
                return self.answer(request, key)
        except IntegrityError as error:
            # Another request made the same row first, or answered with this key: the
            # next attempt sees what it wrote.
            known = key and stored_answer(key)
            if known:
                raise RolledBack(known) from error
            if key:
                forget_expired(key)
            raise ConflictError(str(error)) from error

    def answer(self, request: HttpRequest, key: IdempotencyKey | None) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code >= 400:
            raise RolledBack(response)
        if key is not None and isinstance(response, HttpResponse):
            key.status = response.status_code
            key.headers = {name: response[name] for name in REPLAYED_HEADERS if name in response}
            key.body = response.content.decode()
            key.save(force_insert=True)
        return response

    def run_once(self, request: HttpRequest, key: str) -> HttpResponseBase:
        record = IdempotencyKey(
            key=hash_of(principal(request), key),
            fingerprint=hash_of(request.method, request.get_full_path_info(), request.body),
            expires_at=IdempotencyKey.expiry(),
        )
        response = self.run(request, record)
        failed = response.status_code >= 400 and response.status_code not in NOT_REPLAYED
        if failed and "Idempotent-Replayed" not in response:
            return stored_answer(record) or response
        return response


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
    try:
        if scheme.lower() == "bearer":
            return f"user:{AccessToken(token.strip())[jwt_settings.USER_ID_CLAIM]}"  # type: ignore[arg-type]
    except (TokenError, KeyError):
        pass
    return f"header:{header}" if header else ""


def hash_of(*parts: Any) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def stored_answer(record: IdempotencyKey) -> HttpResponse | None:
    """The answer given before with this key, or a 422 if it was another request."""
    known = IdempotencyKey.objects.filter(pk=record.pk, expires_at__gt=timezone.now()).first()
    if known is None:
        return None
    if known.fingerprint != record.fingerprint:
        return problem_response(
            status=422,
            code="idempotency_key_reused",
            detail="This Idempotency-Key came with another request before. Use a new key.",
        )
    response = HttpResponse(known.body, status=known.status)
    for name, value in known.headers.items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response


def forget_expired(record: IdempotencyKey) -> None:
    """Make the key free again once its day is over: DynamoDB deletes late, by up to days."""
    IdempotencyKey.objects.filter(pk=record.pk, expires_at__lte=timezone.now()).delete()
