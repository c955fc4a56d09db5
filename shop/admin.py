"""People and their groups in the admin: Django's, on ground that DynamoDB bears."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from backoffice.deletion import Budget
from catalog.admin.transactions import TransactionalAdmin

admin.site.unregister((User, Group))


@admin.register(User)
class PersonAdmin(TransactionalAdmin, UserAdmin):
    """Whoever can sign in. Orders stay when their person is deleted."""

    @method_decorator(sensitive_post_parameters())
    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Django's is a transaction around ours, at whose end nothing could be run again."""
        return self._add_view(request, form_url, extra_context)  # type: ignore[attr-defined]

    def clear(self, row: User, budget: Budget) -> None:
        """Nobody acts as this person any more, so that no new order comes while the old ones
        are parted from them."""
        User.objects.filter(pk=row.pk, is_active=True).update(is_active=False)
        super().clear(row, budget)


@admin.register(Group)
class TeamAdmin(TransactionalAdmin, GroupAdmin):
    """What staff may do."""
