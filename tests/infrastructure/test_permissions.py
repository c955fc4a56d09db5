"""Each function's role allows what its code calls, and nothing else."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.client import BaseClient
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from catalog.models import Product
from catalog.services import save_category
from dynamodb.calls import COUNTERS
from dynamodb.client.services import Api
from mails.ses import SESClient
from outbox.queues import queue_url
from shop.events import consume_catalog
from shop.management.commands.worker import Queue
from tests.aws_lambda.conftest import Handler, handler, order_queue, stage
from tests.aws_lambda.gateway import Gateway, rest_api_event
from tests.aws_lambda.test_purchase import check_out, fill_cart, queued_event, red_mug
from tests.catalog.conftest import kitchen, make_product, mugs
from tests.infrastructure.templates import INFRASTRUCTURE, TEMPLATE, distribution, parsed, resources

__all__ = ["handler", "kitchen", "make_product", "mugs", "order_queue", "red_mug", "stage"]

# A transaction needs the right to each of its writes:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
WRITES = {"ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem"}
PARTS = {"TransactWriteItems": WRITES, "TransactGetItems": {"GetItem"}}
S3_NAMES = {
    "DeleteObjects": "DeleteObject",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListObjectsV2": "ListBucket",
}
# Allowed, and not seen in the story below: by whom and when they are called.
ELSEWHERE = {
    "dynamodb:BatchWriteItem": "imports of a catalogue",
    "dynamodb:Scan": "lists in the admin, and the sweeper",
    "s3:DeleteObject": "pages of the storefront that a change made old",
    "s3:ListBucket": "so that a missing image is a 404 and not a 403",
    "secretsmanager:GetSecretValue": "the secret key, when a process starts",
    "lambda:InvokeFunction": "API Gateway, which takes the role in Zappa's integrations",
    "ses:SendEmail": "django-ses with SES's second API",
    "logs:CreateLogStream": "Lambda itself",
    "logs:PutLogEvents": "Lambda itself",
    "sqs:DeleteMessage": "Lambda's poller",
    "sqs:GetQueueAttributes": "Lambda's poller",
    "sqs:ReceiveMessage": "Lambda's poller",
}
# Of the account, says AWS's service authorization reference; Lambda's daemon calls X-Ray.
UNNAMEABLE = {
    "ses:DeleteSuppressedDestination",
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
}


def listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def statements(template: str = TEMPLATE, role: str = "FunctionRole") -> list[dict[str, Any]]:
    policies = resources(template)[role]["Properties"]["Policies"]
    return [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]


def allowed(template: str = TEMPLATE, role: str = "FunctionRole") -> set[str]:
    return {action for each in statements(template, role) for action in listed(each["Action"])}


def resources_for(action: str, role: str) -> set[str]:
    """On what the role may do it."""
    return {
        name
        for each in statements(role=role)
        if action in listed(each["Action"])
        for name in listed(each["Resource"])
    }


@pytest.mark.parametrize("role", ["FunctionRole", "JobsRole"])
def test_no_star(role: str) -> None:
    for each in statements(role=role):
        actions, names = listed(each["Action"]), listed(each["Resource"])
        assert not [action for action in actions if "*" in action]
        if "*" in names:
            assert set(actions) <= UNNAMEABLE
        for name in names:
            # A star stands at the end only: below a table prefix, a bucket, a log group.
            assert name == "*" or "*" not in name.removesuffix("*")


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """IAM's names of what boto3 and our own clients are asked to call from now on."""
    seen: set[str] = set()
    real, real_send, real_call = BaseClient._make_api_call, Api.send, SESClient.call

    def noted(self: Any, operation: str, params: Any) -> Any:
        service = self.meta.service_model.signing_name
        seen.add(f"{service}:{S3_NAMES.get(operation, operation)}")
        return real(self, operation, params)

    def noted_send(self: Api, operation: str, body: bytes) -> Any:
        seen.add(f"{self.service.name}:{operation}")
        return real_send(self, operation, body)

    def noted_call(self: SESClient, operation: str, params: dict[str, Any]) -> Any:
        seen.add(f"{self.service.name}:{operation}")
        return real_call(self, operation, params)

    monkeypatch.setattr(SESClient, "call", noted_call)
    monkeypatch.setattr(BaseClient, "_make_api_call", noted)
    monkeypatch.setattr(Api, "send", noted_send)
    queue_url.cache_clear()  # asked for once per process
    return seen


