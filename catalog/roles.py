"""Who may change the catalogue."""

from typing import Any

from django.contrib.auth.models import Group, Permission

CATALOG_MANAGERS = "Catalog managers"
MANAGED = ("category", "product", "variant", "productimage", "stock", "swatch")


def create_catalog_managers(**_signal: Any) -> None:
    """After `migrate`: the group with every permission on the catalogue, unless it is there.

    Runs on post_migrate because permissions do not exist during the migrations; a
    group that someone has changed since is left as it is.
    """
    group, created = Group.objects.get_or_create(name=CATALOG_MANAGERS)
    if created:
        permissions = Permission.objects.filter(content_type__app_label="catalog")
        group.permissions.set(permissions.filter(content_type__model__in=MANAGED))
