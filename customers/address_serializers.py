"""Postal addresses in requests and answers, the same for orders and address books."""

from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bodies.fields import TextField
from bodies.serializers import KnownFieldsOnly
from customers.addresses import WrongAddress, check_address
from customers.countries import COUNTRIES
from customers.web_addresses import has_web_address

NO_COUNTRY = _("Two letters that name a country, like DE.")


class LabelField(TextField):
    """A line of a label: no web address, for the shop's mails would carry it to a stranger."""

    default_error_messages = {
        "web_address": _(
            "Without addresses of web pages or mail. If it is none, put a blank after the point."
        ),
    }

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if has_web_address(text):
            self.fail("web_address")
        return text


class AddressSerializer(KnownFieldsOnly, serializers.Serializer[dict[str, str]]):
    """Where to. Which of the optional fields are needed depends on the country."""

    also_called = {"administrative_area": "state or province"}

    name = LabelField(max_length=100)
    line1 = LabelField(max_length=100)
    line2 = LabelField(max_length=100, required=False, allow_blank=True)
    postal_code = LabelField(
        max_length=16,
        required=False,
        allow_blank=True,
        help_text="Needed where the country has them.",
    )
    city = LabelField(
        max_length=100, required=False, allow_blank=True, help_text="Needed in most countries."
    )
    administrative_area = LabelField(
        max_length=100,
        required=False,
        allow_blank=True,
        help_text="State, province, prefecture, emirate: by its code (CA) or name. Needed where "
        "the country's addresses have one.",
    )
    country = TextField(
        help_text="Two letters (ISO 3166-1, and XK), like DE.",
        validators=[RegexValidator(r"^[A-Za-z]{2}\Z", NO_COUNTRY)],
    )

    def validate_country(self, country: str) -> str:
        if country.upper() not in COUNTRIES:
            raise serializers.ValidationError(NO_COUNTRY)
        return country.upper()

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        try:
            return check_address(attrs)
        except WrongAddress as wrong:
            raise serializers.ValidationError(
                {name: [sentence] for name, sentence in wrong.errors.items()}
            ) from wrong
