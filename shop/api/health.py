"""Is the shop up, and can it reach its tables?"""

from django.db import DatabaseError
from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.exceptions import APIException
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField
from rest_framework.views import APIView

from shop.api.failures import PAUSE
from shop.models import IdempotencyKey


class NotWell(APIException):
    status_code = 503
    wait = PAUSE  # REST framework makes it Retry-After
    default_code = "unavailable"
    default_detail = "The tables do not answer. Try again in a moment."


class HealthView(APIView):
    """200 when DynamoDB answers a read by key."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(responses=inline_serializer("Health", {"status": CharField()}))
    def get(self, request: Request) -> Response:
        try:
            IdempotencyKey.objects.filter(pk="health").exists()
        except DatabaseError as error:
            raise NotWell from error
        return Response({"status": "ok"})
