"""Answers kept for who sends the same request again with its `Idempotency-Key`.

They hold no credential: those are made again from the rest of the answer (`derived_fields` of
the view).
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, gettext

from dynamodb.duplicates import deferred_duplicates
from shop.api.errors import problem_response
from shop.api.languages import is_translated
from shop.api.renderers import JSONRenderer
from shop.models import IdempotencyKey

KEPT_HEADERS = ("Location",)
#: What an answer has besides what is stored of it: a value by its name, made from the rest.
Derived = Mapping[str, Callable[[Mapping[str, Any]], Any]]


def keep(response: HttpResponseBase, key: IdempotencyKey, request: HttpRequest) -> None:
    """Store the answer under the key, in this transaction."""
    if isinstance(response, HttpResponse):
        key.status = response.status_code
        key.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        if is_translated(request):
            key.headers["Content-Language"] = get_language()
        key.body = stored_body(response, derived_fields(request))
        with deferred_duplicates():
            key.save(force_insert=True)


def derived_fields(request: HttpRequest) -> Derived:
    """Those of the request's view."""
    match = request.resolver_match
    found: Derived = getattr(
        getattr(match and match.func, "view_class", None), "derived_fields", {}
    )
    return found


def stored_body(response: HttpResponse, derived: Derived) -> str:
    """The answer as JSON, whatever it was shown as, without what is derived."""
    data = getattr(response, "data", None)
    if data is None:
        return response.content.decode()
    if derived:
        data = {name: None if name in derived else value for name, value in data.items()}
    return JSONRenderer().render(data).decode()


def stored_answer(record: IdempotencyKey, request: HttpRequest) -> HttpResponse | None:
    """The answer given before with this key, or a 422 if it was another request."""
    known = IdempotencyKey.objects.filter(pk=record.pk, expires_at__gt=timezone.now()).first()
    if known is None:
        return None
    if known.fingerprint != record.fingerprint:
        return problem_response(
            status=422,
            code="idempotency_key_reused",
            detail=gettext("This Idempotency-Key came with another request before. Use a new key."),
        )
    response = HttpResponse(
        whole_body(known.body, derived_fields(request)),
        status=known.status,
        content_type="application/json",
    )
    for name, value in known.headers.items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response


def whole_body(stored: str, derived: Derived) -> str | bytes:
    if not derived:
        return stored
    data = json.loads(stored)
    made = {name: make(data) for name, make in derived.items()}
    whole: bytes = JSONRenderer().render({**data, **made})
    return whole


def forget_expired(record: IdempotencyKey) -> None:
    """Make the key free again once its day is over: DynamoDB deletes late, by up to days."""
    IdempotencyKey.objects.filter(pk=record.pk, expires_at__lte=timezone.now()).delete()
