"""Zappa's settings for both functions of a stage, filled in from its stack."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from infrastructure.concurrency import Concurrency, affordable
from infrastructure.mappings import reports_failures
from infrastructure.stages import QUEUES, Stage, environment


def write_settings(stage: Stage, outputs: dict[str, str], *, api: str) -> Path:
    """Zappa's settings, filled in from the stack; the file's path.

    `api`: its id, or nothing while there is none.
    """
    return keep_settings(stage, filled(stage, outputs, api=api))


def keep_settings(stage: Stage, settings: Mapping[str, Any]) -> Path:
    """Where Zappa finds them; the file's path."""
    stage.settings_file.parent.mkdir(parents=True, exist_ok=True)
    stage.settings_file.write_text(json.dumps(settings, indent=2))
    return stage.settings_file


def filled(stage: Stage, outputs: dict[str, str], *, api: str) -> dict[str, Any]:
    """The settings of both functions, by Zappa's names of them."""
    may_run = affordable(stage.client("lambda"), stage.functions, stage.parameters["concurrency"])
    variables = environment(stage, outputs, api)
    own = filled_shop(stage, outputs, may_run), filled_jobs(stage, outputs, may_run)
    return {
        name: settings | {"aws_environment_variables": variables}
        for name, settings in zip((stage.name, stage.jobs), own, strict=True)
    }


def filled_shop(stage: Stage, outputs: dict[str, str], may_run: Concurrency) -> dict[str, Any]:
    settings = filled_part(stage, stage.zappa, "shop", outputs, may_run)
    if stage.snap_start:  # the same again would be no new version, nor snapshot, nor secret key
        settings["lambda_description"] = f"Deployed {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return settings | {
        "role_arn": outputs["FunctionRoleArn"],
        "snap_start": "PublishedVersions" if stage.snap_start else "None",
        # These fill in settings, and here they are filled in.
        "callbacks": {at: name for at, name in settings["callbacks"].items() if at != "settings"},
    }


def filled_jobs(stage: Stage, outputs: dict[str, str], may_run: Concurrency) -> dict[str, Any]:
    """Without callbacks: it is deployed by those of the other, see infrastructure/jobs.py."""
    settings = filled_part(stage, stage.zappa_jobs, "jobs", outputs, may_run)
    return settings | {"role_arn": outputs["JobsRoleArn"], "callbacks": {}}


def filled_part(
    stage: Stage,
    settings: Mapping[str, Any],
    function: str,
    outputs: dict[str, str],
    may_run: Concurrency,
) -> dict[str, Any]:
    """What both have."""
    on_local_aws = {"runtime": stage.target().runtime, "touch": False} if stage.endpoint else {}
    return {
        **{key: value for key, value in settings.items() if key != "extends"},
        **on_local_aws,
        "aws_region": stage.region,
        "s3_bucket": outputs["PackageBucketName"],
        "lambda_concurrency": may_run.reserved.get(function),
        "events": [
            fill_event(stage, event, stage.functions[function], outputs, may_run.queues)
            for event in settings["events"]
        ],
    }


def fill_event(
    stage: Stage,
    event: dict[str, Any],
    function: str,
    outputs: dict[str, str],
    at_once: Mapping[str, int],
) -> dict[str, Any]:
    """An event with the stack's own queue; schedules stay as they are.

    A queue that `function` does not listen to as it must stays off until the hook has set what
    Zappa cannot: what fails of a batch would be lost.
    """
    if "event_source" not in event:
        return event
    source = event["event_source"]
    queue = source["arn"].rpartition(":")[2].removeprefix(f"shop-{stage.name}-")
    arn = outputs[QUEUES[queue] + "Arn"]
    filled_in = {
        "arn": arn,
        "enabled": reports_failures(stage.client("lambda"), function, arn),
        "esm": source["esm"] | {"ScalingConfig": {"MaximumConcurrency": at_once[queue]}},
    }
    return event | {"event_source": source | filled_in}


def set_variables(client: Any, name: str, wanted: dict[str, str]) -> None:
    """Exactly these for the function: Zappa keeps what was once set."""
    there = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    if there != wanted:
        client.update_function_configuration(FunctionName=name, Environment={"Variables": wanted})
        client.get_waiter("function_updated_v2").wait(FunctionName=name)
