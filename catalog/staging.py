"""A save of more rows than a transaction holds: decided at once, finished by whoever comes.

The rows are stored as documents in the very transaction that changes the product: before it
nothing has happened, after it all of it will. Then they are written part by part, each in the
transaction that forgets its document, so that none is written twice. Until the last one the product
is `staged`: nobody else saves it, and customers see what they saw.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from catalog.models import Product, ProductContents, ProductImage, StagedRows, Stock, Variant
from dynamodb.conflicts import retry_on_conflict
from dynamodb.duplicates import deferred_duplicates
from dynamodb.errors import ConflictError
from dynamodb.reads import get_many
from dynamodb.rows.ids import new_id

logger = logging.getLogger(__name__)

Row = Variant | ProductImage
MODELS: dict[str, type[Row]] = {"variant": Variant, "image": ProductImage}
#: Of a variant: the projections'.
COPIES = ("product_name", "product_names", "product_slug", "image", "for_sale")
PART = 30  # rows: three writes for a variant with its first stock and price
MOST_TOGETHER = 85  # writes of a save's rows, beside the product and what goes with it


def is_too_large(rows: Sequence[Row]) -> bool:
    """Whether these rows have to be staged."""
    return sum(writes_of(row) for row in rows) > MOST_TOGETHER


def writes_of(row: Row) -> int:
    """At most: of a variant its price's history, of a new one its stock as well."""
    if isinstance(row, ProductImage):
        return 1
    return 3 if row._state.adding else 2


def stage_rows(product: Product, rows: Sequence[Row], stock: Mapping[str, int]) -> None:
    """Store the rows of a save, to be applied after it; `stock` is what new variants begin with.

    In the transaction of the save, which notes new ones in the product's contents. 2,048 variants
    and 250 pictures are 77 parts. Raises ValidationError for what could not be applied, ever: the
    product would wait for it, and nobody could save or delete it.
    """
    for row in rows:
        row.pk = row.pk or new_id()
        if isinstance(row, ProductImage):
            row.take_picture()
            row.store_picture()
        else:
            row.clean_fields(exclude={"product"})
            row.check_price()
    documents = (describe(row, stock) for row in rows)
    number = 0
    while part := list(islice(documents, PART)):
        number += 1
        with deferred_duplicates():  # of two large saves one meets the other's version
            StagedRows.objects.create(product_id=product.pk, number=number, rows=part)
    product.staged = number
    product.save(update_fields=["staged"])


def describe(row: Row, stock: Mapping[str, int]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        if not (isinstance(row, Variant) and field.name in COPIES):
            value = field.value_from_object(row)
            values[field.attname] = value if is_json(value) else str(value)
    if isinstance(row, ProductImage):
        return {"kind": "image", "values": values}
    return {"kind": "variant", "values": values, "stock": stock.get(row.sku, 0)}


def is_json(value: Any) -> bool:
    return value is None or type(value) in (str, int, bool, list, dict)


def apply_staged(*, product_id: int) -> None:
    """Write what is left of the product's large save; nothing for one that has none.

    Several may do it at once, and any may die.
    """
    while retry_on_conflict(partial(apply_next, product_id)):
        pass


def apply_next(product_id: int) -> bool:
    """One part; whether there may be another."""
    try:
        with transaction.atomic(savepoint=False):
            product = Product.objects.filter(pk=product_id).first()
            if product is None or not product.staged:
                return False
            key = {"product_id": product_id, "number": product.staged}
            part = StagedRows.objects.get(**key)
            write(product, part.rows)
            StagedRows.objects.filter(**key).delete()
            product.staged -= 1
            product.save(update_fields=["staged"])
            return product.staged > 0
    except (StagedRows.DoesNotExist, IntegrityError) as error:
        raise ConflictError("Another applies the same save, or has taken a SKU of it.") from error


def write(product: Product, documents: Iterable[Mapping[str, Any]]) -> None:
    """Insert and change the rows; a SKU that another product has taken meanwhile is left out."""
    described = list(documents)
    keys: dict[Any, list[Any]] = {model: [] for model in MODELS.values()}
    for each in described:
        model = MODELS[each["kind"]]
        keys[model].append(each["values"][model._meta.pk.attname])
    keys[Stock] = keys[Variant]
    found = get_many(keys)
    taken: list[Any] = []
    for each in described:
        row = row_of(each)
        known = found[type(row)].get(row.pk)
        if known is None:
            row.save(force_insert=True)
            if isinstance(row, Variant) and row.pk not in found[Stock]:
                count = timezone.now()
                Stock(variant_id=row.sku, available=each["stock"], counted_at=count).save(
                    force_insert=True
                )
        elif known.product_id != product.pk:
            taken.append(row.pk)
        else:
            change(known, row, each["values"])
    if taken:
        leave_out(product, taken)


def row_of(described: Mapping[str, Any]) -> Row:
    model = MODELS[described["kind"]]
    values = described["values"]
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return model(**{name: fields[name].to_python(value) for name, value in values.items()})


def change(known: Row, wanted: Row, names: Iterable[str]) -> None:
    """Set all that was staged; what variants repeat of their product stays."""
    columns = [name for name in names if name != known._meta.pk.attname]
    for name in columns:
        setattr(known, name, getattr(wanted, name))
    known.save(update_fields=columns)


def leave_out(product: Product, skus: list[Any]) -> None:
    logger.critical("%s goes without %s, which others took meanwhile", product, ", ".join(skus))
    contents = ProductContents.objects.get(pk=product.pk)
    contents.skus = [sku for sku in contents.skus if sku not in skus]
    contents.save(update_fields=["skus"])
