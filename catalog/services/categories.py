"""Categories: saved together with everything that lies below them."""

from django.core.exceptions import ValidationError
from django.db import transaction

from catalog.models import Category, Product
from catalog.models.category import MAX_DEPTH, SEPARATOR, TREE
from catalog.services.publishing import publish_product
from dynamodb.conflicts import retry_on_conflict


def save_category(*, category: Category) -> Category:
    """Validate and save a new or changed category; what lies below moves along.

    The tree changes in one transaction. The products below are listed anew after its
    commit, one by one: they can be more than a transaction holds. Raises
    django's ValidationError for a cycle, too deep a tree or a taken slug.
    """
    with transaction.atomic(savepoint=False):
        before = Category.objects.filter(pk=category.pk).first() if category.pk else None
        if category.parent_id is not None:
            # Two moves at once could each be fine and together a cycle: hold the parent.
            category.parent = Category.objects.select_for_update().get(pk=category.parent_id)
        below = [] if before is None else categories_below(before)
        category.full_clean()
        check_height(category, below)
        category.save()
        if before is not None and shown(before) != shown(category):
            move_along(category, below)
            moved = [category.pk, *(other.pk for other in below)]
            transaction.on_commit(lambda: publish_products_of(category_ids=moved))
    return category


def shown(category: Category) -> tuple[str, str]:
    """What descendants and products repeat of a category."""
    return category.tree_path, category.name


def categories_below(category: Category) -> list[Category]:
    """All descendants, parents before children."""
    first, end = category.tree_path + SEPARATOR, category.tree_path + chr(ord(SEPARATOR) + 1)
    below = Category.objects.filter(tree=TREE, tree_path__gt=first, tree_path__lt=end)
    return list(below.order_by("tree_path"))


def check_height(category: Category, below: list[Category]) -> None:
    if not below or category.parent is None:
        return
    old_depth = min(other.depth for other in below) - 1
    height = max(other.depth for other in below) - old_depth
    if category.parent.depth + 1 + height >= MAX_DEPTH:
        raise ValidationError({"parent": f"Categories nest at most {MAX_DEPTH} deep."})


def move_along(category: Category, below: list[Category]) -> None:
    placed: dict[int | None, Category] = {category.pk: category}
    for other in below:
        other.parent = placed[other.parent_id]
        other.save()
        placed[other.pk] = other


def publish_products_of(*, category_ids: list[int]) -> None:
    """Publish every product of these categories, each in its own transaction."""
    for category_id in category_ids:
        keys = Product.objects.filter(category_id=category_id).values_list("pk", flat=True)
        for key in list(keys):
            publish_again(product_id=key)


def publish_again(*, product_id: int) -> None:
    """Publish a product as it is now; nothing if it is gone."""

    def attempt() -> None:
        with transaction.atomic(savepoint=False):
            product = Product.objects.filter(pk=product_id).first()
            if product is not None:
                publish_product(product=product)

    retry_on_conflict(attempt)
