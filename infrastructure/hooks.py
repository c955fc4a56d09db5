"""What Zappa calls on the way (`callbacks` in zappa_settings.json), for what it cannot do."""

import os
import sys
import time
from pathlib import Path
from typing import Any

# Zappa imports this file by its path, from the project's folder.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from infrastructure.errors import DeploymentError
from infrastructure.package import rebuild
from infrastructure.targets import Target, lambda_target, local_target

NOBODYS_ACCOUNT = ":000000000000:"
DEADLINE = 120.0  # seconds until a mapping has settled
POLL = 0.5


def zip_callback(cli: Any) -> None:
    """After the package was made: check what it is deployed with, and make it anew."""
    if cli.command != "package":
        check_stage(cli)
    size = rebuild(Path(cli.zip_path), target_of(cli))
    print(f"Package: {size / 2**20:.1f} MiB")  # noqa: T201  for the person at the terminal


def post_callback(cli: Any) -> None:
    """After the deployment: what Zappa cannot set."""
    for event in cli.stage_config.get("events", []):
        source = event.get("event_source", {})
        if "esm" in source:
            harden_mapping(cli.zappa.lambda_client, cli.lambda_name, source)
    if "throttle" in cli.stage_config:
        throttle(cli, cli.stage_config["throttle"])


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


def refuse_forgotten(client: Any, name: str, named: set[str]) -> None:
    """Of an event source that no function is named for, Zappa's handler consumes all: lost."""
    for mapping in mappings_of(client, name):
        if mapping["EventSourceArn"] not in named:
            raise DeploymentError(
                f"{name} still listens to {mapping['EventSourceArn']}, which zappa_settings.json "
                f"does not name: its messages would be lost. First `aws lambda "
                f"delete-event-source-mapping --uuid {mapping['UUID']}`."
            )


def mappings_of(client: Any, name: str, **filters: str) -> list[dict[str, Any]]:
    """The function's event source mappings; none while there is no function."""
    pages = client.get_paginator("list_event_source_mappings")
    try:
        found = pages.paginate(FunctionName=name, **filters).build_full_result()
    except client.exceptions.ResourceNotFoundException:
        return []
    mappings: list[dict[str, Any]] = found["EventSourceMappings"]
    return mappings


# After -----------------------------------------------------------------------------------


def harden_mapping(client: Any, name: str, source: dict[str, Any]) -> None:
    """Partial failures, concurrency: and only then switched on."""
    arn = source["arn"]
    (mapping,) = mappings_of(client, name, EventSourceArn=arn)
    settle(client, mapping["UUID"])
    client.update_event_source_mapping(
        UUID=mapping["UUID"],
        FunctionName=name,
        Enabled=True,
        BatchSize=source["batch_size"],
        **source["esm"],
    )
    settled = settle(client, mapping["UUID"])
    if settled.get("FunctionResponseTypes") != source["esm"]["FunctionResponseTypes"]:
        raise DeploymentError(
            f"{arn} does not report single failures of a batch, and would lose orders: "
            "stop it with `zappa unschedule`, and see what refused the change."
        )


def settle(client: Any, uuid: str) -> dict[str, Any]:
    """The mapping, once it is neither being made nor being changed."""
    deadline = time.monotonic() + DEADLINE
    while True:
        mapping: dict[str, Any] = client.get_event_source_mapping(UUID=uuid)
        if mapping["State"] in {"Enabled", "Disabled"}:
            return mapping
        if time.monotonic() > deadline:
            raise DeploymentError(f"Event source mapping {uuid} stays {mapping['State']}.")
        time.sleep(POLL)


def throttle(cli: Any, limits: dict[str, int]) -> None:
    """All routes of the API together: so many requests a second, so many at once."""
    values = {"rateLimit": limits["requests_per_second"], "burstLimit": limits["burst"]}
    cli.zappa.apigateway_client.update_stage(
        restApiId=cli.zappa.get_api_id(cli.lambda_name),
        stageName=cli.api_stage,
        patchOperations=[
            {"op": "replace", "path": f"/*/*/throttling/{name}", "value": str(value)}
            for name, value in values.items()
        ],
    )
