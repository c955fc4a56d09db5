"""django-mptt: a tree whose every change is an UPDATE of all rows behind it."""

from typing import Any

from django.db import transaction
from mptt.utils import get_cached_trees

from tests.thirdparty.operations import operation
from tests.thirdparty.with_mptt.models import Genre


def drawn() -> list[str]:
    return [f"{'. ' * node.level}{node.name}" for node in Genre.objects.all()]


def node(name: str) -> Any:
    return Genre.objects.get(name=name)


@operation
def add() -> list[str]:
    rock = Genre.objects.create(name="Rock")
    for name in ("Punk", "Hard Rock", "Metal"):
        Genre.objects.create(name=name, parent=node("Rock"))
    Genre.objects.create(name="Blues")
    Genre.objects.create(name="Doom", parent=node("Metal"))
    assert rock.pk
    return drawn()


@operation
def read() -> list[Any]:
    return [
        [each.name for each in node("Doom").get_ancestors()],
        [each.name for each in node("Rock").get_descendants()],
        [each.name for each in node("Punk").get_siblings()],
        [node("Rock").get_descendant_count(), node("Doom").is_leaf_node()],
    ]


@operation
def move() -> list[str]:
    node("Metal").move_to(node("Blues"))
    return drawn()


@operation
def move_into_places() -> list[str]:
    node("Punk").move_to(node("Hard Rock"), "first-child")
    node("Blues").move_to(node("Hard Rock"), "right")
    node("Blues").move_to(None)
    return drawn()


@operation
def insert_beside() -> list[str]:
    Genre(name="Ska").insert_at(node("Punk"), position="right", save=True)
    return drawn()


@operation
def change_the_parent() -> list[str]:
    child = node("Doom")
    child.parent = node("Rock")
    child.save()
    return drawn()


@operation
def count_below() -> list[Any]:
    roots = Genre.objects.filter(parent=None)
    counted = Genre.objects.add_related_count(roots, Genre, "parent", "n", cumulative=True)
    return [[root.name, root.n] for root in counted]


@operation
def queries() -> list[Any]:
    some = Genre.objects.filter(name__in=["Doom", "Ska"])
    return [
        [each.name for each in Genre.objects.get_queryset_ancestors(some, include_self=True)],
        [each.name for each in Genre.objects.get_queryset_descendants(Genre.objects.root_nodes())],
        [each.name for each in get_cached_trees(Genre.objects.all())],
    ]


@operation
def without_updates() -> list[str]:
    with Genre.objects.disable_mptt_updates():
        Genre.objects.create(name="Dub", parent=node("Ska"), lft=0, rght=0, tree_id=0, level=0)
    Genre.objects.rebuild()
    return drawn()


@operation
def delayed_updates() -> list[str]:
    with transaction.atomic(), Genre.objects.delay_mptt_updates():
        for name in ("Folk", "Gospel", "Jazz"):
            Genre.objects.create(name=name)
        Genre.objects.create(name="Bebop", parent=node("Jazz"))
    return drawn()


@operation
def delete() -> list[str]:
    node("Metal").delete()
    return drawn()


@operation
def rebuild() -> list[str]:
    Genre.objects.rebuild()
    return drawn()


@operation
def a_tree_of_over_100() -> list[Any]:
    root = Genre.objects.create(name="World")
    for n in range(101):
        Genre.objects.create(name=f"Country {n:03}", parent=node("World"))
    node("World").move_to(node("Blues"))
    return [root.name, node("Country 100").level, node("Blues").get_descendant_count()]
