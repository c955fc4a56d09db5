"""Rows that people read in more than one language."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext

from catalog.languages import FIELDS, other_languages


class Translated(models.Model):
    """A row with a `name` and a `description`; `texts` has them in the shop's other languages,
    within what the columns themselves allow. Null is none: most rows of a shop of one language."""

    texts = models.JSONField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Mistakes in `texts` are told by field and language: `name_de`."""
        errors: dict[str, Any] = {}
        try:
            super().clean_fields(exclude=exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if self.texts is not None and "texts" not in (exclude or ()):
            for name, mistake in self.mistakes_in_texts():
                errors.setdefault(name, []).extend(mistake.error_list)
        if errors:
            raise ValidationError(errors)

    def mistakes_in_texts(self) -> Iterator[tuple[str, ValidationError]]:
        by_language = self.texts if isinstance(self.texts, Mapping) else {"": self.texts}
        for language, values in by_language.items():
            if language not in other_languages() or not isinstance(values, Mapping):
                sentence = gettext("Write texts by one of these languages: {languages}.")
                languages = ", ".join(other_languages())
                yield "texts", ValidationError(sentence.format(languages=languages))
                continue
            for field, text in values.items():
                if (mistake := self.mistake_in(field, text)) is not None:
                    yield f"{field}_{language}", mistake

    def mistake_in(self, field: str, text: Any) -> ValidationError | None:
        if field not in FIELDS or not isinstance(text, str) or not text.strip():
            sentence = gettext("A text is a name or a description that is not empty.")
            return ValidationError(sentence)
        column: Any = self._meta.get_field(field)
        try:
            column.clean(text, self)
        except ValidationError as error:
            return error
        return None
