"""From a GraphQL query to what it asks for, no more: a page weighs what its data weighs.

There is no schema: a field that the data has not is an error, as Shopify's answer would be.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    parse,
    value_from_ast_untyped,
)

Root = Mapping[str, Callable[..., Any]]


class UnknownField(Exception):
    """The data has no such field."""


def answer(query: str, variables: dict[str, Any], root: Root) -> dict[str, Any]:
    """The answer's whole body. A callable in the data is called with the field's arguments."""
    nodes = parse(query).definitions
    named = {each.name.value: each for each in nodes if isinstance(each, FragmentDefinitionNode)}
    operation = next(each for each in nodes if isinstance(each, OperationDefinitionNode))
    try:
        found = Selecting(named, variables).select(root, operation.selection_set)
    except UnknownField as error:
        return {"errors": [{"message": str(error)}]}
    return {"data": found}


@dataclass(frozen=True)
class Selecting:
    fragments: dict[str, FragmentDefinitionNode]
    variables: dict[str, Any]

    def select(self, value: Any, wanted: SelectionSetNode | None) -> Any:
        if value is None or wanted is None:
            return value
        if isinstance(value, list):
            return [self.select(each, wanted) for each in value]
        return {
            (field.alias or field.name).value: self.select(
                self.resolve(value, field), field.selection_set
            )
            for field in self.fields(wanted)
        }

    def fields(self, wanted: SelectionSetNode) -> Iterator[FieldNode]:
        """Of the fragments too."""
        for each in wanted.selections:
            if isinstance(each, FieldNode):
                yield each
            elif isinstance(each, FragmentSpreadNode):
                yield from self.fields(self.fragments[each.name.value].selection_set)
            elif isinstance(each, InlineFragmentNode):
                yield from self.fields(each.selection_set)

    def resolve(self, value: Mapping[str, Any], field: FieldNode) -> Any:
        name = field.name.value
        if name not in value:
            raise UnknownField(f"Field '{name}' doesn't exist.")
        found = value[name]
        return found(**self.arguments(field)) if callable(found) else found

    def arguments(self, field: FieldNode) -> dict[str, Any]:
        """Those that have a value: a variable may be left out."""
        given = (
            (each.name.value, value_from_ast_untyped(each.value, self.variables))
            for each in field.arguments or ()
        )
        return {name: value for name, value in given if value is not Undefined}
