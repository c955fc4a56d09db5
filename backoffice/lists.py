"""Editing in the list: each row is its own transaction, and what fails keeps what was typed."""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import model_ngettext
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.formsets import MergedListFormSet, merged_formset, touched
from backoffice.history import few
from backoffice.pages import ForeignPage, Page, Shown, hidden_field, read_page
from backoffice.receipts import find_entry, giving, receipt_of, typed
from backoffice.refusals import Refusal, refusal_of
from dynamodb.conflicts import retry_on_conflict

FOREIGN = _(
    "This list was not made for you here, or too long ago. Nothing was saved: this is a new one."
)


class RowRefused(Exception):
    """The row's form found something wrong, and says so itself."""


@dataclass(frozen=True)
class Row:
    """A row as it came back: its fields' prefix, its primary key, and what was shown of it."""

    prefix: str
    key: str
    shown: Shown | None


@dataclass
class Result:
    """What became of the rows of one submission."""

    saved: list[Any] = field(default_factory=list)
    known: list[str] = field(default_factory=list)  # saved when this came the first time
    lost: list[str] = field(default_factory=list)  # deleted by somebody else
    failed: dict[str, Any] = field(default_factory=dict)  # by key, as stored
    reasons: dict[str, str] = field(default_factory=dict)  # where the form does not know


class ListAdmin(ModelAdmin):
    #: What this admin's services raise, and what is said then; see `refusals`.
    refusals: Mapping[type[Exception], Refusal] = {}

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.method == "POST" and "_save" in request.POST and self.list_editable:
                return self.save_list(request, *args, **kwargs)
            return self.show_list(request, *args, **kwargs)
        except ForeignPage:
            messages.error(request, FOREIGN)
        except Exception as error:  # of an action that does not go one by one
            refusal = refusal_of(error, self.refusals) if request.method == "POST" else None
            if refusal is None:
                raise
            further = gettext("It went no further, for {why}.").format(why=refusal.why)
            messages.error(request, further)
        return HttpResponseRedirect(request.get_full_path())

    def show_list(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: Any = super().changelist_view(request, *args, **kwargs)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown:
            formset = shown["cl"].formset
            rows = {} if formset is None else {formset.prefix: formset.now()}
            shown["page_field"] = hidden_field(request, Page(shown=rows))
        return response

    def get_changelist_formset(self, request: HttpRequest, **kwargs: Any) -> Any:
        page = read_page(request) if request.method == "POST" else None
        formset = super().get_changelist_formset(request, **kwargs)
        return merged_formset(formset, MergedListFormSet, page, not_saved={}, reasons={})

    # Saving -------------------------------------------------------------------------

    def save_list(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        formset = self.get_changelist_formset(request)
        result = Result()
        for row in self.posted_rows(request, formset):
            form = formset.form(data=request.POST, files=request.FILES, prefix=row.prefix)
            if row.shown is None or touched(form, row.shown):
                self.save_row(request, formset.form, row, result)
        self.tell(request, result)
        if not result.failed:
            return HttpResponseRedirect(request.get_full_path())
        return self.show_again(request, formset, result, *args, **kwargs)

    def posted_rows(self, request: HttpRequest, formset: Any) -> list[Row]:
        """The rows that came back."""
        prefix, page = formset.get_default_prefix(), formset.page
        pattern = re.compile(rf"({re.escape(prefix)}-\d+)-{re.escape(str(self.opts.pk.name))}")
        found = ((pattern.fullmatch(name), str(key)) for name, key in request.POST.items())
        return [
            Row(match[1], key, None if page is None else page.row(prefix, key))
            for match, key in found
            if match
        ]

    def save_row(self, request: HttpRequest, form: Any, row: Row, result: Result) -> None:
        """Save one row if it was changed; what became of it is in the result."""
        receipt = receipt_of(request, row.key, typed(request, f"{row.prefix}-"))

        def run() -> None:
            with transaction.atomic(), giving(request, receipt):
                known = find_entry(receipt) is not None
                saved = [] if known else self.save_row_once(request, form, row)
            # The same submission may have been faster, between that reading and the row's.
            if known or not saved and find_entry(receipt):
                result.known.append(row.key)
            result.saved += saved

        try:
            retry_on_conflict(run)
        except RowRefused:
            self.fail(request, row, result, "")
        except self.model.DoesNotExist:
            result.lost.append(row.key)
        except Exception as error:
            refusal = refusal_of(error, self.refusals)
            if isinstance(error, IntegrityError) and find_entry(receipt):
                result.known.append(row.key)
            elif refusal is None:
                raise
            else:
                reason = gettext("Not saved: {why}.").format(why=refusal.why)
                self.fail(request, row, result, reason)

    def save_row_once(self, request: HttpRequest, form_class: Any, row: Row) -> list[Any]:
        """The object, if there was something to save. Raises RowRefused, DoesNotExist."""
        obj: Any = self.get_object(request, row.key)
        if obj is None:
            raise self.model.DoesNotExist
        if not self.has_change_permission(request, obj):
            raise PermissionDenied
        form = form_class(data=request.POST, files=request.FILES, prefix=row.prefix, instance=obj)
        form.merge(row.shown)
        if not form.is_valid():
            raise RowRefused
        if not form.has_changed():
            return []
        self.write_row(request, form)
        return [obj]

    def write_row(self, request: HttpRequest, form: Any) -> None:
        obj = self.save_form(request, form, change=True)
        self.save_model(request, obj, form, change=True)
        self.save_related(request, form, formsets=[], change=True)
        self.log_change(request, obj, self.construct_change_message(request, form, []))

    def fail(self, request: HttpRequest, row: Row, result: Result, reason: str) -> None:
        obj = self.get_object(request, row.key)
        if obj is None:
            result.lost.append(row.key)
            return
        result.failed[row.key] = obj
        if reason:
            result.reasons[row.key] = reason

    # Telling ------------------------------------------------------------------------

    def tell(self, request: HttpRequest, result: Result) -> None:
        if result.saved:
            saved = gettext("Saved {number} {things}: {names}.")
            messages.success(request, self.counted(saved, result.saved))
        if result.known:
            known = gettext(
                "{number} {things} already saved: the same list came again, and changed nothing "
                "more."
            )
            messages.info(request, self.counted(known, result.known))
        if result.failed:
            failed = gettext("Not saved {number} {things}: {names}. See below.")
            messages.error(request, self.counted(failed, list(result.failed.values())))
        for key in result.lost:
            lost = gettext(
                "Since this list was shown, {kind} {key} was deleted, which you changed: that was "
                "not saved."
            )
            messages.error(request, lost.format(kind=self.opts.verbose_name, key=key))

    def counted(self, sentence: str, rows: list[Any]) -> str:
        things = model_ngettext(self.opts, len(rows))
        return sentence.format(number=len(rows), things=things, names=few(rows))

    def show_again(
        self, request: HttpRequest, formset: Any, result: Result, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The list as it is now, where the rows that were not saved have what was typed."""
        looking = copy.copy(request)
        looking.method = "GET"
        response: Any = self.show_list(looking, *args, **kwargs)
        cl = response.context_data["cl"]
        formset.not_saved, formset.reasons = result.failed, result.reasons
        cl.formset = formset(request.POST, request.FILES, queryset=cl.result_list)
        cl.formset.is_valid()
        cl.result_list = list(cl.formset.get_queryset())
        rows = {cl.formset.prefix: cl.formset.now()}
        response.context_data["page_field"] = hidden_field(request, Page(shown=rows))
        return response
