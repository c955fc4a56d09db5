"""The admin's forms as a browser sends them, and what they say."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from catalog.models import Category, Product

LIST = reverse("admin:catalog_product_changelist")
ADD = reverse("admin:catalog_product_add")


def change_url(product: Product) -> str:
    return reverse("admin:catalog_product_change", args=[product.pk])


def form(mugs: Category, **values: Any) -> dict[str, Any]:
    """A product's form: no variants, no pictures, unless given."""
    return {
        "name": "Red Mug",
        "slug": "red-mug",
        "status": "active",
        "category": mugs.pk,
        "brand": "Tide",
        "description": "Round.",
        "attributes": "material=Clay",
        **management("variants"),
        **management("images"),
        **values,
    }


def management(prefix: str, total: int = 0, initial: int = 0) -> dict[str, Any]:
    return {
        f"{prefix}-TOTAL_FORMS": total,
        f"{prefix}-INITIAL_FORMS": initial,
        f"{prefix}-MIN_NUM_FORMS": 0,
        f"{prefix}-MAX_NUM_FORMS": 1000,
    }


def page_of(client: Client, product: Product) -> str:
    """The hidden field of a product's form as it is now: a form that is open."""
    found = re.search(
        r'name="_page" value="([^"]+)"', client.get(change_url(product)).content.decode()
    )
    assert found is not None
    return found[1]


def variant(number: int, sku: str, **values: Any) -> dict[str, Any]:
    fields = {
        "sku": sku,
        "options": "",
        "price": "12.00",
        "currency": "EUR",
        "stock": "5",
        "barcode": "",
        "weight_grams": "300",
        "position": number,
        **values,
    }
    return {f"variants-{number}-{name}": value for name, value in fields.items()}


def with_one_variant(product: Product, **values: Any) -> dict[str, Any]:
    """The form as the browser sends it back for a product that has the variant MUG-1."""
    names = ("sku", "options", "price", "currency", "stock", "barcode")
    own = {name: values.pop(name) for name in names if name in values}
    return form(
        product.category,
        **management("variants", total=1, initial=1),
        **variant(0, **{"sku": "MUG-1", **own}),
        **{"variants-0-product": product.pk},
        **values,
    )


def errors_of(response: Any) -> list[str]:
    """Every error that the form shows."""
    assert response.status_code == 200
    found: list[str] = []
    for errors in response.context["errors"]:
        found += [errors] if isinstance(errors, str) else errors
    return found
