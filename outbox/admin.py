"""Events that a subscriber could not take: to look at, to send again, or to discard."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.models import DELETION
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.actions import Unchanged
from backoffice.ground import TransactionalAdmin
from outbox.models import OutboxMessage
from outbox.sweeping import dead_messages, discard, revive

#: A browser drops a usual blank between the actions and it.
REASON = format_lazy("\N{EM SPACE}{label}", label=_("Reason, to discard:"))


class ReasonForm(ActionForm):
    reason = forms.CharField(required=False, max_length=200, label=REASON)


@admin.register(OutboxMessage)
class DeadMessageAdmin(TransactionalAdmin):
    """Only the dead: of the others each is gone in a moment."""

    list_display = ("__str__", "open", "reason", "body", "created_at", "due_at")
    ordering = ("-due_at",)
    actions = ("send_again", "discard")
    action_form = ReasonForm

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutboxMessage]:
        return dead_messages()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_revive_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(user.has_perm("outbox.change_outboxmessage"))

    def has_discard_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(user.has_perm("outbox.delete_outboxmessage"))

    @admin.action(description=_("Send the selected messages again"), permissions=["revive"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        outcome = self.act(request, queryset, "send_again", send_again)
        sent = gettext("sent again within a minute")
        self.report(request, outcome, sent, gettext("not dead any more"))

    @admin.action(description=_("Discard the selected messages for good"), permissions=["discard"])
    def discard(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        reason = request.POST.get("reason", "").strip()
        if not reason:
            why = gettext("Say why: the history keeps it. Nothing was discarded.")
            messages.error(request, why)
            return

        def run(message_id: int) -> str:
            if not discard(message_id=message_id):
                raise Unchanged
            return f"Discarded: {reason}"

        outcome = self.act(request, queryset, "discard", run, DELETION)
        self.report(request, outcome, gettext("discarded"), gettext("not dead any more"))


def send_again(message_id: int) -> str:
    """Revive a message; what the history tells of it. Raises Unchanged if it is not dead."""
    if not revive(message_id=message_id, now=timezone.now()):
        raise Unchanged
    return "Sent again."
