"""What only a transaction's end shows, in words for whoever pressed the button."""

import logging
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist, ValidationError
from django.db import DataError, IntegrityError, OperationalError
from django.db.models import ProtectedError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.deletion import Unfinished
from dynamodb.errors import ConflictError, TransactionTooLarge

logger = logging.getLogger(__name__)


class Refusal(NamedTuple):
    """Of one thing among several, and of a form that was refused as a whole."""

    why: Any  # both texts, or ones that wait for the language
    whole: Any


REFUSALS: dict[type[Exception], Refusal] = {
    DataError: Refusal(
        _("it is too large to store: shorten the texts"),
        _("Too large to store. Nothing was saved; shorten the texts."),
    ),
    ConflictError: Refusal(
        _("others kept changing it: try again"),
        _("Others kept changing the same things. Nothing was saved; try again."),
    ),
    ObjectDoesNotExist: Refusal(
        _("it was deleted meanwhile"),
        _("Something that is needed was deleted meanwhile. Nothing was saved; look again."),
    ),
    ProtectedError: Refusal(
        _("something else still needs it"),
        _("Something else still needs it. Nothing was deleted."),
    ),
    Unfinished: Refusal(
        _(
            "there is more to delete than one request has time for, and a part of it is deleted: "
            "do the same again to go on"
        ),
        _(
            "There is more to delete than one request has time for, and a part of it is deleted. "
            "Do the same again to go on."
        ),
    ),
    TransactionTooLarge: Refusal(
        _("it is too much for one save: do it in parts"),
        _("That is too much for one save. Nothing was saved; do it in parts."),
    ),
}
UNKNOWN = Refusal(
    _("the database did not answer: it may be done or not, and to try again does no harm"),
    _(
        "The database did not answer: this may be saved or not. Look, or send the same form again: "
        "it counts once."
    ),
)
UNIQUE = re.compile(r"UNIQUE constraint failed: (\w+)\.(\w+)")


def refusal_of(
    error: Exception, more: Mapping[type[Exception], Refusal] | None = None
) -> Refusal | None:
    """What to say of an error; None if it is not one to be explained. `more` comes first."""
    for kind, refusal in {**(more or {}), **REFUSALS}.items():
        if isinstance(error, kind):
            return refusal
    if isinstance(error, ValidationError):
        found = " ".join(error.messages)
        return Refusal(found, gettext("Nothing was saved: {why}").format(why=found))
    if isinstance(error, IntegrityError):
        why = taken(str(error))
        sentence = f"{why[0].upper()}{why[1:]}"
        return Refusal(why, gettext("{sentence}. Nothing was saved.").format(sentence=sentence))
    if isinstance(error, OperationalError):
        logger.error("A save in the admin has an unknown outcome", exc_info=error)
        return UNKNOWN
    return None


def taken(text: str) -> str:
    found = UNIQUE.search(text)
    if found is None:
        return gettext("it cannot be stored so ({text})").format(text=text)
    column = column_name(found[1], found[2])
    return gettext("somebody else took that {column} a moment ago").format(column=column)


def column_name(table: str, column: str) -> str:
    """What people call a column."""
    models = {model._meta.db_table: model for model in apps.get_models()}
    try:
        return str(models[table]._meta.get_field(column).verbose_name)  # type: ignore[union-attr]
    except (KeyError, FieldDoesNotExist):
        return gettext("value")
