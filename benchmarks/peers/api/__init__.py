"""What oscar-api's documentation has a shop override: fields of products, and the list's query."""
