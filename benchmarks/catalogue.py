"""`python -m benchmarks.catalogue <size>`: tables, and so many products with pictures' names."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from django.db.models import Model

    from catalog.models import Publication


def main(size: int) -> None:
    django.setup()
    from django.core.management import call_command

    from catalog.models import Product
    from dynamodb.bulk import load

    call_command("migrate", interactive=False, verbosity=0)
    load(rows(size))
    newest = Product.objects.filter(status="active").order_by("-created_at")[:1]
    print(newest[0].pk)


def rows(size: int) -> "Iterator[Model]":
    from tqdm import tqdm

    from catalog.management.commands.load_catalogue import make_category
    from catalog.models import Publication
    from catalog.synthetic import make_rows

    made = make_rows(size=size, categories=[make_category()])
    for rows_of_product in tqdm(made, total=size, desc="products", unit="", disable=None):
        for row in rows_of_product:
            if isinstance(row, Publication):
                # In place: the listings share it. A list shows pictures; so must this one.
                row.card["image"] = picture(row)
        yield from rows_of_product


def picture(product: "Publication") -> dict[str, Any]:
    from catalog.pictures import WIDTHS

    look = {"width": 1200, "height": 1200, "ground": "#f3ece1", "renditions": list(WIDTHS)}
    return {"file": f"products/{product.pk:032x}.webp", "alt": product.card["name"], **look}


if __name__ == "__main__":
    main(int(sys.argv[1]))
