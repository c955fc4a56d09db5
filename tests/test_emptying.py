"""What a test has changed is undone, be it added, altered or taken away."""

import pytest
from django.contrib.auth.models import Group, Permission

from catalog.models import Stock
from tests.conftest import CATALOG_MANAGERS, make_user
from tests.emptying import restore, rows_of, tables

pytestmark = pytest.mark.django_db(transaction=True)


def everything() -> dict[str, object]:
    return {name: rows_of(name, keys) for name, keys in tables()}


def test_all_is_as_before() -> None:
    before = everything()
    make_user("ada")  # with the guard of the name
    skus = [f"MUG-{number}" for number in range(60)]
    Stock.objects.bulk_create(Stock(variant_id=sku, available=1) for sku in skus)
    Group.objects.filter(name=CATALOG_MANAGERS).update(name="Others")
    Permission.objects.filter(codename="add_product").delete()
    assert everything() != before

    restore()
    assert everything() == before
    assert Group.objects.get(name=CATALOG_MANAGERS).permissions.filter(codename="add_product")
