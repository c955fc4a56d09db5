"""What a deployment must not have: each with a sentence that says what to do."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infrastructure.errors import DeploymentError
from infrastructure.plans import PAY_AS_YOU_GO, PLANS, faults
from infrastructure.sender import wrong_sender
from infrastructure.stages import Stage
from infrastructure.targets import ROOT
from infrastructure.templates import resources_of

HERE = Path(__file__).parent
SECRET = re.compile(
    r"SECRET(?!_KEY_NAME)|PASSWORD|TOKEN|CREDENTIAL|(?<!SECRET)_KEY$", re.IGNORECASE
)
NOBODYS = re.compile(r"(^|[@.])example\.(com|org|net)$")
TEST_GATEWAY = "payments.gateways.testing.TestGateway"
TEST_METHOD = "test-ok"
OLDEST_WITH_SNAPSHOTS = 12  # Python 3.12, says Lambda of SnapStart
CERTIFICATE_REGION = "us-east-1"
SETTINGS = (ROOT / "shop/settings.py", ROOT / "shop/secret_key.py")
UNSAFE = {"SHOP_DEBUG": "debugging", "SHOP_INSECURE_HTTP": "cookies over plain HTTP"}


def check_parameters(stage: Stage) -> None:
    """Before anything is made. Raises DeploymentError with all that is wrong."""
    stop(list(wrong_parameters(stage)))


def check_resources(stage: Stage, outputs: dict[str, str]) -> None:
    """Before the code goes out: what it relies on is there, and is safe."""
    found = [
        *wrong_queue(stage.client("sqs"), outputs["OrderQueueName"], stage.visibility["shop"]),
        *wrong_queue(stage.client("sqs"), outputs["CatalogQueueName"], stage.visibility["jobs"]),
        *wrong_queue(stage.client("sqs"), outputs["MailEventQueueName"], stage.visibility["shop"]),
        *wrong_bucket(stage.client("s3"), outputs["ImageBucketName"]),
        *wrong_bucket(stage.client("s3"), outputs["StaticBucketName"]),
        *wrong_bucket(stage.client("s3"), outputs["SiteBucketName"]),
        *wrong_bucket(stage.client("s3"), outputs["PackageBucketName"]),
    ]
    stop(found)


def check_zones(stage: Stage) -> None:
    """Before anything is made: the zones in which the templates write records are the names'."""
    template, route53 = stage.parameters["template"], stage.client("route53")
    pairs = (("HostedZoneId", "Domain"), ("MailZoneId", "MailDomain"))
    stop(
        [
            sentence
            for zone, name in pairs
            if template.get(zone)
            for sentence in wrong_zone(route53, zone, template[zone], template.get(name, ""))
        ]
    )


def check_sender(stage: Stage) -> None:
    """Raises DeploymentError, with the DNS records to add, while SES sends nothing for it."""
    domain = str(stage.parameters["template"]["MailDomain"])
    stop(list(wrong_sender(stage.client("sesv2"), domain, stage.region)))


def stop(found: list[str]) -> None:
    if found:
        raise DeploymentError("\n".join(found))


def check_purchase(stage: Stage, variables: dict[str, str], method: str) -> None:
    """Raises DeploymentError if buying would take money that nobody has agreed to pay."""
    gateway = variables.get("SHOP_PAYMENT_GATEWAY", TEST_GATEWAY)
    if gateway != TEST_GATEWAY and not method:
        raise DeploymentError(
            f"{stage.name} takes real money ({gateway}): name the payment method to be charged, "
            "METHOD=..., if that is what you want."
        )


def wrong_parameters(stage: Stage) -> Iterator[str]:
    file = f"infrastructure/stages/{stage.name}.json"
    variables = {**stage.zappa["aws_environment_variables"], **stage.parameters["environment"]}
    template = stage.parameters["template"]
    for name in sorted({*variables, *template}):
        if SECRET.search(name):
            yield f"{name} would be in plain text: keep it in Secrets Manager, and name it only."
    yield from unknown_settings(variables)
    for name, what in UNSAFE.items():
        if variables.get(name):
            yield f"{name} allows {what}: take it out of {file} and zappa_settings.json."
    if stage.zappa.get("debug"):
        yield "debug is on in zappa_settings.json: errors would show the code. Set it to false."
    if template.get("MailFrom", "").rpartition("@")[2] != template.get("MailDomain", ""):
        yield f"MailFrom is not of MailDomain: make them the same domain in {file}."
    if "reserved" in stage.parameters.get("concurrency", {}):
        yield (
            f"concurrency in {file} is of one function, and there are two: write it as in "
            "infrastructure/stages/staging.json, a share for shop and one for jobs."
        )
    yield from wrong_plan(stage, file)
    if not stage.endpoint:
        yield from wrong_on_aws(stage, file, template, variables)


def wrong_plan(stage: Stage, file: str) -> Iterator[str]:
    """What CloudFront's plan does not take of the templates: AWS says so only half-way."""
    if stage.plan == PAY_AS_YOU_GO:
        return
    if stage.plan not in PLANS:
        known = ", ".join((PAY_AS_YOU_GO, *PLANS))
        yield f"Plan is {stage.plan!r} in {file}: write one of {known}."
        return
    asked = {"Plan": stage.plan, "ApiId": "made", "DistributionId": "made"}
    resources = {
        **resources_of(HERE / "edge.yaml", stage.parameters["edge"] | asked),
        **resources_of(HERE / "template.yaml", stage.parameters["template"] | asked),
    }
    yield from faults(stage.plan, resources)


