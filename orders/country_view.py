"""What an address needs in a country, for a form that asks for it."""

from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.addresses import rules_of
from orders.countries import COUNTRIES

A_DAY = 86_400  # seconds: the rules change with a release
CACHED = method_decorator(cache_control(public=True, max_age=A_DAY), name="get")


class AreaSerializer(serializers.Serializer[dict[str, str]]):
    code = serializers.CharField(help_text="As orders keep it: CA.")
    name = serializers.CharField(help_text="California. Checkout takes either.")


class CountrySerializer(serializers.Serializer[dict[str, Any]]):
    """An address there, besides its name and lines."""

    code = serializers.CharField()
    required = serializers.ListField(  # type: ignore[assignment]  # a field of that name
        child=serializers.CharField(), help_text="Of city, administrative_area and postal_code."
    )
    postal_code_examples = serializers.CharField(allow_blank=True)
    area_kind = serializers.CharField(help_text="What an area is called: state, county …")
    areas = AreaSerializer(many=True, help_text="To choose from; none where there is no list.")


@CACHED
class CountryView(APIView):
    """The rules of one country's addresses."""

    authentication_classes = ()  # nobody is asked who they are: the answer is everybody's
    permission_classes = (AllowAny,)

    @extend_schema(
        parameters=[OpenApiParameter("code", location=OpenApiParameter.PATH, pattern="^[A-Z]{2}$")],
        responses=CountrySerializer,
    )
    def get(self, request: Request, code: str) -> Response:
        """`required` fields are those that checkout demands there."""
        if code not in COUNTRIES:
            raise NotFound("Two capital letters that name a country, like DE.")
        rules = rules_of(code)
        country = {
            "code": code,
            "required": sorted(rules.required - {"name"}),
            "postal_code_examples": rules.examples,
            "area_kind": rules.area_kind,
            "areas": [{"code": area, "name": name} for area, name in rules.areas.items()],
        }
        return Response(CountrySerializer(country).data)
