"""A stage: its parameters, its names, and the Zappa settings that fit its stack."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from infrastructure.concurrency import affordable
from infrastructure.errors import DeploymentError
from infrastructure.plans import PAY_AS_YOU_GO
from infrastructure.targets import ROOT, WORK, Target, lambda_target, local_target

STAGES = Path(__file__).with_name("stages")
SETTINGS = ROOT / "zappa_settings.json"
# Their outputs, by what stands after the stage in their names.
QUEUES = {"orders": "OrderQueue", "catalog": "CatalogQueue", "mail-events": "MailEventQueue"}
LOG_BACKEND = "django.core.mail.backends.console.EmailBackend"  # Lambda logs what is printed
PLAIN_HTTP = "shop.E002"  # of shop/checks.py
# API Gateway takes five calls a second of some kinds, and one deployment in five seconds.
PATIENT = Config(retries={"mode": "standard", "max_attempts": 10}, max_pool_connections=16)
LOCAL = "local"  # the parameters of any stage with a CDN on a local AWS


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
    def has_edge(self) -> bool:
        """Whether CloudFront and the firewall stand before the API; else it answers everybody."""
        return "edge" in self.parameters

    @property
    def has_mail(self) -> bool:
        """Whether mails go out through SES; else they go to the log."""
        return "MailDomain" in self.parameters["template"]

    @property
    def settings_file(self) -> Path:
        """What Zappa is run with."""
        return WORK / f"zappa-{self.name}.json"

    def client(self, service: str, region: str | None = None) -> Any:
        return boto3.session.Session(region_name=region or self.region).client(
            service, config=PATIENT
        )

    def target(self) -> Target:
        """A stage without a CDN is to be tried: there it may go uncompiled."""
        if self.endpoint:
            return local_target()
        return lambda_target(str(self.zappa["runtime"]), must_compile=self.has_edge)

    def api_address(self, api: str) -> str:
        """The API itself, past CloudFront, by the API's id; no slash at the end."""
        if self.endpoint:
            return f"{self.endpoint}/_aws/execute-api/{api}/{self.name}"
        return f"https://{api}.execute-api.{self.region}.amazonaws.com/{self.name}"


def load_stage(name: str) -> Stage:
    """Raises DeploymentError for a stage that there is not, or whose file is broken."""
    settings = read_json(SETTINGS)
    known = sorted(set(settings) - {"base"})
    if name not in known:
        raise DeploymentError(f"There is no stage {name!r}: STAGE is one of {', '.join(known)}.")
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    parameters = read_parameters(name)
    if endpoint and "edge" in parameters:  # its domain, sender and certificate are not there
        parameters = read_parameters(LOCAL)
    return Stage(name, parameters, settings["base"] | settings[name], endpoint)


def read_parameters(name: str) -> Any:
    file = STAGES / f"{name}.json"
    try:
        return read_json(file)
    except FileNotFoundError as error:
        raise DeploymentError(
            f"Stage {name} has no parameters: copy infrastructure/stages/staging.json to "
            f"{file.name} there, and change what is the stage's own."
        ) from error


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


def write_settings(stage: Stage, outputs: dict[str, str], *, api: str, first: bool) -> Path:
    """Zappa's settings, filled in from the stack; the file's path.

    `api`: its id, or nothing while there is none. `first`: the function is not there yet. Its
    queues then stay off until the hook has set what Zappa cannot.
    """
    return keep_settings(stage, filled(stage, outputs, api=api, first=first))


def keep_settings(stage: Stage, settings: dict[str, Any]) -> Path:
    """Where Zappa finds them; the file's path."""
    stage.settings_file.parent.mkdir(parents=True, exist_ok=True)
    stage.settings_file.write_text(json.dumps({stage.name: settings}, indent=2))
    return stage.settings_file


def filled(stage: Stage, outputs: dict[str, str], *, api: str, first: bool) -> dict[str, Any]:
    settings = dict(stage.zappa)
    settings.pop("extends")
    if stage.endpoint:
        settings |= {"runtime": stage.target().runtime, "touch": False}
    if stage.snap_start:  # the same again would be no new version, nor snapshot, nor secret key
        settings["lambda_description"] = f"Deployed {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    may_run = affordable(stage.client("lambda"), stage.function, stage.parameters["concurrency"])
    return settings | {
        "aws_region": stage.region,
        "role_arn": outputs["FunctionRoleArn"],
        "s3_bucket": outputs["PackageBucketName"],
        "lambda_concurrency": may_run.reserved,
        "snap_start": "PublishedVersions" if stage.snap_start else "None",
        "aws_environment_variables": environment(stage, outputs, api),
        # These fill in settings, and here they are filled in.
        "callbacks": {at: name for at, name in settings["callbacks"].items() if at != "settings"},
        "events": [
            fill_event(stage, event, outputs, may_run.queues, first=first)
            for event in settings["events"]
        ],
    }


