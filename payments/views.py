"""Where providers tell what has happened."""

from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from payments.gateways.base import get_gateway
from payments.services import receive


@extend_schema(exclude=True)  # for one provider, whose own documents say what it sends
class NotificationView(APIView):
    """Keeps a provider's notification, and answers at once; what it says is done from a queue."""

    authentication_classes = ()  # the signature says who it is
    permission_classes = (AllowAny,)

    def post(self, request: Request, gateway: str) -> Response:
        known = get_gateway()
        if gateway != known.name:
            raise NotFound(gettext("The shop has no such payment gateway."))
        headers: Any = request.headers
        notification = known.read_notification(body=request._request.body, headers=headers)
        receive(gateway=gateway, notification=notification)
        return Response(status=204)
