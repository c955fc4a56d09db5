"""Columns of the shop's other languages in files of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.models import Category, Product
from tests.catalog.importing import Said, import_file

pytestmark = pytest.mark.django_db(transaction=True)
OTHERS = "brand,category,status,attributes,sku,options,price,currency,barcode,weight_grams,stock"
REST = "Tide,mugs,active,,MUG-1,,12.00,EUR,,300,5,,"


@pytest.fixture
def run(tmp_path: Path, mugs: Category) -> Callable[..., Said]:
    """Import a mug, with these columns after the description, and this in them."""

    def run(columns: str = "", cells: str = "") -> Said:
        path = tmp_path / "products.csv"
        header = f"product_slug,name,description{columns},{OTHERS},image,image_alt"
        path.write_text(f"{header}\nmug,Mug,Round.{cells},{REST}\n", encoding="utf-8")
        return import_file(path)

    return run


def outcome(said: Said) -> str:
    return said.out[-1].removeprefix("products.csv: ")


def test_a_product(run: Callable[..., Said]) -> None:
    """The second time nothing changes; a file without the columns leaves what there is; an empty
    cell takes it away."""
    both = ",name_de,description_de", ",Becher,Rund."
    assert outcome(run(*both)) == "1 created, 0 updated, 0 unchanged"
    texts = {"de": {"name": "Becher", "description": "Rund."}}
    assert Product.objects.get().texts == texts
    assert outcome(run(*both)) == "0 created, 0 updated, 1 unchanged"
    assert outcome(run()) == "0 created, 0 updated, 1 unchanged"
    assert Product.objects.get().texts == texts
    assert outcome(run(",name_de", ",Tasse")) == "0 created, 1 updated, 0 unchanged"
    assert Product.objects.get().texts == {"de": {"name": "Tasse", "description": "Rund."}}
    assert outcome(run(",name_de,description_de", ",,")) == "0 created, 1 updated, 0 unchanged"
    assert Product.objects.get().texts is None


def test_what_is_too_long_is_told_by_its_column(run: Callable[..., Said]) -> None:
    assert run(",name_de", f",{'x' * 201}").errors == [
        "products.csv: line 2, name_de: Ensure this value has at most 200 characters (it has 201)."
    ]
    assert not Product.objects.exists()


def test_texts_of_all_languages_count_for_a_page_s_size(tmp_path: Path, mugs: Category) -> None:
    """Each is as long as it may be, and together they are more than an item holds."""
    path, longest = tmp_path / "products.csv", "\N{WHITE SMILING FACE}" * 50_000
    header = f"product_slug,name,description,description_de,{OTHERS},image,image_alt"
    path.write_text(f"{header}\nmug,Mug,{longest},{longest},{REST}\n", encoding="utf-8")
    assert import_file(path).errors == [
        "products.csv: line 2: It is too large to store: shorten its texts."
    ]


def test_a_column_of_no_language_of_the_shop_is_left_out(run: Callable[..., Said]) -> None:
    """`name` itself is in the first."""
    said = run(",name_en,name_fr,colour", ",Mug,Tasse,x")
    assert said.out[1:] == [
        "products.csv: line 1, name_en: It is left out: the shop's other languages are de.",
        "products.csv: line 1, name_fr: It is left out: the shop's other languages are de.",
        "products.csv: line 1, colour: It is left out: there is no such column here.",
        "products.csv: 1 created, 0 updated, 0 unchanged",
    ]
    assert Product.objects.get().texts is None


def test_categories(tmp_path: Path, run: Callable[..., Said]) -> None:
    categories = tmp_path / "categories.csv"
    categories.write_text(
        "slug,name,parent,position,description,name_de,name_fr\npans,Pans,,5,,Pfannen,Poêles\n",
        encoding="utf-8",
    )
    run()
    said = import_file(tmp_path / "products.csv", categories=categories)
    assert said.out[1:3] == [
        "categories.csv: line 1, name_fr: It is left out: the shop's other languages are de.",
        "categories.csv: 1 created, 0 updated, 0 unchanged",
    ]
    assert Category.objects.get(slug="pans").texts == {"de": {"name": "Pfannen"}}
