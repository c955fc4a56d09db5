"""What is in us-east-1: firewall, logs, certificate, and CloudFront's plan; edge.yaml."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infrastructure.errors import DeploymentError
from infrastructure.plans import MOST_FREE_PLANS, PAY_AS_YOU_GO
from infrastructure.stacks import Stack
from infrastructure.stages import Stage

TEMPLATE = Path(__file__).with_name("edge.yaml")
EDGE_REGION = "us-east-1"  # AWS keeps CloudFront's firewalls there
SHARED = ("Domain", "HostedZoneId", "LogDays")  # parameters of template.yaml as well
APPROVE = "aws pricing-plan-manager approve-paid-subscription --region us-east-1"


def edge(stage: Stage) -> Stack:
    client = stage.client("cloudformation", EDGE_REGION)
    return Stack(client, stage.edge_stack, local=bool(stage.endpoint))


def deploy_edge(stage: Stage, distribution: str) -> dict[str, str]:
    """The stack's outputs. `distribution`: CloudFront's id; empty for neither its logs nor a plan.

    Raises DeploymentError with AWS's reasons, and with what to do if the plan is one.
    """
    template = stage.parameters["template"]
    parameters = {
        **{name: template[name] for name in SHARED if name in template},
        **stage.parameters["edge"],
        "Stage": stage.name,
        "DistributionId": distribution,
        "OnAws": on_aws(stage),
    }
    try:
        return edge(stage).deploy(TEMPLATE, parameters)
    except DeploymentError as error:
        if stage.plan == PAY_AS_YOU_GO:
            raise
        raise DeploymentError(f"{error.message}\n{excuse(stage)}") from error


def on_aws(stage: Stage) -> str:
    """A template's parameter: a local AWS does not know all types of resources."""
    return "no" if stage.endpoint else "yes"


def excuse(stage: Stage) -> str:
    return (
        f"If CloudFront's plan is why: an account of AWS's Free Tier takes none, and no account "
        f"more than {MOST_FREE_PLANS} plans FREE: set Plan to {PAY_AS_YOU_GO} under edge in "
        f"infrastructure/stages/{stage.name}.json. From one plan to another: docs/deployment.md."
    )


def what_waits(stage: Stage) -> Iterator[str]:
    """What somebody must still do for the plan that was chosen, if anything."""
    arn = edge(stage).outputs().get("SubscriptionArn")
    if arn:
        yield from pending(stage.client("pricing-plan-manager", EDGE_REGION), arn)


def pending(client: Any, arn: str) -> Iterator[str]:
    """Of one subscription; `client` is boto3's."""
    found = client.get_subscription(arn=arn)
    subscription = found["subscription"]
    tier, status = subscription["planTier"], subscription["status"]
    if status == "PENDING_APPROVAL":
        yield (
            f"Plan {tier} waits for approval: until then CloudFront and the firewall are paid by "
            f"use. Approve it, and its price: `{APPROVE} --arn {arn} --if-match {found['eTag']}`"
        )
    elif status == "FAILED":
        yield f"Plan {tier} failed: {subscription.get('statusReason', 'no reason given')}"
