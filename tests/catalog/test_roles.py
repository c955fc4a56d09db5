"""The group that `migrate` makes."""

import pytest
from django.contrib.auth.models import Group

from catalog.roles import CATALOG_MANAGERS, create_catalog_managers

pytestmark = pytest.mark.django_db


def codenames():
    group = Group.objects.get(name=CATALOG_MANAGERS)
    return sorted(group.permissions.values_list("codename", flat=True))


def test_managers_may_do_everything_to_the_catalogue():
    assert codenames() == sorted(
        f"{verb}_{model}"
        for verb in ("add", "change", "delete", "view")
        for model in ("category", "product", "productimage", "stock", "swatch", "variant")
    )


def test_what_somebody_changed_stays():
    Group.objects.get(name=CATALOG_MANAGERS).permissions.clear()
    create_catalog_managers()
    assert codenames() == []
