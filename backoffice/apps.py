from typing import Any

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks


class BackofficeConfig(AppConfig):
    name = "backoffice"


class LateAdminConfig(SimpleAdminConfig):
    """Django's admin, whose pages are registered when one is wanted, or checked."""

    default = False

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_pages, checks.Tags.admin)


def check_pages(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    import backoffice.addresses  # noqa: F401 - registers them

    return check_admin_app(app_configs, **kwargs)
