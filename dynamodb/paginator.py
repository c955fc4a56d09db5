"""Pages of a large table, without counting all of it."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # it has none at run time
    """Counts no further than `most` rows: a count reads what it counts.

    For the admin: `paginator = BoundedPaginator` and `show_full_result_count = False`.
    Lists of more rows end there; filters and search find the rest.
    """

    most = 1000

    @cached_property
    def count(self) -> int:
        """How many rows there are, or `most` where there are more."""
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return rows.order_by()[: self.most].count()
        return min(super().count, self.most)
