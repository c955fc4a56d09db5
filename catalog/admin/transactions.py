"""What one transaction of DynamoDB asks of the admin."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage import default_storage
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from backoffice.deleting import DeletesInParts
from backoffice.lookups import KnownLookups
from catalog.errors import CategoryInUse, NotEnoughStock
from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError, TransactionTooLarge
from dynamodb.paginator import BoundedPaginator

REASONS: dict[type[Exception], str] = {
    CategoryInUse: "The category is in use, or was until a moment ago: it was not deleted.",
    DataError: "Too large to store. Nothing was saved; shorten the texts.",
    ConflictError: "Others kept changing the same things. Nothing was saved; try again.",
    IntegrityError: "Somebody else took that SKU or slug a moment ago. Nothing was saved.",
    NotEnoughStock: "There is less in stock than you take away. Nothing was saved.",
    ProtectedError: "Something else still needs it. Nothing was deleted.",
    TransactionTooLarge: "That is too much for one save. Nothing was saved; do it in parts.",
    ValidationError: "Nothing was saved:",  # and what was wrong, which the form did not see
}


class TransactionalAdmin(KnownLookups, DeletesInParts):
    """An admin whose saves are run again after a conflict, and otherwise explained.

    Django's admin puts each form, and each edited list, into one transaction. What
    only shows at its commit would be an error 500 without this.
    """

    paginator = BoundedPaginator
    show_full_result_count = False

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().changeform_view
        return in_one_transaction(request, lambda: view(request, *args, **kwargs))

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().changelist_view
        return in_one_transaction(request, lambda: view(request, *args, **kwargs))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().delete_view
        return explained(request, lambda: view(request, *args, **kwargs))


def in_one_transaction(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    if request.method != "POST":
        return view()

    def attempt() -> HttpResponse:
        # A failed attempt has already said "was changed successfully": unsay it.
        request._messages = default_storage(request)  # type: ignore[attr-defined]
        return view()

    return explained(request, lambda: retry_on_conflict(attempt))


def explained(request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        return view()
    except tuple(REASONS) as error:
        request._messages = default_storage(request)  # type: ignore[attr-defined]
        messages.error(request, reason_of(error))
        return HttpResponseRedirect(request.get_full_path())


def reason_of(error: Exception) -> str:
    """What to tell the manager."""
    reason = next(text for kind, text in REASONS.items() if isinstance(error, kind))
    found = error.messages if isinstance(error, ValidationError) else []
    return " ".join([reason, *found])
