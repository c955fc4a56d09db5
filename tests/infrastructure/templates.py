"""CloudFormation's templates as plain values."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

INFRASTRUCTURE = Path(__file__).parents[2] / "infrastructure"
TEMPLATE = (INFRASTRUCTURE / "template.yaml").read_text()


class Loader(yaml.SafeLoader):
    """CloudFormation's short forms as plain values: `!Sub x` is x."""


def plain(loader: Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


Loader.add_multi_constructor("!", plain)


@lru_cache(maxsize=1)
def parsed(template: str = TEMPLATE) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(template, Loader)  # noqa: S506  a SafeLoader
    return found


def resources(template: str = TEMPLATE) -> dict[str, Any]:
    found: dict[str, Any] = parsed(template)["Resources"]
    return found


def distribution() -> dict[str, Any]:
    """The distribution's configuration, of a stage that has an API: conditions hold."""
    config = resources()["Distribution"]["Properties"]["DistributionConfig"]
    held: dict[str, Any] = holding(config)
    return held


def holding(value: Any) -> Any:
    """Where a value depends on there being an API, what it is then."""
    if isinstance(value, list) and value[:1] in (["HasApi"], ["CachesCatalogue"]):
        return holding(value[1])
    if isinstance(value, list):
        return [holding(each) for each in value]
    if isinstance(value, dict):
        return {name: holding(each) for name, each in value.items()}
    return value
