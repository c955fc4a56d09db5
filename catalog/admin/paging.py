"""Many rows below a form: a page of them at a time, so that a save is one transaction."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest, QueryDict

NEAR = 3  # pages on either side that have a link


class PagedFormSet(BaseInlineFormSet):
    """The rows of the page that the address names (`?variants=2`), in their order.

    New rows come at the end: on the last page, where there is always room for one. What comes back
    is put to the rows that it names, on whichever page those are now.
    """

    size = 0
    number = 1
    query = QueryDict()
    prefix: Any
    queryset: Any

    def get_queryset(self) -> Any:
        if not hasattr(self, "_queryset"):
            first = (self.number - 1) * self.size
            self._queryset: Any = list(self.rows()[first : first + self.size])
        return self._queryset

    def rows(self) -> Any:
        """All of them, in order."""
        return self.queryset if self.queryset.ordered else self.queryset.order_by("pk")

    @cached_property
    def pages(self) -> list[int]:
        """The numbers of the pages, if there are several; the last has room for a new row."""
        if self.number == 1 and len(self.get_queryset()) < self.size:
            return []
        return list(range(1, self.rows().count() // self.size + 2))

    @property
    def addresses(self) -> Iterator[tuple[int, str]]:
        """Of the pages around this one, the first and the last; without an address, a gap."""
        before = 0
        for number in self.pages:
            if number in (1, self.pages[-1]) or abs(number - self.number) <= NEAR:
                if number > before + 1:
                    yield 0, ""
                query = self.query.copy()  # with where the list was left
                query[self.prefix] = str(number)
                yield number, f"?{query.urlencode()}#{self.prefix}-group"
                before = number


def paged(formset: Any, request: HttpRequest, size: int) -> Any:
    """The formset's class, for the page that the request asks for."""
    asked = request.GET.get(formset.get_default_prefix(), "")
    formset.query, formset.size, formset.max_num = request.GET, size, size
    formset.number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 5 else 1
    return formset
