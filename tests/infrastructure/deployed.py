"""The deployment itself: `make e2e`. Not collected by `make test`: it takes minutes, and pip.

The real template, the real `zappa deploy` and `update`, on the local AWS of this test run;
what Lambda runs is the package that was uploaded.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
import pytest

from infrastructure.deployment import api_address, function_exists, infrastructure
from infrastructure.hooks import mappings_of
from infrastructure.stages import Stage, environment, load_stage
from infrastructure.targets import ROOT
from tests.orders.shopping import ADDRESS

DEADLINE = 60.0  # seconds that an order may take
POLL = 0.2
KEY = "0d3c41a8-4f5e-4b57-9a53-5f0c7d566f5e"
SKU = "MUG-RED"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Stage dev, deployed; taken down with its data afterwards."""
    command("deploy", "dev")
    stage = load_stage("dev")
    yield stage
    command("undeploy", "dev", "--delete-data", "shop-dev")


@pytest.fixture(scope="module")
def outputs(stage: Stage) -> dict[str, str]:
    return infrastructure(stage).outputs()


def command(*arguments: str, fails: bool = False) -> str:
    """`python -m infrastructure`, as make calls it; what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "infrastructure", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == fails, done.stdout + done.stderr
    return done.stdout + done.stderr


def stocked(stage: Stage, outputs: Mapping[str, str]) -> None:
    """One article for sale, ten in stock, put there by manage.py as an operator would."""
    subprocess.run(
        [sys.executable, "-m", "tests.infrastructure.stock", SKU],
        cwd=ROOT,
        env={
            **os.environ,
            **environment(stage, dict(outputs)),
            "DJANGO_SETTINGS_MODULE": "shop.settings",
        },
        check=True,
    )


class Shopper:
    """A customer at the emulated API Gateway."""

    def __init__(self, base: str):
        self.base = base

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[Any, Any]:
        """The answer's JSON and headers. Raises HTTPError for a refusal."""
        request = urllib.request.Request(  # noqa: S310  our own AWS
            f"{self.base}/api/v1/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"} | headers,
            method=method,
        )
        with urllib.request.urlopen(request, timeout=DEADLINE) as answer:  # noqa: S310  the same
            text = answer.read().decode()
            return json.loads(text) if text else None, answer.headers

    def buy(self, email: str, key: str) -> dict[str, str]:
        """Two pieces, to the end of the checkout; number and secret."""
        _, opened = self.send("POST", "cart/")
        cart = {"Cart-Token": opened["Cart-Token"]}
        self.send("POST", "cart/lines/", {"sku": SKU, "quantity": 2}, **cart)
        order = {"email": email, "shipping_address": ADDRESS, "payment_method": "test-ok"}
        receipt, _ = self.send("POST", "checkout/", order, **cart, **{"Idempotency-Key": key})
        assert receipt["status"] == "created"
        return receipt

    def status(self, receipt: dict[str, str]) -> str:
        order, _ = self.send(
            "GET", f"orders/{receipt['number']}/", **{"Order-Secret": receipt["secret"]}
        )
        return order["status"]


def mails_to(address: str) -> list[str]:
    """Subjects of what SES took for it."""
    url = f"{os.environ['AWS_ENDPOINT_URL']}/_ministack/ses/messages"
    with urllib.request.urlopen(url, timeout=DEADLINE) as answer:  # noqa: S310  our own AWS
        boxes = json.load(answer)["messages"].values()
    return [mail["Subject"] for box in boxes for mail in box if address in mail["To"]]


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen\n{function_log()}"
        time.sleep(POLL)


def function_log() -> str:
    """What the function last said."""
    events = boto3.client("logs").filter_log_events(logGroupName="/aws/lambda/shop-dev")["events"]
    return "\n".join(each["message"].rstrip() for each in events[-60:])


def bought(stage: Stage, email: str, key: str) -> None:
    """A purchase over the API, through queue and function, to the mail."""
    shopper = Shopper(api_address(stage))
    receipt = shopper.buy(email, key)
    wait_for(lambda: shopper.status(receipt) == "confirmed", "the confirmation")
    wait_for(lambda: bool(mails_to(email)), "the mail")
    assert mails_to(email) == [f"Your order {receipt['number']} is confirmed"]


