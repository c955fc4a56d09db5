"""Make a small shop with a storefront: its environment says where.

python -m tests.storefront.prepare
"""

import csv
import tempfile
from pathlib import Path

import django
from django.core.management import call_command

#: Of the sample: enough for each kind of page, and few enough to wait for.
PRODUCTS = (
    *("harbour-mug", "morning-mug", "camp-mug", "espresso-cup", "copper-sauce-pan"),
    *("linen-shirt", "breton-shirt", "arc-floor-lamp", "monstera-plant", "canvas-tote-bag"),
)
STOCK = 500  # of each SKU


def main() -> None:
    django.setup()
    from django.contrib.auth.models import User

    from catalog.management.commands.load_sample import SAMPLE
    from tests.conftest import PASSWORD

    call_command("migrate", interactive=False, verbosity=0)
    call_command("provision")
    with tempfile.TemporaryDirectory() as folder:
        call_command(
            "import_catalogue",
            few_products(SAMPLE / "products.csv", Path(folder)),
            categories=SAMPLE / "categories.csv",
            images=SAMPLE / "images",
            swatches=SAMPLE / "swatches.csv",
        )
    User.objects.create_user("ada", "ada@example.org", PASSWORD)


def few_products(source: Path, folder: Path) -> Path:
    with source.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        rows = [row | {"stock": str(STOCK)} for row in reader if row["product_slug"] in PRODUCTS]
        assert {row["product_slug"] for row in rows} == set(PRODUCTS)
    target = folder / "products.csv"
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return target


if __name__ == "__main__":
    main()
