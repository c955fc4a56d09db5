"""CloudFront's plans: what they take of the templates, and who must still do what."""

import dataclasses
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from infrastructure.checks import wrong_parameters
from infrastructure.edge import APPROVE, edge, pending, subscribe
from infrastructure.errors import DeploymentError
from infrastructure.plans import PLANS, faults
from infrastructure.stages import Stage, load_stage
from infrastructure.targets import ROOT
from infrastructure.templates import resources_of
from tests.shop.test_runbook import commands, unknown_options

FIRST = "        - Name: rate\n"  # rule
ARN = "arn:aws:pricingplanmanager::123456789012:subscription/1"
RULE = {"Name": "r", "Statement": {"GeoMatchStatement": {}}}
LOOKS = {"Name": "admin-only", "Statement": {"NotStatement": {"ByteMatchStatement": {}}}}


@pytest.fixture
def stage() -> Stage:
    """Staging on AWS, as it may be deployed."""
    parameters = {
        "region": "eu-central-1",
        "template": {"MailFrom": "orders@corner.shop", "MailDomain": "corner.shop"},
        "edge": {"Plan": "NONE"},
        "environment": {},
    }
    return dataclasses.replace(load_stage("staging"), parameters=parameters, endpoint=None)


def on_plan(stage: Stage, plan: str) -> Stage:
    return dataclasses.replace(stage, parameters=stage.parameters | {"edge": {"Plan": plan}})


def firewall(*rules: Any) -> dict[str, Any]:
    return {"WebAcl": {"Type": "AWS::WAFv2::WebACL", "Properties": {"Rules": list(rules)}}}


def paths(count: int) -> dict[str, Any]:
    config: dict[str, Any] = {"DistributionConfig": {"CacheBehaviors": [{}] * count}}
    return {"Distribution": {"Type": "AWS::CloudFront::Distribution", "Properties": config}}


@pytest.mark.parametrize("plan", ["NONE", *PLANS])
def test_the_templates_fit_every_plan(stage: Stage, plan: str) -> None:
    assert list(wrong_parameters(on_plan(stage, plan))) == []


@pytest.mark.parametrize(
    ("plan", "resources", "sentence"),
    [
        ("FREE", firewall(*[RULE] * 5), None),
        (
            "FREE",
            firewall(*[RULE] * 6),
            "Plan FREE takes 5 rules of the firewall, and edge.yaml has 6: take 1 out, or choose "
            "PRO ($15 a month).",
        ),
        (
            "FREE",
            firewall(LOOKS),
            "Plan FREE takes no rule of the firewall that looks at paths or headers, as "
            "admin-only is: put it under a condition, or choose PRO ($15 a month).",
        ),
        (
            "PRO",
            firewall({"Name": "bots", "Statement": {"RegexMatchStatement": {}}}),
            "Plan PRO takes no rule of the firewall with regular expressions, as bots is: put it "
            "under a condition, or choose BUSINESS ($200 a month).",
        ),
        ("PRO", firewall(LOOKS), None),
        ("FREE", paths(4), None),
        (
            "FREE",
            paths(5),
            "Plan FREE takes 5 cache behaviours, and template.yaml has 6: join some, or choose "
            "PRO ($15 a month).",
        ),
        (
            "PRO",
            {"Headers": {"Type": "AWS::CloudFront::OriginRequestPolicy"}},
            "Plan PRO takes only policies that AWS has made, not Headers: put it under a "
            "condition, or choose BUSINESS ($200 a month).",
        ),
        (
            "FREE",
            {"Logging": {"Type": "AWS::WAFv2::LoggingConfiguration"}},
            "Plan FREE keeps no logs of requests, as Logging would: put it under a condition, or "
            "choose PRO ($15 a month).",
        ),
        (
            "PREMIUM",
            firewall(*[RULE] * 76),
            "Plan PREMIUM takes 75 rules of the firewall, and edge.yaml has 76: take 1 out, or "
            'pay as you go ("NONE").',
        ),
    ],
)
def test_what_a_plan_does_not_take(
    plan: str, resources: dict[str, Any], sentence: str | None
) -> None:
    assert list(faults(plan, resources)) == ([sentence] if sentence else [])


