"""The colours of options' values: edited, imported, and shown where the value is."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from catalog.models import Listing, Product, ProductPage, Swatch
from catalog.services import delete_swatch, publish_product, republishing, save_swatch
from tests.catalog.conftest import give_options
from tests.catalog.forms import errors_of
from tests.catalog.importing import import_file

pytestmark = pytest.mark.django_db(transaction=True)
LIST = reverse("admin:catalog_swatch_changelist")
ADD = reverse("admin:catalog_swatch_add")
INK = {"option": "colour", "value": "Ink Blue", "colour": "#2f4a6d"}


def change_url(swatch: Swatch) -> str:
    return reverse("admin:catalog_swatch_change", args=[swatch.pk])


@pytest.fixture
def ink(db) -> Swatch:
    swatch = Swatch(**INK)
    save_swatch(swatch=swatch)
    return swatch


@pytest.fixture
def blue_mug(make_product) -> Product:
    """In Ink Blue and in Red, for sale."""
    product = make_product("Mug", {"MUG-1": "12.00", "MUG-2": "12.00"})
    give_options({"MUG-1": {"Colour": "INK blue"}, "MUG-2": {"Colour": "Red"}})
    publish_product(product=product)
    return Product.objects.get(pk=product.pk)


def shown() -> list[list[str]]:
    """The swatches of the options on a card and on its product's page."""
    documents = [Listing.objects.get(shelf="all").card, ProductPage.objects.get().document]
    return [
        [value["swatch"] for option in document["options"] for value in option["values"]]
        for document in documents
    ]


def test_a_key_knows_no_case_accents_and_spaces(ink):
    assert ink.pk == "colour=ink blue"
    with pytest.raises(ValidationError, match="Colour=ink  BLUE has a colour already"):
        save_swatch(swatch=Swatch(option="Colour", value="ink  BLUE", colour="#000000"))
    with pytest.raises(IntegrityError):
        Swatch(option="COLOUR", value="ink blue", colour="#000000").save()
    assert Swatch.objects.get().colour == "#2f4a6d"


@pytest.mark.parametrize(
    "colour", ["", "2f4a6d", "#2f4a6", "#2f4a6dd", "#2f4a6g", "red", "#2f4a6d\n"]
)
def test_not_a_colour(db, colour):
    with pytest.raises(ValidationError):
        save_swatch(swatch=Swatch(option="colour", value="Red", colour=colour))


def test_capitals_are_small(db):
    save_swatch(swatch=Swatch(option="colour", value="Red", colour="#AA1122"))
    assert Swatch.objects.get().colour == "#aa1122"


def test_publishing_shows_them(ink, blue_mug):
    assert shown() == [["#2f4a6d", ""], ["#2f4a6d", ""]]


def test_a_publication_reads_swatches_in_one_call(ink, blue_mug, calls):
    with calls() as made:
        publish_product(product=blue_mug)
    read = {call.table for call in made if call.operation == "BatchGetItem"}
    assert len([table for table in read if "catalog_swatch" in table]) == 1
    assert sum("catalog_swatch" in call.table for call in made) == 1
    # And once more after the commit: whoever moved it meanwhile may have found the card right.
    assert sum("catalog_stock" in call.table for call in made) == 2


def test_a_new_colour_comes_to_the_products_that_have_it(blue_mug, make_product, republish):
    other = make_product("Pan")
    before = Listing.objects.get(shelf="all", position=other.pk).card
    assert shown_of(blue_mug) == ["", ""]
    swatch = Swatch(**INK)
    save_swatch(swatch=swatch)
    assert republish() == 1
    assert shown_of(blue_mug) == ["#2f4a6d", ""]
    swatch.colour = "#203040"
    save_swatch(swatch=swatch)
    assert republish() == 1
    assert shown_of(blue_mug) == ["#203040", ""]
    delete_swatch(key=swatch.pk)
    assert republish() == 1
    assert shown_of(blue_mug) == ["", ""]
    assert Listing.objects.get(shelf="all", position=other.pk).card == before


