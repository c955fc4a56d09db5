"""Products and categories from CSV files: read, checked line by line, then saved."""
