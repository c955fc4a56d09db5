"""What one transaction of DynamoDB asks of the admin."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.messages.storage import default_storage
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from catalog.errors import NotEnoughStock
from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError, TransactionTooLarge

REASONS: dict[type[Exception], str] = {
    ConflictError: "Others kept changing the same things. Nothing was saved; try again.",
    IntegrityError: "Somebody else took that SKU or slug a moment ago. Nothing was saved.",
    NotEnoughStock: "There is less in stock than you take away. Nothing was saved.",
    TransactionTooLarge: "That is too much for one save. Nothing was saved; do it in parts.",
}


class TransactionalAdmin(ModelAdmin):
    """An admin whose saves are run again after a conflict, and otherwise explained.

    Django's admin puts each form, and each edited list, into one transaction. What
    only shows at its commit would be an error 500 without this.
    """

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().changeform_view
        return in_one_transaction(request, lambda: view(request, *args, **kwargs))

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().changelist_view
        return in_one_transaction(request, lambda: view(request, *args, **kwargs))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().delete_view
        return in_one_transaction(request, lambda: view(request, *args, **kwargs))


def in_one_transaction(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    if request.method != "POST":
        return view()

    def attempt() -> HttpResponse:
        # A failed attempt has already said "was changed successfully": unsay it.
        request._messages = default_storage(request)  # type: ignore[attr-defined]
        return view()

    try:
        return retry_on_conflict(attempt)
    except tuple(REASONS) as error:
        request._messages = default_storage(request)  # type: ignore[attr-defined]
        reason = next(text for kind, text in REASONS.items() if isinstance(error, kind))
        messages.error(request, reason)
        return HttpResponseRedirect(request.get_full_path())
