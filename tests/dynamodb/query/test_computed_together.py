"""Two who change what one computed value is made of: neither writes over the other."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from dynamodb.errors import ConflictError
from tests.dynamodb.app.models import Box, Parcel
from tests.dynamodb.engine import connection

pytestmark = pytest.mark.usefixtures("tables")


def meanwhile(queryset: Any, ours: Any, theirs: Callable[[], Any]) -> None:
    """`ours` are changes of the one row, committed after somebody else's."""
    with transaction.atomic():
        row = queryset.get()
        for name, value in ours.items():
            setattr(row, name, value)
        row.save(update_fields=list(ours))
        other_writer(theirs)


def other_writer(run: Callable[[], Any]) -> None:
    """What another connection does meanwhile: at once, past this transaction's buffer."""
    store = connection.store
    buffer, cache, inside = store.buffer, store.cache, store.in_transaction
    store.buffer, store.cache, store.in_transaction = type(buffer)(store.look), {}, False
    try:
        run()
    finally:
        store.buffer, store.cache, store.in_transaction = buffer, cache, inside


def test_two_columns_of_one_generated_value() -> None:
    """Either leaves the area 0; both together do not."""
    Box.objects.create(shelf="A", label="a", width=3, height=0)
    box = Box.objects.filter(shelf="A", label="a")

    with pytest.raises(ConflictError):
        meanwhile(box, {"width": 5}, lambda: box.update(height=2))

    assert box.values_list("width", "height", "area").get() == (3, 2, 6)


def test_the_key_and_the_condition_of_a_sparse_index() -> None:
    Parcel.objects.create(code="P", hub="A", status="done")
    parcel = Parcel.objects.filter(pk="P")

    with pytest.raises(ConflictError):
        meanwhile(parcel, {"status": "open"}, lambda: parcel.update(hub="B"))

    assert parcel.values_list("hub", "status").get() == ("B", "done")
