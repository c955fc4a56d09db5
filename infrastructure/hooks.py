"""What Zappa calls on the way (`callbacks` in zappa_settings.json), for what it cannot do.

With them `zappa deploy dev` is all of a deployment, and `make deploy` no more than that.
"""

import atexit
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

# Zappa imports this file by its path, from the project's folder.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from infrastructure.deployment import announce, finish, prepare
from infrastructure.errors import DeploymentError
from infrastructure.jobs import deploy_jobs, hand_over, keep_package, package_of, remove_jobs
from infrastructure.leftovers import function_exists, is_live
from infrastructure.mappings import harden_mapping, refuse_forgotten
from infrastructure.package import rebuild
from infrastructure.resources import infrastructure
from infrastructure.rollback import left_settings
from infrastructure.settings import keep_settings, set_variables
from infrastructure.snapshots import attach, release
from infrastructure.stages import JOBS, Stage, environment, is_jobs, load_stage
from infrastructure.targets import Target, runtime_environment

DEPLOYING = ("deploy", "update")
# What asks Lambda or the API alone, and needs nothing filled in.
ASKING = ("invoke", "manage", "status", "tail")


def settings_callback(cli: Any) -> None:
    """Before each command: what it needs is made, and its settings are filled in with it."""
    with sentences():
        if is_jobs(cli.api_stage):
            check_asking(cli.api_stage, cli.command)
            return
        stage = load_stage(cli.api_stage)
        if cli.command in (*DEPLOYING, "package"):
            package_of(stage).unlink(missing_ok=True)  # of a deployment that broke
            # Zappa packs the environment that it finds here.
            os.environ["VIRTUAL_ENV"] = str(runtime_environment(stage.target()))
        if cli.command in DEPLOYING:
            check_command(stage, cli.command)
            os.environ["AWS_DEFAULT_REGION"] = stage.region
            cli.load_settings(str(prepare(stage)))
        elif cli.command not in (*ASKING, "package"):
            check_command(stage, cli.command)
            if cli.command == "undeploy":
                release(cli.zappa.lambda_client, cli.zappa.events_client, cli.lambda_name)
                atexit.register(follow, stage)
            settings = left_settings(stage, infrastructure(stage).outputs())
            cli.load_settings(str(keep_settings(stage, settings)))


def zip_callback(cli: Any) -> None:
    """After the package was made: check what it is deployed with, and make it anew."""
    stage = load_stage(cli.api_stage)
    if cli.command != "package":
        hand_over(stage, queues_of(cli.zappa_settings[stage.jobs]["events"]))
        release(cli.zappa.lambda_client, cli.zappa.events_client, cli.lambda_name)
        check_stage(cli)
    # Zappa adds to this dict what the function has besides: the settings' own stays as it is.
    cli.aws_environment_variables = dict(cli.aws_environment_variables)
    target = target_of(cli)
    if not target.python:
        print(NOT_COMPILED.format(target.runtime))  # noqa: T201  for the person at the terminal
    size = rebuild(Path(cli.zip_path), target, queues=consumers_of(cli))
    print(f"Package: {size / 2**20:.1f} MiB")  # noqa: T201  the same
    if cli.command != "package":
        keep_package(stage, Path(cli.zip_path))


NOT_COMPILED = (
    "{0} is not here, so the package goes as it is: each process starts a second later. To have it "
    "compiled, install {0}, or name its path in SHOP_TARGET_PYTHON."
)


def post_callback(cli: Any) -> None:
    """After the deployment: what Zappa cannot set."""
    with sentences():
        stage = load_stage(cli.api_stage)
        wanted = variables_of(cli, stage)
        set_variables(cli.zappa.lambda_client, cli.lambda_name, wanted)
        for event in cli.stage_config.get("events", []):
            source = event.get("event_source", {})
            if "esm" in source:
                harden_mapping(cli.zappa.lambda_client, cli.lambda_name, source)
        if cli.snap_start != "None":
            attach(cli.zappa.lambda_client, cli.zappa.events_client, cli.lambda_name, wanted)
        deploy_jobs(stage, infrastructure(stage).outputs())
        address = finish(stage)
    # Zappa has yet to name its API's own address, which behind CloudFront answers nobody: ours
    # comes after it. And it would yet ask that address; the smoke test has asked more, so nothing
    # is left that could fail.
    cli.override_stage_config_setting("touch", False)
    atexit.register(announce, stage, address)


@contextmanager
def sentences() -> Iterator[None]:
    """What AWS refuses is said in its words; Zappa would show where in the code it was."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise DeploymentError(f"AWS refused: {error}") from error


def target_of(cli: Any) -> Target:
    """This machine for a local AWS, else Lambda."""
    return load_stage(cli.api_stage).target()


def consumers_of(cli: Any) -> dict[str, str]:
    """The same for both functions of the stage: they have one package, and whichever gets a
    message knows what to do with it."""
    jobs = cli.zappa_settings[f"{cli.api_stage}{JOBS}"]
    return queues_of(cli.stage_config["events"]) | queues_of(jobs["events"])


def queues_of(events: list[dict[str, Any]]) -> dict[str, str]:
    """What consumes the queues among these events, by their ARNs."""
    return {
        each["event_source"]["arn"]: each["function"] for each in events if "event_source" in each
    }


def follow(stage: Stage) -> None:
    """After `zappa undeploy`, which asks first: where the one function has gone, the other goes."""
    if not function_exists(stage):
        remove_jobs(stage)


# Before ----------------------------------------------------------------------------------


def check_command(stage: Stage, command: str) -> None:
    """Raises DeploymentError for a command that is not for the stage as it is."""
    if command == "rollback":
        raise DeploymentError(
            f"Zappa would put back one function of two: `make rollback STAGE={stage.name}` does "
            "both."
        )
    if command == "undeploy" and stage.has_edge:
        raise DeploymentError(
            f"CloudFront sends to this API: `make undeploy STAGE={stage.name}` ends that first."
        )
    if command in DEPLOYING:
        live = is_live(stage)
        if live and command == "deploy":
            raise DeploymentError(
                f"{stage.name} is deployed already: `zappa update {stage.name}` brings the code of "
                f"now, `make deploy STAGE={stage.name}` whichever it needs."
            )
        if not live and command == "update":
            raise DeploymentError(
                f"{stage.name} is not deployed, or not to its end: `zappa deploy {stage.name}`."
            )


def check_asking(name: str, command: str) -> None:
    """Raises DeploymentError for whatever would change the second function of a stage alone."""
    if command not in ASKING:
        stage = name.removesuffix(JOBS)
        raise DeploymentError(
            f"{name} is the second function of {stage} and goes with it: `zappa deploy {stage}`, "
            f"`update` and `undeploy` do both."
        )


def check_stage(cli: Any) -> None:
    """Raises DeploymentError for what Zappa would deploy, and should not."""
    config = cli.stage_config
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
    refuse_forgotten(cli.zappa.lambda_client, cli.lambda_name, set(consumers_of(cli)))


# After -----------------------------------------------------------------------------------


def variables_of(cli: Any, stage: Stage) -> dict[str, str]:
    """The settings' own, and after the first deployment the address that the API has by now."""
    outputs = infrastructure(stage).outputs()
    api = cli.zappa.get_api_id(cli.lambda_name)
    settled: dict[str, str] = cli.stage_config["aws_environment_variables"]
    return {**settled, **environment(stage, outputs, api)}
