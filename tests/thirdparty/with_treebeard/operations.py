"""django-treebeard: trees made, read, moved and cut, in each of its ways."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from treebeard.admin import TreeAdmin
from treebeard.exceptions import InvalidMoveToDescendant
from treebeard.forms import movenodeform_factory

from tests.thirdparty.operations import operation, page
from tests.thirdparty.people import superuser
from tests.thirdparty.with_treebeard.models import Adjacent, Nested, Path, Placed

BULK = [
    {"data": {"name": "Food"}, "children": [
        {"data": {"name": "Fruit"}, "children": [
            {"data": {"name": "Apple"}}, {"data": {"name": "Pear"}},
        ]},
        {"data": {"name": "Meat"}},
    ]},
    {"data": {"name": "Tools"}, "children": [{"data": {"name": "Saw"}}]},
]  # fmt: skip


class PlacedAdmin(TreeAdmin):
    form = movenodeform_factory(Placed)


admin.site.register(Placed, PlacedAdmin)


def named(model: Any, name: str) -> Any:
    return model.objects.get(name=name)


def drawn(model: Any) -> list[str]:
    """The tree, line by line."""
    return [f"{'. ' * (node.get_depth() - 1)}{node.name}" for node in model.get_tree()]


def load(model: Any) -> list[str]:
    model.load_bulk(BULK)
    return drawn(model)


def add(model: Any) -> list[str]:
    root = model.add_root(name="Books")
    root.add_child(name="Novels").add_child(name="Short")
    named(model, "Books").add_child(name="Atlases")
    place = "sorted-sibling" if getattr(model, "node_order_by", None) else "left"
    named(model, "Novels").add_sibling(place, name="Letters")
    return drawn(model)


def read(model: Any) -> list[Any]:
    apple, food = named(model, "Apple"), named(model, "Food")
    return [
        [node.name for node in apple.get_ancestors()],
        sorted(node.name for node in food.get_descendants()),
        [node.name for node in food.get_children()],
        [node.name for node in apple.get_siblings()],
        [apple.get_root().name, apple.get_parent().name, apple.get_depth()],
        [apple.is_leaf(), food.is_root(), apple.is_descendant_of(food), food.get_children_count()],
        [food.get_first_child().name, food.get_last_child().name, food.get_descendant_count()],
        [node.name for node in model.get_root_nodes()],
    ]


def annotate(model: Any) -> list[Any]:
    return [[n.name, i["open"], i["level"], i["close"]] for n, i in model.get_annotated_list()]


def move(model: Any) -> list[str]:
    place = "sorted-child" if getattr(model, "node_order_by", None) else "first-child"
    named(model, "Fruit").move(named(model, "Tools"), place)
    return drawn(model)


def move_beside(model: Any) -> list[str]:
    place = "sorted-sibling" if getattr(model, "node_order_by", None) else "left"
    named(model, "Pear").move(named(model, "Food"), place)
    return drawn(model)


def move_below_itself(model: Any) -> str:
    place = "sorted-child" if getattr(model, "node_order_by", None) else "last-child"
    try:
        named(model, "Tools").move(named(model, "Apple"), place)
    except InvalidMoveToDescendant:
        return "refused"
    return "moved"


def dump(model: Any) -> Any:
    return model.dump_bulk(keep_ids=False)


def delete(model: Any) -> list[str]:
    named(model, "Tools").delete()
    model.objects.filter(name="Books").delete()
    return drawn(model)


def many(model: Any) -> list[Any]:
    """A root with children, moved below another one."""
    root = model.add_root(name="Many")
    kept = root
    for n in range(25):
        kept = named(model, "Many").add_child(name=f"Child {n:02}")
    place = "sorted-child" if getattr(model, "node_order_by", None) else "first-child"
    named(model, "Many").move(named(model, "Food"), place)
    return [kept.name, len(drawn(model)), named(model, "Child 24").get_depth()]


def step(name: str, run: Callable[[Any], Any], model: Any) -> None:
    def act() -> Any:
        return run(model)

    act.__name__ = f"{model.__name__.lower()}_{name}"
    operation(act)


STEPS = [load, add, read, annotate, move, move_beside, move_below_itself, dump, delete, many]
for model in (Path, Placed, Nested, Adjacent):
    for run in STEPS:
        step(run.__name__, run, model)


@operation
def find_problems() -> list[Any]:
    return [len(problems) for problems in (*Path.find_problems(), *Placed.find_problems())]


@operation
def fix_tree() -> list[str]:
    Path.objects.filter(name="Food").update(numchild=7)
    Path.fix_tree()
    return [str(named(Path, "Food").numchild), *drawn(Path)[:3]]


@operation
def admin_tree() -> list[Any]:
    client = superuser()
    form = {"name": "By the admin", "treebeard_position": "sorted-child", "treebeard_ref_node": ""}
    form["treebeard_position"] = "first-child"
    form["treebeard_ref_node"] = str(named(Placed, "Food").pk)
    added = client.post("/admin/with_treebeard/placed/add/", form)
    return [page(added), page(client.get("/admin/with_treebeard/placed/")), drawn(Placed)[:4]]


@operation
def a_move_of_over_100_rows() -> list[Any]:
    Placed.add_root(name="Crowd")
    for n in range(100):
        named(Placed, "Crowd").add_child(name=f"Member {n:02}")
    named(Placed, "Crowd").move(named(Placed, "Food"), "first-child")
    return [named(Placed, "Member 99").get_depth(), named(Placed, "Food").get_descendant_count()]
