"""SQL that was compiled before, for questions that differ in their values only.

Django compiles a query anew each time, and its SQL is the same as long as it asks for the same
columns by the same comparisons. SQLite keeps its plan by the SQL.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, FullResultSet
from django.db.models.expressions import Col
from django.db.models.fields import related_lookups
from django.db.models.lookups import In, IsNull, Lookup
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.where import AND, OR, WhereNode

from dynamodb.query.native import LOOKUPS

MOST = 1000  # shapes that are kept; then they are collected anew
Shape = tuple[Any, ...]

#: Lookups whose SQL is told by their right side's SQL, whatever its values.
KNOWN = {*LOOKUPS, In, IsNull, related_lookups.RelatedIn}
#: What a query says, each of which is part of its shape; the rest must be as it is by default.
SAID = ("order_by", "low_mark", "high_mark", "default_ordering", "standard_ordering")
#: What only serves to make a query, or is told by the rest of it.
SILENT = {
    *("model", "where", "alias_map", "alias_refcount", "table_map", "used_aliases"),
    *("base_table", "filter_is_sticky", "select", "default_cols", "deferred_loading"),
    *("values_select", "selected", "annotation_select_mask", "extra_select_mask"),
    *("_lookup_joins", *SAID),
}
USUAL = {
    **{name: value for name, value in vars(Query).items() if not name.startswith("__")},
    "alias_cols": True,
    "external_aliases": {},
    "annotations": {},
    "extra": {},
    "_filtered_relations": {},
}


class Compiled(NamedTuple):
    """The SQL of one shape, and what its compiler knows of the columns."""

    sql: str
    select: list[Any]
    klass_info: dict[str, Any]
    annotation_col_map: dict[str, int]
    fields: object  # of the model: kept, so that no other tuple gets its id


Converters = dict[int, Any]  # by the column's number
Kept = dict[str, tuple[Compiled, Converters]]  # by SQL
_compiled: dict[Shape, Compiled | None] = {}


def compiled_before(
    compiler: SQLCompiler, compile_anew: Callable[[], tuple[str, tuple[Any, ...]]]
) -> tuple[str, tuple[Any, ...]]:
    """SQL and parameters of the compiler's query; what the compiler knows afterwards is set."""
    found = shape_of(compiler)
    if found is None:
        return compile_anew()
    shape, params = found
    known, tables = _compiled.get(shape), len(compiler.query.alias_map)
    if known is None:
        sql, own = compile_anew()
        joined = len(compiler.query.alias_map) > tables
        keep(shape, compiler, sql, right=params == tuple(own) and not joined)
        return sql, own
    compiler.known = known  # type: ignore[attr-defined]  # of our own compiler
    compiler.select, compiler.klass_info = known.select, known.klass_info
    compiler.annotation_col_map = known.annotation_col_map
    compiler.col_count, compiler.has_extra_select = len(known.select), False
    return known.sql, params


def converters_of(known: Compiled, kept: Kept, make: Callable[[], Converters]) -> Converters:
    """Of the columns' values, made once for a connection, whose own are among them."""
    found = kept.get(known.sql)
    if found is None or found[0] is not known:
        if len(kept) >= MOST:
            kept.clear()
        found = kept[known.sql] = (known, make())
    return found[1]


def keep(shape: Shape, compiler: SQLCompiler, sql: str, *, right: bool) -> None:
    """For the next of this shape, if it is one table's, with the parameters that were found."""
    if not right or compiler.has_extra_select:
        return
    if len(_compiled) >= MOST:
        _compiled.clear()
    _compiled[shape] = Compiled(
        sql,
        compiler.select,
        compiler.klass_info,
        compiler.annotation_col_map,
        compiler.query.get_meta().concrete_fields,
    )


def shape_of(compiler: SQLCompiler) -> tuple[Shape, tuple[Any, ...]] | None:
    """The shape of a query of one table, and the parameters of its SQL; None of another query."""
    query: Any = compiler.query
    said = vars(query)
    if type(query) is not Query or any(
        name not in SILENT and USUAL.get(name) != value for name, value in said.items()
    ):
        return None
    meta: Any = query.get_meta()
    alias = query.get_initial_alias()
    columns = columns_of(query, alias)
    if query.count_active_tables() > 1 or alias != meta.db_table or meta.parents or columns is None:
        return None
    order = tuple(query.order_by or (query.default_ordering and meta.ordering) or ())
    if not is_own_order(query.model, order):
        return None
    params: list[Any] = []
    where = read_node(compiler, alias, query.where, params)
    if where is None:
        return None
    told = tuple(said.get(name, USUAL.get(name)) for name in SAID)
    fields = id(meta.concrete_fields)
    return (query.model, alias, fields, order, columns, told, where), tuple(params)


def columns_of(query: Query, alias: str) -> Shape | None:
    """What is selected: the model's columns, or some of them; None of anything else."""
    if query.default_cols:
        deferred, are_deferred = query.deferred_loading
        return ("own", frozenset(deferred), are_deferred)
    selected: Any = query.select
    if not all(is_own(each, alias) for each in selected):
        return None
    columns = tuple(each.target.column for each in selected)
    positions: Any = query.selected  # which the stubs do not know
    return ("some", columns, tuple(query.values_select), positions and tuple(positions.items()))


def is_own(expression: object, alias: str) -> bool:
    """Whether it is a column of this table, read as what it is."""
    if type(expression) is not Col or expression.alias != alias:
        return False
    target, read_as = expression.target, expression.output_field
    return read_as is target or read_as is getattr(target, "target_field", None)


def is_own_order(model: Any, names: tuple[Any, ...]) -> bool:
    """Whether rows are ordered by columns of their own: by another model's there is a join."""
    for name in names:
        if not isinstance(name, str):
            return False
        try:
            field: Any = model._meta.get_field(name.lstrip("+-"))
        except FieldDoesNotExist:  # also pk, "?" and what goes along a relation
            return False
        if field.is_relation or not field.concrete:
            return False
    return True


def read_node(
    compiler: SQLCompiler, alias: str, node: WhereNode, params: list[Any]
) -> Shape | None:
    """The shape of a WHERE; its parameters are added to `params`. None where it is unknown."""
    if node.connector not in (AND, OR):
        return None
    shape: list[Any] = [node.connector, node.negated]
    for child in node.children:
        if isinstance(child, WhereNode):
            part = read_node(compiler, alias, child, params)
        else:
            part = read_lookup(compiler, alias, child, params)
        if part is None:
            return None
        shape.append(part)
    return tuple(shape)


def read_lookup(
    compiler: SQLCompiler, alias: str, lookup: object, params: list[Any]
) -> Shape | None:
    if not isinstance(lookup, Lookup) or type(lookup) not in KNOWN:
        return None
    if not is_own(lookup.lhs, alias) or hasattr(lookup.rhs, "as_sql"):
        return None
    kind = type(lookup)
    column = lookup.lhs.target.column
    if kind is IsNull:
        return (kind, column, lookup.rhs) if isinstance(lookup.rhs, bool) else None
    try:
        sql, found = lookup.process_rhs(compiler, compiler.connection)
    except (EmptyResultSet, FullResultSet):
        return None
    params += found
    return (kind, column, sql, lookup.rhs if isinstance(lookup.rhs, bool) else None)
