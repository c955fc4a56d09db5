"""What a deployment would be, as Zappa reads it."""

import fnmatch
import json
import re
import subprocess

import pytest

from infrastructure import stages
from infrastructure.stages import environment
from shop.functions import FUNCTIONS
from tests.aws_lambda.stages import FILE, load_stage, packaged_settings

ROOT = FILE.parent
STAGES = ("dev", "staging", "production")
RUNTIME_FILES = {
    "backoffice", "bodies", "cart", "catalog", "customers", "dynamodb", "limits", "mails", "orders",
    "outbox", "payments", "pricing", "shop", "storefront", "telemetry",
}  # fmt: skip
SECRET = re.compile(r"SECRET|PASSWORD|TOKEN|CREDENTIAL|_KEY")
NAME_OF_A_SECRET = "SHOP_SECRET_KEY_NAME"


def test_the_stages() -> None:
    """Each with its jobs."""
    names = [f"{name}{function}" for name in ("base", *STAGES) for function in ("", "_jobs")]
    assert list(json.loads(FILE.read_text())) == names


@pytest.mark.parametrize("name", STAGES)
def test_what_zappa_would_set(name: str) -> None:
    cli = load_stage(name)

    assert cli.lambda_name == f"shop-{name}"
    assert (cli.runtime, cli.django_settings) == ("python3.13", "shop.settings")
    assert (cli.memory_size, cli.timeout_seconds) == (1024, FUNCTIONS["shop"].timeout)
    assert (cli.debug, cli.log_level) == (False, "INFO")
    assert (cli.manage_roles, cli.desired_role_arn) == (False, None)  # the callback fills it in
    assert (cli.stage_config["keep_warm"], cli.stage_config["slim_handler"]) == (False, False)
    assert (cli.use_function_url, cli.cors, cli.binary_support) == (False, False, True)
    assert cli.endpoint_configuration == ["REGIONAL"]  # CloudFront is in front already
    # Five metrics of each route, for 0.30 USD each: the log has the same by endpoint.
    assert cli.stage_config.get("cloudwatch_metrics_enabled", False) is False
    assert cli.environment_variables == {}  # they would lie in the package


@pytest.mark.parametrize("name", STAGES)
def test_the_second_function(name: str) -> None:
    """A share of its own, nobody who calls it but its queues, and all else as the first."""
    shop, jobs = load_stage(name), load_stage(f"{name}_jobs")

    assert jobs.lambda_name == f"shop-{name}-jobs"
    assert jobs.lambda_handler == "shop.jobs_function.lambda_handler"
    assert (jobs.memory_size, jobs.timeout_seconds) == (2048, FUNCTIONS["jobs"].timeout)
    assert jobs.ephemeral_storage == {"Size": 2048}
    assert (jobs.use_apigateway, jobs.use_function_url) == (False, False)
    assert [event for event in jobs.stage_config["events"] if "expression" in event] == []
    own = {"lambda_handler", "memory_size", "timeout_seconds", "events", "extends"}
    own |= {"apigateway_enabled", "ephemeral_storage"}
    rest = [
        {key: value for key, value in cli.stage_config.items() if key not in own}
        for cli in (shop, jobs)
    ]
    assert rest[0] == rest[1]
    assert stages.load_stage(name).zappa_jobs == jobs.stage_config


@pytest.mark.parametrize("name", STAGES)
def test_events_reach_the_functions(name: str) -> None:
    queue, mails, schedule = load_stage(name).stage_config["events"]
    (catalog,) = load_stage(f"{name}_jobs").stage_config["events"]

    source = queue["event_source"]
    assert queue["function"] == "shop.events.consume_orders"
    assert source["arn"] == f"arn:aws:sqs:eu-central-1:000000000000:shop-{name}-orders"
    assert (source["batch_size"], source["enabled"]) == (10, True)
    arn = f"arn:aws:sqs:eu-central-1:000000000000:shop-{name}-catalog"
    assert catalog["function"] == "shop.events.consume_catalog"
    assert catalog["event_source"]["arn"] == arn
    arn = f"arn:aws:sqs:eu-central-1:000000000000:shop-{name}-mail-events"
    assert mails["function"] == "shop.events.consume_mail_events"
    assert mails["event_source"] == {**catalog["event_source"], "arn": arn}
    assert schedule == {"function": "shop.events.sweep_outbox", "expression": "rate(1 minute)"}


