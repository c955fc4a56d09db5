"""Orders for managers: to look at. What changes an order is the saga; a held one is theirs."""

import copy
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.actions import Unchanged
from backoffice.ground import TransactionalAdmin
from backoffice.tables import moment, table
from catalog.pairs import format_pairs
from orders.admin_list import NewestFirst, StatusFilter, is_of_all, shown_here
from orders.fulfilling import parcels_of
from orders.lines import OrderLine
from orders.models import Order
from orders.process.ending import cancel_order
from orders.reasons import told
from orders.search import HELP, search_orders
from orders.states import State
from orders.timeline import timeline_of
from payments.selectors import payments_of, refunds_of
from pricing.calculation.adjustments import percent
from pricing.writing import written

#: What the index `order_standing` holds.
LISTED = ("number", "standing", "placed_at", "email", "total", "currency")
#: What kinds of adjustments there are, and the sources that are the shop's own.
ADJUSTMENTS = {
    "price": _("price"), "sale": _("sale"), "promotion": _("promotion"), "voucher": _("voucher"),
    "shipping": _("shipping"), "tax": _("tax"), "rounding": _("rounding"),
    "list": pgettext_lazy("of a price", "list"), "tier": pgettext_lazy("of a price", "tier"),
    "standard": pgettext_lazy("of shipping", "standard"),
}  # fmt: skip
LINE_HEADS = (
    _("Quantity"), _("SKU"), _("Name"), _("Options"), _("List price"), _("Price"), _("Total"),
    _("Taken off"), _("Tax"), _("Rate"),
)  # fmt: skip


