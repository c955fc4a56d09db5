"""What makes the API's schema."""

from drf_spectacular.contrib.rest_framework_simplejwt import SimpleJWTScheme
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema

import bodies.descriptions  # noqa: F401 - importing registers them
from shop.api.described import LateSchema

LateSchema.__bases__ = (AutoSchema,)  # what the views have said of themselves rests on it now
del LateSchema.method_mapping  # AutoSchema's own is there


class Generator(SchemaGenerator):
    """drf-spectacular's."""


class BearerScheme(SimpleJWTScheme):  # type: ignore[no-untyped-call]  # the library's own
    """Bearer tokens are described as its own class' are."""

    target_class = "shop.api.authentication.BearerAuthentication"
