"""A catalog manager's day in the stock admin, from signing in to deleting, in one go."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Listing, Product, Stock, Variant
from tests.catalog.forms import ADD, LIST, change_url, form, management, variant
from tests.conftest import PASSWORD, Staff

pytestmark = pytest.mark.django_db(transaction=True)


def names_listed(client: Client, query: str = "") -> list[str]:
    content = client.get(LIST + query).content.decode()
    links = re.findall(r'<a href="/admin/catalog/product/\d+/change/[^"]*">([^<]+)</a>', content)
    return list(dict.fromkeys(links))  # the picture is a link, too


def test_a_manager_s_day(manager: Staff, clerk: Staff, mugs: Any, picture: Any, calls: Any) -> None:
    # Signing in, through the form
    client = Client()
    signed_in = client.post(
        reverse("admin:login") + f"?next={LIST}", {"username": "manager", "password": PASSWORD}
    )
    assert (signed_in.status_code, signed_in["Location"]) == (302, LIST)

    # A product with two variants and a picture: one save, one transaction
    entered = form(
        mugs,
        **management("variants", total=2),
        **variant(0, "MUG-S", price="12.00", stock="5", options="size=S"),
        **variant(1, "MUG-L", price="14.00", stock="7", options="size=L"),
        **management("images", total=1),
        **{"images-0-file": picture(), "images-0-alt": "A mug", "images-0-position": "0"},
    )
    with calls() as made:
        assert client.post(ADD, entered).status_code == 302
    writes = [c.operation for c in made if c.operation not in ("GetItem", "BatchGetItem", "Query")]
    # The save; what customers read of it; that this was done.
    assert [operation for operation in writes if operation != "Scan"] == [
        "TransactWriteItems", "TransactWriteItems", "DeleteItem",
    ]  # fmt: skip
    product = Product.objects.get()
    assert sorted(Variant.objects.values_list("sku", flat=True)) == ["MUG-L", "MUG-S"]
    assert Stock.objects.get(pk="MUG-L").available == 7

    # Found by filter and by search, and not where it should not be
    assert names_listed(client) == ["Red Mug"]
    assert names_listed(client, "?status__exact=active") == ["Red Mug"]
    assert names_listed(client, "?status__exact=draft") == []
    assert names_listed(client, "?q=red") == ["Red Mug"]
    assert names_listed(client, "?q=teapot") == []

    # Changed: another name, one variant dearer
    page = client.get(change_url(product))
    inputs = dict(re.findall(r'name="(images-0-\w+)" value="([^"]*)"', page.content.decode()))
    changed = form(
        mugs,
        name="Crimson Mug",
        **management("variants", total=2, initial=2),
        **variant(0, "MUG-S", price="13.50", options="size=S"),
        **variant(1, "MUG-L", price="14.00", stock="7", options="size=L"),
        **{f"variants-{n}-product": product.pk for n in range(2)},
        **{f"initial-variants-{n}-currency": "EUR" for n in range(2)},
        **management("images", total=1, initial=1),
        **{**inputs, "images-0-alt": "A crimson mug", "images-0-position": "0"},
    )
    answer = client.post(change_url(product), changed)
    assert answer.status_code == 302, answer.context["errors"]
    card = Listing.objects.get(shelf="all", position=product.pk).card
    assert (card["name"], card["price_from"]["amount"]) == ("Crimson Mug", "13.50")
    assert card["image"]["alt"] == "A crimson mug"

    # The history says who changed what
    history = client.get(reverse("admin:catalog_product_history", args=[product.pk]))
    entries = history.context["action_list"].object_list
    assert [entry.get_change_message() for entry in entries] == [
        "Added. Added variant “MUG-S”. Added variant “MUG-L”. Added product image “A mug”.",
        "Changed Name “Red Mug” → “Crimson Mug”. Changed Price “12.00” → “13.50” for variant "
        "“MUG-S”. Changed Description “A mug” → “A crimson mug” for product image “A crimson mug”.",
    ]

    # Who is not in the group may look at nothing and change nothing
    for url in (LIST, ADD, change_url(product)):
        assert clerk.get(url).status_code == 403
    assert clerk.post(change_url(product), changed).status_code == 403

    # Deleted, after being asked
    delete = reverse("admin:catalog_product_delete", args=[product.pk])
    assert "Are you sure" in client.get(delete).content.decode()
    assert Product.objects.count() == 1
    assert client.post(delete, {"post": "yes"}).status_code == 302
    counted = [model.objects.count() for model in (Product, Variant, Stock, Listing)]
    assert counted == [0, 0, 0, 0]
