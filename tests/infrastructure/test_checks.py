"""A wrong setting stops the deployment with a sentence that says what to do."""

import dataclasses
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from infrastructure.checks import (
    TEST_GATEWAY,
    check_parameters,
    check_purchase,
    settings_read,
    wrong_bucket,
    wrong_parameters,
    wrong_queue,
)
from infrastructure.errors import DeploymentError
from infrastructure.hooks import check_stage
from infrastructure.stages import Stage, load_stage
from infrastructure.targets import ROOT


@pytest.fixture
def stage() -> Stage:
    """Production as it may be deployed."""
    loaded = load_stage("production")
    parameters = {
        "region": "eu-central-1",
        "template": {
            "MailFrom": "orders@corner.shop",
            "MailDomain": "corner.shop",
            "Domain": "corner.shop",
            "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1",
        },
        "edge": {},
        "environment": {"SHOP_PAYMENT_GATEWAY": "payments.gateways.stripe.StripeGateway"},
    }
    return dataclasses.replace(loaded, parameters=parameters, endpoint=None)


def changed(stage: Stage, part: str, **values: str) -> Stage:
    parameters = stage.parameters | {part: stage.parameters[part] | values}
    return dataclasses.replace(stage, parameters=parameters)


def test_a_right_stage(stage: Stage) -> None:
    check_parameters(stage)


@pytest.mark.parametrize(
    ("part", "name", "value", "sentence"),
    [
        ("environment", "SHOP_DEBUG", "1", "SHOP_DEBUG allows debugging: take it out"),
        ("environment", "SHOP_INSECURE_HTTP", "1", "SHOP_INSECURE_HTTP allows cookies over"),
        ("environment", "SHOP_SECRET_KEY", "abc", "SHOP_SECRET_KEY would be in plain text"),
        ("environment", "STRIPE_API_KEY", "abc", "STRIPE_API_KEY would be in plain text"),
        ("environment", "SHOP_PAYMENT_GATEWAY", "", "The test gateway takes no money"),
        ("template", "MailFrom", "orders@other.shop", "MailFrom is not of MailDomain"),
        ("template", "CertificateArn", "", "corner.shop has no certificate"),
        (
            "template",
            "CertificateArn",
            "arn:aws:acm:eu-central-1:123456789012:certificate/1",
            "CertificateArn in infrastructure/stages/production.json is not of us-east-1",
        ),
        ("template", "HostedZoneId", "Z1", "With HostedZoneId the certificate is made: take Cert"),
        ("template", "Domain", "shop.example.com", "Domain is shop.example.com, which is nobody's"),
    ],
)
def test_a_wrong_parameter(stage: Stage, part: str, name: str, value: str, sentence: str) -> None:
    with pytest.raises(DeploymentError) as stopped:
        check_parameters(changed(stage, part, **{name: value}))
    assert stopped.value.message.startswith(sentence)


def test_a_zone_of_ours_needs_no_certificate(stage: Stage) -> None:
    check_parameters(changed(stage, "template", HostedZoneId="Z1", CertificateArn=""))


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        ("SHOP_TAXRATE", "did you mean SHOP_TAX_RATE? "),
        ("SHOP_MAIL_FORM", "did you mean SHOP_MAIL_FROM? "),
        ("SHOP_VOUCHERS", ""),
    ],
)
def test_a_name_that_nothing_reads(stage: Stage, name: str, guess: str) -> None:
    assert list(wrong_parameters(changed(stage, "environment", **{name: "1"}))) == [
        f"{name} is no setting of the shop: {guess}docs/settings.md has them all."
    ]


def test_names_that_are_not_the_shop_s(stage: Stage) -> None:
    """A gateway of one's own may read what it likes, under another name."""
    assert list(wrong_parameters(changed(stage, "environment", GATEWAY_ACCOUNT="1"))) == []


