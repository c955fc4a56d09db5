"""CloudFormation stacks that were never made."""

from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from infrastructure import stacks
from infrastructure.stacks import Stack

NAME = "shop-test-infrastructure"
MADE = "CREATE_COMPLETE"


def ask(aws: Stubber, *statuses: str) -> None:
    for status in statuses:
        aws.add_response("describe_stacks", described(status))


def test_one_that_is_still_being_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was killed while AWS was at it: until then AWS takes no other order."""
    monkeypatch.setattr(stacks, "WAITING_LOCALLY", {"Delay": 0, "MaxAttempts": 1000})
    template = tmp_path / "template.yaml"
    template.write_text("Resources: {}")
    client = boto3.client("cloudformation")
    with Stubber(client) as aws:
        ask(aws, "CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", MADE)
        aws.add_client_error("update_stack", "ValidationError", "No updates are to be performed.")
        ask(aws, MADE)

        assert Stack(client, NAME, local=True).deploy(template, {}) == {"Made": "yes"}
        aws.assert_no_pending_responses()


def test_one_that_could_not_go_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stacks, "WAITING_LOCALLY", {"Delay": 0, "MaxAttempts": 1000})
    client = boto3.client("cloudformation")
    with Stubber(client) as aws:
        ask(aws, "UPDATE_ROLLBACK_FAILED")
        aws.add_response("continue_update_rollback", {}, {"StackName": NAME})
        ask(aws, "UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE")

        assert Stack(client, NAME, local=True).recover() is True
        aws.assert_no_pending_responses()


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