@pytest.mark.django_db(transaction=True)
def test_what_is_called_is_allowed(
    handler: Handler, red_mug: Product, order_queue: Queue, called: set[str]
) -> None:
    before = COUNTERS.copy()
    gateway = Gateway(handler, rest_api_event)
    assert gateway.send("GET", "/api/v1/products/").status == 200
    cart = fill_cart(gateway, "MUG-RED", 1)
    number = check_out(gateway, cart, "rights@example.com").json["number"]
    asked = called.copy()
    handled = set[str]()
    for _ in ("the order", "its mail"):
        event = queued_event(order_queue, number)
        called.clear()  # receiving was the part of Lambda's poller
        assert handler(event, None) == {"batchItemFailures": []}
        handled |= called
    called |= handled
    default_storage.delete(default_storage.save("products/rights.png", ContentFile(b"")))
    called.discard("s3:DeleteObject")  # this test tidying up
    engine = {
        f"dynamodb:{part}"
        for operation in COUNTERS - before
        for part in PARTS.get(operation, {operation})
    }

    used = asked | called | engine

    assert used - allowed() == set()
    assert allowed() - used - UNNAMEABLE == set(ELSEWHERE)
    for action in used:  # taken out of the role, any of them is missed
        without = re.sub(rf"\b{action}\b", "none:Nothing", TEMPLATE)
        assert used - allowed(without) == {action}


# Allowed to the second function, and not seen in the story below.
JOBS_ELSEWHERE = {
    "dynamodb:BatchWriteItem": "imports of a catalogue",
    "dynamodb:Scan": "work on all there is",
    "logs:CreateLogStream": "Lambda itself",
    "logs:PutLogEvents": "Lambda itself",
    "s3:GetObject": "pictures, to make them smaller",
    "s3:ListBucket": "so that a missing picture is a 404 and not a 403",
    "secretsmanager:GetSecretValue": "the secret key, when a process starts",
    "sqs:ChangeMessageVisibility": "what failed, so that it comes again soon",
    "sqs:DeleteMessage": "Lambda's poller",
    "sqs:GetQueueAttributes": "Lambda's poller",
    "sqs:GetQueueUrl": "what follows, when there is more than a page of it",
    "sqs:ReceiveMessage": "Lambda's poller",
    "sqs:SendMessage": "the same",
}


