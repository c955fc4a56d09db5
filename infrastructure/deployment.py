"""From a checkout to a live stage, and back."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from infrastructure import files, tables
from infrastructure.checks import (
    TEST_METHOD,
    check_parameters,
    check_purchase,
    check_resources,
    check_zones,
)
from infrastructure.edge import EDGE_REGION, deploy_edge, edge, on_aws, subscribe
from infrastructure.errors import DeploymentError
from infrastructure.gateway import KEY_HEADER, Gateway, check_limits
from infrastructure.purchase import buy
from infrastructure.routes import Route, routes_of
from infrastructure.smoke import smoke_test
from infrastructure.snapshots import release
from infrastructure.stacks import Stack
from infrastructure.stages import (
    SETTINGS,
    Stage,
    check_credentials,
    environment,
    load_stage,
    public_url,
    write_settings,
)
from infrastructure.targets import ROOT, WORK, runtime_environment

HERE = Path(__file__).parent
SITE = ROOT / "shop" / "site" / "files"


def deploy(name: str) -> str:
    """Everything, in the order in which each step finds what it needs; the shop's address."""
    stage = load_stage(name)
    check_parameters(stage)
    check_credentials()
    check_zones(stage)
    runtime = runtime_environment(stage.target())
    say("Firewall, queues, buckets, mail, role, alarms")
    outputs = deploy_stacks(stage, api=api_id(stage) or "")
    check_resources(stage, outputs)
    say("Settings")
    manage(stage, outputs, "check", "--deploy", "--fail-level", "ERROR")
    routes = api_routes(stage, outputs)
    check_limits(stage.parameters["throttle"], routes)
    # Before the code: old code lives with new tables, new code not without them.
    say("Tables")
    manage(stage, outputs, "migrate", "--noinput", "--verbosity", "0")
    if stage.parameters["protect_tables"]:
        tables.protect(stage.client("dynamodb"), stage.table_prefix)
    say("Static files")
    publish_files(stage, outputs)
    say("Function and API")
    first = not function_exists(stage)
    write_settings(stage, outputs, first=first)
    zappa(stage, runtime, "deploy" if first else "update")
    gateway = Gateway(stage.client("apigateway"), str(api_id(stage)), stage.name)
    if first:
        gateway.publish(routes)  # CloudFront sends nobody yet: from now on nobody gets in
    outputs = deploy_stacks(stage, api=gateway.api)  # CloudFront has the key before it is asked
    tell_address(stage, outputs)
    for sentence in subscribe(stage, outputs["DistributionId"]):
        say(sentence)
    say("Routes, limits, access logs")
    allow_access_logs(stage)
    if not first:
        gateway.publish(routes)
    gateway.settle(outputs["ApiLogsArn"], stage.parameters["throttle"])
    say("Smoke test")
    # Past CloudFront: the host's name may not lead to it yet.
    address = public_url(stage, outputs)
    took = smoke_test(api_address(stage), origin_key(stage, outputs), address)
    say(f"{address}/api/v1/ is live; a product list takes {took:.0f} ms from here")
    return address


def undeploy(name: str, *, delete_data: str = "") -> None:
    """Function and API; with the stage's own name (shop-dev) in `delete_data` everything.

    Raises DeploymentError if `delete_data` is another name: nothing is done then.
    """
    stage = load_stage(name)
    if delete_data not in {"", stage.function}:
        raise DeploymentError(
            f"DELETE_DATA is {delete_data!r}. To delete the tables, images and mails' identity of "
            f"{name} for ever, say DELETE_DATA={stage.function}; else leave it out."
        )
    check_credentials()
    if delete_data and infrastructure(stage).describe() is None:  # an earlier attempt came so far
        operations(stage).delete()
        edge(stage).delete()
        say(f"Nothing is left of {name}")
        return
    outputs = infrastructure(stage).outputs()
    deploy_stacks(stage, api="")  # first nobody is sent to the API, then it goes
    if function_exists(stage):
        runtime = runtime_environment(stage.target())
        write_settings(stage, outputs, first=False)
        release(stage.client("lambda"), stage.client("events"), stage.function)
        zappa(stage, runtime, "undeploy", "--yes")
    if not delete_data:
        say(f"Tables, buckets, queues and the mail identity of {name} are still there")
        return
    tables.delete(stage.client("dynamodb"), stage.table_prefix)
    logs = deploy_edge(stage, "").get("LogBucketName")  # a plan keeps its distribution
    # Before the stack, whose outputs name them: whatever fails, the next attempt goes on.
    for key in ("ImageBucketName", "StaticBucketName", "SiteBucketName", "PackageBucketName"):
        files.remove(stage.client("s3"), outputs[key])
    if logs:
        files.remove(stage.client("s3", EDGE_REGION), logs)
    operations(stage).delete()
    infrastructure(stage).delete()
    edge(stage).delete()
    say(f"Nothing is left of {name}")


def package(name: str, output: Path) -> None:
    """The package alone, as `deploy` would upload it, without asking AWS for anything."""
    stage = load_stage(name)
    output.parent.mkdir(parents=True, exist_ok=True)
    try:
        zappa(
            stage,
            runtime_environment(stage.target()),
            *("package", "--output", os.path.relpath(output, ROOT)),
            settings=SETTINGS,
        )
    except DeploymentError:
        output.unlink(missing_ok=True)  # what Zappa had made, before it was pruned and checked
        raise


