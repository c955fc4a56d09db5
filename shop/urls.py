"""The addresses of the shop."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny

from shop import files
from shop.api.health import HealthView
from shop.api.root import RootView
from shop.api.sign_in import RefreshView, TokenView
from shop.api.unknown import unknown

admin.site.site_header = admin.site.site_title = settings.SHOP_NAME

handler400 = "shop.api.errors.bad_request"
handler404 = "shop.api.errors.not_found"
handler500 = "shop.api.errors.server_error"

api: list[Any] = [
    path("", RootView.as_view(), name="root"),
    path("health/", HealthView.as_view(), name="health"),
    path("auth/token/", TokenView.as_view(), name="token"),
    path("auth/token/refresh/", RefreshView.as_view(), name="token-refresh"),
    path("schema/", SpectacularAPIView.as_view(permission_classes=[AllowAny]), name="schema"),
    path(
        "docs/",
        SpectacularSwaggerView.as_view(
            url_name="schema", permission_classes=[AllowAny], metadata_class=None
        ),
        name="docs",
    ),
    path("", include("catalog.urls")),
    path("", include("cart.urls")),
    path("", include("orders.urls")),
]

urlpatterns = [
    path("", RedirectView.as_view(url="/api/v1/")),
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
