"""A small shop to try the API on: its environment says where.

python -m tests.contract.prepare <user> <password>
"""

import sys
from decimal import Decimal

import django
from django.core.management import call_command

STOCK = 100_000  # pieces: no run of generated requests buys them all
CATEGORY, PRODUCT = "mugs", "harbour-mug"
ARTICLES = {"MUG-RED": "12.00", "MUG-BLUE": "14.50"}


def main(username: str, password: str) -> None:
    django.setup()
    from django.contrib.auth.models import User

    call_command("migrate", interactive=False, verbosity=0)
    call_command("provision")
    publish_mug()
    User.objects.create_user(username, f"{username}@example.com", password)


def publish_mug() -> None:
    from catalog.models import Category, Product, Variant
    from catalog.services import open_stock, publish_product, save_category

    mugs = save_category(category=Category(name="Mugs", slug=CATEGORY))
    mug = Product(name="Harbour Mug", slug=PRODUCT, category=mugs, status="active")
    mug.save()
    for position, (sku, price) in enumerate(ARTICLES.items()):
        options = {"colour": sku.removeprefix("MUG-").title()}
        Variant(
            sku=sku, product=mug, price=Decimal(price), options=options, position=position
        ).save()
        open_stock(sku=sku, available=STOCK)
    publish_product(product=mug)


if __name__ == "__main__":
    main(*sys.argv[1:])
