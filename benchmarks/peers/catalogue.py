"""`python -m benchmarks.peers.catalogue load <size>`: tables, and so many products; `drop` takes
PostgreSQL's schema away again. Runs in the peer's environment."""

import os
import sys
from collections.abc import Callable
from typing import Any

import django

STOCK = 1_000_000  # pieces of each: the measuring does not sell out


def load(size: int) -> None:
    from django.core.management import call_command
    from django.db import transaction

    on_schema("CREATE SCHEMA")
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        make_products(size)


def drop() -> None:
    on_schema("DROP SCHEMA IF EXISTS", "CASCADE")


def on_schema(statement: str, ending: str = "") -> None:
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(os.environ["BENCH_PEER_SCHEMA"])
        cursor.execute(f"{statement} {name} {ending}")


def make_products(size: int) -> None:
    """Products that are their own variant, oscar's lightest kind, and a country to send them to."""
    from oscar.apps.catalogue.categories import create_from_breadcrumbs
    from oscar.core.loading import get_model

    germany = {"iso_3166_1_a2": "DE", "printable_name": "Germany", "is_shipping_country": True}
    get_model("address", "Country").objects.create(**germany)
    kind = get_model("catalogue", "ProductClass").objects.create(name="Synthetic")
    kind.attributes.create(name="Series", code="series", type="text")
    category = create_from_breadcrumbs("Synthetic")
    partner = get_model("partner", "Partner").objects.create(name="Synthetic")
    for number in range(size):
        make_product(number, kind, category, partner)


def make_product(number: int, kind: Any, category: Any, partner: Any) -> None:
    from oscar.core.loading import get_model

    product = get_model("catalogue", "Product")(
        upc=f"BULK-{number}",
        title=f"Mug no. {number}",
        description=f"A mug like {number} others, made for measuring.",
        product_class=kind,
    )
    product.attr.series = str(number % 20)
    product.save()
    product.categories.add(category)
    product.images.create(original=f"products/{number}.webp", caption=product.title)
    product.stockrecords.create(
        partner=partner, partner_sku=product.upc, price=5 + number, num_in_stock=STOCK
    )


COMMANDS: dict[str, Callable[..., None]] = {"load": load, "drop": drop}

if __name__ == "__main__":
    django.setup()
    COMMANDS[sys.argv[1]](*map(int, sys.argv[2:]))
