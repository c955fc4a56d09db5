"""Who looks after orders."""

from typing import Any

from django.contrib.auth.models import Group, Permission

ORDER_CLERKS = "Order clerks"
MAY = ("view_order", "change_order")  # to look, and to end held ones; nobody edits an order


def create_order_clerks(**_signal: Any) -> None:
    """After `migrate`: the group, unless it is there; as it is for catalog managers."""
    group, created = Group.objects.get_or_create(name=ORDER_CLERKS)
    if created:
        permissions = Permission.objects.filter(content_type__app_label="orders")
        group.permissions.set(permissions.filter(codename__in=MAY))
