"""Addresses that get no mail, for managers: to look at, and to let have mail again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.ground import TransactionalAdmin
from mails.addresses import normal_form
from mails.errors import WrongMailAddress
from mails.models import Suppression
from mails.services import lift_suppression
from mails.suppression_list import NotForgotten, forget_address


@admin.register(Suppression)
class SuppressionAdmin(TransactionalAdmin):
    """Found by the whole address."""

    list_display = ("address", "cause", "detail", "changed_at", "lifted")
    ordering = ("address",)
    search_fields = ("address",)
    search_help_text = _("A whole email address.")
    actions = ("lift",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Suppression], search_term: str
    ) -> tuple[QuerySet[Suppression], bool]:
        """By key; there is no search by parts."""
        if not search_term.strip():
            return queryset, False
        try:
            return queryset.filter(pk=normal_form(search_term.strip())), False
        except WrongMailAddress:
            return queryset.none(), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False

    def has_lift_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(user.has_perm("mails.change_suppression"))

    @admin.action(description=_("Let these addresses have mail again"), permissions=["lift"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Suppression]) -> None:
        for suppression in queryset:
            try:
                said, level = self.lift_one(request, suppression), messages.SUCCESS
            except NotForgotten as error:
                kept = gettext("nothing was changed, SES did not forget it: {error}")
                said, level = kept.format(error=error), messages.ERROR
            self.message_user(request, f"{suppression}: {said}", level)

    def lift_one(self, request: HttpRequest, suppression: Suppression) -> str:
        """SES forgets first: if that fails, the address is still shown as suppressed."""
        forget_address(suppression.address)
        if not lift_suppression(address=suppression.address):
            return gettext("gets mail already.")
        self.log_change(request, suppression, "Gets mail again.")
        return gettext("gets mail again.")
