"""What the catalogue says, in the language that is active, and which one it is in: a voice that
reads a German page needs to know of an English name in it."""

from collections.abc import Iterable, Mapping
from typing import Any

from bodies.serializers import represented
from catalog.languages import language_of, told
from catalog.selectors import Shelved
from catalog.serializers import ProductCardSerializer, ProductSerializer

Node = dict[str, Any]
Card = dict[str, Any]


def languages_of(document: Mapping[str, Any]) -> dict[str, str]:
    """Of its name, and of its description."""
    return {"lang": language_of(document), "lead_lang": language_of(document, "description")}


def spoken_product(document: Mapping[str, Any]) -> dict[str, Any]:
    """As the API gives it, but with its categories as `spoken_nodes`."""
    shown = represented(ProductSerializer, document)
    breadcrumbs = spoken_nodes(document["breadcrumbs"])
    return {**shown, **languages_of(document), "breadcrumbs": breadcrumbs}


def spoken_nodes(nodes: Iterable[Node]) -> list[Node]:
    """Categories of the tree, or links to some."""
    return [
        {**told(node), **languages_of(node), "children": spoken_nodes(node.get("children", ()))}
        for node in nodes
    ]


def spoken_cards(rows: Iterable[Shelved]) -> list[Card]:
    """As the API gives them."""
    return [
        {**represented(ProductCardSerializer, row), "lang": language_of(row.card)} for row in rows
    ]
