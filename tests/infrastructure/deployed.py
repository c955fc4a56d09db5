"""The deployment itself: `make e2e`. Not collected by `make test`: it takes minutes, and pip.

The real template, the real `zappa deploy` and `update`, on the local AWS of this test run;
what Lambda runs is the package that was uploaded. The first deployment is broken twice, and taken
up: `interrupted.py` breaks it after each kind of its calls.
"""

import dataclasses
import io
import json
import os
import signal
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from playwright.sync_api import sync_playwright

from infrastructure.commands import zappa
from infrastructure.deployment import prepare
from infrastructure.errors import DeploymentError
from infrastructure.gateway import LOG_FORMAT
from infrastructure.jobs import remove_jobs
from infrastructure.leftovers import api_id, function_exists
from infrastructure.mappings import mappings_of
from infrastructure.resources import infrastructure, origin_key
from infrastructure.stages import Stage, load_stage
from storefront.assets import files, version
from tests.infrastructure.deploying import address_of, bought, command, listened, run_on, stocked
from tests.infrastructure.guarded import SWEEP, the_gateway_refuses
from tests.infrastructure.interruption import Proxy
from tests.infrastructure.shoppers import SKU, Shopper
from tests.infrastructure.watching import (
    JOBS_LOGS,
    function_log,
    idle,
    mails_to,
    wait_for,
    waiting,
)
from tests.storefront import chromium
from tests.storefront.visits import Visit

# The function is there, its API is not; Zappa's stack for it is being made.
BREAKS = ("POST /2015-03-31/functions", "CreateStack")
KEY = "0d3c41a8-4f5e-4b57-9a53-5f0c7d566f5e"
PRODUCT = f"products/product-{SKU.lower()}/"


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Stage staging, deployed; taken down with its data afterwards."""
    with Proxy(os.environ["AWS_ENDPOINT_URL"], after=BREAKS) as proxy:
        for broken in BREAKS:
            code, said = proxy.deploy("staging")
            assert (code, proxy.broken[-1]) == (-signal.SIGKILL, broken), said
    assert "The shop is live" in command("deploy", "staging")
    stage = load_stage("staging")
    yield stage
    command("undeploy", "staging", "--delete-data", "shop-staging")


@pytest.fixture(scope="module")
def outputs(stage: Stage) -> dict[str, str]:
    return infrastructure(stage).outputs()


@pytest.fixture(scope="module")
def shopper(stage: Stage, outputs: dict[str, str]) -> Shopper:
    """A customer who comes through CloudFront, which the local AWS has not: with its key."""
    return Shopper(address_of(stage), origin_key(stage, outputs))


def test_nothing_is_there_twice(stage: Stage, outputs: dict[str, str]) -> None:
    """Of three attempts, two of which were killed."""
    apis = stage.client("apigateway").get_rest_apis(limit=500)["items"]
    assert [api["name"] for api in apis] == [stage.function]
    rules = stage.client("events").list_rules()["Rules"]
    assert [rule["Name"] for rule in rules] == [SWEEP]
    assert len(stage.client("events").list_targets_by_rule(Rule=SWEEP)["Targets"]) == 1
    assert listened(stage, outputs) == {
        stage.function: ["MailEvent", "Order"],
        stage.jobs_function: ["Catalog"],
    }


def test_a_product_is_bought(stage: Stage, outputs: dict[str, str], shopper: Shopper) -> None:
    stocked(stage, outputs)
    bought(stage, shopper, "first@example.org", KEY)


def test_a_product_is_bought_in_a_browser(stage: Stage, outputs: dict[str, str]) -> None:
    """Over the storefront's pages, which the function makes where no CloudFront is."""
    found = chromium.find()
    if found is None:
        pytest.skip("buying through the deployed storefront is not proven: there is no Chromium")
    email = "browser@example.org"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        # CloudFront's key is put on what a page asks for, but not on the fetch of its worker.
        key = origin_key(stage, outputs)
        context = browser.new_context(
            locale="en-US",
            # The local gateway gives what is compressed a length that is not its own.
            extra_http_headers={**key, "Accept-Encoding": "identity"},
            service_workers="block",
        )
        visit = Visit(context.new_page(), address_of(stage))
        # And what is binary, such as the typeface.
        visit.allowed += ["ERR_CONTENT_LENGTH_MISMATCH", "Service Worker registration blocked"]
        visit.put_into_cart(f"product-{SKU.lower()}", SKU)
        visit.open_checkout()
        visit.fill(email)
        number = visit.pay()
        visit.wait_for_status("confirmed")
        assert visit.faults == []
        browser.close()
    wait_for(lambda: bool(mails_to(email)), "the mail")
    assert mails_to(email) == [f"Your order {number} is confirmed"]


