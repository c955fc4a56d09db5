"""From a checkout to a live stage, and back."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from infrastructure import files, tables
from infrastructure.checks import check_parameters, check_resources
from infrastructure.errors import DeploymentError
from infrastructure.smoke import smoke_test
from infrastructure.stacks import Stack
from infrastructure.stages import SETTINGS, Stage, environment, load_stage, write_settings
from infrastructure.targets import ROOT, runtime_environment

HERE = Path(__file__).parent
EDGE_REGION = "us-east-1"  # AWS keeps CloudFront's firewalls there


def deploy(name: str) -> str:
    """Everything, in the order in which each step finds what it needs; the shop's address."""
    stage = load_stage(name)
    check_parameters(stage)
    runtime = runtime_environment(stage.target())
    say("Firewall, queues, buckets, mail, role, alarms")
    outputs = deploy_stacks(stage)
    check_resources(stage, outputs)
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
    deploy_stacks(stage)
    say("Smoke test")
    took = smoke_test(api_address(stage))
    address = api_address(stage) if stage.endpoint else f"https://{outputs['PublicHost']}"
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
    outputs = infrastructure(stage).outputs()
    if function_exists(stage):
        runtime = runtime_environment(stage.target())
        write_settings(stage, outputs, first=False)
        zappa(stage, runtime, "undeploy", "--yes")
    if not delete_data:
        deploy_stacks(stage)
        say(f"Tables, buckets, queues and the mail identity of {name} are still there")
        return
    tables.delete(stage.client("dynamodb"), stage.table_prefix)
    infrastructure(stage).delete()
    edge(stage).delete()
    for key in ("ImageBucketName", "StaticBucketName", "SiteBucketName", "PackageBucketName"):
        files.remove(stage.client("s3"), outputs[key])
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


def smoke(name: str) -> None:
    """Whether a deployed stage is alive. Raises DeploymentError if it is not."""
    stage = load_stage(name)
    if api_id(stage) is None:
        raise DeploymentError(f"Stage {name} has no API: deploy first.")
    say(f"{name} is well; a product list takes {smoke_test(api_address(stage)):.0f} ms from here")


# Parts -----------------------------------------------------------------------------------


def infrastructure(stage: Stage) -> Stack:
    return Stack(stage.client("cloudformation"), stage.stack, local=bool(stage.endpoint))


def edge(stage: Stage) -> Stack:
    client = stage.client("cloudformation", EDGE_REGION)
    return Stack(client, stage.edge_stack, local=bool(stage.endpoint))


def deploy_stacks(stage: Stage) -> dict[str, str]:
    """Both, with the API if there is one; the outputs of the greater one."""
    firewall = edge(stage).deploy(
        HERE / "edge.yaml", {"Stage": stage.name, **stage.parameters["edge"]}
    )
    return infrastructure(stage).deploy(
        HERE / "template.yaml",
        {
            **stage.parameters["template"],
            "Stage": stage.name,
            "QueueVisibility": str(6 * stage.timeout),
            "WebAclArn": firewall["WebAclArn"],
            "ApiId": api_id(stage) or "",
        },
    )


def api_id(stage: Stage) -> str | None:
    """Of Zappa's own stack."""
    stack = Stack(stage.client("cloudformation"), stage.function, local=bool(stage.endpoint))
    return stack.resource("Api")


def api_address(stage: Stage) -> str:
    """The API itself, past CloudFront."""
    if stage.endpoint:
        return f"{stage.endpoint}/_aws/execute-api/{api_id(stage)}/{stage.name}"
    return f"https://{api_id(stage)}.execute-api.{stage.region}.amazonaws.com/{stage.name}"


def function_exists(stage: Stage) -> bool:
    client = stage.client("lambda")
    try:
        client.get_function(FunctionName=stage.function)
    except client.exceptions.ResourceNotFoundException:
        return False
    return True


def publish_files(stage: Stage, outputs: dict[str, str]) -> None:
    manage(stage, outputs, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
    files.upload(
        stage.client("s3"), outputs["StaticBucketName"], ROOT / "staticfiles", prefix="static/"
    )


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
