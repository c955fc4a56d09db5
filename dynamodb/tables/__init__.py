"""A model as DynamoDB sees it: keys, indexes, unique values, checks; and values as attributes."""
