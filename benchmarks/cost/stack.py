"""What a stage has that costs money whether anybody buys or not, counted in its templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infrastructure.plans import PAY_AS_YOU_GO
from infrastructure.templates import resources_of

TEMPLATES = Path(__file__).resolve().parents[2] / "infrastructure"
# A stage that is deployed, with everything that is there unless somebody says otherwise.
DEPLOYED = {"ApiId": "made", "DistributionId": "made", "AlarmMail": "who@where"}


@dataclass(frozen=True)
class Stack:
    """`queues` are those that the function listens to; `edge_functions` the origins in front of
    which CloudFront runs one."""

    plan: str = PAY_AS_YOU_GO
    alarms: int = 0
    dashboards: int = 0
    firewalls: int = 0
    firewall_rules: int = 0
    secrets: int = 0
    queues: int = 0
    keys: int = 0
    edge_functions: frozenset[str] = frozenset()


def count_stack(plan: str = PAY_AS_YOU_GO, folder: Path = TEMPLATES) -> Stack:
    resources = [
        resource
        for path in sorted(folder.glob("*.yaml"))
        for resource in resources_of(path, DEPLOYED | {"Plan": plan}).values()
    ]
    kinds = [resource["Type"] for resource in resources]
    return Stack(
        plan=plan,
        alarms=kinds.count("AWS::CloudWatch::Alarm"),
        dashboards=kinds.count("AWS::CloudWatch::Dashboard"),
        firewalls=kinds.count("AWS::WAFv2::WebACL"),
        firewall_rules=sum(len(properties(each).get("Rules", ())) for each in resources),
        secrets=kinds.count("AWS::SecretsManager::Secret"),
        queues=sum("RedrivePolicy" in properties(each) for each in resources),
        keys=kinds.count("AWS::KMS::Key"),
        edge_functions=frozenset(origin for each in resources for origin in functions_of(each)),
    )


def properties(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = resource.get("Properties", {})
    return found


def functions_of(resource: Mapping[str, Any]) -> set[str]:
    """The origins of a distribution with a function in front of any of their paths."""
    config = properties(resource).get("DistributionConfig", {})
    behaviours = [config.get("DefaultCacheBehavior", {}), *config.get("CacheBehaviors", ())]
    return {each["TargetOriginId"] for each in behaviours if "FunctionAssociations" in each}
