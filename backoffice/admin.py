"""Users and groups, on the ground of the others."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from backoffice.ground import TransactionalAdmin

admin.site.unregister((User, Group))


@admin.register(User)
class PersonAdmin(TransactionalAdmin, UserAdmin):
    """Django's, whose form and list undo nobody's work."""


@admin.register(Group)
class TeamAdmin(TransactionalAdmin, GroupAdmin):
    """The same."""