def test_one_rule_too_many_stops_the_deployment(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN templates with two rules more WHEN a stage is on FREE THEN its parameters are wrong."""
    for name in ("edge.yaml", "template.yaml"):
        text = (Path("infrastructure") / name).read_text()
        more = "".join(f"        - {{Name: more{n}, Priority: {n}}}\n" for n in (8, 9))
        (tmp_path / name).write_text(text.replace(FIRST, more + FIRST))
    monkeypatch.setattr("infrastructure.checks.HERE", tmp_path)
    assert list(wrong_parameters(on_plan(stage, "PRO"))) == []
    (sentence,) = wrong_parameters(on_plan(stage, "FREE"))
    assert sentence.startswith("Plan FREE takes 5 rules of the firewall, and edge.yaml has 6")


def test_a_plan_that_there_is_not(stage: Stage) -> None:
    assert list(wrong_parameters(on_plan(stage, "GOLD"))) == [
        "Plan is 'GOLD' in infrastructure/stages/staging.json: write one of NONE, FREE, PRO, "
        "BUSINESS, PREMIUM."
    ]


def test_the_commands_of_the_page_exist() -> None:
    """Those of docs/deployment.md about plans, and the one that the deployment prints."""
    page = (ROOT / "docs" / "deployment.md").read_text().replace(" --region us-east-1", "")
    found = [words for words in commands(page) if words[1] == "pricing-plan-manager"]
    assert [words[2] for words in found] == [
        "approve-paid-subscription",
        "list-subscriptions",
        "get-subscription",
        "update-subscription",
        "cancel-subscription",
    ]
    assert [unknown_options(words) for words in found] == [set()] * 5
    assert APPROVE.startswith(" ".join(found[0][:3]))


# The subscription --------------------------------------------------------------------------


def asked(status: str, **more: str) -> list[str]:
    """What the deployment says of a subscription in this state."""
    client = boto3.client("pricing-plan-manager", region_name="us-east-1")
    subscription = {
        "arn": ARN, "planFamily": "CloudFront", "planTier": "PRO", "status": status,
        "resourceArns": [ARN.replace("subscription", "x")], "createdAt": 0, "updatedAt": 0, **more,
    }  # fmt: skip
    with Stubber(client) as aws:
        answer = {"subscription": subscription, "eTag": "E7"}
        aws.add_response("get_subscription", answer, {"arn": ARN})
        return list(pending(client, ARN))


def test_a_paid_plan_waits_for_approval() -> None:
    assert asked("PENDING_APPROVAL") == [
        "Plan PRO waits for approval: until then CloudFront and the firewall are paid by use. "
        "Approve it, and its price: `aws pricing-plan-manager approve-paid-subscription "
        f"--region us-east-1 --arn {ARN} --if-match E7`"
    ]


def test_a_plan_that_holds_is_not_spoken_of() -> None:
    assert asked("ACTIVE") == []


def test_a_plan_that_failed_says_why() -> None:
    assert asked("FAILED", statusReason="over the allowance") == [
        "Plan PRO failed: over the allowance"
    ]


def test_it_is_asked_for_last() -> None:
    """AWS takes no distribution that does not fit yet, so not before all else is deployed."""
    template = Path("infrastructure/edge.yaml")
    given = {"Plan": "PRO", "DistributionId": "E1"}
    assert "Subscription" not in resources_of(template, given)
    subscription = resources_of(template, given | {"Subscribe": "yes"})["Subscription"]
    assert subscription["Properties"]["PlanTier"] == {"Ref": "Plan"}
    assert len(subscription["Properties"]["ResourceArns"]) == 2  # distribution and firewall
    assert "Subscription" not in resources_of(template, {"Plan": "PRO", "Subscribe": "yes"})
    assert "Subscription" not in resources_of(
        template, given | {"Subscribe": "yes", "Plan": "NONE"}
    )


def test_who_pays_as_they_go_is_asked_nothing(stage: Stage) -> None:
    assert list(subscribe(stage, "E1")) == []


def test_a_plan_that_is_refused(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN an account that gets none WHEN it is asked for THEN AWS's reason, and what to do."""

    def refuse(*given: Any) -> None:
        raise DeploymentError("shop-staging-edge failed. Subscription: not eligible")

    monkeypatch.setattr("infrastructure.edge.change", refuse)
    with pytest.raises(DeploymentError) as stopped:
        list(subscribe(on_plan(stage, "FREE"), "E1"))
    reason, advice = stopped.value.message.split("\n")
    assert reason == "shop-staging-edge failed. Subscription: not eligible"
    assert "set Plan to NONE under edge in infrastructure/stages/staging.json" in advice


def test_a_local_aws_has_no_plans(stage: Stage) -> None:
    """It deploys the stack all the same, with the rules that the plan takes."""
    local = dataclasses.replace(on_plan(stage, "FREE"), name="flat", endpoint="http://127.0.0.1")
    try:
        assert list(subscribe(local, "E1")) == []
        waf = boto3.client("wafv2", region_name="us-east-1")
        arn = edge(local).outputs()["WebAclArn"]
        found = waf.get_web_acl(Name="shop-flat", Scope="CLOUDFRONT", Id=arn.rpartition("/")[2])
        rate = found["WebACL"]["Rules"][0]["Statement"]["RateBasedStatement"]
        assert (int(rate["Limit"]), "ScopeDownStatement" in rate) == (40_000, False)
    finally:
        edge(local).delete()
