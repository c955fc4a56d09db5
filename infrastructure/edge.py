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

    A plan that is there stays; a new one comes with `subscribe`.
    """
    return change(stage, distribution, "yes" if subscription(stage) else "no")


def subscribe(stage: Stage, distribution: str) -> Iterator[str]:
    """Ask for the stage's plan, once all that it must fit is deployed; what is left to do.

    Raises DeploymentError with AWS's reasons, and with what to do if the plan is one.
    """
    if stage.plan == PAY_AS_YOU_GO:
        return
    try:
        change(stage, distribution, "yes")
    except DeploymentError as error:
        raise DeploymentError(f"{error.message}\n{excuse(stage)}") from error
    if arn := subscription(stage):
        yield from pending(stage.client("pricing-plan-manager", EDGE_REGION), arn)


def change(stage: Stage, distribution: str, subscribed: str) -> dict[str, str]:
    template = stage.parameters["template"]
    parameters = {
        **{name: template[name] for name in SHARED if name in template},
        **stage.parameters.get("edge", {}),
        "Stage": stage.name,
        "DistributionId": distribution,
        "Subscribe": subscribed,
        "OnAws": on_aws(stage),
    }
    return edge(stage).deploy(TEMPLATE, parameters)


def subscription(stage: Stage) -> str | None:
    """The ARN of the plan's, if it has been asked for."""
    stack = edge(stage)
    return stack.outputs().get("SubscriptionArn") if stack.describe() else None


def on_aws(stage: Stage) -> str:
    """A template's parameter: a local AWS does not know all types of resources."""
    return "no" if stage.endpoint else "yes"


def excuse(stage: Stage) -> str:
    return (
        f"If CloudFront's plan is why: an account of AWS's Free Tier takes none, and no account "
        f"more than {MOST_FREE_PLANS} plans FREE: set Plan to {PAY_AS_YOU_GO} under edge in "
        f"infrastructure/stages/{stage.name}.json. From one plan to another: docs/deployment.md."
    )


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
