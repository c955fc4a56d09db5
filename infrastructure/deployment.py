"""From a checkout to a live stage, and back."""

import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from infrastructure import files, tables
from infrastructure.checks import (
    TEST_METHOD,
    check_parameters,
    check_purchase,
    check_resources,
    check_zones,
)
from infrastructure.commands import manage, say, zappa
from infrastructure.edge import EDGE_REGION, deploy_edge, edge, subscribe
from infrastructure.errors import DeploymentError
from infrastructure.gateway import Gateway, check_limits
from infrastructure.jobs import check_code, remove_jobs
from infrastructure.leftovers import api_id, api_stack, clear, function_exists, is_live
from infrastructure.preflight import preflight
from infrastructure.purchase import buy
from infrastructure.resources import (
    allow_access_logs,
    deploy_stacks,
    infrastructure,
    operations,
    origin_key,
)
from infrastructure.rollback import (
    leave_settings,
    left_settings,
    package_at,
    previous_version,
    put_back_both,
)
from infrastructure.routes import Route, routes_of
from infrastructure.settings import write_settings
from infrastructure.smoke import smoke_test
from infrastructure.snapshots import release
from infrastructure.stages import (
    Stage,
    check_credentials,
    environment,
    load_stage,
    public_url,
)
from infrastructure.targets import ROOT, WORK

SITE = ROOT / "shop" / "site" / "files"


def deploy(name: str) -> None:
    """`zappa deploy` or `zappa update`, whichever it needs; their callbacks do all the rest."""
    stage = load_stage(name)
    check_parameters(stage)
    check_credentials()
    zappa(stage.name, "update" if is_live(stage) else "deploy")


def prepare(stage: Stage) -> Path:
    """All that the function needs, in the order in which each step finds what it needs; the
    settings for Zappa, which comes next. Safe to repeat, wherever an earlier attempt broke."""
    check_parameters(stage)
    check_credentials()
    check_zones(stage)
    for sentence in preflight(stage):
        say(f"To be better: {sentence}")
    say("Queues, buckets, role, alarms")
    clear(stage)
    # An API that CloudFront does not send to yet is not locked yet either: `finish` does both.
    known = infrastructure(stage).parameter("ApiId") or ""
    outputs = deploy_stacks(stage, api=known if known == api_id(stage) else "")
    check_resources(stage, outputs)
    say("Settings")
    manage(stage, outputs, "check", "--deploy", "--fail-level", "ERROR")
    write_schema(stage, outputs)
    check_limits(stage.parameters["throttle"], api_routes(stage))
    # Before the code: old code lives with new tables, new code not without them.
    say("Tables")
    manage(stage, outputs, "migrate_before_code", "--verbosity", "0")
    if stage.parameters["protect_tables"]:
        tables.protect(stage.client("dynamodb"), stage.table_prefix)
    say("Static files")
    publish_files(stage, outputs)
    say("Function and API")
    return write_settings(stage, outputs, api=api_id(stage) or "")


def finish(stage: Stage) -> str:
    """After Zappa: its API gets what it lacks, and the shop is asked whether it is well.

    The shop's address, for `announce`.
    """
    routes = api_routes(stage)
    api = str(api_id(stage))
    gateway = Gateway(stage.client("apigateway"), api, stage.name, locked=stage.has_edge)
    new = infrastructure(stage).parameter("ApiId") != api
    if new:
        gateway.publish(routes)  # CloudFront sends nobody yet: from now on nobody gets in
    outputs = deploy_stacks(stage, api=api)  # CloudFront has the key before it is asked
    if stage.has_edge:
        for sentence in subscribe(stage, outputs["DistributionId"]):
            say(sentence)
    say("Routes, limits, access logs")
    allow_access_logs(stage)
    if not new:
        gateway.publish(routes)
    gateway.settle(outputs["ApiLogsArn"], stage.parameters["throttle"])
    leave_settings(stage, outputs)
    render(stage, outputs)
    say("Smoke test")
    # Past CloudFront: the host's name may not lead to it yet.
    address = public_url(stage, outputs, api)
    took = smoke_test(stage.api_address(api), origin_key(stage, outputs), address)
    say(f"A product list takes {took:.0f} ms from here")
    say("Tables without what only the code before read")
    manage(stage, outputs, "migrate", "--noinput", "--verbosity", "0")
    return address


