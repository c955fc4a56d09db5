"""The customer's own profile, addresses and consents in requests and answers."""

import re
from datetime import date
from typing import Any

from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from bodies.fields import OneOfField, TextField, TruthField
from bodies.serializers import KnownFieldsOnly
from customers.address_serializers import AddressSerializer, LabelField
from customers.models import Channel, Customer, Purpose
from customers.rules import (
    A_LANGUAGE,
    A_PHONE,
    A_VAT_ID,
    ADDRESS_ID,
    PHONE,
    VAT_ID,
    canonical_language,
)
from pricing.serializers import CURRENCY

OWN_ADDRESS = re.compile(rf"^{ADDRESS_ID.pattern}\Z")
TEXT_VERSION = re.compile(r"^[A-Za-z0-9._-]+\Z")
EARLIEST = date(1900, 1, 1)
AN_ADDRESS = _("The id of an address, or empty.")


def something(attrs: dict[str, Any]) -> dict[str, Any]:
    """Raises ValidationError for a change of nothing."""
    if not attrs:
        raise serializers.ValidationError(
            gettext("Send at least one of the fields that are to change.")
        )
    return attrs


def text(pattern: re.Pattern[str], sentence: Any, **options: Any) -> TextField:
    """A text of this form, which may be left out, or be empty."""
    validators = [RegexValidator(pattern, sentence)]
    return TextField(required=False, allow_blank=True, validators=validators, **options)


class LanguageField(TextField):
    """A BCP 47 tag, kept in its usual case."""

    default_error_messages = {"not_a_language": A_LANGUAGE}

    def to_internal_value(self, data: Any) -> str:
        tag = super().to_internal_value(data)
        try:
            return canonical_language(tag) if tag else ""
        except ValueError:
            self.fail("not_a_language")


class ProfileSerializer(KnownFieldsOnly, serializers.Serializer[Customer]):
    """Who the customer is. What a PATCH leaves out stays; an empty text empties."""

    email = serializers.EmailField(read_only=True, help_text="Empty where there is none.")
    name = LabelField(max_length=100, required=False, allow_blank=True)
    phone = text(PHONE, A_PHONE, max_length=32)
    language = LanguageField(
        max_length=35, required=False, allow_blank=True, help_text="BCP 47: en, de-AT."
    )
    currency = text(CURRENCY, _("Three capital letters, like EUR."), max_length=3)
    channels = serializers.ListField(
        child=OneOfField(Channel.choices),
        required=False,
        max_length=len(Channel),
        help_text="How the customer may be reached. What for, the consents say.",
    )
    birth_date = serializers.DateField(required=False, allow_null=True)
    gender = LabelField(max_length=40, required=False, allow_blank=True, help_text="Free text.")
    company = LabelField(max_length=100, required=False, allow_blank=True)
    vat_id = text(VAT_ID, A_VAT_ID, max_length=20)
    default_shipping_address = text(OWN_ADDRESS, AN_ADDRESS, max_length=8)
    default_billing_address = text(OWN_ADDRESS, AN_ADDRESS, max_length=8)

    def validate_channels(self, channels: list[str]) -> list[str]:
        return sorted(set(channels))

    def validate_birth_date(self, day: date | None) -> date | None:
        if day is not None and not EARLIEST <= day <= timezone.now().date():
            raise serializers.ValidationError(gettext("A day from 1900-01-01 until today."))
        return day

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return something(attrs)


class OwnAddressSerializer(serializers.Serializer[dict[str, Any]]):
    """An entry of the address book."""

    id = serializers.RegexField(ADDRESS_ID)
    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    address = AddressSerializer()


class NewAddressSerializer(KnownFieldsOnly, serializers.Serializer[dict[str, Any]]):
    """An address for the book; checkout takes it as it is."""

    label = LabelField(  # type: ignore[assignment]  # the same
        max_length=40, required=False, allow_blank=True, help_text="Home, or the office."
    )
    address = AddressSerializer()


class AddressChangeSerializer(NewAddressSerializer):
    """What changes of an entry: its label, its whole address, or both."""

    address = AddressSerializer(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return something(attrs)


class AddressBookSerializer(serializers.Serializer[dict[str, Any]]):
    results = OwnAddressSerializer(many=True)


class ConsentSerializer(serializers.Serializer[dict[str, Any]]):
    """What is the case now of one purpose."""

    purpose = serializers.ChoiceField(Purpose.choices)
    given = serializers.BooleanField()
    version = serializers.CharField(help_text="Of the text that was shown.")
    at = serializers.DateTimeField(
        allow_null=True, help_text="Since when; null where nobody was asked yet."
    )


class ConsentListSerializer(serializers.Serializer[dict[str, Any]]):
    results = ConsentSerializer(many=True)


class ConsentChangeSerializer(KnownFieldsOnly, serializers.Serializer[dict[str, Any]]):
    """A consent that is given or withdrawn."""

    purpose = OneOfField(Purpose.choices)
    given = TruthField()
    version = text(
        TEXT_VERSION,
        _("Letters, digits, points and dashes."),
        max_length=32,
        help_text="Of the text that was shown. Needed where a consent is given.",
    )
    language = LanguageField(
        max_length=35, required=False, allow_blank=True, help_text="Of that text."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["given"] and not attrs.get("version"):
            sentence = gettext("Name the text that the customer was shown.")
            raise serializers.ValidationError({"version": [sentence]})
        return attrs