def shown_of(product: Product) -> list[str]:
    card = Listing.objects.get(shelf="all", position=product.pk).card
    return [value["swatch"] for option in card["options"] for value in option["values"]]


def test_page_by_page(make_product, republish, monkeypatch):
    monkeypatch.setattr(republishing, "PAGE", 2)
    products = [make_product(f"Mug {n}", {f"MUG-{n}": "12.00"}) for n in range(5)]
    for number, product in enumerate(products):
        give_options({f"MUG-{number}": {"colour": "Ink Blue"}})
        publish_product(product=product)
    save_swatch(swatch=Swatch(**INK))
    assert republish() == 3
    assert [shown_of(product) for product in products] == [["#2f4a6d"]] * 5


def test_without_products_nothing_is_asked_for(ink, republish):
    assert republish() == 0


# In the admin ------------------------------------------------------------------------


def test_a_manager_adds_and_changes_one(manager):
    assert manager.post(ADD, INK).status_code == 302
    swatch = Swatch.objects.get()
    assert (swatch.pk, swatch.colour) == ("colour=ink blue", "#2f4a6d")
    answer = manager.post(change_url(swatch), {"value": "Other", "colour": "#112233"})
    assert answer.status_code == 302
    swatch.refresh_from_db()
    assert (swatch.value, swatch.colour) == ("Ink Blue", "#112233")


def test_a_value_has_one_colour(manager, ink):
    answer = manager.post(ADD, {**INK, "value": "ink blue"})
    assert errors_of(answer) == ["colour=ink blue has a colour already: change that one."]


def test_a_manager_deletes_one(manager, ink):
    url = reverse("admin:catalog_swatch_delete", args=[ink.pk])
    assert manager.post(url, {"post": "yes"}).status_code == 302
    assert not Swatch.objects.exists()


@pytest.mark.parametrize(("words", "found"), [("BLUE ink", 1), ("col", 1), ("red", 0)])
def test_they_are_found_by_words(manager, ink, words, found):
    answer = manager.get(LIST, {"q": words})
    assert len(answer.context["cl"].result_list) == found
    assert (b"background: #2f4a6d" in answer.content) is bool(found)


@pytest.mark.parametrize("url", [LIST, ADD])
def test_who_may_not(clerk, url):
    assert clerk.get(url).status_code == 403


# From a file -------------------------------------------------------------------------


def test_an_import(mugs, tmp_path):
    products, swatches = tmp_path / "products.csv", tmp_path / "swatches.csv"
    products.write_text(
        "product_slug,name,description,brand,category,status,attributes,sku,options,price,"
        "currency,barcode,weight_grams,stock,image,image_alt\n"
        "mug,Mug,,,mugs,active,,MUG-1,colour=Ink Blue,12.00,EUR,,,5,,\n"
    )
    swatches.write_text(
        "option,value,colour\ncolour,Ink Blue,#2F4A6D\ncolour,Red,red\n,x,#000000\n"
    )
    said = import_file(products, swatches=swatches)
    assert said.out[0] == "swatches.csv: swatches, UTF-8, separated by commas"
    assert said.out[1] == "swatches.csv: 1 created, 0 updated, 0 unchanged, 2 refused"
    assert said.errors == [
        "swatches.csv: line 3, colour: A colour is a # and six digits from 0 to f: #2f4a6d.",
        "swatches.csv: line 4, option: This must not be empty.",
    ]
    assert shown() == [["#2f4a6d"], ["#2f4a6d"]]
    again = import_file(products, swatches=swatches)
    assert again.out[1] == "swatches.csv: 0 created, 0 updated, 1 unchanged, 2 refused"


def test_a_dry_run_writes_none(mugs, tmp_path):
    path = tmp_path / "swatches.csv"
    path.write_text("option,value,colour\ncolour,Ink Blue,#2f4a6d\n")
    said = import_file(path, swatches=path, dry_run=True)
    assert said.out[1] == "swatches.csv: 1 created, 0 updated, 0 unchanged (dry run)"
    assert not Swatch.objects.exists()
