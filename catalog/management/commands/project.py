"""`manage.py project`: what customers read, made anew from the rows."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalog.models import Product
from catalog.projections import Projected, project_product
from catalog.services import bring_up_product
from catalog.services.republishing import all_products

PAGE = 500  # ids that are read at once


class Command(BaseCommand):
    """While the shop sells: customers see each product as it was, then as it is."""

    help = "Brings lists and pages up to date with the products, where they are behind."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="make anew what is up to date as well"
        )
        parser.add_argument(
            "--product", action="append", default=[], metavar="SLUG", help="only this one, anew"
        )

    def handle(self, *args: Any, all: bool, product: list[str], **options: Any) -> None:
        keys = [key_of(slug) for slug in product]
        anew = all or bool(keys)
        total = None if keys else all_products().count()
        written = 0
        for key in tqdm(keys or every_key(), desc="products", total=total, disable=None):
            written += bring_up(key, anew)
        self.stdout.write(f"{written} made anew.")


def bring_up(product_id: int, anew: bool) -> bool:
    found = project_product(product_id=product_id, anew=anew)
    if found is Projected.WAITS:
        bring_up_product(product_id=product_id)
    return found is not Projected.CURRENT


def key_of(slug: str) -> int:
    product = Product.objects.filter(slug=slug).first()
    if product is None:
        raise CommandError(f"There is no product {slug}.")
    return product.pk


def every_key() -> Iterable[int]:
    after = 0
    while keys := list(all_products().filter(pk__gt=after).values_list("pk", flat=True)[:PAGE]):
        yield from keys
        after = keys[-1]
