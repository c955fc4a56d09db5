"""A stage's second function, for what nobody waits for. It has the code of the first, by the same
package, and goes and comes with it: whoever deploys, rolls back or removes a stage has named one
stage, and is never left with two codes.
"""

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from infrastructure.commands import say, zappa
from infrastructure.errors import DeploymentError
from infrastructure.leftovers import api_id, code_of, function_exists
from infrastructure.mappings import end_mappings, harden_mapping, listeners, mappings_of
from infrastructure.settings import filled, keep_settings, set_variables
from infrastructure.stages import Stage
from infrastructure.targets import WORK

PROBE = "shop.events.consume_catalog"


def package_of(stage: Stage) -> Path:
    """Where the package of the deployment under way is kept for the second function."""
    return WORK / f"package-{stage.name}.zip"


def keep_package(stage: Stage, package: Path) -> None:
    """Before Zappa, having uploaded it, removes it."""
    kept = package_of(stage)
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(package, kept)


def deploy_jobs(stage: Stage, outputs: dict[str, str]) -> None:
    """Bring the second function to the first one's code, once that has its API. Safe to repeat,
    wherever an earlier attempt broke.

    Raises DeploymentError if it runs other code afterwards, or does not start.
    """
    say("Jobs")
    settings = filled(stage, outputs, api=str(api_id(stage)))
    bring(stage, keep_settings(stage, settings))
    own, client = settings[stage.jobs], stage.client("lambda")
    client.get_waiter("function_updated_v2").wait(FunctionName=stage.jobs_function)
    set_variables(client, stage.jobs_function, own["aws_environment_variables"])
    check_code(stage)
    check_start(stage)
    for event in own["events"]:
        harden_mapping(client, stage.jobs_function, event["event_source"])


def hand_over(stage: Stage, queues: Iterable[str]) -> None:
    """Have the first function leave the second one's queues, by their ARNs, which were its own
    before there were two: its role may not poll them any more. Their messages wait."""
    client = stage.client("lambda")
    for arn in queues:
        end_mappings(client, listeners(client, arn, stage.function))


def bring(stage: Stage, settings: Path) -> None:
    """Zappa's part, with the package that the first function got."""
    there = function_exists(stage, stage.jobs_function)
    package = package_of(stage)
    if package.exists():
        zappa(stage.jobs, "update" if there else "deploy", "--zip", str(package), settings=settings)
        package.unlink()
    elif there:  # `zappa update --no-upload`
        zappa(stage.jobs, "update", "--no-upload", "yes", settings=settings)
    else:
        raise DeploymentError(
            f"{stage.jobs_function} is not there yet, and needs the package that `zappa update "
            f"{stage.name}` makes: leave out --no-upload and --zip."
        )


def check_start(stage: Stage) -> None:
    """Raises DeploymentError, with what Lambda says, unless the function starts and answers for a
    batch of nothing. Customers' requests would tell of the first one; nobody asks this one."""
    answer = stage.client("lambda").invoke(
        FunctionName=stage.jobs_function,
        Payload=json.dumps({"command": PROBE, "Records": []}).encode(),
    )
    said = answer["Payload"].read().decode()
    if "FunctionError" in answer or json.loads(said) != {"batchItemFailures": []}:
        raise DeploymentError(f"{stage.jobs_function} does not work. Lambda says: {said}")


def check_code(stage: Stage) -> None:
    """Raises DeploymentError unless both functions run the same code."""
    client = stage.client("lambda")
    if code_of(client, stage.jobs_function) != code_of(client, stage.function):
        raise DeploymentError(
            f"{stage.jobs_function} does not run the code that {stage.function} runs: "
            f"`make deploy STAGE={stage.name}` brings both to the code of now."
        )


def remove_jobs(stage: Stage) -> None:
    """The second function, and what calls it; nothing if it is not there."""
    client = stage.client("lambda")
    end_mappings(client, mappings_of(client, stage.jobs_function))
    if function_exists(stage, stage.jobs_function):
        client.delete_function(FunctionName=stage.jobs_function)