def test_the_gateway_checks_bodies(stage: Stage, shopper: Shopper) -> None:
    the_gateway_refuses(stage, shopper)


def test_zappa_s_own_update_keeps_the_routes(stage: Stage, shopper: Shopper) -> None:
    zappa(stage.name, "update", "--no-upload", "yes")
    the_gateway_refuses(stage, shopper)


def test_nobody_gets_past_cloudfront(stage: Stage) -> None:
    for key in ({}, {"x-api-key": "guessed"}):
        stranger = Shopper(address_of(stage), key)
        status, problem, _ = stranger.refused("cart/lines/", b"{}")
        assert (status, problem["code"]) == (403, "not_here")
        assert problem["detail"] == "This is not the shop's address: use its own."


def test_the_stage_of_the_api(stage: Stage, outputs: dict[str, str]) -> None:
    made = stage.client("apigateway").get_stage(restApiId=api_id(stage), stageName="staging")
    assert made["accessLogSettings"]["destinationArn"] == outputs["ApiLogsArn"]
    assert json.loads(made["accessLogSettings"]["format"]) == LOG_FORMAT
    rates = {
        name: (each["throttlingRateLimit"], each["throttlingBurstLimit"])
        for name, each in made["methodSettings"].items()
    }
    assert rates["*/*"] == (100.0, 200)
    assert rates["/api/v1/checkout/POST"] == (50.0, 100)
    assert rates["/api/v1/products/GET"] == (200.0, 400)
    (group,) = stage.client("logs").describe_log_groups(
        logGroupNamePrefix="/aws/apigateway/shop-staging"
    )["logGroups"]
    assert group["retentionInDays"] == 1
    assert stage.client("apigateway").get_account()["cloudwatchRoleArn"]


def test_the_smoke_test_buys(stage: Stage, shopper: Shopper) -> None:
    said = command("smoke", "staging", "--buy", SKU)
    assert "staging is well; a product list takes" in said
    assert "is confirmed" in said and "Answers took: cart" in said
    assert mails_to("success@simulator.amazonses.com")
    declined = ("--buy", SKU, "--method", "test-declined")
    assert "is cancelled after" in command("smoke", "staging", *declined, fails=True)
    assert "cart/lines/: 4" in command("smoke", "staging", "--buy", "NO-SUCH", fails=True)


def test_what_zappa_cannot_set_is_set(stage: Stage, outputs: dict[str, str]) -> None:
    client = stage.client("lambda")
    for name, reserved in ((stage.function, 10), (stage.jobs_function, 4)):
        for mapping in mappings_of(client, name):
            assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
            assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}
            assert mapping["State"] == "Enabled"
        concurrency = client.get_function_concurrency(FunctionName=name)
        assert concurrency["ReservedConcurrentExecutions"] == reserved
        variables = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        assert variables["INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT"] == "1"
        assert "SHOP_SECRET_KEY" not in variables


def test_two_functions_of_one_code(stage: Stage, outputs: dict[str, str]) -> None:
    """Each with a share and a role of its own; where they stand, both know."""
    client = stage.client("lambda")
    shop, jobs = (
        client.get_function_configuration(FunctionName=name) for name in stage.functions.values()
    )
    assert jobs["CodeSha256"] == shop["CodeSha256"]
    assert jobs["Environment"] == shop["Environment"]
    assert (jobs["Role"], shop["Role"]) == (outputs["JobsRoleArn"], outputs["FunctionRoleArn"])
    limits = [(each["Timeout"], each["MemorySize"]) for each in (shop, jobs)]
    assert limits == [(30, 1024), (900, 2048)]
    assert jobs["EphemeralStorage"] == {"Size": 2048}
    sqs = stage.client("sqs")
    hidden = {
        name: sqs.get_queue_attributes(
            QueueUrl=sqs.get_queue_url(QueueName=outputs[f"{name}QueueName"])["QueueUrl"],
            AttributeNames=["VisibilityTimeout"],
        )["Attributes"]["VisibilityTimeout"]
        for name in ("Order", "Catalog", "MailEvent")
    }
    assert hidden == {"Order": "180", "Catalog": "5400", "MailEvent": "180"}


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


