"""The admin of the catalogue in the language of whoever looks at it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from catalog.models import Category, Product, Variant
from tests.catalog.forms import (
    ADD,
    LIST,
    change_url,
    errors_of,
    form,
    management,
    variant,
    with_one_variant,
)
from tests.conftest import Staff

pytestmark = pytest.mark.django_db(transaction=True)
GERMAN = {"Accept-Language": "de-DE"}


def page(client: Client, address: str) -> str:
    return client.get(address, headers=GERMAN).content.decode()


def test_the_list(manager: Staff, product: Product, calls: Any) -> None:
    """It costs what it costs in English."""
    with calls() as english:
        manager.get(LIST)
    with calls() as german:
        text = page(manager, LIST)
    assert len(german) == len(english)
    for words in (
        "Wörter, oder Teile davon, aus Name, Marke, Slug, Artikelnummer, Barcode und Optionen, in "
        "jeder Sprache. Gefunden werden die neuesten 200.",
        "Ausgewählte Produkte veröffentlichen",
        "Preis ab",
        "Aktiv",
        "1 Produkt",
    ):
        assert words in text


def test_a_product(manager: Staff, product: Product) -> None:
    text = page(manager, change_url(product))
    for words in (
        "Einzelheiten",
        "Name (Deutsch)",
        "Merkmale",
        "Material=Eiche; Pflege=Feucht abwischen",
        "Bestand",
        "Gewicht (g)",
        "Produktbilder",
    ):
        assert words in text


def test_many_variants(manager: Staff, make_product: Callable[..., Product]) -> None:
    product = make_product("Mug", {f"M-{number:02}": "1.00" for number in range(26)})
    text = page(manager, change_url(product))
    assert 'aria-label="Seiten: Varianten"' in text
    assert "Speichern Sie, bevor Sie umblättern. Neue Zeilen kommen auf die letzte Seite." in text


def test_categories_and_swatches(manager: Staff, mugs: Category) -> None:
    text = page(manager, reverse("admin:catalog_category_change", args=[mugs.pk]))
    for words in ("Kategorie ändern", "Oberkategorie", "Reihenfolge unter ihren Geschwistern."):
        assert words in text
    text = page(manager, reverse("admin:catalog_swatch_add"))
    for words in ("Farbmuster hinzufügen", "Option", "Farbe"):
        assert words in text
    assert "Katalog" in page(manager, "/admin/")


def test_an_action(manager: Staff, product: Product) -> None:
    """What is said is German; the history is English, for all who read it."""
    chosen = {"action": "archive", "_selected_action": [product.pk]}
    for said in ("1 Produkt jetzt archiviert: Red Mug.", "1 Produkt schon archiviert: Red Mug."):
        answer = manager.post(LIST, chosen, headers=GERMAN, follow=True)
        assert [str(each) for each in answer.context["messages"]] == [said]
    (entry,) = LogEntry.objects.all()
    fields = ["Status “Active” → “Archived”"]
    assert json.loads(entry.change_message) == [{"changed": {"fields": fields}}]


def test_what_is_refused(manager: Staff, product: Product, mugs: Category) -> None:
    wrong = with_one_variant(product, options="colour", price="1.005", barcode="123")
    assert errors_of(manager.post(change_url(product), wrong, headers=GERMAN)) == [
        "Schreiben Sie Namen und Werte wie in Farbe=Rot; Größe=M, nicht colour.",
        "Ein Barcode (GTIN) hat 8, 12, 13 oder 14 Ziffern.",
        "EUR hat 2 Nachkommastellen: 1.005 kann nicht bezahlt werden.",
    ]
    alike = form(
        mugs,
        **management("variants", total=2),
        **variant(0, "A-1", options="size=M"),
        **variant(1, "A-2", options="size=M"),
        slug="other",
    )
    assert errors_of(manager.post(ADD, alike, headers=GERMAN)) == [
        "A-1 und A-2 haben die gleichen Optionen: Jede Variante unterscheidet sich von den anderen."
    ]
    assert Variant.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("products/nothing/", "Dieses Produkt gibt es nicht. Unter /api/v1/products/ stehen alle, "
                              "die es gibt."),
        ("products/?category=nothing", "Diese Kategorie gibt es nicht. Unter /api/v1/categories/ "
                                       "stehen alle, die es gibt."),
    ],
)  # fmt: skip
def test_what_the_api_says(guest: APIClient, address: str, detail: str) -> None:
    answer = guest.get(f"/api/v1/{address}", headers=GERMAN)
    assert (answer.status_code, answer.json()["detail"]) == (404, detail)


def test_what_the_api_says_of_fields(guest: APIClient, product: Product) -> None:
    for address, errors in {
        "products/?category=a%20b": {
            "category": ["Eine Kategorie wird mit ihrem Slug genannt: tea-and-coffee."]
        },
        "products/red-mug/variants/?page=0": {"page": ["Eine ganze Zahl von 1 bis 21."]},
    }.items():
        answer = guest.get(f"/api/v1/{address}", headers=GERMAN)
        assert (answer.status_code, answer.json()["errors"]) == (400, errors)
    token = guest.post("/api/v1/cart/").headers["Cart-Token"]
    line = {"sku": "MUG-1", "quantity": 9}
    headers = {**GERMAN, "Cart-Token": token}
    answer = guest.post("/api/v1/cart/lines/", line, headers=headers)
    assert answer.json()["detail"] == (
        "Von MUG-1 sind nur noch 5 da. Nehmen Sie weniger, oder wählen Sie einen anderen Artikel."
    )
