"""Every kind of column, with values that are distinct."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models

NOON = dt.datetime(2024, 2, 29, 12, 30, 15, 250, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Kind:
    make: Callable[..., models.Field[Any, Any]]
    value: Callable[[int], Any]  # the n-th of its values

    def field(self, **options: Any) -> models.Field[Any, Any]:
        return self.make(**options)


KINDS = {
    "char": Kind(lambda **o: models.CharField(max_length=60, **o), lambda n: f"n{n}" if n else ""),
    "digits": Kind(lambda **o: models.CharField(max_length=60, **o), lambda n: str(n - 1)),
    "text": Kind(models.TextField, lambda n: f"Line {n}\nß"),
    "integer": Kind(models.IntegerField, lambda n: n - 2),
    "bigint": Kind(models.BigIntegerField, lambda n: 2**62 + n),
    "positive": Kind(models.PositiveIntegerField, lambda n: n),
    "float": Kind(models.FloatField, lambda n: n - 0.5),
    "decimal": Kind(
        lambda **o: models.DecimalField(max_digits=9, decimal_places=2, **o),
        lambda n: Decimal(n) / 4,
    ),
    "wide": Kind(
        lambda **o: models.DecimalField(max_digits=30, decimal_places=6, **o),
        lambda n: Decimal(12345678) + Decimal(n) / 8,
    ),
    "boolean": Kind(models.BooleanField, lambda n: n % 2 == 0),
    "date": Kind(models.DateField, lambda n: dt.date(2024, 2, 28) + dt.timedelta(n)),
    "datetime": Kind(models.DateTimeField, lambda n: NOON + dt.timedelta(hours=n)),
    "time": Kind(models.TimeField, lambda n: dt.time(n // 3600 % 24, n // 60 % 60, n % 60)),
    "duration": Kind(models.DurationField, lambda n: dt.timedelta(days=n, microseconds=1)),
    "uuid": Kind(models.UUIDField, lambda n: uuid.UUID(int=2**100 + n)),
    "binary": Kind(models.BinaryField, lambda n: b"\x00\xff" + str(n).encode()),
    "json": Kind(models.JSONField, lambda n: [{"a": n}, [n, None], f"text {n}"][n % 3]),
    "address": Kind(models.GenericIPAddressField, lambda n: f"10.0.{n // 256}.{n % 256}"),
}
