"""Is the shop up, and can it reach its tables?"""

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField
from rest_framework.views import APIView

from shop.models import IdempotencyKey


class HealthView(APIView):
    """200 when DynamoDB answers a read by key."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(responses=inline_serializer("Health", {"status": CharField()}))
    def get(self, request: Request) -> Response:
        IdempotencyKey.objects.filter(pk="health").exists()
        return Response({"status": "ok"})
