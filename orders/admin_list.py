"""The list of orders in the admin: which are shown, and how they are found without a scan."""

from heapq import merge
from itertools import islice
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dynamodb.paginator import BoundedPaginator
from orders.models import Order
from orders.states import Status


class StatusFilter(admin.SimpleListFilter):
    """By status, which an index serves; of all statuses by the same, a Query for each."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, label in Status.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        if self.value():
            return queryset.filter(standing=self.value())
        return queryset if searched(request) else queryset.filter(standing__in=Status.values)


class NewestFirst:
    """What a paginator asks of orders of all statuses, merged in the list's order by time.

    No index has all orders in one order: its partition would be the sale day's bottleneck. And
    to sort what one query finds would read all of it, where this reads a page of each status.
    """

    ordered = True

    def __init__(self, orders: QuerySet[Order]) -> None:
        self.orders = orders
        self.newest_first = str(orders.query.order_by[0]).startswith("-")

    def count(self) -> int:
        """How many there are, as far as the paginator counts; status by status, to stop there."""
        left = BoundedPaginator.most
        for status in Status.values:
            if left:
                left -= self.orders.filter(standing=status).order_by()[:left].count()
        return BoundedPaginator.most - left

    def __getitem__(self, part: slice) -> list[Order]:
        found = (self.orders.filter(standing=status)[: part.stop] for status in Status.values)
        orders = merge(
            *found, key=lambda order: (order.placed_at, order.pk), reverse=self.newest_first
        )
        return list(islice(orders, part.start, part.stop))


def searched(request: HttpRequest) -> str:
    """What was looked for, if anything."""
    return request.GET.get(SEARCH_VAR, "").strip()


def is_of_all(request: HttpRequest) -> bool:
    return not request.GET.get(StatusFilter.parameter_name) and not searched(request)


def shown_here(request: HttpRequest) -> str:
    """Which orders the list shows, in words for its head."""
    status, text = request.GET.get(StatusFilter.parameter_name), searched(request)
    which = gettext("All orders, whatever their status")
    if status:
        label = dict(Status.choices).get(status, status)
        which = gettext("Orders that are {status}").format(status=label)
    if text:
        return gettext("{orders}, found by “{text}”").format(orders=which, text=text)
    most = number_format(BoundedPaginator.most, force_grouping=True)
    return gettext("{orders}; the list ends after {most}").format(orders=which, most=most)