def test_the_site_s_files_are_there(stage: Stage, outputs: dict[str, str]) -> None:
    listed = stage.client("s3").list_objects_v2(Bucket=outputs["SiteBucketName"])["Contents"]
    keys = {each["Key"] for each in listed}
    assert {"favicon.ico", "robots.txt", "index.html", "de/", "products/", "checkout/"} <= keys
    assert {f"assets/{version()}/{name}" for name in files()} <= keys


def test_jobs_are_done_by_the_second_function(
    stage: Stage, outputs: dict[str, str], shopper: Shopper
) -> None:
    """GIVEN a product WHEN its category is renamed THEN it is published again, there."""
    run_on(stage, outputs, "tests.infrastructure.renaming", "Beakers")

    def names_of(page: dict[str, Any]) -> list[str]:
        return [each["name"] for each in page["breadcrumbs"]]

    wait_for(
        lambda: names_of(shopper.send("GET", PRODUCT)[0]) == ["Beakers"], "the new name on the page"
    )
    wait_for(lambda: "consume_catalog done" in function_log(JOBS_LOGS), "the log of the job")
    assert "consume_catalog" not in function_log()


def test_the_schema_names_the_stage_s_address(stage: Stage, shopper: Shopper) -> None:
    schema, _ = shopper.send("GET", "schema/?format=json")
    assert schema["servers"] == [{"url": stage.api_address(str(api_id(stage)))}]


def test_the_schedule_sends_what_was_lost(stage: Stage) -> None:
    events = stage.client("events")
    assert events.describe_rule(Name=SWEEP)["ScheduleExpression"] == "rate(1 minute)"
    arn = events.describe_rule(Name=SWEEP)["Arn"]
    payload = {"source": "aws.events", "detail-type": "Scheduled Event", "resources": [arn]}
    answer = stage.client("lambda").invoke(
        FunctionName=stage.function, Payload=json.dumps(payload).encode()
    )
    assert json.load(answer["Payload"]) == {"sent": 0}


def test_an_update_keeps_everything(stage: Stage, shopper: Shopper) -> None:
    """And nothing else: a variable that the settings no longer have goes from the function."""
    before = address_of(stage)
    client = stage.client("lambda")
    variables = client.get_function_configuration(FunctionName=stage.function)["Environment"]
    old = variables["Variables"] | {"SHOP_OLD": "1"}
    client.update_function_configuration(
        FunctionName=stage.function, Environment={"Variables": old}
    )
    assert "Function and API" in command("deploy", "staging")
    assert address_of(stage) == before
    changed = client.get_function_configuration(FunctionName=stage.function)["Environment"]
    assert changed == variables
    bought(stage, shopper, "second@example.org", KEY.replace("0", "1"))
    the_gateway_refuses(stage, shopper)


def handled(stage: Stage, outputs: dict[str, str], responses: list[str]) -> int:
    """Send what no consumer understands, with or without reports; how many are left of it."""
    sqs, functions = stage.client("sqs"), stage.client("lambda")
    url = sqs.get_queue_url(QueueName=outputs["OrderQueueName"])["QueueUrl"]
    arn = outputs["OrderQueueArn"]
    (mapping,) = mappings_of(functions, stage.function, EventSourceArn=arn)
    functions.update_event_source_mapping(UUID=mapping["UUID"], FunctionResponseTypes=responses)
    before = function_log().count("was not processed")
    sqs.send_message(QueueUrl=url, MessageBody="{}")
    wait_for(lambda: function_log().count("was not processed") > before, "the failure")

    def settled() -> bool:
        (now,) = mappings_of(functions, stage.function, EventSourceArn=arn)
        return bool(now["LastProcessingResult"] != mapping["LastProcessingResult"]) or idle()

    wait_for(settled, "the end of the batch")
    left = waiting(outputs["OrderQueueName"])
    sqs.purge_queue(QueueUrl=url)
    return left


