"""What Zappa calls on the way (`callbacks` in zappa_settings.json), for what it cannot do."""

import os
import sys
from pathlib import Path
from typing import Any

# Zappa imports this file by its path, from the project's folder.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from infrastructure.errors import DeploymentError
from infrastructure.mappings import harden_mapping, refuse_forgotten
from infrastructure.package import rebuild
from infrastructure.snapshots import attach, release
from infrastructure.targets import Target, lambda_target, local_target

NOBODYS_ACCOUNT = ":000000000000:"


def zip_callback(cli: Any) -> None:
    """After the package was made: check what it is deployed with, and make it anew."""
    if cli.command != "package":
        release(cli.zappa.lambda_client, cli.zappa.events_client, cli.lambda_name)
        check_stage(cli)
    # Zappa adds to this dict what the function has besides: the settings' own stays as it is.
    cli.aws_environment_variables = dict(cli.aws_environment_variables)
    size = rebuild(Path(cli.zip_path), target_of(cli))
    print(f"Package: {size / 2**20:.1f} MiB")  # noqa: T201  for the person at the terminal


def post_callback(cli: Any) -> None:
    """After the deployment: what Zappa cannot set."""
    wanted = cli.stage_config["aws_environment_variables"]
    forget_variables(cli.zappa.lambda_client, cli.lambda_name, wanted)
    for event in cli.stage_config.get("events", []):
        source = event.get("event_source", {})
        if "esm" in source:
            harden_mapping(cli.zappa.lambda_client, cli.lambda_name, source)
    if cli.snap_start != "None":
        attach(cli.zappa.lambda_client, cli.zappa.events_client, cli.lambda_name, wanted)


def target_of(cli: Any) -> Target:
    """This machine for a local AWS, else Lambda."""
    return lambda_target(cli.runtime) if is_aws() else local_target()


def is_aws() -> bool:
    """Whether boto3 speaks to AWS itself."""
    return not os.environ.get("AWS_ENDPOINT_URL")


# Before ----------------------------------------------------------------------------------


def check_stage(cli: Any) -> None:
    """Raises DeploymentError for what Zappa would deploy, and should not."""
    config = cli.stage_config
    if is_aws() and NOBODYS_ACCOUNT in config["role_arn"]:
        raise DeploymentError(
            f"zappa_settings.json has nobody's account in role_arn ({config['role_arn']}): "
            f"use `make deploy STAGE={cli.api_stage}`, which fills it in, or write your own."
        )
    if cli.debug or config.get("environment_variables"):
        raise DeploymentError(
            "debug must be false, and environment_variables empty, since Zappa writes them into "
            "the package: use aws_environment_variables in zappa_settings.json."
        )
    if cli.aws_environment_variables.get("INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT") != "1":
        raise DeploymentError(
            "Set INSTANTIATE_LAMBDA_HANDLER_ON_IMPORT to 1 in aws_environment_variables: "
            "without it a customer waits for the shop to start, with each new process."
        )
    named = {each["event_source"]["arn"] for each in config["events"] if "event_source" in each}
    refuse_forgotten(cli.zappa.lambda_client, cli.lambda_name, named)


# After -----------------------------------------------------------------------------------


def forget_variables(client: Any, name: str, wanted: dict[str, str]) -> None:
    """Take what the settings no longer name from the function: Zappa keeps what was once set."""
    there = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    if set(there) - set(wanted):
        client.update_function_configuration(FunctionName=name, Environment={"Variables": wanted})
        client.get_waiter("function_updated_v2").wait(FunctionName=name)
