"""The API's own description: OpenAPI, and a page to try things on."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny


class SchemaView(SpectacularAPIView):
    permission_classes = (AllowAny,)
    query_parameters = frozenset({"version"})
    translated = True


class DocsView(SpectacularSwaggerView):
    permission_classes = (AllowAny,)
    query_parameters = frozenset({"version"})
    url_name = "schema:file"
    metadata_class = None


schema = [path("", SchemaView.as_view(), name="file")]
docs = [path("", DocsView.as_view(), name="page")]
