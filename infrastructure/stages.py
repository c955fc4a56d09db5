"""A stage: its parameters, its names, and the Zappa settings that fit its stack."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infrastructure.errors import DeploymentError
from infrastructure.plans import PAY_AS_YOU_GO
from infrastructure.targets import ROOT, WORK, Target, lambda_target, local_target

STAGES = Path(__file__).with_name("stages")
SETTINGS = ROOT / "zappa_settings.json"
# Their outputs, by what stands after the stage in their names.
QUEUES = {"orders": "OrderQueue", "catalog": "CatalogQueue", "mail-events": "MailEventQueue"}
# API Gateway takes five calls a second of some kinds, and one deployment in five seconds.
PATIENT = Config(retries={"mode": "standard", "max_attempts": 10})
LOCAL = "local"  # the parameters of any stage on a local AWS


@dataclass(frozen=True)
class Stage:
    """`parameters` is the stage's file; `endpoint` a local AWS, or None for AWS itself."""

    name: str
    parameters: dict[str, Any]
    zappa: dict[str, Any]
    endpoint: str | None

    @property
    def function(self) -> str:
        return f"shop-{self.name}"

    @property
    def stack(self) -> str:
        return f"shop-{self.name}-infrastructure"

    @property
    def edge_stack(self) -> str:
        return f"shop-{self.name}-edge"

    @property
    def operations_stack(self) -> str:
        return f"shop-{self.name}-operations"

    @property
    def region(self) -> str:
        return str(self.parameters["region"])

    @property
    def table_prefix(self) -> str:
        return f"shop-{self.name}-"

    @property
    def timeout(self) -> int:
        """Seconds that one invocation may take."""
        return int(self.zappa["timeout_seconds"])

    @property
    def snap_start(self) -> bool:
        """Whether processes start from a snapshot of one that is ready."""
        return bool(self.parameters.get("snap_start"))

    @property
    def plan(self) -> str:
        """CloudFront's flat-rate plan, NONE for pay as you go."""
        return str(self.parameters.get("edge", {}).get("Plan", PAY_AS_YOU_GO))

    @property
    def settings_file(self) -> Path:
        """What Zappa is run with."""
        return WORK / f"zappa-{self.name}.json"

    def api_address(self, api: str) -> str:
        """The API itself, past CloudFront, by its id."""
        if self.endpoint:
            return f"{self.endpoint}/_aws/execute-api/{api}/{self.name}"
        return f"https://{api}.execute-api.{self.region}.amazonaws.com/{self.name}"

    def client(self, service: str, region: str | None = None) -> Any:
        return boto3.session.Session(region_name=region or self.region).client(
            service, config=PATIENT
        )

    def target(self) -> Target:
        return local_target() if self.endpoint else lambda_target(str(self.zappa["runtime"]))


def load_stage(name: str) -> Stage:
    """Raises DeploymentError for a stage that there is not, or whose file is broken."""
    settings = read_json(SETTINGS)
    known = sorted(set(settings) - {"base"})
    if name not in known:
        raise DeploymentError(f"There is no stage {name!r}: STAGE is one of {', '.join(known)}.")
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    file = STAGES / f"{LOCAL if endpoint else name}.json"
    try:
        parameters = read_json(file)
    except FileNotFoundError as error:
        raise DeploymentError(
            f"Stage {name} has no parameters: copy infrastructure/stages/dev.json to {file.name} "
            "there, and change what is the stage's own."
        ) from error
    return Stage(name, parameters, settings["base"] | settings[name], endpoint)


