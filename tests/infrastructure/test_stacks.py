"""CloudFormation stacks that were never made."""

from pathlib import Path
from typing import Any

import boto3
from botocore.stub import ANY, Stubber

from infrastructure.stacks import Stack

NAME = "shop-test-infrastructure"
MADE = "CREATE_COMPLETE"


def described(status: str) -> dict[str, Any]:
    outputs = [{"OutputKey": "Made", "OutputValue": "yes"}]
    return {
        "Stacks": [
            {"StackName": NAME, "StackStatus": status, "CreationTime": 0, "Outputs": outputs}
        ]
    }


def test_one_that_failed_is_made_anew(tmp_path: Path) -> None:
    """AWS refuses to update what was rolled back before it was there. The local AWS rolls
    nothing back, hence its answers by hand."""
    template = tmp_path / "template.yaml"
    template.write_text("Resources: {}")
    client = boto3.client("cloudformation")
    with Stubber(client) as aws:
        aws.add_response("describe_stacks", described("ROLLBACK_COMPLETE"))
        aws.add_response("describe_stacks", described("ROLLBACK_COMPLETE"))
        aws.add_response("delete_stack", {}, {"StackName": NAME})
        aws.add_client_error("describe_stacks", "ValidationError", "does not exist")
        aws.add_response(
            "create_stack", {},
            {"StackName": NAME, "TemplateBody": "Resources: {}", "Parameters": [],
             "Capabilities": ANY, "Tags": ANY},
        )  # fmt: skip
        aws.add_response("describe_stacks", described(MADE))
        aws.add_response("describe_stacks", described(MADE))

        assert Stack(client, NAME, local=True).deploy(template, {}) == {"Made": "yes"}
        aws.assert_no_pending_responses()
