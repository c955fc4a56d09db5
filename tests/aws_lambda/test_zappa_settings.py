"""What a deployment would be, as Zappa reads it."""

import fnmatch
import json
import re
import subprocess
from typing import Any

import pytest

from shop.provision import FUNCTION_TIMEOUT
from tests.aws_lambda.stages import FILE, load_stage, packaged_settings

ROOT = FILE.parent
STAGES = ("dev", "staging", "production")
RUNTIME_FILES = {
    "backoffice", "cart", "catalog", "dynamodb", "orders", "outbox", "payments", "pricing", "shop",
    "telemetry",
}  # fmt: skip
SECRET = re.compile(r"SECRET|PASSWORD|TOKEN|CREDENTIAL|_KEY")
NAME_OF_A_SECRET = "SHOP_SECRET_KEY_NAME"


def test_the_stages() -> None:
    assert tuple(json.loads(FILE.read_text())) == ("base", *STAGES)


@pytest.mark.parametrize("name", STAGES)
def test_what_zappa_would_set(name: str) -> None:
    cli = load_stage(name)

    assert cli.lambda_name == f"shop-{name}"
    assert (cli.runtime, cli.django_settings) == ("python3.13", "shop.settings")
    assert (cli.memory_size, cli.timeout_seconds) == (1024, FUNCTION_TIMEOUT)
    assert (cli.debug, cli.log_level) == (False, "INFO")
    assert (cli.manage_roles, cli.desired_role_arn) == (
        False,
        f"arn:aws:iam::000000000000:role/shop-{name}-function",
    )
    assert (cli.stage_config["keep_warm"], cli.stage_config["slim_handler"]) == (False, False)
    assert (cli.use_function_url, cli.cors, cli.binary_support) == (False, False, True)
    assert cli.endpoint_configuration == ["REGIONAL"]  # CloudFront is in front already
    detailed = cli.stage_config.get("cloudwatch_metrics_enabled", False)
    assert detailed == (name != "dev")
    assert cli.environment_variables == {}  # they would lie in the package


@pytest.mark.parametrize("name", STAGES)
def test_events_reach_the_functions(name: str) -> None:
    queue, catalog, schedule = load_stage(name).stage_config["events"]

    source = queue["event_source"]
    assert queue["function"] == "shop.events.consume_orders"
    assert source["arn"] == f"arn:aws:sqs:eu-central-1:000000000000:shop-{name}-orders"
    assert (source["batch_size"], source["enabled"]) == (10, True)
    arn = f"arn:aws:sqs:eu-central-1:000000000000:shop-{name}-catalog"
    assert catalog["function"] == "shop.events.consume_catalog"
    assert catalog["event_source"]["arn"] == arn
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
    """Each variable is one that is read, none is a secret, and the names are the stage's own."""
    variables: dict[str, Any] = load_stage(name).aws_environment_variables

    code = "".join((ROOT / "shop" / each).read_text() for each in ("settings.py", "secret_key.py"))
    read = set(re.findall(r'"(SHOP_\w+)"', code))
    assert {each for each in variables if each.startswith("SHOP_")} - read == set()
    assert [each for each in variables if SECRET.search(each)] == [NAME_OF_A_SECRET]
    assert variables[NAME_OF_A_SECRET] == f"shop-{name}/secret-key"
    assert variables["SHOP_TABLE_PREFIX"] == f"shop-{name}-"
    assert variables["SHOP_ORDER_QUEUE"] == f"shop-{name}-orders"


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
