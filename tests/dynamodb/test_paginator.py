"""Pages whose count reads no more than it must."""

import pytest

from dynamodb import bulk
from dynamodb.calls import record
from dynamodb.paginator import BoundedPaginator
from tests.dynamodb.app.models import Item

pytestmark = pytest.mark.usefixtures("tables")


class Three(BoundedPaginator):
    most = 3


@pytest.mark.parametrize(("rows", "count"), [(0, 0), (2, 2), (3, 3), (5, 3)])
def test_the_count_is_bounded(rows: int, count: int) -> None:
    bulk.load(Item(sku=str(n)) for n in range(rows))

    with record() as calls:
        assert Three(Item.objects.order_by("title"), 2).count == count

    assert [call.operation for call in calls] == ["Scan"]


def test_pages_of_a_partition() -> None:
    bulk.load(Item(sku=str(n), shelf="A", stock=n) for n in range(5))
    pages = Three(Item.objects.filter(shelf="A").order_by("stock"), 2)

    assert pages.num_pages == 2
    assert [item.sku for item in pages.page(1)] == ["0", "1"]
    assert [item.sku for item in pages.page(2)] == ["2"]


def test_a_list() -> None:
    assert Three([1, 2, 3, 4], 2).count == 3
