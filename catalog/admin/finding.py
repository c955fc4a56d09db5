"""How managers find products: by word, and by category with what lies below it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from backoffice.words import normalise, search_words
from catalog.languages import names_in
from catalog.models import Category, Product, Publication, Variant, reading
from catalog.models.category import SEPARATOR
from catalog.models.product import CATALOGUE
from catalog.projections import read_cards
from catalog.selectors import list_categories

MOST_FOUND = 200  # products: two BatchGetItems
MOST_QUERIES = (
    10  # categories: each is a Query by its index; beyond, all products are looked through
)


class ProductList(ChangeList):
    """All products, unless asked for some, from the index that has them in order."""

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: Any = None
    ) -> QuerySet[Product]:
        products: QuerySet[Product] = super().get_queryset(request, exclude_parameters)
        if self.query or self.has_active_filters:
            return products
        return products.filter(catalogue=CATALOGUE)

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        cards = read_cards(self.result_list)
        for product in self.result_list:
            product.card = cards.get(product.pk, {})


class CategoryFilter(admin.SimpleListFilter):
    """A category means all that lies below it, as it does for customers."""

    title = _("category")
    parameter_name = "category__id__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.tree = list(list_categories())
        return [(str(each.pk), "\u00a0\u00a0" * each.depth + each.name) for each in self.tree]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if self.value() is None:
            return queryset
        keys = self.keys_from(str(self.value()))
        if len(keys) > MOST_QUERIES:
            queryset = queryset.filter(catalogue=CATALOGUE)
        return queryset.filter(category__in=keys)

    def keys_from(self, chosen: str) -> list[int]:
        """The chosen category's and its descendants'; none if there is no such category."""
        paths = [each.tree_path for each in self.tree if str(each.pk) == chosen]
        return [
            each.pk
            for each in self.tree
            for path in paths
            if each.tree_path == path or each.tree_path.startswith(path + SEPARATOR)
        ]


def search_products(text: str) -> list[int]:
    """The ids of the newest products that have every word of the text somewhere, MOST_FOUND at
    most, and of the one with this SKU. Reads the words of all products: a Query for each 1 MB, some
    3,000 of them.

    A product with more variants than can be found by words is found by whole SKUs.
    """
    found = Publication.objects.filter(catalogue=reading.CATALOGUE)
    for word in search_words(text):
        found = found.filter(search_text__contains=word)
    keys = list(found.order_by("-pk").values_list("pk", flat=True)[:MOST_FOUND])
    own = Variant.objects.filter(pk=text.strip()).values_list("product_id", flat=True)
    return keys or list(own)


def search_categories(categories: QuerySet[Category], text: str) -> list[int]:
    """Of these categories the ids of those with every word in slug or name, in any language."""
    words = search_words(text)
    return [each.pk for each in categories if all(word in words_of(each) for word in words)]


def words_of(category: Category) -> str:
    names = [category.name, *(names_in(category.texts) or {}).values()]
    return normalise(" ".join([*names, category.slug]))
