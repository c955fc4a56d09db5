"""Products and categories from CSV files."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalog.importing.reading import PRODUCT_COLUMNS
from catalog.models import Category, Listing, Product, ProductImage, Stock, Variant
from catalog.services import reserve_stock

HEADER = ",".join(PRODUCT_COLUMNS)
MUG = "red-mug,Red Mug,Round.,Tide,mugs,active,material=Clay,MUG-1,size=S,12.00,EUR,,300,5,,"
MUG_2 = "red-mug,,,,,,,MUG-2,size=L,14.00,EUR,,400,7,,"
PAN = "pan,Pan,,,mugs,active,,PAN-1,,30.00,EUR,,900,0,,"


@pytest.fixture
def run(tmp_path, mugs):
    """Import these lines; returns what was said on stdout and on stderr."""

    def run(*lines, **options):
        path = tmp_path / "products.csv"
        path.write_text("\n".join((HEADER, *lines)), encoding="utf-8")
        out, errors = StringIO(), StringIO()
        try:
            call_command("import_catalogue", path, stdout=out, stderr=errors, **options)
        except CommandError as error:
            assert str(error).startswith("Some lines were not imported")
        source, said = out.getvalue().split("\n", 1)
        assert source == "products.csv: this shop's columns, UTF-8, separated by commas"
        return said, errors.getvalue()

    return run


@pytest.mark.django_db(transaction=True)
def test_a_product_with_two_variants(run, mugs):
    assert run(MUG, MUG_2) == ("products.csv: 1 created, 0 updated, 0 unchanged\n", "")
    product = Product.objects.get(slug="red-mug")
    assert (product.name, product.brand, product.category) == ("Red Mug", "Tide", mugs)
    assert product.attributes == {"material": "Clay"}
    assert [(v.pk, v.options, str(v.price), v.position) for v in product.variants.all()] == [
        ("MUG-1", {"size": "S"}, "12.00", 0),
        ("MUG-2", {"size": "L"}, "14.00", 1),
    ]
    assert Stock.objects.get(pk="MUG-2").available == 7
    assert Listing.objects.filter(shelf="all").count() == 1


def test_the_second_time_nothing_changes(run):
    run(MUG, MUG_2, PAN)
    before = Product.objects.get(slug="red-mug").updated_at
    assert run(MUG, MUG_2, PAN)[0] == "products.csv: 0 created, 0 updated, 2 unchanged\n"
    assert Product.objects.get(slug="red-mug").updated_at == before


@pytest.mark.django_db(transaction=True)
def test_what_is_different_is_updated_but_stock_is_left(run):
    run(MUG)
    reserve_stock(sku="MUG-1", quantity=2)
    cheaper = MUG.replace("12.00", "10.00")
    assert run(cheaper)[0] == "products.csv: 0 created, 1 updated, 0 unchanged\n"
    assert str(Variant.objects.get(pk="MUG-1").price) == "10.00"
    assert Stock.objects.get(pk="MUG-1").available == 3
    card = Listing.objects.get(shelf="category:mugs").card
    assert card["price_from"] == {"amount": "10.00", "currency": "EUR"}


def test_a_dry_run_writes_nothing(run):
    said, errors = run(MUG, PAN, dry_run=True)
    assert said == "products.csv: 2 created, 0 updated, 0 unchanged (dry run)\n"
    assert errors == ""
    assert not Product.objects.exists()
    assert not Variant.objects.exists()


@pytest.mark.parametrize("dry_run", [True, False])
def test_each_mistake_is_told_and_the_rest_imported(run, dry_run):
    wrong = "bad,,,,nowhere,on,x,A B,size,-1,eur,123,1.5,x,,"
    _said, errors = run(wrong, MUG, dry_run=dry_run)
    assert errors.splitlines() == [
        "products.csv: line 2, name: This must not be empty.",
        "products.csv: line 2, attributes: Write names and values, as in colour=Red; size=M: "
        "not x.",
        "products.csv: line 2, options: Write names and values, as in colour=Red; size=M: "
        "not size.",
        "products.csv: line 2, weight_grams: 1.5 is not a whole number from 0.",
        "products.csv: line 2, stock: x is not a whole number from 0.",
        "products.csv: line 2, category: There is no category nowhere.",
        "products.csv: line 2, status: on is none of draft, active, archived.",
        "products.csv: line 2, sku: A SKU has letters, digits, dots, dashes and underscores only.",
        "products.csv: line 2, price: Ensure this value is greater than or equal to 0.",
        "products.csv: line 2, currency: A currency is three capital letters: EUR.",
        "products.csv: line 2, barcode: A barcode (GTIN) has 8, 12, 13 or 14 digits.",
    ]
    assert Product.objects.count() == (0 if dry_run else 1)


@pytest.mark.parametrize(
    ("old", "new", "column", "sentence"),
    [
        ("mugs", "nowhere", "category", "There is no category nowhere."),
        ("active", "on", "status", "on is none of draft, active, archived."),
        ("12.00", "-1", "price", "Ensure this value is greater than or equal to 0."),
        ("12.00", "NaN", "price", "NaN is not a number such as 12.50."),
        ("12.00", "1.234", "price", "EUR has 2 digits after the point: 1.234 cannot be paid."),
        ("EUR", "eur", "currency", "A currency is three capital letters: EUR."),
        ("EUR,", "EUR,123", "barcode", "A barcode (GTIN) has 8, 12, 13 or 14 digits."),
        ("MUG-1", "A B", "sku",
         "A SKU has letters, digits, dots, dashes and underscores only."),
        ("5,,", "5,a.png,", "image", "a.png is not in the folder of pictures."),
    ],
)  # fmt: skip
def test_a_mistake_names_its_column(run, old, new, column, sentence):
    _said, errors = run(MUG.replace(old, new, 1))
    assert errors == f"products.csv: line 2, {column}: {sentence}\n"
    assert not Product.objects.exists()


def test_a_sku_of_another_product_is_refused(run):
    run(MUG)
    _said, errors = run(PAN.replace("PAN-1", "MUG-1"))
    assert errors == "products.csv: line 2, sku: MUG-1 belongs to red-mug.\n"


def test_a_sku_twice_is_refused(run):
    _said, errors = run(MUG, MUG_2.replace("MUG-2", "MUG-1"))
    assert errors.splitlines() == [
        "products.csv: line 2, sku: MUG-1 stands on line 3 too: a SKU is one variant's.",
        "products.csv: line 3, sku: MUG-1 stands on line 2 too: a SKU is one variant's.",
    ]


def test_a_missing_column(tmp_path, db):
    path = tmp_path / "products.csv"
    path.write_text(HEADER.replace(",price", ""))
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command("import_catalogue", path, stdout=StringIO(), stderr=errors)
    assert errors.getvalue() == "products.csv: line 1, price: This column is missing.\n"


def test_a_missing_file(db):
    with pytest.raises(CommandError, match=r"There is no file nothing\.csv"):
        call_command("import_catalogue", "nothing.csv")


def test_a_picture_is_stored_once(run, tmp_path, picture):
    (tmp_path / "mug.png").write_bytes(picture().read())
    line = MUG.removesuffix(",,") + ",mug.png,A mug"
    run(line, images=tmp_path)
    image = ProductImage.objects.get()
    assert (image.alt, str(image.file.name)[-4:]) == ("A mug", ".png")
    assert run(line, images=tmp_path)[0] == "products.csv: 0 created, 0 updated, 1 unchanged\n"
    assert ProductImage.objects.get().file.name == image.file.name


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd"])
def test_pictures_come_from_their_folder_only(run, tmp_path, picture, name):
    (tmp_path / "secret.png").write_bytes(picture().read())
    folder = tmp_path / "images"
    folder.mkdir()
    _said, errors = run(MUG.removesuffix(",,") + f",{name},", images=folder)
    assert errors == f"products.csv: line 2, image: {name} is not in the folder of pictures.\n"


def test_what_is_no_picture(run, tmp_path):
    (tmp_path / "mug.png").write_text("text")
    _said, errors = run(MUG.removesuffix(",,") + ",mug.png,", images=tmp_path)
    assert errors == "products.csv: line 2, image: This is not a picture that can be read.\n"


def test_categories_in_the_order_of_the_file(tmp_path, db):
    categories, products = tmp_path / "c.csv", tmp_path / "p.csv"
    products.write_text(HEADER)
    categories.write_text(
        "slug,name,parent,position,description\n"
        "home,Home,,1,\n"
        "lamps,Lamps,home,1,\n"
        "lost,Lost,nowhere,1,\n"
        "bad slug,Bad,,1,\n"
    )
    errors = StringIO()
    with pytest.raises(CommandError):
        call_command(
            "import_catalogue", products, categories=categories, stdout=StringIO(), stderr=errors
        )
    assert [category.slug for category in Category.objects.order_by("tree_path")] == [
        "home",
        "lamps",
    ]
    assert errors.getvalue().splitlines() == [
        "c.csv: line 4, parent: There is no category nowhere.",
        "c.csv: line 5, slug: Enter a valid “slug” consisting of letters, numbers, underscores "
        "or hyphens.",
    ]
