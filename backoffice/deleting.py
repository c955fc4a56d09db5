"""The admin's two ways to delete, a page and an action, whatever hangs on what is deleted."""

from functools import partial
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import LogEntry
from django.db import transaction
from django.db.models import CASCADE, SET_NULL, Model
from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext

from backoffice.deletion import (
    Budget,
    clear_dependents,
    count_dependents,
    relations_of,
)
from dynamodb.conflicts import retry_on_conflict

LISTED = 100  # rows named on the page that asks; of more, it tells how many
COUNTED = 10_000  # rows of a kind; a count reads what it counts
STAYING = 1_000  # the same of rows that stay: it is said, and nothing hangs on the number


class DeletesInParts(ModelAdmin):
    """Deletes what refers to a row first, in parts, and the row with its history's line last.

    An app whose row goes with its children in one transaction overrides `clear` and `delete_row`.
    """

    def clear(self, row: Any, budget: Budget) -> None:
        clear_dependents(row, budget)

    def delete_row(self, row: Any) -> None:
        row.delete()

    def delete_one(self, request: HttpRequest, row: Any, budget: Budget) -> None:
        self.clear(row, budget)
        retry_on_conflict(partial(self.delete_last, request, row.pk))
        self.clear(row, budget)  # what came meanwhile, and saw the row still there
        budget.spend(1)

    def delete_last(self, request: HttpRequest, key: Any) -> None:
        """The row itself; nothing if somebody else was faster."""
        with transaction.atomic(savepoint=False):
            rows = self.model._base_manager.filter(pk=key)
            for row in rows:
                super().log_deletions(request, rows)
                self.delete_row(row)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> list[LogEntry]:
        """Not yet: Django calls this before it deletes, and `delete_last` does with it."""
        return []

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.delete_one(request, obj, Budget())

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Django's is one transaction around all of it."""
        view: Any = self._delete_view  # type: ignore[attr-defined]
        return self.with_staying(view(request, object_id, extra_context))

    def with_staying(self, response: Any) -> HttpResponse:
        """A page that asks, which then says what stays of what refers to the rows."""
        context = getattr(response, "context_data", None) or {}
        rows = context.get("queryset", [context.get("object")])
        context["staying"] = [text for row in rows if row for text in self.staying(row)]
        answer: HttpResponse = response
        return answer

    def staying(self, row: Model) -> list[str]:
        counted = count_dependents(row, STAYING, SET_NULL)
        stays = gettext(
            "{number} {things} of {row} are not deleted: they stay, without the {kind}."
        )
        return [
            stays.format(number=at_least(number), things=name, row=row, kind=self.opts.verbose_name)
            for name, number in counted.items()
        ]

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """As Django's, which reads every row: of many it tells only how many there are."""
        rows = list(objs)
        counted = [count_dependents(row, COUNTED) for row in rows]
        if sum(number for each in counted for number in each.values()) <= LISTED:
            found: tuple[list[Any], dict[str, int], set[str], list[str]] = (
                super().get_deleted_objects(rows, request)
            )
            return found
        texts = [self.summary(row, each) for row, each in zip(rows, counted, strict=True)]
        totals = {str(self.opts.verbose_name_plural): len(rows)}
        for each in counted:
            for name, number in each.items():
                totals[name] = totals.get(name, 0) + number
        return texts, totals, set(self.lacking(request)), []

    def summary(self, row: Model, counted: dict[str, int]) -> str:
        parts = ", ".join(f"{grouped(number)} {name}" for name, number in counted.items())
        whole = gettext("{row} with {parts}").format(row=row, parts=parts)
        return whole if parts else str(row)

    def lacking(self, request: HttpRequest) -> list[str]:
        """The kinds of rows that would go along and that this person may not delete."""
        site = self.admin_site
        relations = relations_of(self.model)
        models = [each.related_model for each in relations if each.on_delete is CASCADE]
        return [
            str(model._meta.verbose_name)
            for model in models
            if site.is_registered(model)
            and not site.get_model_admin(model).has_delete_permission(request)
        ]


def grouped(number: int) -> str:
    return number_format(number, force_grouping=True)


def at_least(number: int) -> str:
    """A count that ended at STAYING says so."""
    text = grouped(number)
    return gettext("{number} or more").format(number=text) if number == STAYING else text
