"""How views describe themselves to the API's schema, at no cost for whoever never asks for it."""

from rest_framework.schemas.inspectors import ViewInspector


class LateSchema(ViewInspector):
    """What `extend_schema` builds upon: drf-spectacular's AutoSchema, as soon as `description`,
    which makes the schema, is imported. Half of the library and Django's test client come with it.
    """

    #: AutoSchema's, for `extend_schema_view`, which looks before it is there.
    method_mapping = {
        "get": "retrieve",
        "post": "create",
        "put": "update",
        "patch": "partial_update",
        "delete": "destroy",
    }
