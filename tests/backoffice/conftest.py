"""Two managers, each with a browser of their own, and the catalogue's fixtures."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group

from catalog.models import Product
from tests.catalog.conftest import kitchen, make_product, mugs, picture, product
from tests.conftest import CATALOG_MANAGERS, Staff, make_user

__all__ = ["kitchen", "make_product", "mugs", "picture", "product"]


@pytest.fixture
def ada(db: None) -> Staff:
    return make_manager("ada")


@pytest.fixture
def bob(db: None) -> Staff:
    return make_manager("bob")


def make_manager(name: str) -> Staff:
    user = make_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=CATALOG_MANAGERS))
    return Staff(user)


@pytest.fixture
def mug(make_product: Callable[..., Product]) -> Product:
    """A red mug with two variants: ten small ones at 12.00, ten large ones at 14.00."""
    return make_product("Red Mug", {"MUG-S": "12.00", "MUG-L": "14.00"}, stock=10, brand="Tide")
