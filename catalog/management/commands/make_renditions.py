"""`manage.py make_renditions`: sizes and smaller versions of pictures that are older than these."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from catalog.models import Product
from catalog.models.product import CATALOGUE
from catalog.services.looks import make_looks, products_with_pictures


class Command(BaseCommand):
    help = (
        "Make the smaller versions of pictures that were stored before there were any, and publish "
        "their products again. Can be stopped at any time: what is done is not done again."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        wrong: list[str] = []
        done = 0
        count = Product.objects.filter(catalogue=CATALOGUE).count()
        # The bar is on stderr, and only where someone watches.
        for product, images in tqdm(
            products_with_pictures(), total=count, desc="products", unit="", disable=None
        ):
            found = make_looks(product=product, images=images)
            done += len(images) - len(found)
            wrong += found
        self.stdout.write(f"{done} pictures have their renditions now.")
        if wrong:
            raise CommandError("\n".join(wrong))
