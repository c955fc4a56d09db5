"""django-mptt: a tree whose every change is an UPDATE of all rows behind it."""

from typing import Any

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
def delete() -> list[str]:
    node("Metal").delete()
    return drawn()


@operation
def rebuild() -> list[str]:
    Genre.objects.rebuild()
    return drawn()