def read_json(file: Path) -> Any:
    """Raises DeploymentError, which names the place, for what is no JSON."""
    try:
        return json.loads(file.read_text())
    except json.JSONDecodeError as error:
        raise DeploymentError(
            f"{file} is no JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from error


def check_credentials() -> None:
    """Raises DeploymentError if there are none for AWS."""
    if boto3.session.Session().get_credentials() is None:
        raise DeploymentError(
            "No AWS credentials: set AWS_PROFILE or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY; see docs/deployment.md."
        )


def write_settings(stage: Stage, outputs: dict[str, str], *, first: bool) -> Path:
    """Zappa's settings, filled in from the stack; the file's path.

    `first`: the function is not there yet. Its queue then stays off until the hook has set
    what Zappa cannot.
    """
    stage.settings_file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({stage.name: filled(stage, outputs, first=first)}, indent=2)
    stage.settings_file.write_text(text)
    return stage.settings_file


def filled(stage: Stage, outputs: dict[str, str], *, first: bool) -> dict[str, Any]:
    settings = dict(stage.zappa)
    settings.pop("extends")
    if stage.endpoint:
        settings |= {"runtime": stage.target().runtime, "touch": False}
    if stage.snap_start:  # the same again would be no new version, nor snapshot, nor secret key
        settings["lambda_description"] = f"Deployed {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return settings | {
        "aws_region": stage.region,
        "role_arn": outputs["FunctionRoleArn"],
        "s3_bucket": outputs["PackageBucketName"],
        "lambda_concurrency": stage.parameters["concurrency"]["reserved"],
        "snap_start": "PublishedVersions" if stage.snap_start else "None",
        "aws_environment_variables": environment(stage, outputs),
        "events": [fill_event(stage, event, outputs, first) for event in settings["events"]],
    }


def fill_event(
    stage: Stage, event: dict[str, Any], outputs: dict[str, str], first: bool
) -> dict[str, Any]:
    """An event with the stack's own queue; schedules stay as they are."""
    if "event_source" not in event:
        return event
    source = event["event_source"]
    queue = source["arn"].rpartition(":")[2].removeprefix(f"shop-{stage.name}-")
    concurrency = {"MaximumConcurrency": stage.parameters["concurrency"][queue]}
    filled_in = {
        "arn": outputs[QUEUES[queue] + "Arn"],
        "enabled": not first,
        "esm": source["esm"] | {"ScalingConfig": concurrency},
    }
    return event | {"event_source": source | filled_in}


def environment(stage: Stage, outputs: dict[str, str]) -> dict[str, str]:
    """The function's variables, for `manage.py` too. Of secrets they hold the names."""
    base = f"https://{outputs['PublicHost']}"
    static, images = f"{base}/static/", f"{base}/images/"
    if stage.endpoint:  # there is no CDN whose name anybody could look up
        static = f"{stage.endpoint}/{outputs['StaticBucketName']}/static/"
        images = f"{stage.endpoint}/{outputs['ImageBucketName']}/"
    return {
        **stage.zappa["aws_environment_variables"],
        "SHOP_IMAGE_BASE_URL": images,
        "SHOP_IMAGE_BUCKET": outputs["ImageBucketName"],
        "SHOP_MAIL_CONFIGURATION_SET": outputs["MailConfigurationName"],
        "SHOP_MAIL_EVENT_QUEUE": outputs["MailEventQueueName"],
        "SHOP_MAIL_FROM": str(stage.parameters["template"]["MailFrom"]),
        "SHOP_CATALOG_QUEUE": outputs["CatalogQueueName"],
        "SHOP_ORDER_QUEUE": outputs["OrderQueueName"],
        "SHOP_PUBLIC_URL": public_url(stage, outputs),
        "SHOP_SECRET_KEY_NAME": outputs["SecretKeyArn"],
        "SHOP_STATIC_URL": static,
        "SHOP_TABLE_PREFIX": stage.table_prefix,
        **stage.parameters["environment"],
    }


def public_url(stage: Stage, outputs: dict[str, str]) -> str:
    """Where customers find the stage. On a local AWS that is its API, once there is one."""
    if not stage.endpoint:
        return f"https://{outputs['PublicHost']}"
    api = outputs.get("ApiId")
    return stage.api_address(api) if api else stage.endpoint
