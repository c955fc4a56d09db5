"""A tree in each of treebeard's three ways."""

from typing import Any, ClassVar

from django.db import models
from treebeard.al_tree import AL_Node, AL_NodeManager
from treebeard.mp_tree import MP_Node, MP_NodeManager
from treebeard.ns_tree import NS_Node, NS_NodeManager


class Path(MP_Node):
    """By a path of numbers."""

    objects: ClassVar[Any] = MP_NodeManager()

    name = models.CharField(max_length=50)
    node_order_by = ["name"]

    def __str__(self) -> str:
        return self.name


class Placed(MP_Node):
    """The same, in the order of their places."""

    objects: ClassVar[Any] = MP_NodeManager()

    name = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.name


class Nested(NS_Node):
    """By the numbers at which it begins and ends."""

    objects: ClassVar[Any] = NS_NodeManager()

    name = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.name


class Adjacent(AL_Node):
    """By its parent."""

    objects: ClassVar[Any] = AL_NodeManager()

    parent = models.ForeignKey("self", models.CASCADE, related_name="children_set", null=True)
    sib_order = models.PositiveIntegerField()
    name = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.name