def test_all_settings_are_in_the_docs() -> None:
    listed = re.findall(r"^\| `(SHOP_[A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.M)
    assert sorted(listed) == sorted(settings_read())


def test_debug_in_zappa_s_settings(stage: Stage) -> None:
    wrong = dataclasses.replace(stage, zappa=stage.zappa | {"debug": True})
    assert list(wrong_parameters(wrong)) == [
        "debug is on in zappa_settings.json: errors would show the code. Set it to false."
    ]


def test_a_share_for_each_function(stage: Stage) -> None:
    """A stage's file of before there were two says so, and not what Python misses in it."""
    parameters = stage.parameters | {"concurrency": {"reserved": 20, "orders": 5, "catalog": 2}}
    old = dataclasses.replace(stage, parameters=parameters)
    assert list(wrong_parameters(old)) == [
        "concurrency in infrastructure/stages/production.json is of one function, and there are "
        "two: write it as in infrastructure/stages/staging.json, a share for shop and one for jobs."
    ]


@pytest.mark.parametrize(("runtime", "refused"), [("python3.11", True), ("python3.12", False)])
def test_snapshots_of_an_old_python(stage: Stage, runtime: str, refused: bool) -> None:
    parameters = stage.parameters | {"snap_start": True}
    asked = dataclasses.replace(
        stage, parameters=parameters, zappa=stage.zappa | {"runtime": runtime}
    )
    found = [text.partition(":")[0] for text in wrong_parameters(asked)]
    assert found == (["AWS takes no snapshots of python3.11"] if refused else [])


def test_the_names_of_secrets_are_no_secrets(stage: Stage) -> None:
    named = changed(stage, "environment", SHOP_SECRET_KEY_NAME="shop/secret-key")
    assert list(wrong_parameters(named)) == []


def test_a_purchase_costs_nobody_money(stage: Stage) -> None:
    """Unless somebody names what is to be charged."""
    real = {"SHOP_PAYMENT_GATEWAY": "payments.gateways.stripe.StripeGateway"}
    with pytest.raises(DeploymentError, match="production takes real money"):
        check_purchase(stage, real, "")
    check_purchase(stage, real, "pm_card")
    check_purchase(stage, {}, "")
    check_purchase(stage, {"SHOP_PAYMENT_GATEWAY": TEST_GATEWAY}, "")


@pytest.fixture
def queue() -> Iterator[str]:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="checked", Attributes={"VisibilityTimeout": "30"})["QueueUrl"]
    yield "checked"
    sqs.delete_queue(QueueUrl=url)


def test_a_queue(queue: str, settings: Any) -> None:
    sqs = boto3.client("sqs")
    assert list(wrong_queue(sqs, settings.QUEUES["orders"], 180)) == []
    assert list(wrong_queue(sqs, settings.QUEUES["catalog"], 5400)) == []
    assert [text.split(":")[0] for text in wrong_queue(sqs, queue, 180)] == [
        "checked has no dead-letter queue",
        "checked shows a message again after 30 s, while it may still be worked on",
    ]
    assert next(wrong_queue(sqs, "missing", 180)).startswith("There is no queue missing")


def test_a_bucket() -> None:
    s3 = boto3.client("s3")
    region = {"LocationConstraint": "eu-central-1"}
    s3.create_bucket(Bucket="checked", CreateBucketConfiguration=region)
    s3.delete_public_access_block(Bucket="checked")
    assert next(wrong_bucket(s3, "checked")).startswith("checked is not closed to the public")
    block = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    for closed, found in ((block, 0), (block[1:], 1)):
        s3.put_public_access_block(
            Bucket="checked",
            PublicAccessBlockConfiguration={name: name in closed for name in block},
        )
        assert len(list(wrong_bucket(s3, "checked"))) == found
    s3.delete_bucket(Bucket="checked")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"environment_variables": {"A": "1"}}, "debug must be false"),
        ({"variables": {}}, "Set INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT to 1"),
    ],
)
def test_zappa_by_hand(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, Any], sentence: str
) -> None:
    """`zappa deploy` without make is checked too."""
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    variables = change.pop("variables", {"INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1"})
    role = "arn:aws:iam::123456789012:role/shop-dev-function"
    cli = SimpleNamespace(
        stage_config={"role_arn": role, "events": []} | change,
        api_stage="dev",
        debug=False,
        aws_environment_variables=variables,
    )
    with pytest.raises(DeploymentError, match=f"^{sentence}"):
        check_stage(cli)
