"""A transaction: rows read, changes buffered, turned into conditional writes, committed."""
