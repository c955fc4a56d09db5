"""Pages that cost the same wherever they are: a key to start after, never an offset."""

from __future__ import annotations

import binascii
from datetime import UTC, datetime
from typing import Any, Protocol

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import Field
from django.utils.translation import gettext
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from bodies.queries import whole_number
from dynamodb.bookmarks import decode_key, encode_key

MAX_PAGE_SIZE = 100
CURSOR_ERRORS = (
    binascii.Error,
    ValueError,
    KeyError,
    TypeError,
    OverflowError,
    DjangoValidationError,
)


class Read(Protocol):
    """Reads a list from behind a key on, or from its beginning."""

    def __call__(self, *, after: Any, limit: int) -> list[Any]: ...


class KeyPagination(BasePagination):
    """Pages of a queryset that one index sorts by one unique column, newest first; or of what else
    is read so (`paginate`).

    A view names the column in `page_key`. One Query a page, `page_size` + 1 rows
    (`?page_size=`, 20 unless told, at most 100); `next` is null on the last page.
    """

    page_size = 20
    query_parameters = frozenset({"cursor", "page_size"})

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        field = queryset.model._meta.get_field(view.page_key)

        def read(*, after: Any, limit: int) -> list[Any]:
            found = queryset if after is None else queryset.filter(**{f"{field.name}__lt": after})
            return list(found.order_by(f"-{field.name}")[:limit])

        return self.paginate(read, field, request)

    def paginate(self, read: Read, field: Field[Any, Any], request: Request) -> list[Any]:
        """The page of what `read` gives, rows that have the field's value by its name."""
        self.request, self.key = request, field.name
        size = whole_number(
            request.query_params, "page_size", default=self.page_size, most=MAX_PAGE_SIZE
        )
        cursor = request.query_params.get("cursor")
        after = None if cursor is None else self.decode(cursor, field)
        rows = read(after=after, limit=size + 1)
        self.has_next = len(rows) > size
        self.page = rows[:size]
        return self.page

    def decode(self, cursor: str, field: Field[Any, Any]) -> Any:
        try:
            key = field.to_python(decode_key(cursor))
            if key is None:
                raise ValueError("no key")
            if isinstance(key, datetime):
                key = in_utc(key)
            field.run_validators(key)
        except CURSOR_ERRORS as error:
            sentence = gettext(
                "Not a cursor of this list. Follow the next links, or start without."
            )
            raise ValidationError({"cursor": [sentence]}) from error
        return key

    def next_link(self) -> str | None:
        if not self.has_next:
            return None
        cursor = encode_key(getattr(self.page[-1], self.key))
        return replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.next_link(), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {"type": "string", "format": "uri", "nullable": True},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_PAGE_SIZE,
            "default": self.page_size,
        }
        return [
            {
                "name": "cursor",
                "in": "query",
                "schema": {"type": "string"},
                "description": "Taken from a `next` link.",
            },
            {"name": "page_size", "in": "query", "schema": size},
        ]


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC, where one without an offset already is.

    Raises OverflowError for one that leaves the years 1 to 9999 on the way.
    """
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
