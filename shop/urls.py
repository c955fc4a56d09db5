"""The addresses of the shop."""

from typing import Any

from django.conf import settings
from django.urls import include, path, re_path

from shop import files
from shop.api.health import HealthView
from shop.api.root import RootView
from shop.api.unknown import unknown
from shop.later import later
from shop.site import FILES, site_file

handler400 = "shop.api.errors.bad_request"
handler404 = "shop.api.errors.not_found"
handler500 = "shop.api.failures.server_error"

# Django tries one after the other: what is asked for most, and is in no cache, comes first.
api: list[Any] = [
    path("", include("cart.urls")),
    path("", include("catalog.urls")),
    path("", include("orders.urls")),
    later("customer/", "customers.urls.urlpatterns", "customers"),
    later("payments/", "payments.urls.urlpatterns", "payments"),
    path("", RootView.as_view(), name="root"),
    path("health/", HealthView.as_view(), name="health"),
    later("auth/", "shop.api.token_views.addresses", "auth"),
    later("schema/", "shop.api.documentation.schema", "schema"),
    later("docs/", "shop.api.documentation.docs", "docs"),
]

urlpatterns = [
    path("api/v1/", include(api)),
    *(path(name, site_file, {"name": name}) for name in FILES),
    later("admin/", "backoffice.addresses.addresses", "admin"),
    path("api-auth/", include("rest_framework.urls")),
    re_path(r"^api(?:/|$)", unknown),
]
if settings.STATIC_BUCKET:
    urlpatterns += [
        path("static/<path:name>", files.static_file, name="static-file"),
        path("images/<path:name>", files.image, name="image"),
    ]
urlpatterns += [path("", include("storefront.urls"))]
