"""Columns of orders."""

from typing import Any

from django.db import models


class WordField(models.CharField):
    """One of the choices. Rows of before there was the column, or of older code that runs beside
    this one, have none, and are read as if they had the default."""

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return str(self.get_default()) if value is None else value
