"""Messages that nobody could consume: to look at, and to send again."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from backoffice.actions import Unchanged
from backoffice.ground import TransactionalAdmin
from outbox.models import OutboxMessage
from outbox.services import dead_messages, revive


@admin.register(OutboxMessage)
class DeadMessageAdmin(TransactionalAdmin):
    """Only the dead: of the others each is gone in a moment."""

    list_display = ("queue", "body", "reason", "created_at")
    ordering = ("-due_at",)
    actions = ("send_again",)

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

    @admin.action(description="Send the selected messages again", permissions=["revive"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> None:
        outcome = self.act(request, queryset, "send_again", send_again)
        self.report(request, outcome, "sent again within a minute", "not dead any more")


def send_again(message_id: int) -> str:
    """Revive a message; what the history tells of it. Raises Unchanged if it is not dead."""
    if not revive(message_id=message_id, now=timezone.now()):
        raise Unchanged
    return "Sent again."
