"""The API's own description: OpenAPI, and a page to try things on."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny


class SchemaView(SpectacularAPIView):
    permission_classes = (AllowAny,)
    query_parameters = frozenset({"version"})
    translated = True


class DocsView(SpectacularSwaggerView):
    permission_classes = (AllowAny,)
    query_parameters = frozenset({"version"})
    url_name = "schema"
    metadata_class = None