def test_a_product_is_bought(stage: Stage, outputs: dict[str, str]) -> None:
    stocked(stage, outputs)
    bought(stage, "first@example.org", KEY)


def test_what_zappa_cannot_set_is_set(stage: Stage, outputs: dict[str, str]) -> None:
    mappings = mappings_of(stage.client("lambda"), stage.function)
    queues = {outputs["OrderQueueArn"], outputs["CatalogQueueArn"]}
    assert {mapping["EventSourceArn"] for mapping in mappings} == queues
    for mapping in mappings:
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}
        assert mapping["State"] == "Enabled"
    concurrency = stage.client("lambda").get_function_concurrency(FunctionName=stage.function)
    assert concurrency["ReservedConcurrentExecutions"] == 10
    variables = stage.client("lambda").get_function_configuration(FunctionName=stage.function)
    assert variables["Environment"]["Variables"]["INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT"] == "1"
    assert "SHOP_SECRET_KEY" not in variables["Environment"]["Variables"]


def test_the_tables_are_protected(stage: Stage) -> None:
    dynamodb = stage.client("dynamodb")
    name = f"{stage.table_prefix}orders_order"
    assert dynamodb.describe_table(TableName=name)["Table"]["DeletionProtectionEnabled"] is True
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"


def test_the_static_files_are_there(stage: Stage, outputs: dict[str, str]) -> None:
    style = stage.client("s3").head_object(
        Bucket=outputs["StaticBucketName"], Key="static/admin/css/base.css"
    )
    assert (style["ContentType"], style["CacheControl"]) == ("text/css", "public, max-age=3600")


def test_the_schedule_sends_what_was_lost(stage: Stage) -> None:
    events = stage.client("events")
    rule = "shop-dev-shop.events.sweep_outbox"
    assert events.describe_rule(Name=rule)["ScheduleExpression"] == "rate(1 minute)"
    arn = events.describe_rule(Name=rule)["Arn"]
    payload = {"source": "aws.events", "detail-type": "Scheduled Event", "resources": [arn]}
    answer = stage.client("lambda").invoke(
        FunctionName=stage.function, Payload=json.dumps(payload).encode()
    )
    assert json.load(answer["Payload"]) == {"sent": 0}


def test_an_update_keeps_everything(stage: Stage) -> None:
    before = api_address(stage)
    assert "Function and API" in command("deploy", "dev")
    assert api_address(stage) == before
    bought(stage, "second@example.org", KEY.replace("0", "1"))


@pytest.mark.parametrize("name", ["shop-prod", "dev", "yes"])
def test_data_is_deleted_only_by_its_name(stage: Stage, name: str) -> None:
    said = command("undeploy", "dev", "--delete-data", name, fails=True)
    assert "say DELETE_DATA=shop-dev" in said
    assert function_exists(stage)


def test_a_forgotten_queue_stops_the_deployment(stage: Stage) -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="forgotten")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    client = stage.client("lambda")
    mapping = client.create_event_source_mapping(
        FunctionName=stage.function, EventSourceArn=arn["QueueArn"], Enabled=False
    )
    try:
        assert "its messages would be lost" in command("deploy", "dev", fails=True)
    finally:
        client.delete_event_source_mapping(UUID=mapping["UUID"])


def test_an_open_bucket_stops_the_deployment(stage: Stage, outputs: dict[str, str]) -> None:
    stage.client("s3").delete_public_access_block(Bucket=outputs["ImageBucketName"])
    said = command("deploy", "dev", fails=True)
    assert f"{outputs['ImageBucketName']} is not closed to the public" in said


def test_undeploying_leaves_the_data(stage: Stage) -> None:
    command("undeploy", "dev")
    assert not function_exists(stage)
    tables = stage.client("dynamodb").list_tables()["TableNames"]
    assert f"{stage.table_prefix}orders_order" in tables