@pytest.mark.django_db(transaction=True)
def test_what_jobs_call_is_allowed(
    handler: Handler, red_mug: Product, called: set[str], settings: Any
) -> None:
    """GIVEN pages behind a CDN WHEN the category of a product has another name THEN the product
    is published again, and what has become old goes."""
    settings.SITE_BUCKET = settings.IMAGE_BUCKET  # any will do
    queue = Queue("catalog")
    queue.sqs.purge_queue(QueueUrl=queue.url)
    category = red_mug.category
    category.name = "Beakers"
    save_category(category=category)
    called.clear()  # saving was the first function's part
    before = COUNTERS.copy()
    consume_catalog({"Records": queue.receive()}, None)
    called -= {"sqs:GetQueueUrl", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
    used = called | {
        f"dynamodb:{part}"
        for operation in COUNTERS - before
        for part in PARTS.get(operation, {operation})
    }

    assert "s3:DeleteObject" in used
    assert used - allowed(role="JobsRole") == set()
    assert allowed(role="JobsRole") - used - UNNAMEABLE == set(JOBS_ELSEWHERE)


def test_who_may_what() -> None:
    """Each function polls its own queues; mail and customers' files are none of the jobs'."""
    polls = {
        role: resources_for("sqs:ReceiveMessage", role) for role in ("FunctionRole", "JobsRole")
    }
    assert polls == {
        "FunctionRole": {"OrderQueue.Arn", "MailEventQueue.Arn"},
        "JobsRole": {"CatalogQueue.Arn"},
    }
    for role in polls:
        assert resources_for("sqs:SendMessage", role) == {"OrderQueue.Arn", "CatalogQueue.Arn"}
    only_shop = allowed() - allowed(role="JobsRole")
    assert only_shop == {
        "lambda:InvokeFunction",
        "ses:DeleteSuppressedDestination",
        "ses:SendEmail",
        "ses:SendRawEmail",
    }
    assert resources_for("s3:PutObject", "FunctionRole") == {
        "${ImageBucket.Arn}/*",
        "${SiteBucket.Arn}/changed",
    }
    assert resources_for("s3:PutObject", "JobsRole") == {
        "${ImageBucket.Arn}/*",
        "${SiteBucket.Arn}/*",
    }


def test_what_the_function_may_never() -> None:
    never = {"dynamodb:CreateTable", "dynamodb:DeleteTable", "iam:PassRole"}
    assert never & allowed() == set()
    # Pictures and orders' files stay, whatever the code does: of pages there are others.
    deleting = [each for each in statements() if "s3:DeleteObject" in listed(each["Action"])]
    assert [listed(each["Resource"]) for each in deleting] == [["${SiteBucket.Arn}/*"]]


def test_who_takes_the_role() -> None:
    """Zappa names it for its integrations and schedules too; without trust they answer 500. The
    jobs have neither."""
    (trust,) = resources()["JobsRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    (trust,) = resources()["FunctionRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    services = {"lambda.amazonaws.com", "apigateway.amazonaws.com", "events.amazonaws.com"}
    assert set(trust["Principal"]["Service"]) == services


def test_nobody_takes_a_role_for_another_account() -> None:
    """Each role of each template."""
    templates = [path.read_text() for path in sorted(INFRASTRUCTURE.glob("*.yaml"))]
    roles = [
        role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        for template in templates
        for role in resources(template).values()
        if role["Type"] == "AWS::IAM::Role"
    ]
    assert len(roles) >= 2
    account = {"StringEqualsIfExists": {"aws:SourceAccount": "AWS::AccountId"}}
    assert [each["Condition"] for trust in roles for each in trust] == [account] * len(roles)


def test_mails_go_to_servers_without_tls_too() -> None:
    delivery = resources()["MailConfiguration"]["Properties"]["DeliveryOptions"]
    assert delivery == {"TlsPolicy": "MailTls"}
    assert parsed()["Parameters"]["MailTls"]["Default"] == "OPTIONAL"


def test_buckets_are_private() -> None:
    buckets = [each for each in resources().values() if each["Type"] == "AWS::S3::Bucket"]
    assert len(buckets) == 4
    for bucket in buckets:
        assert all(bucket["Properties"]["PublicAccessBlockConfiguration"].values())
        assert bucket["DeletionPolicy"] == "RetainExceptOnCreate"
        assert bucket["Properties"]["BucketName"].endswith("-${AWS::AccountId}")


def test_answers_that_are_somebody_s_are_not_cached() -> None:
    uncached = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    policies = {
        each["PathPattern"]: each["CachePolicyId"]
        for each in distribution()["CacheBehaviors"]
        if each["TargetOriginId"] == "api"
    }
    assert policies == {
        "/api/v1/products/*": "CatalogueCache",
        "/api/v1/categories/*": "CatalogueCache",
        "/api*": uncached,  # /api-auth too
        "/admin*": uncached,
    }
    cache = resources()["CatalogueCache"]["Properties"]["CachePolicyConfig"]
    assert (cache["MinTTL"], cache["DefaultTTL"]) == (0, 0)  # only what says so itself is kept
    keyed = cache["ParametersInCacheKeyAndForwardedToOrigin"]
    assert keyed["CookiesConfig"] == {"CookieBehavior": "none"}
    assert "Authorization" not in json.dumps(keyed)


def test_cfn_lint_finds_nothing() -> None:
    templates = sorted(str(path) for path in INFRASTRUCTURE.glob("*.yaml"))
    assert len(templates) == 4
    lint = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run([str(lint), *templates], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