def render(stage: Stage, outputs: dict[str, str]) -> None:
    """The storefront's pages by the code that is live, and in its style. A stage without an edge
    has none: there the function makes each page as it is asked for."""
    if stage.has_edge:
        say("Storefront")
        manage(stage, outputs, "render_storefront")


def announce(stage: Stage, address: str) -> None:
    """The last words of a deployment that went well.

    The command in them needs what runs now, and no more: `make admin` would install the tools
    of developers.
    """
    python = Path(sys.executable)
    here = python.relative_to(ROOT) if python.is_relative_to(ROOT) else python
    command = [str(here), "-m", "infrastructure", "manage", stage.name, "createsuperuser"]
    say(
        f"The shop is live\n"
        f"   Shop   {address}/\n"
        f"   API    {address}/api/v1/\n"
        f"   Docs   {address}/api/v1/docs/\n"
        f"   Admin  {address}/admin/\n"
        f"   The first person for the admin: {shlex.join(command)}"
    )


def rollback(name: str) -> None:
    """To the newest code before this one, by what lies with the stage: from any machine.

    Raises DeploymentError if Lambda has kept no other.
    """
    stage = load_stage(name)
    check_credentials()
    outputs = infrastructure(stage).outputs()
    client = stage.client("lambda")
    version = previous_version(client, stage.function)
    package = package_at(client, stage.function, version)
    snap_start = left_settings(stage, outputs)[stage.name]["snap_start"] != "None"
    put_back_both(client, stage, package, snap_start=snap_start)
    render(stage, outputs)
    api = str(api_id(stage))
    address = public_url(stage, outputs, api)
    took = smoke_test(stage.api_address(api), origin_key(stage, outputs), address)
    say(f"Version {version} is live again; a product list takes {took:.0f} ms from here")


def undeploy(name: str, *, delete_data: str = "") -> None:
    """Functions and API; with the stage's own name (shop-dev) in `delete_data` everything.

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
        file = write_settings(stage, outputs, api="")
        release(stage.client("lambda"), stage.client("events"), stage.function)
        zappa(stage.name, "undeploy", "--yes", settings=file)
    api_stack(stage).delete()  # if Zappa was stopped between the two
    remove_jobs(stage)
    if not delete_data:
        say(f"Tables, buckets, queues and the mail identity of {name} are still there")
        return
    tables.delete(stage.client("dynamodb"), stage.table_prefix)
    # A plan keeps its distribution.
    logs = deploy_edge(stage, "").get("LogBucketName") if stage.has_edge else None
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
        zappa(stage.name, "package", "--output", os.path.relpath(output, ROOT))
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
    api = api_id(stage)
    if api is None:
        raise DeploymentError(f"Stage {name} has no API: deploy first.")
    outputs = infrastructure(stage).outputs()
    # As customers come; a local AWS has no CloudFront, which would show the key.
    address = public_url(stage, outputs, api)
    key = origin_key(stage, outputs) if stage.endpoint else {}
    took = smoke_test(address, key, address)
    check_code(stage)
    say(f"{name} is well; a product list takes {took:.0f} ms from here")
    if not sku:
        return
    check_purchase(stage, environment(stage, outputs, api), method)
    say(str(buy(address, sku, method or TEST_METHOD, key)))


def manage_stage(name: str, command: Sequence[str]) -> None:
    """manage.py with a stage's tables, queues and files, and the caller's own rights."""
    stage = load_stage(name)
    check_credentials()
    manage(stage, infrastructure(stage).outputs(), *command)


# Parts -----------------------------------------------------------------------------------


def schema_file(stage: Stage) -> Path:
    return WORK / f"openapi-{stage.name}.json"


def write_schema(stage: Stage, outputs: dict[str, str]) -> None:
    """What the code that is deployed says of itself."""
    file = schema_file(stage)
    file.parent.mkdir(parents=True, exist_ok=True)
    manage(stage, outputs, "spectacular", "--format", "openapi-json", "--file", str(file))


def api_routes(stage: Stage) -> list[Route]:
    return routes_of(json.loads(schema_file(stage).read_text()))


def publish_files(stage: Stage, outputs: dict[str, str]) -> None:
    manage(stage, outputs, "collectstatic", "--noinput", "--clear", "--verbosity", "0")
    files.upload(
        stage.client("s3"), outputs["StaticBucketName"], ROOT / "staticfiles", prefix="static/"
    )
    if stage.has_edge:
        files.upload(stage.client("s3"), outputs["SiteBucketName"], SITE, prefix="")
