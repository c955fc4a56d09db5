"""The colours of options' values: what a customer clicks instead of a word."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backoffice.words import normalise

validate_colour = RegexValidator(
    r"\A#[0-9a-f]{6}\Z", _("A colour is a # and six digits from 0 to f: #2f4a6d.")
)


def swatch_key(option: str, value: str) -> str:
    """One key for `Colour` = `Ink Blue` and `colour` = `ink blue`."""
    return f"{normalise(option)}={normalise(value)}"


class Swatch(models.Model):
    """The colour of an option's value, in all products that have it. Its key never changes."""

    key = models.CharField(max_length=400, primary_key=True, editable=False)
    option = models.CharField(_("option"), max_length=100)
    value = models.CharField(_("value"), max_length=100)
    colour = models.CharField(_("colour"), max_length=7, validators=[validate_colour])

    class Meta:
        verbose_name = _("swatch")
        verbose_name_plural = _("swatches")

    def __str__(self) -> str:
        return f"{self.option}={self.value}"

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        self.colour = self.colour.lower()
        self.take_key()
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        if self._state.adding and Swatch.objects.filter(pk=self.pk).exists():
            sentence = gettext("{value} has a colour already: change that one.")
            raise ValidationError({"value": sentence.format(value=self)})

    def take_key(self) -> None:
        if self._state.adding:
            self.key = swatch_key(self.option, self.value)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.take_key()
        if self._state.adding:
            kwargs["force_insert"] = True  # an UPDATE first would take over another's row
        super().save(*args, **kwargs)
