"""What CloudFormation makes of a stage: its stacks, from the templates beside this file."""

from pathlib import Path

from infrastructure.checks import check_sender
from infrastructure.edge import deploy_edge, on_aws
from infrastructure.gateway import KEY_HEADER
from infrastructure.sender import identity_of
from infrastructure.stacks import Stack
from infrastructure.stages import Stage

HERE = Path(__file__).parent


def infrastructure(stage: Stage) -> Stack:
    return Stack(stage.client("cloudformation"), stage.stack, local=bool(stage.endpoint))


def operations(stage: Stage) -> Stack:
    return Stack(stage.client("cloudformation"), stage.operations_stack, local=bool(stage.endpoint))


def deploy_stacks(stage: Stage, *, api: str) -> dict[str, str]:
    """All three; the outputs of the greatest one. `api`: the id of Zappa's, empty for none."""
    if stage.has_mail:
        introduce_sender(stage)
    firewall: dict[str, str] = {}
    if stage.has_edge:
        firewall = deploy_edge(stage, infrastructure(stage).resource("Distribution") or "")
    outputs = deploy_template(
        stage,
        WebAclArn=firewall.get("WebAclArn", ""),
        CertificateArn=firewall.get("CertificateArn")
        or stage.parameters["template"].get("CertificateArn", ""),
        Plan=stage.plan,
        ApiId=api,
        Edge=edge_or_not(stage),
    )
    operations(stage).deploy(
        HERE / "operations.yaml",
        {
            **stage.parameters.get("operations", {}),
            "Stage": stage.name,
            "AlarmMail": stage.parameters["template"].get("AlarmMail", ""),
            "OnAws": on_aws(stage),
        },
    )
    return outputs


def introduce_sender(stage: Stage) -> None:
    """SES names the DNS records of a domain that it knows: the first time all that takes long,
    CloudFront above all, waits until they are there.

    Raises DeploymentError, with the records, while SES sends nothing.
    """
    domain = str(stage.parameters["template"]["MailDomain"])
    if identity_of(stage.client("sesv2"), domain) is None:
        deploy_template(stage, Edge="no")
    check_sender(stage)


def deploy_template(stage: Stage, **parameters: str) -> dict[str, str]:
    return infrastructure(stage).deploy(
        HERE / "template.yaml",
        {
            **stage.parameters["template"],
            "Stage": stage.name,
            "QueueVisibility": str(stage.visibility["shop"]),
            "JobsVisibility": str(stage.visibility["jobs"]),
            **parameters,
        },
    )


def edge_or_not(stage: Stage) -> str:
    return "yes" if stage.has_edge else "no"


def origin_key(stage: Stage, outputs: dict[str, str]) -> dict[str, str]:
    """The header that CloudFront sends, for who asks the API itself; none without CloudFront."""
    if not stage.has_edge:
        return {}
    secret = stage.client("secretsmanager").get_secret_value(SecretId=outputs["OriginKeyArn"])
    return {KEY_HEADER: secret["SecretString"]}


def allow_access_logs(stage: Stage) -> None:
    """API Gateway writes logs by one role per account and region: if there is none, ours."""
    if not stage.client("apigateway").get_account().get("cloudwatchRoleArn"):
        stack = Stack(
            stage.client("cloudformation"), "shop-access-logs", local=bool(stage.endpoint)
        )
        stack.deploy(HERE / "account.yaml", {})