def smoke(name: str, *, sku: str = "", method: str = "") -> None:
    """Whether a deployed stage is alive; with `sku` one piece of it is bought.

    Raises DeploymentError if it is not, and if a purchase would cost money and `method`, a
    payment method of the stage's gateway, does not say that this is meant.
    """
    stage = load_stage(name)
    check_credentials()
    if api_id(stage) is None:
        raise DeploymentError(f"Stage {name} has no API: deploy first.")
    outputs = infrastructure(stage).outputs()
    # As customers come; a local AWS has no CloudFront, which would show the key.
    address = public_url(stage, outputs)
    key = origin_key(stage, outputs) if stage.endpoint else {}
    took = smoke_test(address, key, address)
    say(f"{name} is well; a product list takes {took:.0f} ms from here")
    if not sku:
        return
    check_purchase(stage, environment(stage, outputs), method)
    say(str(buy(address, sku, method or TEST_METHOD, key)))


# Parts -----------------------------------------------------------------------------------


def infrastructure(stage: Stage) -> Stack:
    return Stack(stage.client("cloudformation"), stage.stack, local=bool(stage.endpoint))


def operations(stage: Stage) -> Stack:
    return Stack(stage.client("cloudformation"), stage.operations_stack, local=bool(stage.endpoint))


def deploy_stacks(stage: Stage, *, api: str) -> dict[str, str]:
    """All three; the outputs of the greatest one. `api`: the id of Zappa's, empty for none."""
    firewall = deploy_edge(stage, infrastructure(stage).resource("Distribution") or "")
    outputs = infrastructure(stage).deploy(
        HERE / "template.yaml",
        {
            "CertificateArn": firewall.get("CertificateArn", ""),
            **stage.parameters["template"],
            "Stage": stage.name,
            "QueueVisibility": str(6 * stage.timeout),
            "WebAclArn": firewall["WebAclArn"],
            "Plan": stage.plan,
            "ApiId": api,
        },
    )
    operations(stage).deploy(
        HERE / "operations.yaml",
        {
            **stage.parameters.get("operations", {}),
            "Stage": stage.name,
            "AlarmMail": stage.parameters["template"].get("AlarmMail", ""),
            "OnAws": on_aws(stage),
        },
    )
    return outputs


def api_id(stage: Stage) -> str | None:
    """Of Zappa's own stack."""
    stack = Stack(stage.client("cloudformation"), stage.function, local=bool(stage.endpoint))
    return stack.resource("Api")


def api_address(stage: Stage) -> str:
    """The API itself, past CloudFront."""
    return stage.api_address(str(api_id(stage)))


def tell_address(stage: Stage, outputs: dict[str, str]) -> None:
    """The function's address, where it got one by being deployed: on a local AWS.

    To the function itself, and to Zappa's next update.
    """
    write_settings(stage, outputs, first=False)
    client, name = stage.client("lambda"), stage.function
    wanted = {"Variables": environment(stage, outputs)}
    there = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    if there != wanted["Variables"]:
        client.update_function_configuration(FunctionName=name, Environment=wanted)
        client.get_waiter("function_updated_v2").wait(FunctionName=name)


def origin_key(stage: Stage, outputs: dict[str, str]) -> dict[str, str]:
    """The header that CloudFront sends, for who asks the API itself."""
    secret = stage.client("secretsmanager").get_secret_value(SecretId=outputs["OriginKeyArn"])
    return {KEY_HEADER: secret["SecretString"]}


def function_exists(stage: Stage) -> bool:
    client = stage.client("lambda")
    try:
        client.get_function(FunctionName=stage.function)
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


def api_routes(stage: Stage, outputs: dict[str, str]) -> list[Route]:
    """What the code that is deployed says of itself."""
    file = WORK / f"openapi-{stage.name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    manage(stage, outputs, "spectacular", "--format", "openapi-json", "--file", str(file))
    return routes_of(json.loads(file.read_text()))


def allow_access_logs(stage: Stage) -> None:
    """API Gateway writes logs by one role per account and region: if there is none, ours."""
    if not stage.client("apigateway").get_account().get("cloudwatchRoleArn"):
        stack = Stack(
            stage.client("cloudformation"), "shop-access-logs", local=bool(stage.endpoint)
        )
        stack.deploy(HERE / "account.yaml", {})


def publish_files(stage: Stage, outputs: dict[str, str]) -> None:
    manage(stage, outputs, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
    files.upload(
        stage.client("s3"), outputs["StaticBucketName"], ROOT / "staticfiles", prefix="static/"
    )
    files.upload(stage.client("s3"), outputs["SiteBucketName"], SITE, prefix="")


def manage(stage: Stage, outputs: dict[str, str], *command: str) -> None:
    """manage.py with the function's settings and the caller's own rights."""
    variables = {
        **environment(stage, outputs),
        "AWS_REGION": stage.region,
        "DJANGO_SETTINGS_MODULE": str(stage.zappa["django_settings"]),
    }
    run([sys.executable, "manage.py", *command], variables)


def zappa(stage: Stage, runtime: Path, *command: str, settings: Path | None = None) -> None:
    """Zappa itself, packaging from `runtime` in place of its own environment."""
    first, *rest = command
    file = str(settings or stage.settings_file)
    run(
        [sys.executable, "-m", "zappa.cli", first, stage.name, "--settings_file", file, *rest],
        {"VIRTUAL_ENV": str(runtime), "AWS_DEFAULT_REGION": stage.region},
    )


def run(command: list[str], variables: Mapping[str, str]) -> None:
    """Raises DeploymentError if it fails; what it says is shown as it comes.

    Of the caller's own environment nothing that is a setting of the shop gets through.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SHOP_")}
    if python := os.environ.get("SHOP_TARGET_PYTHON"):
        inherited["SHOP_TARGET_PYTHON"] = python
    done = subprocess.run(command, env={**inherited, **variables}, cwd=ROOT, check=False)
    if done.returncode:
        raise DeploymentError(f"`{' '.join(command[1:4])}` failed: see above.")


def say(text: str) -> None:
    print(f"== {text}", flush=True)  # noqa: T201  for the person at the terminal
