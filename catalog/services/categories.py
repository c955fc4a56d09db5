"""Categories: saved together with everything that lies below them."""

from datetime import timedelta
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from catalog.errors import CategoryInUse
from catalog.languages import names_in
from catalog.models import Category
from catalog.models.category import MAX_DEPTH, SEPARATOR, TREE, too_deep
from catalog.services.republishing import request_republishing
from catalog.signals import tell_tree_changed
from dynamodb.conflicts import retry_on_conflict
from dynamodb.errors import ConflictError

INDEX_LAG = timedelta(seconds=30)  # far more than an index takes to follow its table


def save_category(*, category: Category) -> Category:
    """Validate and save a new or changed category; what lies below moves along.

    The tree changes in one transaction, and with it a message is stored that has the
    products below listed anew: they can be more than a transaction holds. Raises
    django's ValidationError for a cycle, too deep a tree or a taken slug.
    """
    with transaction.atomic(savepoint=False):
        before = Category.objects.filter(pk=category.pk).first() if category.pk else None
        if category.parent_id is not None:
            category.parent = hold_parent(category.parent_id)
            if before is None or before.parent_id != category.parent_id:
                category.parent.mark_filled()
        below = [] if before is None else categories_below(before)
        category.filled_at = None if before is None else before.filled_at
        category.full_clean()
        check_height(category, below)
        category.save()
        if before is not None and shown(before) != shown(category):
            move_along(category, below)
            have_listed_anew([category, *below])
        tell_tree_changed()
    return category


def have_listed_anew(moved: list[Category]) -> None:
    """Their products, which an index finds: once more later, where something was put just now."""
    request_republishing(category_ids=[category.pk for category in moved])
    if lately := [category.pk for category in moved if was_filled_lately(category)]:
        request_republishing(category_ids=lately, after=INDEX_LAG)


def settle_below(*, category_id: int) -> None:
    """Move along what lies directly below the category and did not when that was moved: what had
    just been put there, which no index knew of."""
    children = Category.objects.filter(parent_id=category_id).values_list("pk", flat=True)
    for key in list(children):
        retry_on_conflict(partial(settle, key))


def settle(category_id: int) -> None:
    with transaction.atomic(savepoint=False):
        category = Category.objects.filter(pk=category_id).first()
        if category is None or category.parent_id is None:
            return
        below, known = categories_below(category), (category.tree_path, category.ancestors)
        category.parent = hold_parent(category.parent_id)
        category.place()
        if (category.tree_path, category.ancestors) == known:
            return
        category.save()
        move_along(category, below)
        have_listed_anew([category, *below])
        tell_tree_changed()


def was_filled_lately(category: Category) -> bool:
    """Whether an index may not know yet what was put there."""
    filled_at = category.filled_at
    return filled_at is not None and filled_at > timezone.now() - INDEX_LAG


def hold_parent(parent_id: int) -> Category:
    """Two moves at once could each be fine and together a cycle: nobody moves it until the commit.

    Raises ConflictError if it is gone: whoever chose it must choose again.
    """
    try:
        return Category.objects.select_for_update().get(pk=parent_id)
    except Category.DoesNotExist as error:
        raise ConflictError("The category above was deleted meanwhile.") from error


def delete_category(*, category_id: int) -> None:
    """Delete an empty category. Raises CategoryInUse.

    What lies in it is asked of indexes, which lag. What is put into it meanwhile leaves a
    mark on the category, which is locked here; the deletion waits until the index must
    know of what made the mark.
    """
    with transaction.atomic(savepoint=False):
        category = Category.objects.select_for_update().get(pk=category_id)
        if was_filled_lately(category):
            raise CategoryInUse("Something was put into it a moment ago; try again in a minute.")
        if category.products.exists() or category.children.exists():
            raise CategoryInUse("Products or categories lie in it.")
        category.delete()
        tell_tree_changed()


def shown(category: Category) -> tuple[str, str, dict[str, str] | None]:
    """What descendants and products repeat of a category."""
    return category.tree_path, category.name, names_in(category.texts)


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
        raise ValidationError({"parent": too_deep()})


def move_along(category: Category, below: list[Category]) -> None:
    placed: dict[int | None, Category] = {category.pk: category}
    for other in below:
        other.parent = placed[other.parent_id]
        other.save()
        placed[other.pk] = other
