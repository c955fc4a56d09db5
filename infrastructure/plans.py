"""CloudFront's flat-rate plans: what each costs, carries, and takes of a template.

By AWS's table "Features by pricing plan tier", as of 2026-11-26:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/flat-rate-pricing-plan.html
That FREE takes no rule that matches paths is in no table; AWS's API says it: the rule is refused
with WAFFeatureNotIncludedInPricingPlanException, which names PRO.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

PAY_AS_YOU_GO = "NONE"
MATCHES = {"ByteMatchStatement", "SizeConstraintStatement"}
REGEXES = {"RegexMatchStatement", "RegexPatternSetReferenceStatement"}
LOGS = {"AWS::Logs::DeliverySource", "AWS::WAFv2::LoggingConfiguration"}
OWN_POLICIES = {
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::OriginRequestPolicy",
    "AWS::CloudFront::ResponseHeadersPolicy",
}
MOST_FREE_PLANS = 3  # an account

Resources = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Plan:
    """`usd`, `requests` and `gigabytes` a month; `behaviours` are a distribution's, with the one
    by default; `matches`, `regexes`, `logs` and `policies` are whether it takes rules by path or
    header, by regular expression, logs of requests, and policies of one's own."""

    usd: float
    requests: float
    gigabytes: float
    rules: int
    behaviours: int
    matches: bool
    regexes: bool
    logs: bool
    policies: bool

    def carries(self, requests: float, gigabytes: float) -> bool:
        """Whether a month of so much is within its allowance. Beyond, AWS may slow it down."""
        return requests <= self.requests and gigabytes <= self.gigabytes


FREE = Plan(0, 1e6, 100, 5, 5, matches=False, regexes=False, logs=False, policies=False)
PRO = Plan(15, 10e6, 50_000, 25, 10, matches=True, regexes=False, logs=True, policies=False)
BUSINESS = Plan(200, 125e6, 50_000, 50, 50, matches=True, regexes=True, logs=True, policies=True)
PREMIUM = Plan(1000, 500e6, 50_000, 75, 100, matches=True, regexes=True, logs=True, policies=True)
PLANS = {"FREE": FREE, "PRO": PRO, "BUSINESS": BUSINESS, "PREMIUM": PREMIUM}  # small ones first


def faults(name: str, resources: Resources) -> Iterator[str]:
    """What of `resources`, both stacks' together, the plan does not take, and what to do."""
    yield from faults_of_rules(name, resources)
    plan = PLANS[name]
    for distribution in of_kind(resources, "Distribution"):
        behaviours = 1 + len(distribution["Properties"]["DistributionConfig"]["CacheBehaviors"])
        if behaviours > plan.behaviours:
            yield (
                f"Plan {name} takes {plan.behaviours} cache behaviours, and template.yaml has "
                f"{behaviours}: join some, or {choose('behaviours', behaviours)}."
            )
    yield from unsupported(name, plan, resources)


def faults_of_rules(name: str, resources: Resources) -> Iterator[str]:
    """Of the firewall's: too many, or of a kind that the plan does not take."""
    plan = PLANS[name]
    rules = [rule for acl in of_kind(resources, "WebACL") for rule in acl["Properties"]["Rules"]]
    if len(rules) > plan.rules:
        yield (
            f"Plan {name} takes {plan.rules} rules of the firewall, and edge.yaml has "
            f"{len(rules)}: take {len(rules) - plan.rules} out, or {choose('rules', len(rules))}."
        )
    kinds = (
        (MATCHES, "matches", "that looks at paths or headers"),
        (REGEXES, "regexes", "with regular expressions"),
    )
    for rule in rules:
        for statements, feature, what in kinds:
            if statements & keys_of(rule) and not getattr(plan, feature):
                yield (
                    f"Plan {name} takes no rule of the firewall {what}, as {rule['Name']} is: "
                    f"put it under a condition, or {choose(feature, 1)}."
                )


def unsupported(name: str, plan: Plan, resources: Resources) -> Iterator[str]:
    for logical, resource in resources.items():
        if resource["Type"] in OWN_POLICIES and not plan.policies:
            yield (
                f"Plan {name} takes only policies that AWS has made, not {logical}: put it under "
                f"a condition, or {choose('policies', 1)}."
            )
        if resource["Type"] in LOGS and not plan.logs:
            yield (
                f"Plan {name} keeps no logs of requests, as {logical} would: put it under a "
                f"condition, or {choose('logs', 1)}."
            )


def of_kind(resources: Resources, kind: str) -> list[Mapping[str, Any]]:
    return [each for each in resources.values() if each["Type"].endswith(f"::{kind}")]


def keys_of(value: Any) -> set[str]:
    """The names of all members, at any depth."""
    if isinstance(value, list):
        return {key for each in value for key in keys_of(each)}
    if not isinstance(value, dict):
        return set()
    return set(value) | {key for each in value.values() for key in keys_of(each)}


def choose(feature: str, least: int) -> str:
    """The smallest plan that has `least` of it."""
    for name, plan in PLANS.items():
        if getattr(plan, feature) >= least:
            return f"choose {name} (${plan.usd:g} a month)"
    return f'pay as you go ("{PAY_AS_YOU_GO}")'
