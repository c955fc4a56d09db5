"""The customer's own profile, addresses and consents: always those of who is signed in."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from bodies.serializers import represented, validated
from customers import services
from customers.consents import Consent, moment_to_say, record_consent, says_the_same
from customers.models import Customer, Purpose, Source
from customers.rules import ADDRESS_ID
from customers.selectors import customer_to_change, own_customer
from customers.serializers import (
    AddressBookSerializer,
    AddressChangeSerializer,
    ConsentChangeSerializer,
    ConsentListSerializer,
    NewAddressSerializer,
    OwnAddressSerializer,
    ProfileSerializer,
)
from limits.services import Counter, take_once

ADDRESS_PATH = OpenApiParameter(
    "address_id", {"type": "string", "pattern": f"^{ADDRESS_ID.pattern}$"}, OpenApiParameter.PATH
)
TOO_MANY = _("Too many changes of consents.")


class CustomerView(APIView):
    """The profile of whoever is signed in."""

    @extend_schema(responses=ProfileSerializer)
    def get(self, request: Request) -> Response:
        """Empty where there is none yet; nothing is made by looking."""
        return Response(represented(ProfileSerializer, own_customer(user=request.user)))

    @extend_schema(request=ProfileSerializer, responses=ProfileSerializer)
    def patch(self, request: Request) -> Response:
        """Change what is sent."""
        changes = validated(ProfileSerializer, request.data)
        customer = customer_to_change(user=request.user)
        services.change_customer(customer=customer, **changes)
        return Response(represented(ProfileSerializer, customer))


class AddressBookView(APIView):
    """The addresses of whoever is signed in."""

    @extend_schema(responses=AddressBookSerializer)
    def get(self, request: Request) -> Response:
        customer = own_customer(user=request.user)
        return Response(represented(AddressBookSerializer, {"results": customer.addresses}))

    @extend_schema(request=NewAddressSerializer, responses={201: OwnAddressSerializer})
    def post(self, request: Request) -> Response:
        """Another address; the first one becomes the default for shipping and billing."""
        new = validated(NewAddressSerializer, request.data)
        entry = services.add_address(customer=customer_to_change(user=request.user), **new)
        return Response(represented(OwnAddressSerializer, entry), status=201)


class AddressView(APIView):
    """One address of whoever is signed in."""

    @extend_schema(
        parameters=[ADDRESS_PATH], request=AddressChangeSerializer, responses=OwnAddressSerializer
    )
    def patch(self, request: Request, address_id: str) -> Response:
        """Change its label, or put another address in its place."""
        changes = validated(AddressChangeSerializer, request.data)
        customer = customer_to_change(user=request.user)
        entry = services.change_address(customer=customer, address_id=address_id, **changes)
        return Response(represented(OwnAddressSerializer, entry))

    @extend_schema(parameters=[ADDRESS_PATH], responses={200: AddressBookSerializer})
    def delete(self, request: Request, address_id: str) -> Response:
        """Remove it; answers with those that are left."""
        customer = customer_to_change(user=request.user)
        services.remove_address(customer=customer, address_id=address_id)
        return Response(represented(AddressBookSerializer, {"results": customer.addresses}))


class ConsentsView(APIView):
    """What whoever is signed in allows the shop."""

    @extend_schema(responses=ConsentListSerializer)
    def get(self, request: Request) -> Response:
        """Each purpose that there is, as it is now."""
        return answer_consents(own_customer(user=request.user))

    @extend_schema(request=ConsentChangeSerializer, responses={200: ConsentListSerializer})
    def post(self, request: Request) -> Response:
        """Give or withdraw one; answers with all. What is so already is not recorded again."""
        sent = validated(ConsentChangeSerializer, request.data)
        take_once(request, [Counter("consent-user", str(request.user.pk), TOO_MANY)])
        customer = customer_to_change(user=request.user)
        consent = consent_of(customer, **sent)
        if not says_the_same(customer, consent):
            record_consent(customer=customer, consent=consent)
        return answer_consents(customer)


def consent_of(customer: Customer, **sent: Any) -> Consent:
    """What was sent, as of now, in the customer's language unless another was named."""
    sent = {"version": "", "language": customer.language, **sent}
    at = moment_to_say(customer, sent["purpose"])
    return Consent(at=at, source=Source.ACCOUNT, **sent)


def answer_consents(customer: Customer) -> Response:
    unasked = {"given": False, "version": "", "at": None}
    results = [
        {"purpose": purpose, **customer.consents.get(purpose, unasked)}
        for purpose in Purpose.values
    ]
    return Response(represented(ConsentListSerializer, {"results": results}))
