"""SQLite as the reader of SQL: cursors, virtual tables, plans, compilers."""
