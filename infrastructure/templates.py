"""CloudFormation templates under given parameters: conditions decided, all else as written."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cfn_flip

NO_VALUE = {"Ref": "AWS::NoValue"}


def resources_of(template: Path, parameters: Mapping[str, str]) -> dict[str, Any]:
    """The resources that there would be, by their logical names.

    `parameters` are those that differ from the template's own defaults; one that has neither is
    empty.
    """
    body = json.loads(cfn_flip.to_json(template.read_text()))
    given = {
        name: str(parameters.get(name, about.get("Default", "")))
        for name, about in body.get("Parameters", {}).items()
    }
    decided = Decided(body.get("Conditions", {}), given)
    return {
        name: decided.value(resource)
        for name, resource in body["Resources"].items()
        if "Condition" not in resource or decided.holds(resource["Condition"])
    }


class Decided:
    """A template's conditions under its parameters."""

    def __init__(self, conditions: Mapping[str, Any], parameters: Mapping[str, str]):
        self.conditions, self.parameters = conditions, parameters

    def holds(self, name: str) -> bool:
        return self.is_true(self.conditions[name])

    def is_true(self, condition: Mapping[str, Any]) -> bool:
        ((kind, operands),) = condition.items()
        if kind == "Condition":
            return self.holds(operands)
        if kind == "Fn::Equals":
            first, second = (self.text(each) for each in operands)
            return first == second
        found = [self.is_true(each) for each in operands]
        return {"Fn::Not": not found[0], "Fn::And": all(found), "Fn::Or": any(found)}[kind]

    def text(self, value: Any) -> str:
        return self.parameters[value["Ref"]] if isinstance(value, dict) else str(value)

    def value(self, value: Any) -> Any:
        """The same without `Fn::If`, and without what such a one leaves out."""
        if isinstance(value, list):
            return [each for each in map(self.value, value) if each != NO_VALUE]
        if not isinstance(value, dict):
            return value
        if "Fn::If" in value:
            name, then, otherwise = value["Fn::If"]
            return self.value(then if self.holds(name) else otherwise)
        found = {key: self.value(each) for key, each in value.items()}
        return {key: each for key, each in found.items() if each != NO_VALUE}
