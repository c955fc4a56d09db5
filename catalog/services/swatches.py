"""The colours of options' values, and their way to the products that have these values."""

from django.db import transaction

from backoffice.words import search_words
from catalog.models import Product, Swatch
from catalog.models.product import CATALOGUE
from catalog.services.republishing import request_republishing_of


def save_swatch(*, swatch: Swatch) -> None:
    """Validate and save a new or changed colour; the products that show it are published again.

    Raises django's ValidationError, also for a second colour of one value.
    """
    with transaction.atomic(savepoint=False):
        swatch.full_clean()
        swatch.save()
        publish_users(swatch)


def delete_swatch(*, key: str) -> None:
    """Delete a colour; its value is shown by its name again. Raises Swatch.DoesNotExist."""
    with transaction.atomic(savepoint=False):
        swatch = Swatch.objects.get(pk=key)
        publish_users(swatch)
        swatch.delete()


def publish_users(swatch: Swatch) -> None:
    """Have those published again in which the value's words are found, if there are any products.

    Some have the words in their name alone: they are published as they were.
    """
    if Product.objects.filter(catalogue=CATALOGUE).exists():
        request_republishing_of(words=search_words(swatch.value))
