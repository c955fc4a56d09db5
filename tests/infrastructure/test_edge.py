"""The firewall and the logs in front of everything: what they let through, and what they keep."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from benchmarks.cost.habits import HABITS
from infrastructure.edge import TEMPLATE
from infrastructure.stacks import Stack
from infrastructure.templates import resources_of

NAME = "shop-guarded-edge"
# AWS's list of the group: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
BODIES = {
    "CrossSiteScripting_BODY",
    "EC2MetaDataSSRF_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "SizeRestrictions_BODY",
}
PERSONAL = {"c-ip", "x-forwarded-for", "cs-uri-query", "cs(Cookie)", "cs(Referer)"}
SECRETS = {"authorization", "cookie", "cart-token", "order-secret"}  # headers


@pytest.fixture(scope="module")
def rules(loopback_only: None) -> Iterator[dict[str, Any]]:
    """Of the firewall as the local AWS has made it, by name."""
    stack = Stack(boto3.client("cloudformation", region_name="us-east-1"), NAME, local=True)
    arn = stack.deploy(TEMPLATE, {"Stage": "guarded", "OnAws": "no"})["WebAclArn"]
    waf = boto3.client("wafv2", region_name="us-east-1")
    acl = waf.get_web_acl(Name="shop-guarded", Scope="CLOUDFRONT", Id=arn.rpartition("/")[2])
    yield {rule["Name"]: rule for rule in acl["WebACL"]["Rules"]}
    stack.delete()


def made(**parameters: str) -> dict[str, Any]:
    return resources_of(TEMPLATE, {"Stage": "dev", **parameters})


def test_uploads_pass(rules: dict[str, Any]) -> None:
    """Every rule that reads bodies counts them, and no other rule does."""
    group = rules["common"]["Statement"]["ManagedRuleGroupStatement"]
    overridden = {each["Name"]: each["ActionToUse"] for each in group["RuleActionOverrides"]}
    assert overridden == {name: {"Count": {}} for name in BODIES}


def test_pictures_count_for_no_address(rules: dict[str, Any]) -> None:
    """Nor do static files. The local AWS has the rule, but garbles its texts."""
    (rate,) = (rule for rule in made()["WebAcl"]["Properties"]["Rules"] if rule["Name"] == "rate")
    for statement in (rules["rate"]["Statement"], rate["Statement"]):
        parts = left_out(statement["RateBasedStatement"])
        assert [each["PositionalConstraint"] for each in parts] == ["STARTS_WITH"] * 2
    assert [each["SearchString"] for each in parts] == ["/images/", "/static/"]


def left_out(rate: dict[str, Any]) -> list[dict[str, Any]]:
    """What the limit does not count."""
    any_of = rate["ScopeDownStatement"]["NotStatement"]["Statement"]["OrStatement"]
    return [each["ByteMatchStatement"] for each in any_of["Statements"]]


@pytest.mark.parametrize(("plan", "things"), [("NONE", 20), ("FREE", 40)])
def test_an_office_is_no_flood(plan: str, things: int) -> None:
    """200 customers a minute behind one address, for five minutes: all they ask for, from the
    first list to the third look at the order; on the plan FREE with the pictures."""
    browsing = HABITS.lists + HABITS.shelves + HABITS.trees + HABITS.pages + HABITS.site_requests
    cart = 1 + 2 + HABITS.cart_views  # opened, two lines, looked at
    asked = browsing + cart + 1 + HABITS.status_views
    pictures = HABITS.pictures if plan == "FREE" else 0
    assert asked + pictures == things
    rate = made(Plan=plan)["WebAcl"]["Properties"]["Rules"][0]["Statement"]["RateBasedStatement"]
    parameter = {"NONE": "RequestsPerAddress", "FREE": "AllPerAddress"}[plan]
    assert rate["Limit"] == {"Ref": parameter}
    assert f"  {parameter}:\n    Type: Number\n    Default: {200 * 5 * things}\n" in (
        TEMPLATE.read_text()
    )


def test_the_firewall_s_log_has_no_secrets() -> None:
    """It has what was blocked or counted, in a group whose name AWS demands, for some days."""
    resources = made()
    logging = resources["FirewallLogging"]["Properties"]
    headers = {
        each["SingleHeader"]["Name"] for each in logging["RedactedFields"] if "SingleHeader" in each
    }
    assert headers == SECRETS
    assert {"QueryString": {}} in logging["RedactedFields"]
    (kept,) = logging["LoggingFilter"]["Filters"]
    assert logging["LoggingFilter"]["DefaultBehavior"] == "DROP"
    assert {each["ActionCondition"]["Action"] for each in kept["Conditions"]} == {
        "BLOCK",
        "COUNT",
        "EXCLUDED_AS_COUNT",
    }
    group = resources["FirewallLogs"]["Properties"]
    assert group["LogGroupName"] == {"Fn::Sub": "aws-waf-logs-shop-${Stage}"}
    assert group["RetentionInDays"] == {"Ref": "LogDays"}


def test_cloudfront_s_log() -> None:
    """Of all requests, once there is a distribution; who and with which query stays out."""
    assert "AccessLogDelivery" not in made()
    resources = made(DistributionId="E1")
    fields = resources["AccessLogDelivery"]["Properties"]["RecordFields"]
    assert PERSONAL & set(fields) == set()
    assert {"cs-method", "cs-uri-stem", "sc-status", "x-edge-result-type"} <= set(fields)
    bucket = resources["LogBucket"]["Properties"]
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", {"Ref": "LogDays"})


def test_where_there_are_no_logs() -> None:
    """The plan FREE takes none, and a local AWS knows none; the bucket waits for another plan."""
    bucket = {"AWS::S3::Bucket", "AWS::S3::BucketPolicy"}
    for without, others in (({"Plan": "FREE"}, bucket), ({"OnAws": "no"}, set())):
        kinds = {each["Type"] for each in made(DistributionId="E1", **without).values()}
        assert kinds == {"AWS::WAFv2::WebACL"} | others
