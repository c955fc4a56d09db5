"""The addresses of the shop."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path

from shop import files
from shop.api.documentation import DocsView, SchemaView
from shop.api.health import HealthView
from shop.api.root import RootView
from shop.api.sign_in import RefreshView, TokenView
from shop.api.unknown import unknown
from shop.site import FILES, site_file

admin.site.site_header = admin.site.site_title = settings.SHOP_NAME

handler400 = "shop.api.errors.bad_request"
handler404 = "shop.api.errors.not_found"
handler500 = "shop.api.failures.server_error"

api: list[Any] = [
    path("", RootView.as_view(), name="root"),
    path("health/", HealthView.as_view(), name="health"),
    path("auth/token/", TokenView.as_view(), name="token"),
    path("auth/token/refresh/", RefreshView.as_view(), name="token-refresh"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    path("", include("catalog.urls")),
    path("", include("customers.urls")),
    path("", include("cart.urls")),
    path("", include("orders.urls")),
    path("", include("payments.urls")),
]

urlpatterns = [
    *(path(name, site_file, {"name": name}) for name in FILES),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api)),
    path("api-auth/", include("rest_framework.urls")),
    re_path(r"^api(?:/|$)", unknown),
]
if settings.STATIC_BUCKET:
    urlpatterns += [
        path("static/<path:name>", files.static_file, name="static-file"),
        path("images/<path:name>", files.image, name="image"),
    ]
urlpatterns += [path("", include("storefront.urls"))]
