"""The ground of every ModelAdmin: two people at once, a second click, and a transaction's limits.

Django's admin puts each form into one transaction. What that asks of the admin on
DynamoDB, and what Django leaves open, is here: see `forms` for stale forms, `receipts` for
what arrives twice, `lists` and `actions` for many things at once, `history` for what is told.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.messages.storage import default_storage
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.actions import ActingAdmin
from backoffice.forms import merged
from backoffice.formsets import MergedInlineFormSet, merged_formset
from backoffice.history import describe
from backoffice.lists import ListAdmin
from backoffice.lookups import KnownLookups
from backoffice.pages import MAIN, ForeignPage, Page, hidden_field, read_page
from backoffice.receipts import find_entry, giving, receipt_of, write_entry
from backoffice.refusals import UNKNOWN, refusal_of
from dynamodb.conflicts import retry_on_conflict
from dynamodb.paginator import BoundedPaginator

FOREIGN = _(
    "This page was not made for you here, or too long ago. Nothing was saved: this is a new one."
)


class TransactionalAdmin(ListAdmin, ActingAdmin, KnownLookups, ModelAdmin):
    """An admin that undoes nobody's work, counts nothing twice, and explains what it refuses."""

    paginator = BoundedPaginator
    show_full_result_count = False

    # Requests -----------------------------------------------------------------------

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().add_view
        return self.in_one_transaction(request, lambda: view(request, *args, **kwargs))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().changeform_view
        return self.in_one_transaction(request, lambda: view(request, *args, **kwargs))

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = super().delete_view  # in transactions of its own, each run again by itself
        return self.explained(request, lambda: view(request, *args, **kwargs))

    def in_one_transaction(self, request: Any, view: Callable[[], HttpResponse]) -> HttpResponse:
        """Run a form's POST once: again after a conflict, not again when it was applied."""
        if request.method != "POST" or getattr(request, "in_attempt", False):
            return view()
        request.in_attempt = True
        try:
            return self.explained(request, lambda: self.attempt(request, view), again=view)
        except ForeignPage:
            return self.refuse(request, FOREIGN)
        finally:
            request.in_attempt = False

    def explained(
        self,
        request: Any,
        view: Callable[[], HttpResponse],
        again: Callable[[], HttpResponse] | None = None,
    ) -> HttpResponse:
        """What `view` answers, or why it was refused: by `again`, in the form as it was typed."""
        try:
            return view()
        except Exception as error:
            refusal = refusal_of(error, self.refusals) if request.method == "POST" else None
            if refusal is None:
                raise
        # What may have been saved must not come back under a new page's number.
        if again is None or refusal is UNKNOWN:
            return self.refuse(request, refusal.whole)
        unsay(request)
        request.refusal = refusal.whole
        return again()

    def attempt(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        receipt = receipt_of(request)

        def run() -> HttpResponse:
            unsay(request)  # a failed attempt has already said "was changed successfully"
            with transaction.atomic(), giving(request, receipt):
                entry = find_entry(receipt)  # read once: what is written knows it, too
                return view() if entry is None else self.answer_again(request, entry)

        try:
            return retry_on_conflict(run)
        except IntegrityError:
            entry = find_entry(receipt)
            if entry is None:
                raise
            return self.answer_again(request, entry)

    def answer_again(self, request: HttpRequest, entry: LogEntry) -> HttpResponse:
        """The answer that the submission had when it was applied, with another message."""
        obj = self.get_object(request, str(entry.object_id))
        if obj is None:
            response: HttpResponse = HttpResponseRedirect(self.list_url())
        elif entry.action_flag == ADDITION:
            response = self.response_add(request, obj)
        else:
            response = self.response_change(request, obj)
        unsay(request)
        messages.info(
            request,
            gettext(
                "The {kind} “{name}” was already saved: the same form came again, and changed "
                "nothing more."
            ).format(kind=self.opts.verbose_name, name=entry.object_repr),
        )
        return response

    def refuse(self, request: HttpRequest, text: Any) -> HttpResponse:
        unsay(request)
        messages.error(request, text)
        return HttpResponseRedirect(request.get_full_path())

    def list_url(self) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    # Forms --------------------------------------------------------------------------

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return merged(form, page_of(request), refusal=getattr(request, "refusal", ""))

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Any = None) -> Iterator[Any]:
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            yield merged_formset(formset, MergedInlineFormSet, page_of(request)), inline

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["page_field"] = hidden_field(request, page_shown(context))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=form.changed_columns())
        else:
            super().save_model(request, obj, form, change)

    # History ------------------------------------------------------------------------

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Any, add: bool = False
    ) -> list[dict[str, Any]]:
        return describe(form, formsets or (), add)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return write_entry(request, obj, ADDITION, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> LogEntry:
        return write_entry(request, obj, CHANGE, message)


def page_of(request: HttpRequest) -> Page | None:
    return read_page(request) if request.method == "POST" else None


def page_shown(context: dict[str, Any]) -> Page:
    """What a form shows, or shows again."""
    form = context["adminform"].form
    if form.instance._state.adding:
        return Page()
    formsets = [each.formset for each in context["inline_admin_formsets"]]
    rows = {formset.prefix: formset.now() for formset in formsets}
    return Page(shown={MAIN: {str(form.instance.pk): form.now()}, **rows})


def unsay(request: Any) -> None:
    """Take back the messages of this request."""
    request._messages = default_storage(request)