def test_without_reports_a_failed_message_is_lost(stage: Stage, outputs: dict[str, str]) -> None:
    reports = ["ReportBatchItemFailures"]
    assert handled(stage, outputs, []) == 0
    assert handled(stage, outputs, reports) == 1


def test_a_stage_of_before_there_were_two(stage: Stage, outputs: dict[str, str]) -> None:
    """GIVEN one function that listens to all queues WHEN it is deployed, and that is killed as soon
    as the second one is there, without its queue THEN the next deployment ends as any other."""
    remove_jobs(stage)
    source = {"FunctionName": stage.function, "EventSourceArn": outputs["CatalogQueueArn"]}
    stage.client("lambda").create_event_source_mapping(**source)
    with Proxy(os.environ["AWS_ENDPOINT_URL"], after=BREAKS[:1]) as proxy:
        code, said = proxy.deploy("staging")
        assert (code, proxy.broken) == (-signal.SIGKILL, list(BREAKS[:1])), said
    unheard = {stage.function: ["MailEvent", "Order"], stage.jobs_function: []}
    assert listened(stage, outputs) == unheard
    assert "The shop is live" in command("deploy", "staging")
    assert listened(stage, outputs) == unheard | {stage.jobs_function: ["Catalog"]}
    (mapping,) = mappings_of(stage.client("lambda"), stage.jobs_function)
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["State"] == "Enabled"
    test_two_functions_of_one_code(stage, outputs)


def test_other_code_is_said(stage: Stage) -> None:
    """By whoever asks the stage, until it is deployed again."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("older.py", "")
    client = stage.client("lambda")
    client.update_function_code(FunctionName=stage.jobs_function, ZipFile=package.getvalue())
    said = command("smoke", "staging", fails=True)
    assert "shop-staging-jobs does not run the code that shop-staging runs: `make deploy" in said
    command("deploy", "staging")
    assert "staging is well" in command("smoke", "staging")


def test_the_second_function_is_not_changed_alone(stage: Stage) -> None:
    for word in ("deploy", "update", "undeploy", "rollback"):
        with pytest.raises(DeploymentError):
            zappa(stage.jobs, word)
    with pytest.raises(DeploymentError):
        zappa(stage.name, "rollback", "-n", "1")


@pytest.mark.parametrize("name", ["shop-prod", "staging", "yes"])
def test_data_is_deleted_only_by_its_name(stage: Stage, name: str) -> None:
    said = command("undeploy", "staging", "--delete-data", name, fails=True)
    assert "say DELETE_DATA=shop-staging" in said
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
        assert "its messages would be lost" in command("deploy", "staging", fails=True)
    finally:
        client.delete_event_source_mapping(UUID=mapping["UUID"])


def test_a_wrong_setting_stops_the_deployment(
    stage: Stage, capfd: pytest.CaptureFixture[str]
) -> None:
    """The test gateway, on a stage that does not say that it means it."""
    loud = dataclasses.replace(stage, parameters=stage.parameters | {"environment": {}})
    with pytest.raises(DeploymentError, match="check --deploy` failed"):
        prepare(loud)
    said = capfd.readouterr()
    assert "The test gateway takes no money" in said.err
    assert "Tables" not in said.out


def test_an_open_bucket_stops_the_deployment(stage: Stage, outputs: dict[str, str]) -> None:
    stage.client("s3").delete_public_access_block(Bucket=outputs["ImageBucketName"])
    said = command("deploy", "staging", fails=True)
    assert f"{outputs['ImageBucketName']} is not closed to the public" in said


def test_undeploying_leaves_the_data(stage: Stage) -> None:
    command("undeploy", "staging")
    assert not function_exists(stage)
    assert not function_exists(stage, stage.jobs_function)
    tables = stage.client("dynamodb").list_tables()["TableNames"]
    assert f"{stage.table_prefix}orders_order" in tables
