"""Actions on many things: each is its own transaction, and is told by its name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.models import CHANGE, DELETION
from django.contrib.admin.utils import model_ngettext
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.deleting import DeletesInParts
from backoffice.deletion import Budget
from backoffice.history import few
from backoffice.receipts import find_entry, giving, receipt_of, write_entry
from backoffice.refusals import Refusal, refusal_of
from dynamodb.conflicts import retry_on_conflict

GONE = _("What you chose is not in this list any more: nothing was done.")


class Unchanged(Exception):
    """There was nothing to do: it was so already."""


@dataclass
class Outcome:
    """What became of the things that an action was for."""

    done: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)  # done when this came the first time
    failed: dict[str, str] = field(default_factory=dict)  # why, by name


class ActingAdmin(DeletesInParts):
    def act(
        self,
        request: HttpRequest,
        objects: Iterable[Model],
        action: str,
        run: Callable[[Any], Any],
        flag: int = CHANGE,
        around: Callable[[Any], None] = lambda obj: None,
    ) -> Outcome:
        """Run an action on each object by its primary key, in a transaction of its own.

        `around` is called before and after it, outside the transaction.

        `run` answers with the entry for the history, or raises Unchanged or one of the
        refusals. It may be run again after a conflict. An object that this very submission
        has reached before is passed over.
        """
        outcome = Outcome()
        objects = list(objects)
        if not objects:
            messages.info(request, GONE)
        for obj in objects:
            receipt = receipt_of(request, action, obj.pk)
            try:
                around(obj)
                retry_on_conflict(partial(self.act_once, request, obj, receipt, run, flag, outcome))
                around(obj)
            except Unchanged:
                outcome.unchanged.append(str(obj))
            except Exception as error:
                refusal: Refusal | None = refusal_of(error, getattr(self, "refusals", None))
                if isinstance(error, IntegrityError) and find_entry(receipt):
                    outcome.known.append(str(obj))
                elif refusal is None:
                    raise
                else:
                    outcome.failed[str(obj)] = str(refusal.why)
        return outcome

    def act_once(
        self,
        request: HttpRequest,
        obj: Any,
        receipt: int | None,
        run: Callable[[Any], Any],
        flag: int,
        outcome: Outcome,
    ) -> None:
        with transaction.atomic(), giving(request, receipt):
            known = find_entry(receipt) is not None
            if not known:
                write_entry(request, obj, flag, run(obj.pk))
        (outcome.known if known else outcome.done).append(str(obj))

    def report(self, request: HttpRequest, outcome: Outcome, done: Any, unchanged: Any) -> None:
        """Say what was done, and with each thing that failed, why.

        `done` and `unchanged` follow the number and the kind: "published", "was so already".
        """
        if outcome.done:
            messages.success(request, self.line(outcome.done, done))
        if outcome.unchanged:
            messages.info(request, self.line(outcome.unchanged, unchanged))
        if outcome.known:
            text = gettext("done already: the same choice came again, and changed nothing more")
            messages.info(request, self.line(outcome.known, text))
        if outcome.failed:
            reasons = [f"{name} ({why})" for name, why in outcome.failed.items()]
            messages.error(request, self.line(reasons, gettext("not changed")))

    def line(self, names: list[str], what: Any) -> str:
        return gettext("{number} {things} {what}: {names}.").format(
            number=len(names),
            things=model_ngettext(self.opts, len(names)),
            what=what,
            names=few(names),
        )

    # Deleting -----------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Django's, but that `delete_selected` goes one by one."""
        actions: dict[str, Any] = super().get_actions(request)
        if "delete_selected" in actions:
            _, name, description = actions["delete_selected"]
            actions["delete_selected"] = (delete_one_by_one, name, description)
        return actions

    def delete_each(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        def delete(key: Any) -> str:
            obj = self.model._default_manager.filter(pk=key).first()
            if obj is None:
                raise Unchanged
            self.delete_row(obj)
            return ""

        clear = partial(self.clear, budget=Budget())
        outcome = self.act(request, queryset, "delete_selected", delete, DELETION, clear)
        self.report(request, outcome, gettext("deleted"), gettext("not there any more"))


def delete_one_by_one(
    admin: Any, request: HttpRequest, queryset: QuerySet[Any]
) -> HttpResponse | None:
    """Django's action, up to and with the question; then each in its own transaction."""
    if not queryset:
        messages.info(request, GONE)
        return None
    if not request.POST.get("post"):
        asked: HttpResponse = admin.with_staying(delete_selected(admin, request, queryset))
        return asked
    *_, forbidden, protected = admin.get_deleted_objects(queryset, request)
    if forbidden or protected:
        return delete_selected(admin, request, queryset)
    admin.delete_each(request, queryset)
    return None
