"""Who looks after customers."""

from typing import Any

from django.contrib.auth.models import Group, Permission

CUSTOMER_SERVICE = "Customer service"
#: To look people up, mend what is known of them, and put them into groups that others make.
MAY = ("view_customer", "change_customer", "view_customergroup")


def create_customer_service(**_signal: Any) -> None:
    """After `migrate`: the group, unless it is there; as it is for catalog managers."""
    group, created = Group.objects.get_or_create(name=CUSTOMER_SERVICE)
    if created:
        permissions = Permission.objects.filter(content_type__app_label="customers")
        group.permissions.set(permissions.filter(codename__in=MAY))
