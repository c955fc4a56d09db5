"""A stage: its parameters, its names, and what it tells its functions."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
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
LOG_BACKEND = "django.core.mail.backends.console.EmailBackend"  # Lambda logs what is printed
PLAIN_HTTP = "shop.E002"  # of shop/checks.py
# API Gateway takes five calls a second of some kinds, and one deployment in five seconds.
PATIENT = Config(retries={"mode": "standard", "max_attempts": 10}, max_pool_connections=16)
LOCAL = "local"  # the parameters of any stage with a CDN on a local AWS
BASE, JOBS = "base", "_jobs"  # what stages extend; what follows their names for their jobs


@dataclass(frozen=True)
class Stage:
    """`parameters` is the stage's file; `zappa` and `zappa_jobs` are the settings of its two
    functions; `endpoint` a local AWS, or None for AWS itself."""

    name: str
    parameters: dict[str, Any]
    zappa: dict[str, Any]
    zappa_jobs: dict[str, Any]
    endpoint: str | None

    @property
    def function(self) -> str:
        """The one that customers ask."""
        return f"shop-{self.name}"

    @property
    def jobs(self) -> str:
        """Zappa's name for the other one, which does what nobody waits for."""
        return f"{self.name}{JOBS}"

    @property
    def jobs_function(self) -> str:
        """Lambda's name for it."""
        return f"{self.function}-jobs"

    @property
    def functions(self) -> dict[str, str]:
        """Lambda's names, by those of shop/functions.py."""
        return {"shop": self.function, "jobs": self.jobs_function}

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
    def visibility(self) -> dict[str, int]:
        """Seconds that the queues of each function hide a message which is worked on: six times
        what a call may take, asks AWS."""
        settings = {"shop": self.zappa, "jobs": self.zappa_jobs}
        return {name: 6 * int(each["timeout_seconds"]) for name, each in settings.items()}

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
    known = sorted(each for each in settings if each != BASE and not is_jobs(each))
    if name not in known:
        raise DeploymentError(f"There is no stage {name!r}: STAGE is one of {', '.join(known)}.")
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    parameters = read_parameters(name)
    if endpoint and "edge" in parameters:  # its domain, sender and certificate are not there
        parameters = read_parameters(LOCAL)
    zappa, jobs = (extended(settings, each) for each in (name, f"{name}{JOBS}"))
    return Stage(name, parameters, zappa, jobs, endpoint)


def is_jobs(name: str) -> bool:
    """Whether it is Zappa's name for the second function of a stage."""
    return name.endswith(JOBS)


def extended(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A stage's settings on those that it extends, as Zappa reads them: key by key.

    Raises DeploymentError for a name that there is not.
    """
    if name not in settings:
        raise DeploymentError(f"There is no {name!r} in {SETTINGS.name}: see docs/deployment.md.")
    below = settings[name].get("extends")
    return {**(extended(settings, below) if below else {}), **settings[name]}


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
