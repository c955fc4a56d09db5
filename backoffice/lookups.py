"""Which questions a list in the admin answers from its address."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import get_fields_from_path
from django.db.models import DateField
from django.http import HttpRequest


class KnownLookups(ModelAdmin):
    """Answers what the list's own filters ask, and nothing else.

    Django lets the address compare any column in any way, `?name__regex=` too: seconds for one
    request, and a way to guess columns letter by letter. Anything else is a 400 here.
    """

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in self.known_lookups(request)

    def known_lookups(self, request: HttpRequest) -> Iterator[str]:
        each: Any
        for each in self.get_list_filter(request):
            if isinstance(each, type):  # a SimpleListFilter
                yield each.parameter_name  # type: ignore[attr-defined]
            else:
                yield from lookups_of(self.model, each if isinstance(each, str) else each[0])


def lookups_of(model: Any, name: str) -> Iterator[str]:
    """What Django's filter for a field puts into an address."""
    field: Any = get_fields_from_path(model, name)[-1]
    yield from (f"{name}__exact", f"{name}__isnull")
    if field.is_relation:
        yield f"{name}__{field.target_field.name}__exact"
    if isinstance(field, DateField):
        yield from (f"{name}__gte", f"{name}__lt")
