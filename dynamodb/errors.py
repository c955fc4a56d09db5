"""What the engine raises beyond Django's own database errors."""

from django.db.utils import DatabaseError, NotSupportedError, OperationalError


class ConflictError(OperationalError):
    """Somebody else wrote what this transaction read. Nothing was written; run it again."""


class PartlyCommitted(OperationalError):
    """A conflict, after part of the same work had been committed: whoever ran it again would do
    that part twice."""


class TransactionTooLarge(NotSupportedError):
    """Over 100 writes or 4 MB in one transaction: DynamoDB cannot commit it whole."""


class ScanForbidden(DatabaseError):
    """No index serves the query, and reading the whole table is not allowed here."""


class HookFailed(DatabaseError):
    """The transaction was committed; what was to follow it (`on_commit`) failed."""
