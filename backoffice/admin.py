"""Users and groups, on the ground of the others."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User

from backoffice.deletion import Budget
from backoffice.ground import TransactionalAdmin

admin.site.unregister((User, Group))


@admin.register(User)
class PersonAdmin(TransactionalAdmin, UserAdmin):
    """Django's, whose form and list undo nobody's work. Orders stay without their person."""

    def clear(self, row: User, budget: Budget) -> None:
        """Nobody acts as this person any more, so that no new order comes while the old ones
        are parted from them."""
        User.objects.filter(pk=row.pk, is_active=True).update(is_active=False)
        super().clear(row, budget)


@admin.register(Group)
class TeamAdmin(TransactionalAdmin, GroupAdmin):
    """The same."""
