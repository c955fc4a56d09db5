"""django-guardian: permissions on single rows."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.management import call_command
from guardian import shortcuts
from guardian.admin import GuardedModelAdmin
from guardian.models import UserObjectPermission

from tests.thirdparty.library.models import Book
from tests.thirdparty.operations import operation, page
from tests.thirdparty.people import superuser, user

admin.site.register(Book, GuardedModelAdmin)


def titles(books: Any) -> list[str]:
    return sorted(book.title for book in books)


def book(title: str) -> Any:
    return Book.objects.get_or_create(title=title)[0]


@operation
def anonymous_user() -> str:
    return (
        str(shortcuts.get_anonymous_user().username)
        if hasattr(shortcuts, "get_anonymous_user")
        else "none"
    )


@operation
def assign_to_user() -> list[bool]:
    ada, emma = user("ada"), book("Emma")
    shortcuts.assign_perm("lend_book", ada, emma)
    return [user("ada").has_perm("library.lend_book", each) for each in (emma, book("Ulysses"))]


@operation
def assign_twice() -> int:
    for _ in range(2):
        shortcuts.assign_perm("change_book", user("ada"), book("Emma"))
    return int(UserObjectPermission.objects.filter(user=user("ada")).count())


@operation
def assign_to_group() -> list[Any]:
    group, _ = Group.objects.get_or_create(name="Lenders")
    user("bob").groups.add(group)
    shortcuts.assign_perm("lend_book", group, book("Ulysses"))
    return [
        user("bob").has_perm("lend_book", book("Ulysses")),
        sorted(shortcuts.get_perms(user("bob"), book("Ulysses"))),
        sorted(
            shortcuts.get_group_perms(user("bob"), book("Ulysses")).values_list(
                "codename", flat=True
            )
        ),
    ]


@operation
def assign_in_bulk() -> list[str]:
    for title in ("Dubliners", "Persuasion"):
        book(title)
    shortcuts.assign_perm("view_book", user("ada"), Book.objects.all())
    shortcuts.assign_perm("view_book", user("ada"), Book.objects.all())
    return titles(shortcuts.get_objects_for_user(user("ada"), "library.view_book"))


@operation
def assign_to_many() -> list[str]:
    shortcuts.assign_perm("delete_book", [user("ada"), user("bob")], book("Emma"))
    found = shortcuts.get_users_with_perms(book("Emma"), only_with_perms_in=["delete_book"])
    return sorted(found.values_list("username", flat=True))


@operation
def objects_for_user() -> list[Any]:
    bob = user("bob")
    every = ["library.lend_book", "library.delete_book"]
    return [
        titles(shortcuts.get_objects_for_user(bob, "library.lend_book")),
        titles(shortcuts.get_objects_for_user(bob, every, any_perm=True)),
        titles(shortcuts.get_objects_for_user(bob, every)),
        titles(shortcuts.get_objects_for_user(bob, "library.lend_book", use_groups=False)),
    ]


@operation
def objects_for_group() -> list[str]:
    return titles(shortcuts.get_objects_for_group(Group.objects.get(), "library.lend_book"))


@operation
def users_with_perms() -> Any:
    found = shortcuts.get_users_with_perms(book("Emma"), attach_perms=True)
    return {each.username: sorted(perms) for each, perms in found.items()}


@operation
def groups_with_perms() -> Any:
    found = shortcuts.get_groups_with_perms(book("Ulysses"), attach_perms=True)
    return {each.name: sorted(perms) for each, perms in found.items()}


@operation
def remove() -> list[Any]:
    shortcuts.remove_perm("lend_book", user("ada"), book("Emma"))
    shortcuts.remove_perm("view_book", user("ada"), Book.objects.filter(title__startswith="D"))
    return [
        user("ada").has_perm("library.lend_book", book("Emma")),
        titles(shortcuts.get_objects_for_user(user("ada"), "library.view_book")),
    ]


@operation
def admin_manages_permissions() -> list[Any]:
    address = f"/admin/library/book/{book('Emma').pk}/permissions/"
    return [page(superuser().get(address))]


@operation
def admin_manages_a_user() -> list[Any]:
    address = f"/admin/library/book/{book('Emma').pk}/permissions/user-manage/{user('ada').pk}/"
    client = superuser()
    saved = client.post(address, {"permissions": ["lend_book", "view_book"]})
    return [
        page(saved),
        sorted(
            shortcuts.get_user_perms(user("ada"), book("Emma")).values_list("codename", flat=True)
        ),
        page(client.get(address)),
    ]


@operation
def clean_orphans() -> list[int]:
    before = UserObjectPermission.objects.count()
    Book.objects.filter(title="Emma").delete()
    call_command("clean_orphan_obj_perms", verbosity=0)
    return [before, UserObjectPermission.objects.count()]
