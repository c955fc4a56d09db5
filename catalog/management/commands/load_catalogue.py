"""`manage.py load_catalogue --size 100000`: a large catalogue, by bulk writes."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model
from tqdm import tqdm

from catalog.models import Category
from catalog.selectors import list_categories
from catalog.services import save_category
from catalog.synthetic import make_rows


class Command(BaseCommand):
    help = (
        "Add synthetic products to the catalogue: for measuring, never for a live shop. "
        "Bulk writes are not a transaction; an interrupted run leaves what it has written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", type=int, required=True, help="how many products")

    def handle(self, *args: Any, **options: Any) -> None:
        from dynamodb.bulk import load

        size: int = options["size"]
        if size < 1:
            raise CommandError("--size must be at least 1.")
        categories = list(list_categories()) or [make_category()]
        load(self.rows(size, categories))
        self.stdout.write(f"{size} products are in the catalogue.")

    def rows(self, size: int, categories: list[Category]) -> Iterator[Model]:
        products = make_rows(size=size, categories=categories)
        for rows in tqdm(products, total=size, desc="products", unit="", disable=None):
            yield from rows


def make_category() -> Category:
    return save_category(category=Category(name="Synthetic", slug="synthetic"))