def unknown_settings(variables: Iterable[str]) -> Iterator[str]:
    """What looks like a setting of the shop, and nothing reads: a slip of the pen."""
    known = settings_read()
    for name in sorted(variables):
        if name.startswith("SHOP_") and name not in known:
            meant = get_close_matches(name, sorted(known), n=1, cutoff=0.8)
            guess = f"did you mean {meant[0]}? " if meant else ""
            yield f"{name} is no setting of the shop: {guess}docs/settings.md has them all."


def settings_read() -> set[str]:
    """The shop's variables by the source of its settings, which do not import without them."""
    sources = (path.read_text() for path in SETTINGS)
    return {name for text in sources for name in re.findall(r'"(SHOP_[A-Z_]+)"', text)}


def wrong_on_aws(
    stage: Stage, file: str, template: dict[str, str], variables: dict[str, str]
) -> Iterator[str]:
    """What a local AWS does not mind."""
    for name in ("MailDomain", "Domain", "AlarmMail"):
        if NOBODYS.search(template.get(name, "")):
            yield f"{name} is {template[name]}, which is nobody's: write your own into {file}."
    runtime = str(stage.zappa["runtime"])
    if stage.snap_start and int(runtime.removeprefix("python3.")) < OLDEST_WITH_SNAPSHOTS:
        yield (
            f"AWS takes no snapshots of {runtime}: set snap_start to false in {file}, or runtime "
            f"to python3.{OLDEST_WITH_SNAPSHOTS} or later in zappa_settings.json."
        )
    if template.get("Domain") and not stage.has_edge:
        yield (
            f"{template['Domain']} would be CloudFront's, and {stage.name} has none: add "
            f'"edge": {{}} to {file}, as in staging.json, or take Domain out.'
        )
    yield from wrong_certificate(template, file)
    gateway = variables.get("SHOP_PAYMENT_GATEWAY", "")
    if stage.name == "production" and gateway in {"", TEST_GATEWAY}:
        yield (
            "The test gateway takes no money: set SHOP_PAYMENT_GATEWAY in the environment of "
            f"{file} to one that does."
        )


def wrong_certificate(template: Mapping[str, str], file: str) -> Iterator[str]:
    certificate, zone = template.get("CertificateArn", ""), template.get("HostedZoneId")
    if zone:
        if certificate:
            yield f"With HostedZoneId the certificate is made: take CertificateArn out of {file}."
        return
    if template.get("Domain") and (not certificate or ":000000000000:" in certificate):
        yield (
            f"{template['Domain']} has no certificate: request one in {CERTIFICATE_REGION} with "
            f"AWS Certificate Manager, and write its ARN into CertificateArn in {file}; or, if "
            "Route 53 has the domain's zone in this account, write HostedZoneId, and it is made."
        )
    elif certificate and f":acm:{CERTIFICATE_REGION}:" not in certificate:
        yield (
            f"CertificateArn in {file} is not of {CERTIFICATE_REGION}, and CloudFront takes "
            "certificates from there alone: request one there, and write its ARN."
        )


def wrong_queue(sqs: Any, name: str, visibility: int) -> Iterator[str]:
    """`visibility`: the seconds that it must hide a message at least."""
    try:
        url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
    except (sqs.exceptions.QueueDoesNotExist, ClientError):
        yield f"There is no queue {name}: was it deleted by hand? Delete the stack, deploy again."
        return
    names = ["VisibilityTimeout", "RedrivePolicy"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names).get("Attributes", {})
    if "RedrivePolicy" not in attributes:
        yield f"{name} has no dead-letter queue: orders that fail would be tried for ever."
    if int(attributes.get("VisibilityTimeout", 0)) < visibility:
        yield (
            f"{name} shows a message again after {attributes.get('VisibilityTimeout')} s, while "
            f"it may still be worked on: at least {visibility} s, six times timeout_seconds."
        )


def wrong_bucket(s3: Any, name: str) -> Iterator[str]:
    try:
        blocked = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchBucket", "404"}:
            yield f"There is no bucket {name}: was it deleted by hand? Make it again, and deploy."
            return
        blocked = {}
    if not blocked or not all(blocked.values()):
        yield (
            f"{name} is not closed to the public: `aws s3api put-public-access-block --bucket "
            f"{name} --public-access-block-configuration BlockPublicAcls=true,"
            "IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`."
        )


def wrong_zone(route53: Any, parameter: str, zone: str, name: str) -> Iterator[str]:
    try:
        apex = route53.get_hosted_zone(Id=zone)["HostedZone"]["Name"].rstrip(".")
    except ClientError:
        yield (
            f"Route 53 has no zone {zone} in this account: `aws route53 list-hosted-zones` has "
            f"its zones; take {parameter} out if the domain's DNS is elsewhere."
        )
        return
    if not f".{name}".endswith(f".{apex}"):
        yield f"{parameter} is the zone of {apex}, and {name or 'no name'} is not in it."
