"""Model fields that only DynamoDB has."""

from django.db import models


class TTLField(models.DateTimeField):  # type: ignore[type-arg]  # it has none at run time
    """A date and time after which DynamoDB may delete the row.

    The row carries the moment a second time, as the numeric epoch attribute that
    DynamoDB's time-to-live wants. Deletion comes late, by up to days: queries must
    still filter on the field.
    """