@admin.register(Order)
class OrderAdmin(TransactionalAdmin):
    """Newest first; found by number, address and name."""

    list_display = ("number", "shown_status", "placed_at", "email", "total_with_currency")
    list_filter = (StatusFilter,)
    ordering = ("-placed_at",)
    search_fields = ("number", "email")
    search_help_text = HELP
    sortable_by = ("placed_at",)  # any other order would read every order there is
    actions = ("cancel_held_orders",)
    show_facets = admin.ShowFacets.NEVER  # each count would read an index
    fieldsets = (
        (None, {"fields": ("number", "shown_status", "shown_reason", "placed_at", "user")}),
        (
            _("Lines"),
            {"fields": ("lines_table", "totals_table", "taxes_table", "adjustments_table")},
        ),
        (_("Customer"), {"fields": ("email", "language", "address", "payment_method")}),
        (_("Payment"), {"fields": ("payment_status", "payments_table", "refunds_table")}),
        (_("Fulfilment"), {"fields": ("fulfilment_status", "parcels_table")}),
        (_("History"), {"fields": ("history_table",)}),
    )

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {"subtitle": shown_here(request), **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        """The list reads what its index holds, and no order for it."""
        orders: QuerySet[Order] = super().get_queryset(request)
        match = request.resolver_match
        is_list = match is not None and str(match.url_name).endswith("_changelist")
        return orders.only(*LISTED) if is_list else orders

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
        description=_("Cancel held orders, and refund what was charged"), permissions=["resolve"]
    )
    def cancel_held_orders(self, request: HttpRequest, queryset: QuerySet[Order]) -> None:
        outcome = self.act(request, queryset, "cancel_held_orders", cancel_held)
        done = gettext("cancelled, stock given back, money on its way, customers told")
        self.report(request, outcome, done, gettext("not held, and not changed"))

    @admin.display(description=_("status"))
    def shown_status(self, order: Order) -> str:
        return str(order.get_standing_display())

    @admin.display(description=_("reason"))
    def shown_reason(self, order: Order) -> str:
        return order.told_reason or "-"

    @admin.display(description=_("total"))
    def total_with_currency(self, order: Order) -> str:
        return written(order.money(order.total))

    @admin.display(description=_("user"))
    def person(self, order: Order) -> str:
        return str(order.user or "-")

    @admin.display(description=_("lines"))
    def lines_table(self, order: Order) -> SafeString:
        rows = (
            (
                line.quantity, line.sku, line.name, format_pairs(line.options),
                written(line.list_price) if line.list_price else "",
                written(line.unit_price), written(line.line_total), *tax_of(line),
            )
            for line in order.priced_lines
        )  # fmt: skip
        return table(LINE_HEADS, rows)

    @admin.display(description=_("totals"))
    def totals_table(self, order: Order) -> SafeString:
        totals = order.totals
        amounts = (totals.subtotal, totals.shipping, totals.total, totals.tax)
        titles = (_("Subtotal"), _("Shipping"), _("Total"), _("Tax contained"))
        return table(titles, [map(written, amounts)])

    @admin.display(description=_("taxes"))
    def taxes_table(self, order: Order) -> SafeString:
        rows = (
            (
                f"{percent(each.tax_rate)} %",
                written(each.net),
                written(each.tax),
                written(each.gross),
            )
            for each in order.tax_sums
        )
        return table((_("Rate"), _("Net"), _("Tax"), _("Gross")), rows)

    @admin.display(description=_("adjustments"))
    def adjustments_table(self, order: Order) -> SafeString:
        rows = (
            (
                ADJUSTMENTS.get(each.kind.value, each.kind.value),
                ADJUSTMENTS.get(each.source, each.source),
                written(each.amount),
                written(each.tax),
            )
            for each in order.adjustment_sums
        )
        return table((_("Kind"), _("Source"), _("Amount"), _("Tax contained")), rows)

    @admin.display(description=_("history"))
    def history_table(self, order: Order) -> SafeString:
        rows = (
            (moment(each.at), gettext(each.what), each.details, each.by)
            for each in timeline_of(order)
        )
        return table((_("At"), _("What"), _("Details"), _("By")), rows)

    @admin.display(description=_("payments"))
    def payments_table(self, order: Order) -> SafeString:
        rows = (
            (payment.number, payment.method, payment.state.label,
             written(payment.money(payment.amount)),
             written(payment.money(payment.sums.charged)),
             written(payment.money(payment.sums.refunded)))
            for payment in payments_of(order.pk)
        )  # fmt: skip
        return table(
            (_("Number"), _("Method"), _("State"), _("Amount"), _("Charged"), _("Refunded")), rows
        )

    @admin.display(description=_("refunds"))
    def refunds_table(self, order: Order) -> SafeString:
        rows = (
            (refund.number, written(refund.money), refund.get_state_display(),
             told(refund.reason), refund.problem)
            for refund in refunds_of(order.pk)
        )  # fmt: skip
        return table((_("Number"), _("Amount"), _("State"), _("Reason"), _("Problem")), rows)

    @admin.display(description=_("parcels"))
    def parcels_table(self, order: Order) -> SafeString:
        rows = (
            (parcel.number, parcel.get_state_display(), format_pairs(parcel.lines),
             parcel.carrier, parcel.tracking)
            for parcel in parcels_of(order.pk)
        )  # fmt: skip
        return table((_("Number"), _("State"), _("Pieces"), _("Carrier"), _("Tracking")), rows)

    @admin.display(description=_("address"))
    def address(self, order: Order) -> SafeString:
        lines = ((line,) for line in order.address_lines)
        return format_html_join(SafeString("<br>"), "{}", lines)


def tax_of(line: OrderLine) -> tuple[str, str, str]:
    """What was taken off a line, its tax and its rate; empty where they were not kept."""
    if line.priced is None:
        return "", "", ""
    off = ", ".join(f"{each.source} {written(each.amount)}" for each in line.adjustments)
    return off, written(line.priced.tax), f"{percent(line.priced.tax_rate)} %"


def cancel_held(number: str) -> str:
    """Cancel a held order; what the history tells of it. Raises Unchanged if it is not held."""
    order = Order.objects.get(pk=number)
    if order.state != State.HELD or not cancel_order(order=order, reason=order.reason):
        raise Unchanged
    return "Cancelled; what was charged is refunded."
