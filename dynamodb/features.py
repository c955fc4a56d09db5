"""What the engine can and cannot do, in Django's words."""

from django.db.backends.sqlite3 import features


class DatabaseFeatures(features.DatabaseFeatures):
    minimum_database_version = None
    autocommits_when_autocommit_is_off = False
    can_return_columns_from_insert = True
    can_return_rows_from_bulk_insert = True
    can_return_rows_from_update = False  # SQLite has no RETURNING for virtual tables
    # Not enforced by the store, but kept by Django's collector. Django's own code asks only
    # whether it may count many-to-many rows without fetching what they point to.
    supports_foreign_keys = True
    can_introspect_foreign_keys = False
    can_rollback_ddl = False
    supports_atomic_references_rename = True
    can_defer_constraint_checks = True  # nothing checks foreign keys but Django's collector
    requires_literal_defaults = False
    ignores_table_name_case = False
    supports_partial_indexes = True
    supports_covering_indexes = True  # an index of the columns in `include` alone
    supports_nulls_distinct_unique_constraints = True
    supports_unlimited_charfield = True
    test_db_allows_multiple_connections = True
    supports_paramstyle_pyformat = True
    has_select_for_update = True
    has_bulk_insert = True
    max_query_params = 30_000
    insert_test_table_with_defaults = None
    can_clone_databases = False

    supports_json_field = True
    can_introspect_json_field = True
