"""Django's database operations where the engine differs from SQLite."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management.color import Style
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3 import operations
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import Col, Expression

from dynamodb.query.session import Action
from dynamodb.tables.values import NUMBERS, from_attribute, json_text, to_attribute


class DatabaseOperations(operations.DatabaseOperations):
    connection: Any
    compiler_module = "dynamodb.query.compiler"

    def for_update_sql(
        self,
        nowait: bool = False,
        skip_locked: bool = False,
        of: Sequence[str] = (),
        no_key: bool = False,
    ) -> str:
        """A remark in the SQL: the compiler locks the rows (see `compiler`)."""
        return "/* FOR UPDATE */"

    def last_executed_query(
        self, cursor: CursorWrapper, sql: str, params: Sequence[Any] | Mapping[str, Any] | None
    ) -> str:
        """For the log, which has SQLite quote the parameters: those of an `Action` as a plain list,
        for with these it would be carried out once more."""
        plain = list(params) if isinstance(params, Action) else params
        query: str = super().last_executed_query(cursor, sql, plain)
        return query

    def conditional_expression_supported_in_where_clause(self, expression: object) -> bool:
        """Not a bare column: `flag = 1` can be served by an index, `flag` cannot."""
        return not isinstance(expression, Col)

    def adapt_json_value(self, value: object, encoder: type[json.JSONEncoder] | None) -> str:
        """The one text of a JSON value, the same before and after DynamoDB."""
        text = super().adapt_json_value(value, encoder)
        try:
            return json_text(from_attribute(to_attribute(json.loads(text))))
        except json.JSONDecodeError:
            return text  # an encoder's own: storing it raises IntegrityError

    def adapt_decimalfield_value(
        self,
        value: Decimal | None,
        max_digits: int | None = None,
        decimal_places: int | None = None,
    ) -> str | None:
        return super().adapt_decimalfield_value(value, max_digits, decimal_places)

    def get_decimalfield_converter(self, expression: Expression) -> Callable[..., Decimal | None]:
        """Exact: what 64 bits cannot hold comes as text."""
        approximate = super().get_decimalfield_converter(expression)
        quantum = None
        if isinstance(expression, Col):
            places = getattr(expression.output_field, "decimal_places", None)
            quantum = Decimal(1).scaleb(-places) if places is not None else None

        def convert(
            value: float | str | None, expression: Expression, connection: BaseDatabaseWrapper
        ) -> Decimal | None:
            if isinstance(value, str):
                exact = Decimal(value)
                return exact if quantum is None else exact.quantize(quantum, context=NUMBERS)
            result: Decimal | None = approximate(value, expression, connection)
            return result

        return convert

    def get_db_converters(self, expression: Expression) -> list[Any]:
        converters: list[Any] = super().get_db_converters(expression)
        if expression.output_field.get_internal_type() == "DateTimeField" and settings.USE_TZ:
            return [self.aware_datetime]
        return converters

    @staticmethod
    def aware_datetime(
        value: datetime | str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> datetime | None:
        """As Django's, without asking the settings for each row."""
        if value is None:
            return None
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=connection.timezone)

    # Emptying tables -----------------------------------------------------------------

    def sql_flush(
        self, style: Style, tables: Iterable[str], *, reset_sequences: bool = False,
        allow_cascade: bool = False,
    ) -> list[str]:  # fmt: skip
        return list(tables)

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Empty the tables; the guards of unique values go with all of them."""
        names = list(sql_list)
        self.connection.ensure_connection()
        if names:
            for name in (*names, self.connection.guard_name):
                self.connection.control.empty(name)

    def sequence_reset_by_name_sql(self, style: Style, sequences: list[Any]) -> list[str]:
        return []