@pytest.mark.parametrize("name", STAGES)
def test_the_schedule_s_name_leads_back_to_its_function(name: str) -> None:
    cli = load_stage(name)
    (schedule,) = (event for event in cli.stage_config["events"] if "expression" in event)

    rule = cli.zappa.get_scheduled_event_name(schedule, schedule["function"], cli.lambda_name)

    assert rule == f"shop-{name}-shop.events.sweep_outbox"
    assert len(rule) <= 63


@pytest.mark.parametrize("name", STAGES)
def test_the_environment(name: str) -> None:
    """Nothing of an account: names and addresses are filled in from the stage's stack."""
    assert load_stage(name).aws_environment_variables == {
        "INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1"
    }


class Outputs(dict[str, str]):
    """A stack's, named after what they are."""

    def __missing__(self, name: str) -> str:
        return name


@pytest.mark.parametrize("name", STAGES)
def test_what_is_filled_in(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each variable is one that is read, none is a secret, and the names are the stage's own."""
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    variables = environment(stages.load_stage(name), Outputs(), "a1b2c3")

    code = "".join((ROOT / "shop" / each).read_text() for each in ("settings.py", "secret_key.py"))
    read = {*re.findall(r'"(SHOP_\w+)"', code), "SHOP_PUBLIC_URL"}
    assert {each for each in variables if each.startswith("SHOP_")} - read == set()
    assert [each for each in variables if SECRET.search(each)] == [NAME_OF_A_SECRET]
    assert variables[NAME_OF_A_SECRET] == "SecretKeyArn"
    assert variables["SHOP_TABLE_PREFIX"] == f"shop-{name}-"
    assert variables["SHOP_ORDER_QUEUE"] == "OrderQueueName"


def test_dev_has_no_cdn_and_no_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    dev = stages.load_stage("dev")
    url = "https://a1b2c3.execute-api.eu-central-1.amazonaws.com/dev"
    expected = {
        "INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT": "1",
        "SHOP_PUBLIC_URL": url,
        "SHOP_STATIC_URL": f"{url}/static/",
        "SHOP_IMAGE_BASE_URL": f"{url}/images/",
        "SHOP_STATIC_BUCKET": "StaticBucketName",
        "SHOP_IMAGE_BUCKET": "ImageBucketName",
        "SHOP_EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend",
        "SHOP_CATALOG_QUEUE": "CatalogQueueName",
        "SHOP_MAIL_EVENT_QUEUE": "MailEventQueueName",
        "SHOP_ORDER_QUEUE": "OrderQueueName",
        "SHOP_SECRET_KEY_NAME": "SecretKeyArn",
        "SHOP_TABLE_PREFIX": "shop-dev-",
        "SHOP_PAYMENT_GATEWAY": "payments.gateways.testing.TestGateway",
        "SHOP_SILENCED_CHECKS": "shop.E003,shop.E004",
    }
    assert environment(dev, Outputs(), "a1b2c3") == expected
    unknown = {"SHOP_PUBLIC_URL", "SHOP_STATIC_URL", "SHOP_IMAGE_BASE_URL"}
    first = {name: value for name, value in expected.items() if name not in unknown}
    first["SHOP_ALLOWED_HOSTS"] = ".execute-api.eu-central-1.amazonaws.com"
    assert environment(dev, Outputs()) == first  # before there is an API


def test_what_is_packaged() -> None:
    """A new file at the top is packaged or not by decision, not by accident."""
    if not (ROOT / ".git").exists():
        pytest.skip("only git knows which files are the project's")
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    tops = {line.split("/")[0] for line in listed.splitlines()}
    config = load_stage("production").stage_config

    unwanted = [*config["exclude"], *config["exclude_glob"]]
    packaged = {top for top in tops if not any(fnmatch.fnmatch(top, each) for each in unwanted)}

    assert packaged == RUNTIME_FILES


def test_the_packaged_module_holds_nothing_private() -> None:
    module = packaged_settings(load_stage("production"))

    assert module.ENVIRONMENT_VARIABLES == {"AWS_REGION": "eu-central-1"}
    assert (module.DEBUG, module.LOG_LEVEL) == (False, "INFO")
