"""Orders for managers: to look at. What changes an order is the saga; a held one is theirs."""

import copy
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from backoffice.actions import Unchanged
from backoffice.ground import TransactionalAdmin
from backoffice.tables import moment, table
from catalog.pairs import format_pairs
from orders.admin_list import NewestFirst, StatusFilter, is_of_all, shown_here
from orders.models import Order
from orders.saga import cancel_held_order
from orders.search import HELP, search_orders


@admin.register(Order)
class OrderAdmin(TransactionalAdmin):
    """Newest first; found by number, address and name."""

    list_display = ("number", "status", "placed_at", "email", "total_with_currency")
    list_filter = (StatusFilter,)
    ordering = ("-placed_at",)
    search_fields = ("number", "email")
    search_help_text = HELP
    sortable_by = ("placed_at",)  # any other order would read every order there is
    actions = ("cancel_held_orders",)
    show_facets = admin.ShowFacets.NEVER  # each count would read an index
    fieldsets = (
        (None, {"fields": ("number", "status", "reason", "placed_at", "user")}),
        ("Lines", {"fields": ("lines_table", "totals_table")}),
        ("Customer", {"fields": ("email", "address", "payment_method")}),
        ("History", {"fields": ("history_table", "mail_sent_at", "mail_problem")}),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"subtitle": shown_here(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_paginator(self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any) -> Any:
        """Of the list; an order's history, which is of other rows, asks for one too."""
        is_merged = queryset.model is Order and is_of_all(request)
        rows: Any = NewestFirst(queryset) if is_merged else queryset
        return super().get_paginator(request, rows, *args, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Order | None = None) -> Any:
        """Django makes a link of the person, which leads on only who may look at people."""
        user: Any = request.user
        fieldsets = copy.deepcopy(super().get_fieldsets(request, obj))
        if not user.has_perm("auth.view_user"):
            first: Any = fieldsets[0][1]
            first["fields"] = [*first["fields"][:-1], "person"]
        return fieldsets

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        """Each way of searching has its key or index; there is no search by other parts."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=search_orders(search_term)), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return False

    def has_resolve_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(user.has_perm("orders.change_order"))

    @admin.action(
        description="Cancel held orders whose charge is refunded", permissions=["resolve"]
    )
    def cancel_held_orders(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        outcome = self.act(request, queryset, "cancel_held_orders", cancel_held)
        done = "cancelled, stock given back, customers told"
        self.report(request, outcome, done, "not held, and left as they were")

    @admin.display(description="total")
    def total_with_currency(self, order: Order) -> str:
        return str(order.totals.total)

    @admin.display(description="user")
    def person(self, order: Order) -> str:
        return str(order.user or "-")

    @admin.display(description="lines")
    def lines_table(self, order: Order) -> SafeString:
        rows = (
            (
                line["quantity"], line["sku"], line["name"], format_pairs(line["options"]),
                line["unit_price"], line["line_total"],
            )
            for line in order.priced_lines
        )  # fmt: skip
        return table(("Quantity", "SKU", "Name", "Options", "Price", "Total"), rows)

    @admin.display(description="totals")
    def totals_table(self, order: Order) -> SafeString:
        totals = order.totals
        amounts = (totals.subtotal, totals.shipping, totals.total, totals.tax)
        return table(("Subtotal", "Shipping", "Total", "Tax contained"), [amounts])

    @admin.display(description="history")
    def history_table(self, order: Order) -> SafeString:
        rows = ((entry["status"], moment(entry["at"])) for entry in order.history)
        return table(("Status", "At"), rows)

    @admin.display(description="address")
    def address(self, order: Order) -> SafeString:
        lines = ((line,) for line in order.address_lines)
        return format_html_join(SafeString("<br>"), "{}", lines)


def cancel_held(number: str) -> str:
    """Cancel a held order; what the history tells of it. Raises Unchanged if it is not held."""
    if not cancel_held_order(order=Order.objects.get(pk=number)):
        raise Unchanged
    return "Cancelled; the charge was refunded."