def fill_event(
    stage: Stage,
    event: dict[str, Any],
    outputs: dict[str, str],
    at_once: dict[str, int],
    *,
    first: bool,
) -> dict[str, Any]:
    """An event with the stack's own queue; schedules stay as they are."""
    if "event_source" not in event:
        return event
    source = event["event_source"]
    queue = source["arn"].rpartition(":")[2].removeprefix(f"shop-{stage.name}-")
    filled_in = {
        "arn": outputs[QUEUES[queue] + "Arn"],
        "enabled": not first,
        "esm": source["esm"] | {"ScalingConfig": {"MaximumConcurrency": at_once[queue]}},
    }
    return event | {"event_source": source | filled_in}


def environment(stage: Stage, outputs: dict[str, str], api: str = "") -> dict[str, str]:
    """The function's variables, for `manage.py` too. Of secrets they hold the names.

    `api`: its id, or nothing while there is none; a stage without a CDN has no address then.
    """
    return {
        **stage.zappa["aws_environment_variables"],
        **addresses(stage, outputs, api),
        "SHOP_IMAGE_BUCKET": outputs["ImageBucketName"],
        **sender(stage, outputs),
        "SHOP_CATALOG_QUEUE": outputs["CatalogQueueName"],
        "SHOP_MAIL_EVENT_QUEUE": outputs["MailEventQueueName"],
        "SHOP_ORDER_QUEUE": outputs["OrderQueueName"],
        "SHOP_SECRET_KEY_NAME": outputs["SecretKeyArn"],
        "SHOP_TABLE_PREFIX": stage.table_prefix,
        **stage.parameters["environment"],
        **silenced(stage),
    }


def public_url(stage: Stage, outputs: dict[str, str], api: str) -> str:
    """Where customers find the shop, without a slash at its end; empty while nobody can.

    On a local AWS there is no CDN whose name anybody could look up: there it is the API's.
    """
    if stage.has_edge and not stage.endpoint:
        return f"https://{outputs['PublicHost']}"
    return stage.api_address(api) if api else ""


def addresses(stage: Stage, outputs: dict[str, str], api: str) -> dict[str, str]:
    """Under which names the shop answers, and where its files are."""
    url = public_url(stage, outputs, api)
    variables = {
        "SHOP_PUBLIC_URL": url,
        "SHOP_STATIC_URL": f"{url}/static/",
        "SHOP_IMAGE_BASE_URL": f"{url}/images/",
    }
    if not url:  # nobody can ask it yet
        variables = {"SHOP_ALLOWED_HOSTS": hosts(stage)}
    if not stage.has_edge:
        return {**variables, "SHOP_STATIC_BUCKET": outputs["StaticBucketName"]}
    variables["SHOP_SITE_BUCKET"] = outputs["SiteBucketName"]
    if stage.endpoint:
        variables["SHOP_STATIC_URL"] = f"{stage.endpoint}/{outputs['StaticBucketName']}/static/"
        variables["SHOP_IMAGE_BASE_URL"] = f"{stage.endpoint}/{outputs['ImageBucketName']}/"
    return variables


def silenced(stage: Stage) -> dict[str, str]:
    """A local AWS has no HTTPS: there it is meant that the shop's address, once it has one, is
    plain HTTP."""
    if not stage.endpoint:
        return {}
    name = "SHOP_SILENCED_CHECKS"
    also = stage.parameters["environment"].get(name)
    return {name: f"{PLAIN_HTTP},{also}" if also else PLAIN_HTTP}


def hosts(stage: Stage) -> str:
    return "127.0.0.1,localhost" if stage.endpoint else f".execute-api.{stage.region}.amazonaws.com"


def sender(stage: Stage, outputs: dict[str, str]) -> dict[str, str]:
    """Mails go out through SES, or to the log where no sender was given."""
    if not stage.has_mail:
        return {"SHOP_EMAIL_BACKEND": LOG_BACKEND}
    return {
        "SHOP_MAIL_CONFIGURATION_SET": outputs["MailConfigurationName"],
        "SHOP_MAIL_FROM": str(stage.parameters["template"]["MailFrom"]),
    }
